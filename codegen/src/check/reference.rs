//! `from` names models.

use crate::diagnostic::{Code, Collector, suggestion};
use crate::schema::Document;

pub(super) fn check(document: &Document, out: &Collector) {
    let known = || document.models.iter().map(|entry| entry.model.id);
    for (id, span) in &document.references {
        if !known().any(|other| other == id) {
            let help = suggestion(id, known());
            out.hint(Code::UnknownModel, *span, format!("there is no model `{id}`"), "", help);
        }
    }
}
