//! Finds differences between the registry and the vendor.
//!
//! What the vendor does not state is not a difference, except a limit that it stated before ([`Change::LimitRemoved`]).
//! It is not a difference either if the registry is stricter: a required field may be optional at the vendor, and an
//! integer may be any number there. A minimum length or count of 1 only means that there is a value.

use serde_json::Value;

use super::change::Change;
use super::shape::{Bounds, Shape, Type};

/// The differences between two objects. The registry leaves out the fields in `dropped` on purpose.
pub(super) fn compare(ours: &Shape, theirs: &Shape, dropped: &[&str]) -> Vec<Change> {
    let mut found = Vec::new();
    fields(ours, theirs, "", dropped, &mut found);
    found
}

fn fields(ours: &Shape, theirs: &Shape, path: &str, dropped: &[&str], found: &mut Vec<Change>) {
    if theirs.fields.is_empty() {
        return;
    }
    let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, own) in &ours.fields {
        let field = at(name);
        let Some(their) = theirs.field(name) else {
            found.push(Change::FieldRemoved { field });
            continue;
        };
        let (mine, yours) = (ours.required.contains(name), theirs.required.contains(name));
        if mine != yours && (yours || own.default.is_none()) {
            found.push(Change::RequiredChanged { field: field.clone(), ours: mine, theirs: yours });
        }
        value(own, their, &field, found);
    }
    for (name, _) in &theirs.fields {
        if ours.field(name).is_none() && !dropped.contains(&name.as_str()) {
            found.push(Change::FieldAdded { field: at(name), required: theirs.required.contains(name) });
        }
    }
}

fn value(ours: &Shape, theirs: &Shape, field: &str, found: &mut Vec<Change>) {
    let name = || field.to_owned();
    if !ours.types.iter().all(|kind| theirs.may_be(*kind)) {
        let list = |shape: &Shape| shape.types.iter().copied().collect();
        found.push(Change::TypeChanged { field: name(), ours: list(ours), theirs: list(theirs) });
        return;
    }
    choice(ours, theirs, field, found);
    limits(ours, theirs, field, found);
    if let Some(default) = theirs.default.as_ref().filter(|default| says_something(default))
        && ours.default.as_ref().is_none_or(|own| !is_same(own, default))
    {
        found.push(Change::DefaultChanged { field: name(), ours: ours.default.clone(), theirs: default.clone() });
    }
    if let (Some(own), Some(their)) = (&ours.item, &theirs.item) {
        value(own, their, &format!("{field}[]"), found);
    }
    if ours.types.contains(&Type::Object) {
        fields(ours, theirs, field, &[], found);
    }
}

fn choice(ours: &Shape, theirs: &Shape, field: &str, found: &mut Vec<Change>) {
    let Some(their) = &theirs.values else {
        let counts = theirs.range.min.is_some() || theirs.range.max.is_some();
        if ours.values.is_some() && !counts {
            found.push(Change::LimitRemoved { field: field.to_owned(), limit: "enum" });
        }
        return;
    };
    let own = match &ours.values {
        Some(own) => own.clone(),
        None if ours.types.contains(&Type::Boolean) => vec![true.into(), false.into()],
        None => counted(ours).unwrap_or_default(),
    };
    let missing = |from: &[Value], of: &[Value]| -> Vec<Value> {
        of.iter().filter(|value| !from.iter().any(|other| is_same(value, other))).cloned().collect()
    };
    let (added, removed) = (missing(&own, their), missing(their, &own));
    if !(added.is_empty() && removed.is_empty()) {
        found.push(Change::EnumChanged { field: field.to_owned(), added, removed });
    }
}

/// All values of a short range of integers, because the vendor may list them.
// The casts are safe because of the check before.
fn counted(shape: &Shape) -> Option<Vec<Value>> {
    let (min, max) = shape.range.min.zip(shape.range.max)?;
    let step = shape.step.unwrap_or(1.0);
    let short = shape.types.contains(&Type::Integer) && step >= 1.0 && (0.0..1000.0).contains(&(max - min));
    if !short {
        return None;
    }
    let inside = (min as i64..=max as i64).step_by(step as usize).map(Value::from);
    Some(inside.chain(shape.also.iter().map(|also| Value::from(*also as i64))).collect())
}

/// A minimum number of characters or items that only means that there is a value.
const NON_EMPTY: Option<f64> = Some(1.0);

fn limits(ours: &Shape, theirs: &Shape, field: &str, found: &mut Vec<Change>) {
    // Limits up to `least` mean nothing.
    let mut differ = |limit: &'static str, own: Option<f64>, their: Option<f64>, least: Option<f64>| {
        let counts = |end: Option<f64>| end.filter(|end| least.is_none_or(|least| *end > least));
        match (counts(own), counts(their)) {
            (Some(_), None) if their.is_none() => {
                found.push(Change::LimitRemoved { field: field.to_owned(), limit });
            }
            (mine, Some(theirs)) if mine.is_none_or(|mine| !is_close(mine, theirs)) => {
                found.push(Change::LimitChanged { field: field.to_owned(), limit, ours: own, theirs });
            }
            _ => {}
        }
    };
    // The registry does not limit the length of URLs, and the length of listed values is known.
    if ours.types.contains(&Type::Text) && !ours.is_link && ours.values.is_none() {
        differ("min_length", ours.length.min, theirs.length.min, NON_EMPTY);
        differ("max_length", ours.length.max, theirs.length.max, None);
    }
    if ours.types.contains(&Type::List) {
        differ("min_items", ours.count.min, theirs.count.min, NON_EMPTY);
        differ("max_items", ours.count.max, theirs.count.max, None);
    }
    if ours.types.iter().any(|kind| kind.is_number()) && theirs.values.is_none() {
        let own = ours.values.as_ref().map_or(ours.range, |values| hull(values));
        let low = ours.also.iter().copied().chain(own.min).fold(f64::INFINITY, f64::min);
        let high = ours.also.iter().copied().chain(own.max).fold(f64::NEG_INFINITY, f64::max);
        // The vendor's limit may be one of the registry's extra values outside the range.
        let among = |end: f64, own: Option<f64>, their: Option<f64>| match their {
            Some(their) if !ours.also.is_empty() && is_close(end, their) => own,
            // The limits of listed values need not be stated.
            None if ours.values.is_some() => own,
            _ => their,
        };
        differ("min", own.min, among(low, own.min, theirs.range.min), None);
        differ("max", own.max, among(high, own.max, theirs.range.max), None);
        let is_whole = ours.types.contains(&Type::Integer);
        let step = |shape: &Shape| shape.step.filter(|step| !(is_whole && is_close(*step, 1.0)));
        if ours.values.is_none() {
            differ("step", step(ours), step(theirs), None);
        }
    }
}

fn hull(values: &[Value]) -> Bounds {
    let numbers = || values.iter().filter_map(Value::as_f64);
    Bounds { min: numbers().reduce(f64::min), max: numbers().reduce(f64::max) }
}

fn is_close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(1.0)
}

/// Whether two values are equal: `5` and `5.0` are, and also `5` and `"5"`, because types are compared separately.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => is_close(one, other),
        _ => one == other || plain(one) == plain(other),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a default is a value; empty ones mean that there is none.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

#[cfg(test)]
mod tests;
