//! Task types that models name exist, and each has a model.

use crate::diagnostic::{Code, Collector, suggestion};
use crate::schema::{Document, Entry};

pub(super) fn check(document: &Document, out: &Collector) {
    let known = || document.tasks.iter().map(|(task, _)| task.id.as_str());
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
    let readable =
        |entry: &Entry| !entry.tasks.is_empty() && entry.tasks.iter().all(|(name, _)| known().any(|task| task == name));
    if !document.models.iter().all(readable) {
        return;
    }
    for (task, span) in &document.tasks {
        if !document.models.iter().any(|entry| entry.tasks.iter().any(|(name, _)| *name == task.id)) {
            out.error(Code::UnusedTask, *span, format!("no model is of the type `{}`", task.id), "");
        }
    }
}
