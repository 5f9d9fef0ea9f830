//! JSON that borrows from its text: all that a check needs, at half the price of a `serde_json::Value`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::Value;

use super::sheet::Sheet;
use crate::spec::Literal;
use crate::value_ref::{AsValueRef, ObjectRef, ValueRef};

/// A JSON value.
#[derive(Debug, Default)]
pub(super) enum Tree<'a> {
    #[default]
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    Text(Cow<'a, str>),
    List(Vec<Tree<'a>>),
    /// An object of which nobody knows the fields.
    Object(Branches<'a>),
    /// An object whose fields the registry knows.
    Sheet(Box<Sheet<'a>>),
}

/// ModelRef values in the order of the text. A name may occur twice.
#[derive(Debug, Default)]
pub(super) struct Branches<'a>(pub(super) Vec<(Cow<'a, str>, Tree<'a>)>);

impl Tree<'_> {
    /// The default of a field, from the registry's JSON text.
    pub(super) fn of_default(json: &'static str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// The same, with texts of its own.
    pub(super) fn into_owned(self) -> Tree<'static> {
        match self {
            Self::Null => Tree::Null,
            Self::Boolean(flag) => Tree::Boolean(flag),
            Self::Integer(n) => Tree::Integer(n),
            Self::Decimal(n) => Tree::Decimal(n),
            Self::Text(text) => Tree::Text(Cow::Owned(text.into_owned())),
            Self::List(items) => Tree::List(items.into_iter().map(Tree::into_owned).collect()),
            Self::Object(Branches(fields)) => {
                let owned =
                    |(name, value): (Cow<'_, str>, Tree<'_>)| (Cow::Owned(name.into_owned()), value.into_owned());
                Tree::Object(Branches(fields.into_iter().map(owned).collect()))
            }
            Self::Sheet(sheet) => Tree::Sheet(Box::new(sheet.into_owned())),
        }
    }
}

/// A value of the registry's own.
impl From<Literal> for Tree<'_> {
    fn from(literal: Literal) -> Self {
        match literal {
            Literal::Text(text) => Self::Text(Cow::Borrowed(text)),
            Literal::Integer(n) => Self::Integer(n),
            Literal::Decimal(n) => Self::Decimal(n),
            Literal::Boolean(flag) => Self::Boolean(flag),
        }
    }
}

impl<'a> From<&'a Value> for Tree<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(fields) => Self::Object(Branches(fields.iter().map(|(k, v)| (k.into(), v.into())).collect())),
            scalar => match scalar.as_value_ref() {
                ValueRef::Boolean(flag) => Self::Boolean(flag),
                ValueRef::Integer(n) => Self::Integer(n),
                ValueRef::Decimal(n) => Self::Decimal(n),
                ValueRef::Text(text) => Self::Text(Cow::Borrowed(text)),
                ValueRef::Null | ValueRef::List(_) | ValueRef::Object(_) => Self::Null,
            },
        }
    }
}

impl AsValueRef for Tree<'_> {
    fn as_value_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Boolean(flag) => ValueRef::Boolean(*flag),
            Self::Integer(n) => ValueRef::Integer(*n),
            Self::Decimal(n) => ValueRef::Decimal(*n),
            Self::Text(text) => ValueRef::Text(text),
            Self::List(items) => ValueRef::List(items),
            Self::Object(fields) => ValueRef::Object(fields),
            Self::Sheet(sheet) => ValueRef::Object(&**sheet),
        }
    }
}

impl ObjectRef for Branches<'_> {
    fn field(&self, name: &str) -> Option<ValueRef<'_>> {
        self.0
            .iter()
            .find(|(own, value)| own == name && !matches!(value, Tree::Null))
            .map(|(_, value)| value.as_value_ref())
    }

    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, ValueRef<'a>)) {
        self.0.iter().for_each(|(name, value)| visit(name, value.as_value_ref()));
    }
}

impl<'de> Deserialize<'de> for Tree<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Tree<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Tree<'de>, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Tree<'de>, E> {
        Ok(Tree::Boolean(flag))
    }

    fn visit_i64<E: Error>(self, n: i64) -> Result<Tree<'de>, E> {
        Ok(Tree::Integer(n))
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<Tree<'de>, E> {
        Ok(i64::try_from(n).map_or(Tree::Decimal(n as f64), Tree::Integer))
    }

    fn visit_f64<E: Error>(self, n: f64) -> Result<Tree<'de>, E> {
        Ok(Tree::Decimal(n))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(name) = map.next_key_seed(Key)? {
            fields.push((name, map.next_value()?));
        }
        Ok(Tree::Object(Branches(fields)))
    }
}

/// A name that stays in the text where it can.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn it_reads_what_serde_json_reads() {
        for text in
            ["null", "[true, -1, 18446744073709551615, 0.5, 1e3]", r#"{"a": {"b\n": ["\u0041", "é"]}, "c": ""}"#]
        {
            let tree: Tree<'_> = serde_json::from_str(text).unwrap();
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(tree.as_value_ref().to_json(), value.as_value_ref().to_json(), "{text}");
        }
    }

    #[test]
    fn texts_and_names_without_escapes_are_not_copied() {
        let tree: Tree<'_> = serde_json::from_str(r#"{"a": "b"}"#).unwrap();
        let Tree::Object(Branches(fields)) = tree else { panic!("{tree:?}") };
        assert!(matches!(fields[0], (Cow::Borrowed("a"), Tree::Text(Cow::Borrowed("b")))));
    }

    proptest! {
        #[test]
        fn it_refuses_what_serde_json_refuses(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let text = String::from_utf8_lossy(&bytes);
            let (tree, value) = (serde_json::from_str::<Tree<'_>>(&text), serde_json::from_str::<Value>(&text));
            prop_assert_eq!(tree.is_ok(), value.is_ok());
        }
    }
}
