//! Other ways to write the same value.

use std::borrow::Cow;

use super::Origin;
use super::tree::Tree;
use crate::spec::{Kind, NumberForm};
use crate::value_ref::AsValueRef;

/// Brings a value into the form that the field has, where it has another and this one can be found.
pub(super) fn reshape(kind: &Kind, value: &mut Tree<'_>, origin: Origin, by_alias: bool) {
    let is_text = origin == Origin::Text;
    let made = match (kind, &mut *value) {
        (Kind::Integer(spec), Tree::Text(text)) if is_text || spec.form == NumberForm::NumberOrString => {
            text.trim().parse().ok().map(Tree::Integer)
        }
        // JSON that is sent under the field's own name is strict.
        _ if !is_text && !by_alias => None,
        // JSON in a text, or one value for a list of one.
        (Kind::List(_), Tree::Text(text)) if is_text && text.trim_start().starts_with('[') => parsed(text),
        (Kind::List(_), Tree::List(_)) => None,
        (Kind::List(_), single) => Some(Tree::List(vec![std::mem::take(single)])),
        (Kind::Object(_), Tree::Text(text)) if is_text => parsed(text),
        // A list of one for a single value: older names of a field may have stood for a list.
        (kind, Tree::List(items)) if items.len() == 1 => {
            let mut only = items.pop().unwrap_or_default();
            reshape(kind, &mut only, origin, by_alias);
            Some(only)
        }
        (Kind::Decimal(_), Tree::Text(text)) if is_text => {
            // A decimal comma is how half of our users write a fraction.
            let number = text.trim().replace(',', ".").parse::<f64>();
            number.ok().filter(|n| n.is_finite()).map(Tree::Decimal)
        }
        (Kind::Boolean, Tree::Text(text)) if is_text => text.trim().parse().ok().map(Tree::Boolean),
        (Kind::Choice(spec), value) if is_text => {
            let index = value.as_value_ref().text().and_then(|text| spec.position_of_text(text.trim()));
            index.map(|index| spec.options[index].value.into())
        }
        (Kind::Text(_) | Kind::Task(_), Tree::Integer(_) | Tree::Decimal(_) | Tree::Boolean(_)) if is_text => {
            Some(Tree::Text(Cow::Owned(value.as_value_ref().to_string())))
        }
        _ => None,
    };
    if let Some(made) = made {
        *value = made;
    }
}

/// As [`reshape`], of a text and of everything in it.
pub(super) fn from_text(kind: &Kind, value: &mut Tree<'_>) {
    reshape(kind, value, Origin::Text, false);
    match (kind, value) {
        (Kind::List(list), Tree::List(items)) => items.iter_mut().for_each(|item| from_text(list.item, item)),
        (Kind::Object(fields), Tree::Object(inner)) => {
            for (name, value) in &mut inner.0 {
                if let Some(field) = fields.iter().find(|f| f.is_called(name)) {
                    from_text(&field.kind, value);
                }
            }
        }
        _ => {}
    }
}

fn parsed(text: &str) -> Option<Tree<'static>> {
    serde_json::from_str(text).ok().map(Tree::into_owned)
}
