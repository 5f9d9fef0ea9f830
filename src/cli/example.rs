//! Models of the registry for the examples in the help of the commands.

use crate::models;
use crate::schema::spec::{FieldSpec, Kind, ModelSpec};
use crate::service::Service;

/// A model that requires only a text; placeholders if the registry has none.
pub(super) struct TextModel {
    pub(super) id: &'static str,
    /// A valid input, short enough for one line of a terminal: a wrapped line is hard to copy.
    pub(super) input: &'static str,
    /// Its main task type.
    pub(super) task: &'static str,
    pub(super) provider: &'static str,
}

impl TextModel {
    pub(super) fn find() -> Self {
        let has_prompt = |spec: &ModelSpec| spec.fields.iter().any(|field| field.name == "prompt");
        let found = offered().find(|spec| {
            has_prompt(spec) && only_required_field(spec).is_some_and(|field| matches!(field.kind, Kind::Text(_)))
        });
        match found {
            Some(spec) => Self {
                id: spec.id,
                input: r#"{"prompt":"A red fox"}"#,
                task: spec.tasks.first().map_or("TYPE", |task| task.id),
                provider: spec.provider,
            },
            None => Self { id: "MODEL", input: "{...}", task: "TYPE", provider: "NAME" },
        }
    }
}

/// A model that requires only a file: its id and the name of the field.
pub(super) fn file_model() -> Option<(&'static str, &'static str)> {
    offered().find_map(|spec| {
        let field = only_required_field(spec).filter(|field| matches!(field.kind, Kind::Media(_)))?;
        Some((spec.id, field.name))
    })
}

/// The examples of a command as the end of its help; `lines` are calls without the program's name.
pub(super) fn help(lines: &[String]) -> String {
    lines.iter().fold("Examples:".to_owned(), |text, line| format!("{text}\n  kie-bot {line}"))
}

fn offered() -> impl Iterator<Item = &'static ModelSpec> {
    models::all().iter().copied().filter(|spec| Service::offers(spec))
}

/// The required field of a model that has exactly one.
fn only_required_field(spec: &'static ModelSpec) -> Option<&'static FieldSpec> {
    let mut fields = spec.fields.iter().filter(|field| field.required && field.default.is_none());
    fields.next().filter(|_| fields.next().is_none())
}
