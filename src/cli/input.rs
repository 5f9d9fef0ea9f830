//! Arguments that several commands share: a model's name, a JSON input, fields, files and amounts of credits.

mod members;

use std::path::PathBuf;

use super::CliError;
use crate::l10n::{CliMessages, Messages};
use crate::ledger::Credits;
use crate::models;
use crate::schema::spec::{ModelRef, ModelSpec, Preset, Status, TaskSpec};
use crate::schema::value_ref::AsValueRef;

pub(super) use members::{FieldArg, InputError, InputMembers, field_arg};

/// The model with this id or alias.
///
/// # Errors
/// When there is none, with the most similar name.
pub(super) fn model(name: &str, texts: &Messages) -> Result<ModelRef, CliError> {
    let bad = || CliError::BadInput(format!("{} ({})", unknown_model(name, texts), texts.models_are_listed()));
    models::find(name).ok_or_else(bad)
}

/// The sentence that there is no such model, with the most similar name.
pub(super) fn unknown_model(name: &str, texts: &Messages) -> String {
    match models::nearest(name) {
        Some(nearest) => texts.unknown_model_nearest(name, nearest),
        None => texts.unknown_model(name),
    }
}

/// The input values that an alias stands for, as `field=value`; `None` when there are none.
pub(super) fn presets(values: &[Preset]) -> Option<String> {
    let typed: Vec<String> = values.iter().map(|one| format!("{}={}", one.field, one.json().as_value_ref())).collect();
    (!typed.is_empty()).then(|| typed.join(", "))
}

/// The sentence that tasks of a model fail often, with the model to use instead; `None` unless it is in trouble.
pub(super) fn trouble(spec: &ModelSpec, texts: &Messages) -> Option<String> {
    let nearest = spec.nearest.filter(|_| spec.status == Status::Troubled)?;
    Some(texts.model_trouble(spec.id, nearest))
}

/// The sentence that a model is withdrawn, with the model to use instead; `None` for one that is offered.
pub(super) fn withdrawn(spec: &ModelSpec, texts: &Messages) -> Option<String> {
    if spec.status.is_offered() {
        return None;
    }
    let gone = texts.model_gone(spec.id, spec.status.as_str());
    Some(match spec.nearest {
        Some(nearest) => texts.model_gone_nearest(&gone, nearest),
        None => gone,
    })
}

/// The task type with this name.
///
/// # Errors
/// When there is none, with the list of the types.
pub(super) fn task(name: &str, messages: &CliMessages) -> Result<&'static TaskSpec, CliError> {
    models::tasks().iter().copied().find(|t| t.id == name).ok_or_else(|| {
        let all: Vec<&str> = models::tasks().iter().map(|t| t.id).collect();
        CliError::BadInput(messages.no_such_type(name, &all.join(", ")))
    })
}

/// The argument of `--media`.
#[derive(Debug, Clone)]
pub(super) struct MediaArg {
    /// A field name.
    pub(super) field: String,
    /// A local file.
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

/// Reads an amount of credits: a decimal number from 0.
///
/// # Errors
/// When the text is something else.
pub(super) fn credits_arg(text: &str) -> Result<Credits, String> {
    let number = text.trim().parse::<f64>().ok().filter(|n| (0.0..1e12).contains(n));
    // Rounded down to thousandths: a limit is never exceeded.
    number
        .map(|n| Credits::from_milli((n * 1000.0 + 1e-6).floor() as i64))
        .ok_or_else(|| "must be a number of credits, e.g. 4.5".to_owned())
}
