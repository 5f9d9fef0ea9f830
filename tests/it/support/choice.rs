//! Models with few required fields, found in the registry so that no test names one.

#![allow(dead_code, reason = "each program takes what it needs")]

use kie::models;
use kie::schema::spec::{FieldSpec, Kind, MediaKind as Sort, ModelSpec, OutputKind, TaskSpec};
use kie::service::Service;

/// The fields that the user has to fill in.
pub(crate) fn needed(spec: &'static ModelSpec) -> Vec<&'static FieldSpec> {
    spec.fields.iter().filter(|f| f.required && f.default.is_none()).collect()
}

/// The first image model on the first page of a menu whose only required field is of this kind.
fn pick(fits: impl Fn(&Kind) -> bool) -> (&'static TaskSpec, &'static ModelSpec) {
    let simple = |spec: &&'static ModelSpec| {
        let fields = needed(spec);
        spec.output == OutputKind::Image && matches!(fields.as_slice(), [only] if fits(&only.kind))
    };
    let first = |task: &'static TaskSpec| {
        let listed = models::of_task(task.id).filter(|spec| Service::offers(spec)).take(8);
        Some((task, listed.into_iter().find(simple)?))
    };
    models::tasks().iter().copied().find_map(first).expect("the registry has a simple picture model")
}

/// An image model that requires only a text.
pub(crate) fn from_words() -> (&'static TaskSpec, &'static ModelSpec) {
    pick(|kind| matches!(kind, Kind::Text(_)))
}

/// An image model that requires only an image.
pub(crate) fn from_picture() -> (&'static TaskSpec, &'static ModelSpec) {
    pick(|kind| matches!(kind, Kind::Media(media) if media.of.contains(&Sort::Image)))
}
