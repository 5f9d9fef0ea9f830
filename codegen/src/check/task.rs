//! Task types that models name exist, and each has a model; one that follows results has a model that takes them.

use kie_schema::spec::{FieldSpec, Kind, ListSpec, MediaSpec, TaskSpec};

use crate::diagnostic::{Code, Collector, suggestion};
use crate::schema::{Document, ModelEntry};
use crate::span::Span;

pub(super) fn check(document: &Document, out: &Collector) {
    let known = || document.tasks.iter().map(|(task, _)| task.id);
    for entry in &document.models {
        for (index, (name, span)) in entry.tasks.iter().enumerate() {
            if !known().any(|task| task == name) {
                let help = suggestion(name, known());
                out.hint(Code::UnknownTask, *span, format!("there is no task type `{name}`"), "", help);
            } else if entry.tasks[..index].iter().any(|(other, _)| other == name) {
                out.error(Code::DuplicateValue, *span, format!("`{name}` is listed twice"), "");
            }
        }
    }
    // A model whose type could not be read may be the one that is missed.
    let readable = |entry: &ModelEntry| {
        !entry.tasks.is_empty() && entry.tasks.iter().all(|(name, _)| known().any(|task| task == name))
    };
    if !document.models.iter().all(readable) {
        return;
    }
    for (task, span) in &document.tasks {
        if !document.models.iter().any(|entry| entry.tasks.iter().any(|(name, _)| *name == task.id)) {
            out.error(Code::UnusedTask, *span, format!("no model is of the type `{}`", task.id), "");
        }
    }
    // A field that could not be read may be the one that is missed.
    if out.count() == 0 {
        document.tasks.iter().for_each(|(task, span)| follows(task, *span, document, out));
    }
}

fn follows(task: &TaskSpec, span: Span, document: &Document, out: &Collector) {
    let Some(follow) = &task.follows else { return };
    let of_type = |entry: &&ModelEntry| entry.tasks.iter().any(|(name, _)| *name == task.id);
    let takes = |field: &FieldSpec| media(&field.kind).is_some_and(|media| media.of.contains(&follow.takes));
    if !document.models.iter().filter(of_type).any(|entry| entry.model.fields.iter().any(takes)) {
        let title = format!("no model of the type `{}` has a field for what it follows", task.id);
        out.error(Code::RequirementMisfit, span, title, "");
    }
}

fn media(kind: &Kind) -> Option<&MediaSpec> {
    match kind {
        Kind::Media(media) => Some(media),
        Kind::List(ListSpec { item, .. }) => media(item),
        _ => None,
    }
}
