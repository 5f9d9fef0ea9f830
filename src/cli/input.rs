//! What several commands read in the same way: a model's name, a JSON input and typed fields.

use std::io::Read;
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::CliError;
use crate::bot::texts::{Lang, Texts};
use crate::form;
use crate::ledger::Credits;
use crate::models;
use crate::schema::report::Violation;
use crate::schema::spec::{FieldSpec, Kind, ModelSpec, TaskSpec};

/// The model with this name.
///
/// # Errors
/// When there is none, with the nearest name.
pub(super) fn model(name: &str) -> Result<&'static ModelSpec, CliError> {
    models::find(name).ok_or_else(|| {
        let hint = models::nearest(name).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        CliError::BadInput(format!("there is no model `{name}`{hint} (`kie-bot models` lists them)"))
    })
}

/// The task type with this name.
///
/// # Errors
/// When there is none, with the list.
pub(super) fn task(name: &str) -> Result<&'static TaskSpec, CliError> {
    models::tasks().iter().copied().find(|t| t.id == name).ok_or_else(|| {
        let all: Vec<&str> = models::tasks().iter().map(|t| t.id).collect();
        CliError::BadInput(format!("there is no type `{name}`; the types are {}", all.join(", ")))
    })
}

/// The JSON object behind `--input`: the text itself, `@FILE`, or `-` for standard input.
///
/// # Errors
/// When it cannot be read or is no JSON object; says where.
pub(super) fn object(given: &str) -> Result<Map<String, Value>, CliError> {
    let (text, place) = if given == "-" {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map_err(|e| CliError::BadInput(format!("standard input cannot be read: {e}")))?;
        (text, "standard input".to_owned())
    } else if let Some(path) = given.strip_prefix('@') {
        let text = std::fs::read_to_string(path);
        (text.map_err(|e| CliError::BadInput(format!("{path} cannot be read: {e}")))?, path.to_owned())
    } else {
        (given.to_owned(), "--input".to_owned())
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(other) => Err(CliError::BadInput(format!("{place} must be a JSON object, not {}", word(&other)))),
        Err(error) => Err(CliError::BadInput(format!("{place} is not valid JSON: {error}"))),
    }
}

/// What follows `--media`.
#[derive(Debug, Clone)]
pub(super) struct MediaArg {
    /// The field.
    pub(super) field: String,
    /// The file.
    pub(super) path: PathBuf,
}

/// Reads `FIELD=PATH`.
///
/// # Errors
/// When there is no `=` or a side is empty.
pub(super) fn media_arg(text: &str) -> Result<MediaArg, String> {
    match text.split_once('=') {
        Some((field, path)) if !field.is_empty() && !path.is_empty() => {
            Ok(MediaArg { field: field.to_owned(), path: PathBuf::from(path) })
        }
        _ => Err("must be FIELD=PATH, e.g. image_urls=photo.png".to_owned()),
    }
}

/// Reads an amount of credits: a decimal number, not below 0.
///
/// # Errors
/// When it is none.
pub(super) fn credits_arg(text: &str) -> Result<Credits, String> {
    let number = text.trim().parse::<f64>().ok().filter(|n| (0.0..1e12).contains(n));
    // Rounded down: a limit is never stretched.
    number
        .map(|n| Credits::from_milli((n * 1000.0 + 1e-6).floor() as i64))
        .ok_or_else(|| "must be a number of credits, e.g. 4.5".to_owned())
}

/// What follows `-f`.
#[derive(Debug, Clone)]
pub(super) struct FieldArg {
    /// The field.
    field: String,
    /// What is typed into it.
    value: String,
}

/// Reads `FIELD=VALUE`.
///
/// # Errors
/// When there is no `=` or no field.
pub(super) fn field_arg(text: &str) -> Result<FieldArg, String> {
    match text.split_once('=') {
        Some((field, value)) if !field.is_empty() => Ok(FieldArg { field: field.to_owned(), value: value.to_owned() }),
        _ => Err("must be FIELD=VALUE, e.g. duration=5".to_owned()),
    }
}

/// Puts what was typed into the input, in place of what stands there; a field that is typed several times is a list. Nothing
/// after the `=` takes the field out.
///
/// # Errors
/// When there is no such field (with the nearest name), or when a single value is typed twice.
pub(super) fn set_fields(
    spec: &'static ModelSpec,
    typed: &[FieldArg],
    answers: &mut Map<String, Value>,
) -> Result<(), CliError> {
    let mut done: Vec<&str> = Vec::new();
    for arg in typed {
        let name = arg.field.as_str();
        let Some(field) = spec.fields.iter().find(|f| f.is_called(name)) else {
            if spec.dropped.contains(&name) {
                answers.insert(name.to_owned(), arg.value.as_str().into());
                continue;
            }
            let hint = form::nearest_field(spec, name).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            let message = format!("`{name}` is not a field of {}{hint} (`kie-bot show {0}` lists them)", spec.id);
            return Err(CliError::BadInput(message));
        };
        if done.contains(&field.name) {
            continue;
        }
        done.push(field.name);
        let values: Vec<&str> =
            typed.iter().filter(|other| field.is_called(&other.field)).map(|other| other.value.as_str()).collect();
        let value = match (values.as_slice(), &field.kind) {
            ([only], _) => Value::from(*only),
            (several, Kind::List(_)) => Value::from(several.to_vec()),
            _ => {
                return Err(CliError::BadInput(format!(
                    "`{name}` takes one value and is given {} times",
                    values.len()
                )));
            }
        };
        answers.retain(|given, _| !field.is_called(given));
        if let Some(value) = form::read_text(field, value) {
            answers.insert(field.name.to_owned(), value);
        }
    }
    Ok(())
}

/// The lines of a report: the field, then what is wrong with it, in two columns.
pub(super) fn explain(spec: &'static ModelSpec, violations: &[Violation], lang: Lang) -> Vec<String> {
    let texts = Texts::of(lang);
    let width = violations.iter().map(|v| v.field.chars().count()).max().unwrap_or(0);
    violations.iter().map(|v| format!("  {:width$}  {}", v.field, texts.violation(v, field(spec, &v.field)))).collect()
}

/// The field that a violation's path begins with.
pub(super) fn field(spec: &'static ModelSpec, path: &str) -> Option<&'static FieldSpec> {
    let name = path.split(['[', '.']).next().unwrap_or(path);
    spec.fields.iter().find(|f| f.name == name)
}

fn word(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a flag",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
