//! The last step: a file without mistakes becomes the registry that emitters rely on.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::ident;
use crate::resolved::{Field, Kind, Model, Registry};
use crate::schema::{Document, Entry};

/// Resolves every name. The document has passed all checks.
pub(crate) fn registry(document: Document) -> Registry {
    let tasks: Vec<_> = document.tasks.into_iter().map(|(task, _)| task).collect();
    let models = document
        .models
        .into_iter()
        .map(|entry| {
            let index_of = |name: &str| tasks.iter().position(|task| task.id == name);
            let indices = entry.tasks.iter().filter_map(|(name, _)| index_of(name)).collect();
            model(entry, indices)
        })
        .collect();
    Registry { tasks, models }
}

fn model(entry: Entry, tasks: Vec<usize>) -> Model {
    let mut model = entry.model;
    model.type_name = ident::model(&model.id);
    model.module_name = ident::module(&model.id);
    model.tasks = tasks;
    // The module holds the input struct and one type a field.
    let mut taken = HashSet::from([model.type_name.clone()]);
    name_types(&mut model.fields, None, &mut taken);
    model.example = entry.example.map(|node| node.json()).unwrap_or_default();
    if let Value::Object(example) = &mut model.example {
        send_defaults(&model.fields, example);
    }
    model
}

/// Types of outer fields first: `Prompt` is the prompt, `ShotsPrompt` that of a shot.
fn name_types(fields: &mut [Field], parent: Option<&str>, taken: &mut HashSet<String>) {
    for field in fields.iter_mut() {
        let own = ident::type_name(&field.name);
        let wanted = match parent {
            Some(parent) if taken.contains(&own) => format!("{parent}{own}"),
            _ => own,
        };
        field.type_name = ident::unique(wanted, &ends(&field.kind), taken);
    }
    for field in fields {
        let name = field.type_name.clone();
        if let Some(inner) = inner(&mut field.kind) {
            name_types(inner, Some(&name), taken);
        }
    }
}

/// What is put behind the name of a field's type to name further types of it: those of the items of a list, and the limits.
fn ends(kind: &Kind) -> Vec<String> {
    match kind {
        Kind::List { item, .. } if matches!(**item, Kind::Choice { .. } | Kind::Object { .. }) => {
            vec!["Item".to_owned()]
        }
        Kind::List { item, .. } => ends(item),
        Kind::Text { .. } | Kind::Integer { .. } | Kind::Decimal { .. } => vec!["Limits".to_owned()],
        Kind::Boolean | Kind::Choice { .. } | Kind::Media(_) | Kind::Task { .. } | Kind::Object { .. } => Vec::new(),
    }
}

fn inner(kind: &mut Kind) -> Option<&mut Vec<Field>> {
    match kind {
        Kind::Object { fields } => Some(fields),
        Kind::List { item, .. } => inner(item),
        _ => None,
    }
}

/// A required field with a default is always on the wire.
pub(crate) fn send_defaults(fields: &[Field], input: &mut Map<String, Value>) {
    for field in fields {
        if let (true, Some(default)) = (field.required, &field.default) {
            input.entry(field.name.clone()).or_insert_with(|| default.clone());
        }
        if let Some(value) = input.get_mut(&field.name) {
            send_inner(&field.kind, value);
        }
    }
}

fn send_inner(kind: &Kind, value: &mut Value) {
    match (kind, value) {
        (Kind::Object { fields }, Value::Object(input)) => send_defaults(fields, input),
        (Kind::List { item, .. }, Value::Array(items)) => {
            for value in items {
                send_inner(item, value);
            }
        }
        _ => {}
    }
}
