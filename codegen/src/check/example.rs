//! The example of a model is an input that its fields take, and that keeps the rules of the model.

mod rule;

use serde_json::Value;

use crate::diagnostic::{Code, Collector, Diagnostic};
use crate::kind::{self, Class};
use crate::resolve;
use crate::schema::{Document, Entry};

pub(super) fn check(document: &Document, out: &Collector) {
    for entry in &document.models {
        let Some(example) = &entry.example else { continue };
        if entry.model.fields.is_empty() {
            continue;
        }
        let misfits = kind::fit_fields(&entry.model.fields, example, entry_span(entry), "");
        if misfits.is_empty() {
            check_rules(entry, example.json(), out);
        }
        for misfit in misfits {
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

/// The rules hold for what is sent: with the defaults of required fields.
fn check_rules(entry: &Entry, example: Value, out: &Collector) {
    let Value::Object(mut input) = example else { return };
    resolve::send_defaults(&entry.model.fields, &mut input);
    for rule in entry.model.rules.iter().filter(|rule| !rule.advisory) {
        if rule::is_broken(rule, &entry.model.fields, &input) {
            let title = format!("example: it breaks the rule on line {}", rule.line);
            out.error(Code::ExampleBreaksRule, entry_span(entry), title, "");
        }
    }
}

fn entry_span(entry: &Entry) -> crate::position::Span {
    entry.example.as_ref().map_or(entry.id, |node| node.span)
}
