//! Valid values of a parameter: for the example, and to check a default.

use serde_json::{Map, Value, json};

use super::ParamKind;

const WORDS: &str = "A red fox in fresh snow";

/// A valid value.
pub(in crate::market::entry) fn sample(kind: &ParamKind) -> Value {
    match kind {
        ParamKind::Text { min, max } => {
            let (min, max) = (min.unwrap_or(1) as usize, max.map_or(usize::MAX, |max| max as usize));
            let words: String = WORDS.chars().take(max).collect();
            let missing = min.saturating_sub(words.len());
            (words + &"!".repeat(missing)).into()
        }
        ParamKind::Integer { .. } | ParamKind::Decimal { .. } => first(kind).unwrap_or(json!(1)),
        ParamKind::Boolean => json!(true),
        ParamKind::Choice(values) => values.first().cloned().unwrap_or_default(),
        ParamKind::Media { of, count: None } => file(of),
        ParamKind::Media { of, count: Some((min, _)) } => vec![file(of); (*min).max(1) as usize].into(),
        ParamKind::List { item, min, .. } => vec![sample(item); (*min).max(1) as usize].into(),
        ParamKind::Object(fields) => {
            let needed = fields.iter().filter(|field| field.required && field.default.is_none());
            let given: Map<String, Value> = needed.map(|field| (field.name.clone(), sample(&field.kind))).collect();
            given.into()
        }
    }
}

fn file(of: &str) -> Value {
    let name = match of {
        "video" => "clip.mp4",
        "audio" => "voice.mp3",
        "document" => "page.pdf",
        _ => "fox.png",
    };
    format!("https://example.com/{name}").into()
}

/// A valid number, if there is one.
pub(super) fn first(kind: &ParamKind) -> Option<Value> {
    let candidates: Vec<Value> = match kind {
        ParamKind::Integer { min, max, .. } => {
            [*min, Some(1), Some(0), *max].into_iter().flatten().map(Value::from).collect()
        }
        ParamKind::Decimal { min, max, step, .. } => {
            let low = min.unwrap_or_default();
            let steps = step.map(|step| (low / step).ceil() * step);
            let next = step.and_then(|step| Some(steps? + step));
            let middle = min.zip(*max).map(|(min, max)| min + (max - min) / 2.0);
            let all = [Some(1.0), *min, steps, next, middle, *max, Some(0.0), Some(low + 1.0)];
            all.into_iter().flatten().map(Value::from).collect()
        }
        _ => Vec::new(),
    };
    candidates.into_iter().find(|value| fitting(kind, value, true).is_some())
}

/// A value as a valid value of the parameter; `None` if it is not valid.
pub(super) fn fitting(kind: &ParamKind, given: &Value, required: bool) -> Option<Value> {
    match kind {
        ParamKind::Text { min, max } => {
            let text = given.as_str().filter(|text| !text.is_empty())?;
            let length = text.chars().count();
            let least = min.unwrap_or(u32::from(required)) as usize;
            (length >= least && max.is_none_or(|max| length <= max as usize)).then(|| text.into())
        }
        ParamKind::Integer { min, max, step, .. } => {
            let whole = given.as_i64().or_else(|| {
                given.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e15).map(|number| number as i64)
            })?;
            let inside = min.is_none_or(|min| whole >= min) && max.is_none_or(|max| whole <= max);
            let on_step =
                step.is_none_or(|step| whole.checked_sub(min.unwrap_or(0)).is_some_and(|from| from % step == 0));
            (inside && on_step).then(|| whole.into())
        }
        ParamKind::Decimal { min, above, max, step } => {
            let number = given.as_f64().filter(|number| number.abs() < 1e15)?;
            let low = min.is_none_or(|min| if *above { number > min } else { number >= min });
            let on_step = step.is_none_or(|step| {
                let steps = number / step;
                (steps - steps.round()).abs() <= 1e-6
            });
            (low && max.is_none_or(|max| number <= max) && on_step).then(|| number.into())
        }
        ParamKind::Boolean => given.as_bool().or_else(|| given.as_str()?.parse().ok()).map(Value::from),
        ParamKind::Choice(values) => values.iter().find(|value| plain(value) == plain(given)).cloned(),
        ParamKind::Media { .. } | ParamKind::List { .. } | ParamKind::Object(_) => None,
    }
}

fn plain(value: &Value) -> String {
    match (value.as_str(), value.as_f64()) {
        (Some(text), _) => text.to_owned(),
        (None, Some(number)) => number.to_string(),
        (None, None) => value.to_string(),
    }
}

/// Whether a default is a value; empty ones mean that there is none.
pub(super) fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
