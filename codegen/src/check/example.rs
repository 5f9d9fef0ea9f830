//! The example of a model is an input that its fields take.

use crate::diagnostic::{Code, Collector, Diagnostic};
use crate::kind::{self, Class};
use crate::schema::Document;

pub(super) fn check(document: &Document, out: &Collector) {
    for entry in &document.models {
        let Some(example) = &entry.example else { continue };
        let owner = entry_span(entry);
        if entry.model.fields.is_empty() {
            continue;
        }
        for misfit in kind::fit_fields(&entry.model.fields, example, owner, "") {
            let code = match misfit.class {
                Class::Missing => Code::ExampleMissing,
                Class::Unknown => Code::ExampleUnknown,
                Class::NotListed | Class::Outside => Code::ExampleInvalid,
            };
            let title = format!("example: {}", misfit.title.replace("`` must", "it must"));
            out.push(Diagnostic { code, span: misfit.span, title, label: misfit.label, help: misfit.help });
        }
    }
}

fn entry_span(entry: &crate::schema::Entry) -> crate::position::Span {
    entry.example.as_ref().map_or(entry.id, |node| node.span)
}
