//! Untyped answers (JSON, chat, command line) to a checked input, and back. One implementation for all edges.
//!
//! A valid input in JSON bytes takes the fast path: straight into the typed input, then the rules. Only when that fails does
//! the thorough path go over every field, to say everything that is wrong at once.

mod answer;
mod blank;
mod coerce;
mod fact;
mod member;
mod nearest;
mod value_path;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::file::Files;
use crate::input::{Json, Reader, Request};
use crate::report::{Report, Violation, ViolationKind};
use crate::spec::{FieldSpec, ModelRef, ModelSpec};
use crate::value_ref::{AsValueRef, ValueRef};
use crate::{advice, rule};
use answer::Answers;
use member::Members;
use value_path::ValuePath;

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
/// The model comes as the caller named it (see [`ModelRef`]): the values of its name fill fields that are not
/// given. Other names of fields are resolved, required fields get their defaults. `null`, an empty list in an optional field, and
/// an empty text in an optional field that cannot hold one, are no answers; empty items of a list are left out. There is a warning
/// ([`ViolationKind::NotGiven`]) for an empty text, for such an item, and for `null` where a default counts. Fields that the
/// registry ignores are left out, with a warning. A model that is not live
/// can be checked like any other: whether to offer it is the caller's decision (see [`ModelSpec::status`]).
///
/// # Errors
/// Everything that is wrong, found in one pass.
pub fn check(
    model: impl Into<ModelRef>,
    answers: &Map<String, Value>,
    files: &Files,
    origin: Origin,
) -> Result<Accepted, Report> {
    check_members(model.into(), answers.clone(), files, origin)
}

/// Checks an input in JSON bytes, as [`check`] does with [`Origin::Json`], only faster when it is valid: `read` is the model's
/// [`Reader`].
///
/// # Errors
/// Everything that is wrong; [`ViolationKind::NotAnObject`] when the bytes are no JSON object.
pub fn check_json(model: impl Into<ModelRef>, bytes: &[u8], files: &Files, read: Reader) -> Result<Accepted, Report> {
    let model = model.into();
    // Looking at the whole once is quicker than at every text in it.
    let text = std::str::from_utf8(bytes).ok();
    // A typed input knows the model, not what it was called.
    if model.presets.is_empty()
        && let Some(accepted) = text.and_then(|text| accept(model.spec, text, files, read))
    {
        return Ok(accepted);
    }
    match serde_json::from_slice(bytes) {
        Ok(Members(members)) => check_members(model, members, files, Origin::Json),
        Err(_) => {
            let other: Option<Value> = serde_json::from_slice(bytes).ok();
            let given = other.map(|value| ValueRef::Text(&value.as_value_ref().to_string()).shortened());
            let violations = vec![Violation { field: "".into(), kind: ViolationKind::NotAnObject, given }];
            Err(Report { violations, warnings: Vec::new() })
        }
    }
}

/// The fast path; `None` when anything is wrong.
fn accept(spec: &'static ModelSpec, text: &str, files: &Files, read: Reader) -> Option<Accepted> {
    let mut json = Json::from_str(text);
    let typed = read(&mut json)?;
    json.end().ok()?;
    let Report { violations, mut warnings } = rule::check(spec, &*typed, files, &[]);
    if !violations.is_empty() || !files.is_empty() && !fact::check(spec.fields, &*typed, files).is_empty() {
        return None;
    }
    if spec.advises {
        warnings.extend(advice::of(spec, &*typed));
    }
    Some(Accepted { request: Request::checked(spec, typed), warnings })
}

fn check_members(
    ModelRef { spec, presets, .. }: ModelRef,
    members: impl IntoIterator<Item = (String, Value)>,
    files: &Files,
    origin: Origin,
) -> Result<Accepted, Report> {
    let mut pass = Answers::new(origin, spec.ignored_fields, presets);
    let wire = pass.object(spec.fields, members, ValuePath::Root);
    let Report { violations, warnings } = rule::check(spec, &wire, files, &pass.broken);
    // Field by field first, as a person reads the form.
    pass.violations.extend(violations);
    pass.warnings.extend(warnings);
    if !files.is_empty() {
        pass.violations.extend(fact::check(spec.fields, &wire, files));
    }
    if spec.advises {
        pass.warnings.extend(advice::of(spec, &wire));
    }
    let Answers { violations, warnings, .. } = pass;
    if violations.is_empty() {
        Ok(Accepted { request: Request::checked(spec, Arc::new(wire)), warnings })
    } else {
        Err(Report { violations, warnings })
    }
}

/// Checks one answer of a form, and gives it back as it goes on the wire: `null` for what is no answer (see [`check`]). Rules across fields are left for [`check`].
///
/// # Errors
/// Everything that is wrong with it.
pub fn check_field(
    field: &'static FieldSpec,
    value: &Value,
    files: &Files,
    origin: Origin,
) -> Result<Value, Vec<Violation>> {
    let mut pass = Answers::new(origin, &[], &[]);
    let path = ValuePath::Field(&ValuePath::Root, field.name);
    let Some(value) = pass.answer(field, value.clone(), false, ValuePath::Root) else { return Ok(Value::Null) };
    let wire = pass.value(&field.kind, value, path, false).unwrap_or_default();
    pass.violations.extend(fact::check_value(&field.kind, wire.as_value_ref(), field.name, files));
    if pass.violations.is_empty() { Ok(wire.as_value_ref().to_json()) } else { Err(pass.violations) }
}

/// What a person typed for a field, as JSON of the field's type where it can be read so; `None` when nothing was typed. The
/// result still has to be checked: what cannot be read stays a text.
pub fn read_text(field: &'static FieldSpec, typed: Value) -> Option<Value> {
    let pass = Answers::new(Origin::Text, &[], &[]);
    (!pass.is_no_answer(&field.kind, &typed)).then(|| coerce::from_text(&field.kind, typed).as_value_ref().to_json())
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
