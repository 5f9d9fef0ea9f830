//! Turns shapes into parameters of the registry's language. What the language cannot express is left out and noted.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::guess;
use crate::market::shape::{Bounds, Shape, Type};

mod choice;
mod number;
mod sample;

pub(super) use sample::sample;

/// Larger minimum lengths and counts are ignored as errors.
const MAX_MIN: f64 = 1000.0;
/// Larger limits are ignored: they are not meant as limits.
const MAX_LIMIT: f64 = 1e9;

/// The kind of a parameter of the registry.
pub(super) enum ParamKind {
    Text { min: Option<u32>, max: Option<u32> },
    Integer { min: Option<i64>, max: Option<i64>, step: Option<i64>, or_text: bool },
    Decimal { min: Option<f64>, above: bool, max: Option<f64>, step: Option<f64> },
    Boolean,
    Choice(Vec<Value>),
    Media { of: &'static str, count: Option<(u32, Option<u32>)> },
    List { item: Box<ParamKind>, min: u32, max: Option<u32> },
    Object(Vec<EntryParam>),
}

/// A parameter, with notes for an author.
pub(super) struct EntryParam {
    pub(super) name: String,
    pub(super) kind: ParamKind,
    pub(super) required: bool,
    pub(super) default: Option<Value>,
    pub(super) deprecated: bool,
    pub(super) about: Option<String>,
    pub(super) notes: Vec<String>,
}

/// The parameters of an object; notes about fields that cannot be parameters are added to `left_out`.
pub(super) fn fields(shape: &Shape, left_out: &mut Vec<String>) -> Vec<EntryParam> {
    let mut taken = HashSet::new();
    let mut all = Vec::new();
    for (name, field) in &shape.fields {
        let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        let rust: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        if !letters || rust.is_empty() {
            left_out.push(format!("left out: `{name}` cannot be the name of a field"));
        } else if !taken.insert(rust) {
            left_out.push(format!("left out: `{name}` is too much like another field"));
        } else if let Some(param) = param(name, field, shape.required.contains(name), left_out) {
            all.push(param);
        }
    }
    all
}

fn param(name: &str, shape: &Shape, required: bool, left_out: &mut Vec<String>) -> Option<EntryParam> {
    let mut notes = Vec::new();
    let Some(kind) = kind(name, shape, required, &mut notes) else {
        left_out.extend(notes);
        left_out.push(format!("left out: `{name}`, a group without fields"));
        return None;
    };
    let default = shape.default.as_ref().and_then(|given| {
        let fitting = sample::fitting(&kind, given, required);
        if fitting.is_none() && sample::says_something(given) {
            notes.push(format!("{name}: the vendor's default {given} cannot be one here"));
        }
        fitting
    });
    let (about, deprecated) = (shape.about.clone(), shape.deprecated);
    Some(EntryParam { name: name.to_owned(), kind, required, default, deprecated, about, notes })
}

fn kind(name: &str, shape: &Shape, required: bool, notes: &mut Vec<String>) -> Option<ParamKind> {
    if let Some(of) = guess::media(name, shape) {
        return Some(ParamKind::Media { of, count: None });
    }
    if let Some(choice) = shape.values.as_ref().and_then(|values| choice::kind(name, values, notes)) {
        return Some(choice);
    }
    let has = |kind: Type| shape.types.contains(&kind);
    let number = has(Type::Integer) || has(Type::Number);
    if shape.types.iter().filter(|kind| **kind != Type::Number).count() > 1 && !(has(Type::Integer) && has(Type::Text))
    {
        let all: Vec<&str> = shape.types.iter().map(|kind| kind.as_str()).collect();
        notes.push(format!("{name}: the vendor takes {}", all.join(" or ")));
    }
    if has(Type::Object) {
        let inner = fields(shape, notes);
        return (!inner.is_empty()).then_some(ParamKind::Object(inner));
    }
    if has(Type::List) {
        return list(name, shape, notes);
    }
    if number {
        return Some(number::kind(name, shape, notes));
    }
    if has(Type::Boolean) {
        return Some(ParamKind::Boolean);
    }
    if !has(Type::Text) {
        notes.push(format!("{name}: the schema names no type that is known"));
    }
    Some(text(name, shape, required, notes))
}

fn list(name: &str, shape: &Shape, notes: &mut Vec<String>) -> Option<ParamKind> {
    let anything = Shape::of([Type::Text]);
    let item = shape.item.as_deref().unwrap_or_else(|| {
        notes.push(format!("{name}: the schema does not say of what"));
        &anything
    });
    let (min, max) = counts(name, shape.count, notes);
    // An empty list means that the field is not given.
    let min = min.unwrap_or(1);
    let as_file = Shape { about: item.about.clone().or_else(|| shape.about.clone()), ..item.clone() };
    let inner = match guess::media(name, &as_file) {
        Some(of) => return Some(ParamKind::Media { of, count: Some((min, max)) }),
        None => kind("item", item, false, notes)?,
    };
    Some(ParamKind::List { item: Box::new(inner), min, max })
}

fn text(name: &str, shape: &Shape, required: bool, notes: &mut Vec<String>) -> ParamKind {
    let (min, max) = counts(name, shape.length, notes);
    ParamKind::Text { min: min.filter(|min| *min > u32::from(required)), max }
}

/// The limits of a length or a count, if they are plausible.
// The casts are safe because of the checks before.
fn counts(name: &str, limits: Bounds, notes: &mut Vec<String>) -> (Option<u32>, Option<u32>) {
    let min = limits.min.filter(|min| *min >= 1.0).map(f64::ceil);
    let max = limits.max.filter(|max| *max < MAX_LIMIT).map(f64::floor);
    let contrary = max.is_some_and(|max| max < min.unwrap_or(1.0)) || min.is_some_and(|min| min > MAX_MIN);
    if contrary {
        notes.push(format!("{name}: the vendor's limits cannot be met: {}", json!([limits.min, limits.max])));
        return (None, None);
    }
    (min.map(|min| min as u32), max.map(|max| max as u32))
}
