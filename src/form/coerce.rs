//! Other ways to write the same value.

use serde_json::Value;

use super::Origin;
use crate::schema::spec::{Kind, NumberForm};
use crate::schema::view::{View, Visible};

/// The value in the form that the field has; `None` when it has that form already, or none can be found.
pub(super) fn reshape(kind: &Kind, value: View<'_>, origin: Origin, by_alias: bool) -> Option<Value> {
    let is_text = origin == Origin::Text;
    match (kind, value) {
        (Kind::Integer(spec), View::Text(text)) if is_text || spec.form == NumberForm::NumberOrString => {
            text.trim().parse::<i64>().ok().map(Value::from)
        }
        // JSON that is sent under the field's own name is strict.
        _ if !is_text && !by_alias => None,
        // JSON in a text, or one value for a list of one.
        (Kind::List(_), View::Text(text)) if is_text && text.trim_start().starts_with('[') => parsed(text),
        (Kind::List(_), View::List(_)) => None,
        (Kind::List(_), single) => Some(Value::Array(vec![single.to_json()])),
        (Kind::Object(_), View::Text(text)) if is_text => parsed(text),
        // A list of one for a single value: older names of a field may have stood for a list.
        (kind, View::List(items)) if items.count() == 1 => {
            let only = items.item(0);
            Some(reshape(kind, only, origin, by_alias).unwrap_or_else(|| only.to_json()))
        }
        (Kind::Decimal(_), View::Text(text)) if is_text => {
            // A decimal comma is how half of our users write a fraction.
            let number = text.trim().replace(',', ".").parse::<f64>().ok()?;
            serde_json::Number::from_f64(number).map(Value::Number)
        }
        (Kind::Boolean, View::Text(text)) if is_text => text.trim().parse::<bool>().ok().map(Value::Bool),
        (Kind::Choice(spec), value) if is_text => {
            let text = value.text()?;
            let index = spec.position_of_text(text.trim())?;
            Some(View::from(spec.options[index].value).to_json())
        }
        (Kind::Text(_) | Kind::Task(_), View::Integer(_) | View::Decimal(_) | View::Boolean(_)) if is_text => {
            Some(Value::String(value.to_string()))
        }
        _ => None,
    }
}

/// The value with everything in it reshaped, as far as a form can be found.
pub(super) fn from_text(kind: &Kind, value: Value) -> Value {
    let value = reshape(kind, value.view(), Origin::Text, false).unwrap_or(value);
    match (kind, value) {
        (Kind::List(list), Value::Array(items)) => items.into_iter().map(|item| from_text(list.item, item)).collect(),
        (Kind::Object(fields), Value::Object(inner)) => {
            let typed = |name: &str, value| match fields.iter().find(|f| f.is_called(name)) {
                Some(field) => from_text(&field.kind, value),
                None => value,
            };
            let inner = inner.into_iter().map(|(name, value)| (typed(&name, value), name));
            Value::Object(inner.map(|(value, name)| (name, value)).collect())
        }
        (_, value) => value,
    }
}

fn parsed(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}
