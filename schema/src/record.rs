//! Named fields: what every generated input struct, and every object inside one, has in common.

use std::fmt;
use std::marker::PhantomData;

pub use serde::de::MapAccess;
use serde::de::{DeserializeSeed, Error, Visitor};
use serde::{Deserialize, Deserializer};

use super::deserialize::{Raw, Readable};
use super::spec::FieldSpec;
use super::value_ref::{AsValueRef, ObjectRef, ValueRef};

/// A generated struct. The generator writes the table and two matches; the rest is here.
pub trait Record: Sized {
    /// The fields, in order.
    const FIELDS: &'static [FieldSpec];

    /// The value of the field at this position; `None` when it was not given.
    fn at(&self, index: usize) -> Option<ValueRef<'_>>;

    /// Reads every field and puts the struct together.
    ///
    /// # Errors
    /// The first field that is unknown, given twice, missing or breaks its limits.
    fn read<'de, A: MapAccess<'de>>(keys: FieldAccess<A>) -> Result<Self, A::Error>;
}

impl<T: Record> ObjectRef for T {
    fn field(&self, name: &str) -> Option<ValueRef<'_>> {
        self.at(T::FIELDS.iter().position(|f| f.name == name)?)
    }

    fn nth(&self, position: usize, _name: &str) -> Option<ValueRef<'_>> {
        self.at(position)
    }

    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, ValueRef<'a>)) {
        each(T::FIELDS, &|index| self.at(index), visit);
    }
}

/// Shared by all records: what is left to each is a table and a match.
#[inline(never)]
fn each<'a>(
    fields: &'static [FieldSpec],
    at: &dyn Fn(usize) -> Option<ValueRef<'a>>,
    visit: &mut dyn FnMut(&'a str, ValueRef<'a>),
) {
    for (index, field) in fields.iter().enumerate() {
        if let Some(value) = at(index) {
            visit(field.name, value);
        }
    }
}

impl<T: Record> AsValueRef for T {
    fn as_value_ref(&self) -> ValueRef<'_> {
        ValueRef::Object(self)
    }
}

/// The look of a field that may be absent.
pub fn optional<T: AsValueRef>(field: &Option<T>) -> Option<ValueRef<'_>> {
    field.as_ref().map(AsValueRef::as_value_ref)
}

/// The fields of a JSON object, one after the other.
pub struct FieldAccess<A> {
    map: A,
    fields: &'static [FieldSpec],
    next: usize,
}

impl<'de, A: MapAccess<'de>> FieldAccess<A> {
    /// Position of the next field that is given.
    ///
    /// # Errors
    /// An unknown field.
    pub fn next_field(&mut self) -> Result<Option<usize>, A::Error> {
        let found = self.map.next_key_seed(Name { fields: self.fields, expected: self.next })?;
        if let Some(index) = found {
            self.next = index + 1;
        }
        Ok(found)
    }

    /// Reads the value of the field that [`FieldAccess::next_field`] found.
    ///
    /// # Errors
    /// The field was given before, or breaks its limits.
    pub fn fill<T: Readable<'de>>(&mut self, slot: &mut Option<Raw<'de, T>>) -> Result<(), A::Error> {
        self.fill_from(T::seed(), slot)
    }

    /// Shared by all fields of a kind; without the attribute each would get a copy of its own.
    #[inline(never)]
    fn fill_from<S: DeserializeSeed<'de>>(&mut self, seed: S, slot: &mut Option<S::Value>) -> Result<(), A::Error> {
        let index = self.next - 1;
        if slot.is_some() {
            return Err(Error::duplicate_field(self.fields[index].name));
        }
        match self.map.next_value_seed(seed) {
            Ok(value) => *slot = Some(value),
            Err(error) => return Err(self.at_field(index, &error)),
        }
        Ok(())
    }

    /// What was read for the field at a position, in its type; none for what says nothing in an optional field.
    ///
    /// # Errors
    /// It breaks a limit of its type.
    pub fn wrap<T: Readable<'de>>(&self, index: usize, raw: Option<Raw<'de, T>>) -> Result<Option<T>, A::Error> {
        let raw = raw.filter(|raw| self.fields[index].required || !T::is_nothing(raw));
        raw.map(T::wrap).transpose().map_err(|violation| self.at_field(index, &violation))
    }

    /// Says which field an error is about.
    #[cold]
    fn at_field(&self, index: usize, error: &dyn fmt::Display) -> A::Error {
        A::Error::custom(format_args!("`{}`: {error}", self.fields[index].name))
    }
}

/// A required field that must have been given.
pub fn need<T, E: Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(name))
}

/// The default of a required field, from the registry's JSON text.
pub fn default_of<T: for<'de> Deserialize<'de>>(json: &'static str) -> T {
    serde_json::from_str(json).expect("the build checks every default against the limits of its field")
}

/// Finds a field name without keeping it. Callers mostly write fields in the registry's order, so the next one is tried
/// first.
struct Name {
    fields: &'static [FieldSpec],
    expected: usize,
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
        found.ok_or_else(|| E::custom(format_args!("unknown field `{name}`")))
    }
}

/// Reads a generated struct.
pub struct Object<T>(PhantomData<T>);

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Record> DeserializeSeed<'de> for Object<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Record> Visitor<'de> for Object<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(FieldAccess { map, fields: T::FIELDS, next: 0 })
    }
}

/// Implements serde for a generated struct.
#[doc(hidden)]
#[macro_export]
macro_rules! record_traits {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::value_ref::ValueRef::Object(self).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::deserialize::read(deserializer)
            }
        }

        impl $crate::deserialize::Readable<'_> for $name {
            type Seed = $crate::record::Object<Self>;

            fn seed() -> Self::Seed {
                $crate::record::Object::default()
            }

            fn wrap(record: Self) -> Result<Self, $crate::ViolationKind> {
                Ok(record)
            }
        }
    };
}
#[doc(hidden)]
pub use record_traits;
