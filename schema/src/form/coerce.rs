//! Other ways to write the same value.

use serde_json::Value;

use super::Origin;
use crate::spec::{Kind, NumberForm};
use crate::value_ref::AsValueRef;

/// Brings a value into the form that the field has, where it has another and this one can be found.
pub(super) fn reshape(kind: &Kind, value: Value, origin: Origin, by_alias: bool) -> Value {
    let is_text = origin == Origin::Text;
    match (kind, value) {
        (Kind::Integer(spec), Value::String(text)) if is_text || spec.form == NumberForm::NumberOrString => {
            text.trim().parse::<i64>().map_or(Value::String(text), Value::from)
        }
        // JSON that is sent under the field's own name is strict.
        (_, value) if !is_text && !by_alias => value,
        // JSON in a text, or one value for a list of one.
        (Kind::List(_), Value::String(text)) if is_text && text.trim_start().starts_with('[') => parsed(text),
        (Kind::List(_), Value::Array(items)) => Value::Array(items),
        (Kind::List(_), single) => Value::Array(vec![single]),
        (Kind::Object(_), Value::String(text)) if is_text => parsed(text),
        // A list of one for a single value: older names of a field may have stood for a list.
        (kind, Value::Array(mut items)) if items.len() == 1 => {
            reshape(kind, items.pop().unwrap_or_default(), origin, by_alias)
        }
        (Kind::Decimal(_), Value::String(text)) if is_text => {
            // A decimal comma is how half of our users write a fraction.
            let number = text.trim().replace(',', ".").parse::<f64>();
            number.ok().filter(|n| n.is_finite()).map_or(Value::String(text), Value::from)
        }
        (Kind::Boolean, Value::String(text)) if is_text => {
            text.trim().parse::<bool>().map_or(Value::String(text), Value::from)
        }
        (Kind::Choice(spec), value) if is_text => {
            let found = value.as_value_ref().text().and_then(|text| spec.position_of_text(text.trim()));
            found.map_or(value, |index| spec.options[index].value.to_json())
        }
        (Kind::Text(_) | Kind::Task(_), value @ (Value::Number(_) | Value::Bool(_))) if is_text => {
            Value::String(value.as_value_ref().to_string())
        }
        (_, value) => value,
    }
}

/// As [`reshape`], of a text and of everything in it.
pub(super) fn from_text(kind: &Kind, value: Value) -> Value {
    match (kind, reshape(kind, value, Origin::Text, false)) {
        (Kind::List(list), Value::Array(items)) => items.into_iter().map(|item| from_text(list.item, item)).collect(),
        (Kind::Object(fields), Value::Object(members)) => {
            let reshaped =
                members.into_iter().map(|(name, value)| match fields.iter().find(|field| field.is_called(&name)) {
                    Some(field) => (name, from_text(&field.kind, value)),
                    None => (name, value),
                });
            Value::Object(reshaped.collect())
        }
        (_, value) => value,
    }
}

/// The JSON that a text holds, or the text.
fn parsed(text: String) -> Value {
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}
