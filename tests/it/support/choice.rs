//! Models with few required fields, found in the registry so that no test names one.

#![allow(dead_code, reason = "each program takes what it needs")]

use kie::models;
use kie::schema::spec::{FieldSpec, Kind, MediaKind as Sort, ModelSpec, OutputKind, TaskSpec};
use kie::service::Service;

/// The fields that the user has to fill in.
pub(crate) fn needed(spec: &'static ModelSpec) -> Vec<&'static FieldSpec> {
    spec.fields.iter().filter(|f| f.required && f.default.is_none()).collect()
}

/// The first image model on the first page of a menu whose required fields fit.
fn pick(fits: impl Fn(&[&FieldSpec]) -> bool) -> (&'static TaskSpec, &'static ModelSpec) {
    let simple = |spec: &&'static ModelSpec| spec.output == OutputKind::Image && fits(&needed(spec));
    let first = |task: &'static TaskSpec| {
        let listed = models::of_task(task.id).filter(|spec| Service::offers(spec)).take(8);
        Some((task, listed.into_iter().find(simple)?))
    };
    models::tasks().iter().copied().find_map(first).expect("the registry has a simple picture model")
}

/// An image model that requires only a text.
pub(crate) fn from_words() -> (&'static TaskSpec, &'static ModelSpec) {
    pick(|fields| matches!(fields, [only] if is_text(only)))
}

/// An image model that requires only an image.
pub(crate) fn from_picture() -> (&'static TaskSpec, &'static ModelSpec) {
    pick(|fields| matches!(fields, [only] if takes_image(only)))
}

/// An image model that requires a text and an image.
pub(crate) fn from_picture_and_words() -> (&'static TaskSpec, &'static ModelSpec) {
    pick(
        |fields| matches!(fields, [one, other] if is_text(one) && takes_image(other) || takes_image(one) && is_text(other)),
    )
}

fn is_text(field: &FieldSpec) -> bool {
    matches!(field.kind, Kind::Text(_))
}

fn takes_image(field: &FieldSpec) -> bool {
    matches!(field.kind, Kind::Media(media) if media.of.contains(&Sort::Image))
}
