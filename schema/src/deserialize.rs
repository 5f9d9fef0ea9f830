//! How values are read from JSON: one reader for each kind of value. Hundreds of fields share it, which keeps it in the processor's
//! cache and the generated code of a model small. For generated code; not part of the public interface.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, SeqAccess, Unexpected, Visitor};

use super::report::ViolationKind;

/// A type that a field, or an item of a list, may have.
pub trait Readable<'de>: Sized {
    /// What reads it.
    type Seed: DeserializeSeed<'de>;

    /// The reader with the limits of this type.
    fn seed() -> Self::Seed;

    /// Whether what was read says nothing, so that an optional field is as good as not given.
    fn is_nothing(_raw: &Raw<'de, Self>) -> bool {
        false
    }

    /// Takes what [`Readable::seed`] has read and found within its limits.
    fn wrap(raw: Raw<'de, Self>) -> Result<Self, ViolationKind>;
}

/// What the seed of a type reads.
pub type Raw<'de, T> = <<T as Readable<'de>>::Seed as DeserializeSeed<'de>>::Value;

/// Reads one value.
pub fn read<'de, T: Readable<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::wrap(T::seed().deserialize(deserializer)?).map_err(Error::custom)
}

/// Limits of a scalar. A method that gives `None` stands for a JSON type that the field does not take.
pub trait Limit: 'static {
    /// What is read.
    type Value;
    /// What is needed, in words.
    const NEEDED: &'static str;

    fn text(&self, _text: &str) -> Option<Result<Self::Value, ViolationKind>> {
        None
    }

    fn integer(&self, _n: i64) -> Option<Result<Self::Value, ViolationKind>> {
        None
    }

    fn decimal(&self, _n: f64) -> Option<Result<Self::Value, ViolationKind>> {
        None
    }

    fn flag(&self, _flag: bool) -> Option<Result<Self::Value, ViolationKind>> {
        None
    }
}

/// Reads a scalar within limits.
pub struct Within<L: 'static> {
    pub limit: &'static L,
}

impl<L: Limit> Within<L> {
    fn judge<E: Error>(
        self,
        judged: Option<Result<L::Value, ViolationKind>>,
        given: Unexpected<'_>,
    ) -> Result<L::Value, E> {
        match judged {
            Some(Ok(value)) => Ok(value),
            Some(Err(violation)) => Err(E::custom(violation)),
            None => Err(E::invalid_type(given, &self)),
        }
    }
}

impl<'de, L: Limit> DeserializeSeed<'de> for Within<L> {
    type Value = L::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<L::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, L: Limit> Visitor<'de> for Within<L> {
    type Value = L::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(L::NEEDED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<L::Value, E> {
        let judged = self.limit.text(text);
        self.judge(judged, Unexpected::Str(text))
    }

    fn visit_i64<E: Error>(self, n: i64) -> Result<L::Value, E> {
        let judged = self.limit.integer(n);
        self.judge(judged, Unexpected::Signed(n))
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<L::Value, E> {
        let judged = match i64::try_from(n) {
            Ok(n) => self.limit.integer(n),
            Err(_) => self.limit.decimal(n as f64),
        };
        self.judge(judged, Unexpected::Unsigned(n))
    }

    fn visit_f64<E: Error>(self, n: f64) -> Result<L::Value, E> {
        let judged = self.limit.decimal(n);
        self.judge(judged, Unexpected::Float(n))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<L::Value, E> {
        let judged = self.limit.flag(flag);
        self.judge(judged, Unexpected::Bool(flag))
    }

    fn visit_unit<E: Error>(self) -> Result<L::Value, E> {
        self.judge(None, Unexpected::Unit)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<L::Value, A::Error> {
        self.judge(None, Unexpected::Seq)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, _: A) -> Result<L::Value, A::Error> {
        self.judge(None, Unexpected::Map)
    }
}

/// Reads a list; its length is for the type to check.
pub struct Items<T>(pub(super) PhantomData<T>);

impl<'de, T: Readable<'de>> DeserializeSeed<'de> for Items<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Readable<'de>> Visitor<'de> for Items<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(raw) = items.next_element_seed(T::seed())? {
            all.push(T::wrap(raw).map_err(Error::custom)?);
        }
        Ok(all)
    }
}

/// The limits of a flag: none.
pub struct Flag;

impl Limit for Flag {
    type Value = bool;
    const NEEDED: &'static str = "a boolean";

    fn flag(&self, flag: bool) -> Option<Result<bool, ViolationKind>> {
        Some(Ok(flag))
    }
}

impl Readable<'_> for bool {
    type Seed = Within<Flag>;

    fn seed() -> Within<Flag> {
        Within { limit: &Flag }
    }

    fn wrap(raw: bool) -> Result<Self, ViolationKind> {
        Ok(raw)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[test]
    fn an_error_says_what_came_and_what_is_needed() {
        for (json, given) in [
            ("null", "null"),
            ("1", "integer `1`"),
            ("-1", "integer `-1`"),
            ("0.5", "floating point `0.5`"),
            ("\"x\"", "string \"x\""),
            ("[]", "sequence"),
            ("{}", "map"),
        ] {
            let error =
                bool::seed().deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap_err().to_string();
            assert!(error.contains(&format!("invalid type: {given}, expected a boolean")), "{error}");
        }
        assert!(bool::deserialize(&serde_json::Value::Bool(true)).is_ok_and(|flag| flag));
    }
}
