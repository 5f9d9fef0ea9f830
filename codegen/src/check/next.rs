//! `next` leads to live models, with values that their fields take.

use kie_schema::spec::{FillValue, Kind, Status};

use crate::diagnostic::{Code, Collector, Diagnostic, suggestion};
use crate::kind;
use crate::schema::{Document, ModelEntry, NextEntry, steps};
use crate::span::Span;

pub(super) fn check(document: &Document, out: &Collector) {
    for entry in &document.models {
        results(entry, document, out);
        let Some(node) = &entry.next else { continue };
        // What cannot be read was reported when the model was read.
        for step in steps(node, &Collector::default()) {
            check_step(entry, &step, document, out);
        }
    }
}

/// Fields that take the id in a result name models whose results have one.
fn results(entry: &ModelEntry, document: &Document, out: &Collector) {
    for field in entry.model.fields {
        let kind = if let Kind::List(list) = &field.kind { list.item } else { &field.kind };
        let Kind::Task(task) = kind else { continue };
        let without =
            |id: &&&str| document.models.iter().any(|other| other.model.id == **id && other.model.result.id.is_empty());
        if let Some(id) = task.models.iter().find(without).filter(|_| task.of_result) {
            let title = format!("`{}`: the result of `{id}` has no id", field.name);
            let help = format!("give `{id}` a `result: {{ id: ... }}`");
            out.hint(Code::RequirementMisfit, entry.id, title, "", help);
        }
    }
}

fn check_step(from: &ModelEntry, step: &NextEntry, document: &Document, out: &Collector) {
    let id = step.spec.model;
    let Some(to) = document.models.iter().find(|entry| entry.model.id == id) else {
        let help = suggestion(id, document.models.iter().map(|entry| entry.model.id));
        return out.hint(Code::UnknownModel, step.model, format!("there is no model `{id}`"), "", help);
    };
    if to.model.status != Status::Live {
        out.error(Code::BadNearest, step.model, format!("`{id}` is not live"), "a step leads to a live model");
    }
    for (fill, (key, value)) in step.spec.fill.iter().zip(&step.fill) {
        let Some(field) = to.model.fields.iter().find(|field| field.name == fill.field) else {
            let help = suggestion(fill.field, to.model.fields.iter().map(|field| field.name));
            out.hint(Code::UnknownField, *key, format!("`{id}` has no field `{}`", fill.field), "", help);
            continue;
        };
        match fill.value {
            FillValue::Task => takes(from, &field.kind, false, value.span, out),
            FillValue::Result => takes(from, &field.kind, true, value.span, out),
            FillValue::Value(_) => {
                for misfit in kind::fit(field.kind, value, field.name).err().unwrap_or_default() {
                    let (span, title, label, help) = (misfit.span, misfit.title, misfit.label, misfit.help);
                    out.push(Diagnostic { code: Code::AliasValue, span, title, label, help });
                }
            }
        }
    }
}

/// The field takes this id of a task of this model.
fn takes(from: &ModelEntry, kind: &Kind, of_result: bool, span: Span, out: &Collector) {
    let kind = if let Kind::List(list) = kind { list.item } else { kind };
    let id = from.model.id;
    let fits = match kind {
        Kind::Task(task) => task.of_result == of_result && (task.models.is_empty() || task.models.contains(&id)),
        _ => false,
    };
    if !fits {
        let (word, what) = if of_result { ("result", "the id in its result") } else { ("task", "its task") };
        let title = format!("the field does not take {what}");
        let help = format!("its parameter is `type: task`, with `id_of: {word}` and `{id}` in `from`");
        out.hint(Code::RequirementMisfit, span, title, "", help);
    } else if of_result && from.model.result.id.is_empty() {
        let help = "name the member of the result that has the id in `result: { id: ... }`";
        out.hint(Code::RequirementMisfit, span, format!("`{id}` has no id in its result"), "", help);
    }
}
