//! The example of a model is an input that its fields take, and that keeps the rules of the model under each of its names.

use kie_schema::rule;
use kie_schema::spec::ModelSpec;
use serde_json::{Map, Value};

use crate::diagnostic::{Code, Collector, Diagnostic};
use crate::kind::{self, Class};
use crate::schema::{Document, ModelEntry};
use crate::yaml::Node;

pub(super) fn check(document: &Document, out: &Collector) {
    for entry in &document.models {
        let Some(example) = &entry.example else { continue };
        if entry.model.fields.is_empty() {
            continue;
        }
        match kind::fit_input(entry.model, example, example.span) {
            Ok(input) => check_rules(entry, example, &input, out),
            Err(misfits) => {
                for misfit in misfits {
                    let code = match misfit.class {
                        Class::Missing => Code::ExampleMissing,
                        Class::Unknown => Code::ExampleUnknown,
                        Class::NotListed | Class::Outside => Code::ExampleInvalid,
                    };
                    let title = format!("example: {}", misfit.title);
                    out.push(Diagnostic { code, span: misfit.span, title, label: misfit.label, help: misfit.help });
                }
            }
        }
    }
}

/// The rules hold for what is sent: with the defaults of required fields.
fn check_rules(entry: &ModelEntry, example: &Node, input: &Map<String, Value>, out: &Collector) {
    let broken = broken_lines(entry.model, input);
    for line in &broken {
        let title = format!("example: it breaks the rule on line {line}");
        out.error(Code::ExampleBreaksRule, example.span, title, "");
    }
    // Under an alias the example is tried and priced with the values of the alias.
    for (alias, span) in entry.model.aliases.iter().zip(&entry.aliases) {
        let mut input = input.clone();
        input.extend(alias.presets.iter().map(|preset| (preset.field.to_owned(), preset.json())));
        for line in broken_lines(entry.model, &input).iter().filter(|line| !broken.contains(line)) {
            let title = format!("alias `{}`: the example with its values breaks the rule on line {line}", alias.name);
            out.error(Code::ExampleBreaksRule, *span, title, "");
        }
    }
}

/// Lines of the rules that an input breaks.
fn broken_lines(model: &'static ModelSpec, input: &Map<String, Value>) -> Vec<u32> {
    let broken = model.rules.iter().filter(|rule| rule::is_broken(rule, model.fields, input));
    broken.map(|rule| rule.line).collect()
}
