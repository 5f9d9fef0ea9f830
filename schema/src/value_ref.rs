//! One look at inputs of every shape: rules, prices and writers see typed inputs and JSON alike.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::spec::Literal;

/// A borrowed value of an input.
#[derive(Clone, Copy)]
pub enum ValueRef<'a> {
    /// No value.
    Null,
    /// A text, a URL or an id.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// A flag.
    Boolean(bool),
    /// Several values.
    List(&'a dyn ListRef),
    /// Named values.
    Object(&'a dyn ObjectRef),
}

/// Several values, seen one by one.
pub trait ListRef {
    /// How many.
    fn count(&self) -> usize;
    /// The value at a place below [`ListRef::count`].
    fn item(&self, index: usize) -> ValueRef<'_>;
}

/// Named values, seen by name or one after the other.
pub trait ObjectRef {
    /// The value with this name; `None` when it was not given.
    fn field(&self, name: &str) -> Option<ValueRef<'_>>;
    /// The value of the field at a position among the model's fields, which has this name.
    fn nth(&self, _position: usize, name: &str) -> Option<ValueRef<'_>> {
        self.field(name)
    }
    /// Every value that was given, in order.
    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, ValueRef<'a>));
}

/// A value that can be looked at.
pub trait AsValueRef {
    /// The look.
    fn as_value_ref(&self) -> ValueRef<'_>;
}

impl AsValueRef for bool {
    fn as_value_ref(&self) -> ValueRef<'_> {
        ValueRef::Boolean(*self)
    }
}

impl AsValueRef for Value {
    fn as_value_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Bool(flag) => ValueRef::Boolean(*flag),
            Self::Number(n) => match n.as_i64() {
                Some(whole) => ValueRef::Integer(whole),
                None => ValueRef::Decimal(n.as_f64().unwrap_or(f64::NAN)),
            },
            Self::String(text) => ValueRef::Text(text),
            Self::Array(items) => ValueRef::List(items),
            Self::Object(fields) => ValueRef::Object(fields),
        }
    }
}

impl<T: AsValueRef> ListRef for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> ValueRef<'_> {
        self[index].as_value_ref()
    }
}

impl ObjectRef for Map<String, Value> {
    fn field(&self, name: &str) -> Option<ValueRef<'_>> {
        self.get(name).filter(|v| !v.is_null()).map(AsValueRef::as_value_ref)
    }

    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, ValueRef<'a>)) {
        for (name, value) in self {
            visit(name, value.as_value_ref());
        }
    }
}

impl From<Literal> for ValueRef<'static> {
    fn from(literal: Literal) -> Self {
        match literal {
            Literal::Text(text) => Self::Text(text),
            Literal::Integer(n) => Self::Integer(n),
            Literal::Decimal(n) => Self::Decimal(n),
            Literal::Boolean(flag) => Self::Boolean(flag),
        }
    }
}

impl Literal {
    /// As an owned JSON value.
    pub fn to_json(self) -> Value {
        ValueRef::from(self).to_json()
    }
}

/// Values are equal when JSON says so: `1` and `1.0` are the same number, `1` and `"1"` are not the same value.
impl PartialEq for ValueRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (*self, *other) {
            (Self::Null, Self::Null) => true,
            (Self::Text(a), ValueRef::Text(b)) => a == b,
            (Self::Boolean(a), ValueRef::Boolean(b)) => a == b,
            (Self::Integer(a), ValueRef::Integer(b)) => a == b,
            (Self::Integer(a), ValueRef::Decimal(b)) | (Self::Decimal(b), ValueRef::Integer(a)) => a as f64 == b,
            (Self::Decimal(a), ValueRef::Decimal(b)) => a == b,
            _ => false,
        }
    }
}

impl<'a> ValueRef<'a> {
    /// A scalar default as the registry keeps it, in JSON text. Lists and objects give `None`: rules and prices never ask
    /// for their defaults, which are empty.
    pub fn of_default(json: &'a str) -> Option<Self> {
        match json.as_bytes().first()? {
            b'"' => {
                let inner = json.strip_prefix('"')?.strip_suffix('"')?;
                (!inner.contains('\\')).then_some(Self::Text(inner))
            }
            b't' => Some(Self::Boolean(true)),
            b'f' => Some(Self::Boolean(false)),
            b'-' | b'0'..=b'9' => match json.parse() {
                Ok(whole) => Some(Self::Integer(whole)),
                Err(_) => json.parse().ok().map(Self::Decimal),
            },
            _ => None,
        }
    }

    /// Whether there is something: neither nothing, nor an empty text, nor an empty list.
    pub fn is_present(self) -> bool {
        match self {
            Self::Null => false,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => items.count() > 0,
            Self::Integer(_) | Self::Decimal(_) | Self::Boolean(_) | Self::Object(_) => true,
        }
    }

    /// As a number; digits in a text count, because the vendor's durations often are texts.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Integer(n) => Some(n as f64),
            Self::Decimal(n) => Some(n),
            Self::Text(text) => text.parse().ok().filter(|n: &f64| n.is_finite()),
            Self::Null | Self::Boolean(_) | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// A scalar as text; lists and objects have none.
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Boolean(flag) => Some(Cow::Borrowed(if flag { "true" } else { "false" })),
            Self::Integer(n) => Some(Cow::Owned(n.to_string())),
            Self::Decimal(n) => Some(Cow::Owned(n.to_string())),
            Self::Null | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// Whether the value, as text, is this text.
    pub fn reads(self, text: &str) -> bool {
        self.text().is_some_and(|own| own == text)
    }

    /// Whether two scalars have the same text: prices and rules compare this way, since `5` and `"5"` mean the same there.
    pub fn same_text(self, other: ValueRef<'_>) -> bool {
        self == other || self.text().is_some_and(|own| other.reads(&own))
    }
}

/// How much of a value is repeated in a report, in characters.
const SHOWN: usize = 60;

impl<'a> ValueRef<'a> {
    /// The value as text, cut to what a person needs to recognise it.
    pub fn shortened(self) -> String {
        let json = || Cow::Owned(serde_json::to_string(&self).unwrap_or_default());
        let text = self.text().unwrap_or_else(json);
        // No character is shorter than a byte: most texts need not be counted.
        let end = if text.len() > SHOWN { text.char_indices().nth(SHOWN) } else { None };
        match end {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.into_owned(),
        }
    }

    /// The files that the value names: itself, or every item.
    pub(crate) fn files(self) -> impl Iterator<Item = &'a str> {
        let count = if let Self::List(items) = self { items.count() } else { 1 };
        (0..count).filter_map(move |i| match self {
            Self::Text(url) => Some(url),
            Self::List(items) => {
                if let ValueRef::Text(url) = items.item(i) {
                    Some(url)
                } else {
                    None
                }
            }
            _ => None,
        })
    }

    /// Its number, or the numbers of all items.
    pub(crate) fn numbers(self) -> f64 {
        match self {
            Self::List(items) => (0..items.count()).filter_map(|i| items.item(i).number()).sum(),
            other => other.number().unwrap_or(0.0),
        }
    }

    /// Its characters, or those of all items.
    pub(crate) fn characters(self) -> usize {
        match self {
            Self::Text(text) => text.chars().count(),
            Self::List(items) => (0..items.count()).map(|i| items.item(i).characters()).sum(),
            _ => 0,
        }
    }
}

/// Scalars read as a person writes them, everything else as JSON.
impl fmt::Display for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(n) => n.fmt(f),
            Self::Decimal(n) => n.fmt(f),
            Self::Boolean(flag) => flag.fmt(f),
            Self::Null | Self::List(_) | Self::Object(_) => {
                f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
            }
        }
    }
}

impl fmt::Debug for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for ValueRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Null => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(n) => serializer.serialize_i64(n),
            Self::Decimal(n) if n.fract() == 0.0 && n.abs() < 9e15 => serializer.serialize_i64(n as i64),
            Self::Decimal(n) => serializer.serialize_f64(n),
            Self::Boolean(flag) => serializer.serialize_bool(flag),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.count()))?;
                for index in 0..items.count() {
                    list.serialize_element(&items.item(index))?;
                }
                list.end()
            }
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(None)?;
                let mut result = Ok(());
                fields.each(&mut |name, value| {
                    if result.is_ok() {
                        result = map.serialize_entry(name, &value);
                    }
                });
                result?;
                map.end()
            }
        }
    }
}

impl ValueRef<'_> {
    /// As an owned JSON value.
    pub fn to_json(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::from(text),
            Self::Integer(n) => Value::from(n),
            Self::Decimal(n) if n.fract() == 0.0 && n.abs() < 9e15 => Value::from(n as i64),
            Self::Decimal(n) => Value::from(n),
            Self::Boolean(flag) => Value::from(flag),
            Self::List(items) => (0..items.count()).map(|i| items.item(i).to_json()).collect(),
            Self::Object(fields) => Value::Object(to_map(fields)),
        }
    }
}

/// Named values as a JSON object, in order.
pub fn to_map(fields: &dyn ObjectRef) -> Map<String, Value> {
    let mut map = Map::new();
    fields.each(&mut |name, value| {
        map.insert(name.to_owned(), value.to_json());
    });
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn defaults_in_json_text_become_values() {
        assert_eq!(ValueRef::of_default("\"1:1\""), Some(ValueRef::Text("1:1")));
        assert_eq!(ValueRef::of_default("-1"), Some(ValueRef::Integer(-1)));
        assert_eq!(ValueRef::of_default("0.5"), Some(ValueRef::Decimal(0.5)));
        assert_eq!(ValueRef::of_default("true"), Some(ValueRef::Boolean(true)));
        assert_eq!(ValueRef::of_default("[]"), None);
    }

    #[test]
    fn values_compare_as_json_and_texts_as_people_read_them() {
        assert_eq!(ValueRef::Integer(1), ValueRef::Decimal(1.0));
        assert_ne!(ValueRef::Integer(1), ValueRef::Text("1"));
        assert!(ValueRef::Integer(1).same_text(ValueRef::Text("1")));
        assert!(ValueRef::Boolean(true).same_text(ValueRef::Text("true")));
        assert!(!ValueRef::Integer(1).same_text(ValueRef::Text("2")));
    }

    #[test]
    fn a_value_ref_writes_the_json_it_came_from() {
        let value = json!({"b": [1, 0.5, "x", {"c": true}], "a": null});
        assert_eq!(serde_json::to_value(value.as_value_ref()).unwrap(), value);
        assert_eq!(value.as_value_ref().to_json(), value);
    }
}
