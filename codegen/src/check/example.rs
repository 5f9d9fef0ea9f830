//! The example of a model is an input that its fields take, and that keeps the rules of the model under each of its names.

mod rule;

use serde_json::{Map, Value};

use crate::diagnostic::{Code, Collector, Diagnostic};
use crate::kind::{self, Class};
use crate::resolve;
use crate::resolved::Model;
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

fn check_rules(entry: &Entry, example: Value, out: &Collector) {
    let Value::Object(example) = example else { return };
    let broken = broken_lines(&entry.model, example.clone());
    for line in &broken {
        let title = format!("example: it breaks the rule on line {line}");
        out.error(Code::ExampleBreaksRule, entry_span(entry), title, "");
    }
    // Under an alias the example is tried and priced with the values of the alias.
    for (alias, span) in entry.model.aliases.iter().zip(&entry.aliases) {
        let mut example = example.clone();
        example.extend(alias.implied.iter().cloned());
        for line in broken_lines(&entry.model, example).iter().filter(|line| !broken.contains(line)) {
            let title = format!("alias `{}`: the example with its values breaks the rule on line {line}", alias.name);
            out.error(Code::ExampleBreaksRule, *span, title, "");
        }
    }
}

/// Lines of the rules that an input breaks. They hold for what is sent: with the defaults of required fields.
fn broken_lines(model: &Model, mut input: Map<String, Value>) -> Vec<u32> {
    resolve::send_defaults(&model.fields, &mut input);
    let rules = model.rules.iter().filter(|rule| !rule.advisory);
    rules.filter(|rule| rule::is_broken(rule, &model.fields, &input)).map(|rule| rule.line).collect()
}

fn entry_span(entry: &Entry) -> crate::span::Span {
    entry.example.as_ref().map_or(entry.id, |node| node.span)
}
