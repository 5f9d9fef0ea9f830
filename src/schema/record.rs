//! Named fields: what every generated input struct, and every object inside one, has in common.

use std::fmt;
use std::marker::PhantomData;

pub use serde::de::MapAccess;
use serde::de::{DeserializeSeed, Error, Visitor};
use serde::{Deserialize, Deserializer};

use super::advice;
use super::spec::FieldSpec;
use super::view::{Fields, View, Visible};

/// A generated struct. The generator writes the table and two matches; the rest is here.
pub trait Record: Sized {
    /// The fields, in order.
    const FIELDS: &'static [FieldSpec];

    /// Whether the vendor will drop a field, or a value of one.
    const ADVISES: bool = advice::possible(Self::FIELDS);

    /// The value of the field at this position; `None` when it was not given.
    fn at(&self, index: usize) -> Option<View<'_>>;

    /// Reads every field and puts the struct together.
    ///
    /// # Errors
    /// The first field that is unknown, given twice, missing or breaks its limits.
    fn read<'de, A: MapAccess<'de>>(keys: Keys<A>) -> Result<Self, A::Error>;
}

impl<T: Record> Fields for T {
    fn field(&self, name: &str) -> Option<View<'_>> {
        self.at(T::FIELDS.iter().position(|f| f.name == name)?)
    }

    fn nth(&self, position: usize, _name: &str) -> Option<View<'_>> {
        self.at(position)
    }

    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, View<'a>)) {
        for (index, field) in T::FIELDS.iter().enumerate() {
            if let Some(view) = self.at(index) {
                visit(field.name, view);
            }
        }
    }

    fn may_need_advice(&self) -> bool {
        T::ADVISES
    }
}

impl<T: Record> Visible for T {
    fn view(&self) -> View<'_> {
        View::Object(self)
    }
}

/// The look of a field that may be absent.
pub(crate) fn optional<T: Visible>(field: &Option<T>) -> Option<View<'_>> {
    field.as_ref().map(Visible::view)
}

/// The fields of a JSON object, one after the other.
pub struct Keys<A> {
    map: A,
    fields: &'static [FieldSpec],
    next: usize,
    is_brief: bool,
}

impl<'de, A: MapAccess<'de>> Keys<A> {
    /// Position of the next field that is given.
    ///
    /// # Errors
    /// An unknown field.
    pub fn next_field(&mut self) -> Result<Option<usize>, A::Error> {
        let found =
            self.map.next_key_seed(Name { fields: self.fields, expected: self.next, is_brief: self.is_brief })?;
        if let Some(index) = found {
            self.next = index + 1;
        }
        Ok(found)
    }

    /// Reads the value of the field that [`Keys::next_field`] found.
    ///
    /// # Errors
    /// The field was given before, or breaks its limits.
    pub fn fill<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        let name = self.fields[self.next - 1].name;
        if slot.is_some() {
            return Err(Error::duplicate_field(name));
        }
        match self.map.next_value() {
            Ok(value) => *slot = Some(value),
            Err(error) if self.is_brief => return Err(error),
            Err(error) => return Err(at_field(name, &error)),
        }
        Ok(())
    }
}

/// Says which field an error is about.
fn at_field<E: Error>(name: &str, error: &E) -> E {
    E::custom(format_args!("`{name}`: {error}"))
}

/// A required field that must have been given.
pub(crate) fn need<T, E: Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(name))
}

/// The default of a required field, from the registry's JSON text.
pub(crate) fn preset<T: for<'de> Deserialize<'de>>(json: &'static str) -> T {
    serde_json::from_str(json).expect("the build checks every default against the limits of its field")
}

/// Finds a field name without keeping it. Callers mostly write fields in the registry's order, so the next one is tried
/// first.
struct Name {
    fields: &'static [FieldSpec],
    expected: usize,
    is_brief: bool,
}

impl<'de> DeserializeSeed<'de> for Name {
    type Value = usize;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        if self.fields.get(self.expected).is_some_and(|f| f.name == name) {
            return Ok(self.expected);
        }
        let found = self.fields.iter().position(|f| f.name == name);
        found.ok_or_else(
            || if self.is_brief { E::custom("") } else { E::custom(format_args!("unknown field `{name}`")) },
        )
    }
}

/// Reads a struct from a JSON object. Errors say which field they are about.
pub(crate) fn read<'de, T: Record, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Object { is_brief: false, of: PhantomData })
}

/// As [`read`], for a caller who only asks whether it works: an error costs little and says little.
pub(crate) fn read_briefly<'de, T: Record, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Object { is_brief: true, of: PhantomData })
}

struct Object<T> {
    is_brief: bool,
    of: PhantomData<T>,
}

impl<'de, T: Record> Visitor<'de> for Object<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(Keys { map, fields: T::FIELDS, next: 0, is_brief: self.is_brief })
    }
}

/// Implements serde for a generated struct.
macro_rules! record_traits {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::schema::view::View::Object(self).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::schema::record::read(deserializer)
            }
        }
    };
}
pub(crate) use record_traits;
