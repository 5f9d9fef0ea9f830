//! Untyped answers (JSON, chat, command line) to a checked input, and back. One implementation for all edges.
//!
//! A valid input in JSON bytes takes the fast path: straight into the typed input, then the rules. Only when that fails does
//! the thorough path go over every field, to say everything that is wrong at once.

mod answer;
mod coerce;
mod fact;
mod kept;
mod nearest;
mod tree;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::schema::input::{Files, Json, Request, Typed};
use crate::schema::report::{Fault, Report, Violation};
use crate::schema::spec::{FieldSpec, ModelSpec};
use crate::schema::view::{Fields, View, Visible};
use crate::schema::{advice, rule};
use answer::{Answers, Place};
use tree::Tree;

/// Where answers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// JSON with the vendor's types; nothing is converted.
    Json,
    /// Chat and command line: numbers and flags may arrive as text, a single value may stand for a list of one, lists and
    /// objects may be JSON text, and an empty text is no answer.
    Text,
}

/// An input that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// Ready to be priced and submitted.
    pub request: Request,
    /// Advice.
    pub warnings: Vec<Violation>,
}

/// Checks answers against everything that the registry says of a model: fields, limits, files, rules.
///
/// Other names of fields are resolved, required fields get their defaults, and `null` is no answer. Fields that the registry
/// drops are left out, with a warning. A model that is not live
/// can be checked like any other: whether to offer it is the caller's decision (see [`ModelSpec::status`]).
///
/// # Errors
/// Everything that is wrong, found in one pass.
pub fn check(
    spec: &'static ModelSpec,
    answers: &Map<String, Value>,
    files: &Files,
    origin: Origin,
) -> Result<Accepted, Report> {
    check_fields(spec, answers, files, origin)
}

fn check_fields(
    spec: &'static ModelSpec,
    answers: &dyn Fields,
    files: &Files,
    origin: Origin,
) -> Result<Accepted, Report> {
    let mut pass = Answers::new(files, origin);
    pass.dropped = spec.dropped;
    let input = pass.object(spec.fields, answers, Place::Input);
    let mut report = rule::check(spec, &input, files, &pass.broken);
    report.warnings.splice(0..0, pass.warnings.drain(..));
    // Field by field first, as a person reads the form.
    pass.violations.append(&mut report.violations);
    if !pass.violations.is_empty() {
        pass.facts(spec.fields, &input);
        return Err(Report { violations: pass.violations, warnings: report.warnings });
    }
    accept(spec, Arc::new(input.to_map()), files, report.warnings)
}

/// Checks an input in JSON bytes, as [`check`] does with [`Origin::Json`], only faster when it is valid.
///
/// # Errors
/// Everything that is wrong; [`Fault::NotAnObject`] when the bytes are no JSON object.
pub fn check_json(spec: &'static ModelSpec, bytes: &[u8], files: &Files) -> Result<Accepted, Report> {
    // Looking at the whole once is quicker than at every text in it.
    let text = std::str::from_utf8(bytes);
    if let Ok(text) = text
        && let Some(typed) = read(spec, text)
    {
        let report = rule::check(spec, &*typed, files, &[]);
        if report.is_valid() {
            return accept(spec, typed, files, report.warnings);
        }
    }
    match text.ok().and_then(|text| serde_json::from_str(text).ok()) {
        Some(Tree::Object(answers)) => check_fields(spec, &answers, files, Origin::Json),
        other => {
            let given = other.map(|tree| View::Text(&tree.view().to_string()).shortened());
            let violations = vec![Violation { field: String::new(), fault: Fault::NotAnObject, given }];
            Err(Report { violations, warnings: Vec::new() })
        }
    }
}

/// The fast path.
fn read(spec: &'static ModelSpec, text: &str) -> Option<Typed> {
    let mut json = Json::from_str(text);
    let typed = (spec.read)(&mut json).ok()?;
    json.end().ok()?;
    Some(typed)
}

/// The last step of both paths: what is known of the files, and advice.
fn accept(
    spec: &'static ModelSpec,
    input: Typed,
    files: &Files,
    mut warnings: Vec<Violation>,
) -> Result<Accepted, Report> {
    let violations = if files.is_empty() { Vec::new() } else { fact::check(spec.fields, &*input, files) };
    if input.may_need_advice() {
        warnings.extend(advice::of(spec, &*input));
    }
    if violations.is_empty() {
        Ok(Accepted { request: Request::checked(spec, input), warnings })
    } else {
        Err(Report { violations, warnings })
    }
}

/// Checks one answer of a form, and gives it back as it goes on the wire. Rules across fields are left for [`check`].
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_field(
    field: &'static FieldSpec,
    value: &Value,
    files: &Files,
    origin: Origin,
) -> Result<Value, Vec<Violation>> {
    let mut pass = Answers::new(files, origin);
    let checked = pass.value(&field.kind, value.view(), Place::Field(&Place::Input, field.name), false);
    if let Some(checked) = &checked {
        pass.violations.extend(fact::check_value(&field.kind, checked.view(), field.name, files));
    }
    match checked {
        Some(checked) if pass.violations.is_empty() => Ok(checked.into_json()),
        _ => Err(pass.violations),
    }
}

/// What a person typed for a field, as JSON of the field's type where it can be read so; `None` when nothing was typed. The
/// result still has to be checked: what cannot be read stays a text.
pub fn read_text(field: &'static FieldSpec, typed: Value) -> Option<Value> {
    let empty = Answers::new(&Files::new(), Origin::Text).is_no_answer(&field.kind, typed.view());
    (!empty).then(|| coerce::from_text(&field.kind, typed))
}

/// The name of the field that was probably meant.
pub fn nearest_field(spec: &'static ModelSpec, name: &str) -> Option<String> {
    nearest::nearest(spec.fields, name).map(str::to_owned)
}

/// The answers that give this request: what a form shows when it is opened again.
pub fn answers(request: &Request) -> Map<String, Value> {
    request.input().clone()
}

#[cfg(test)]
mod tests;
