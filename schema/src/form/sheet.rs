//! An input laid out by the registry's table: the values in the order of their fields, wherever they came in the text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::tree::Tree;
use crate::spec::FieldSpec;
use crate::value_ref::{AsValueRef, ObjectRef, ValueRef};

/// The values of an object whose fields are known.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub(super) fields: &'static [FieldSpec],
    /// What was given, by the positions of the fields.
    pub(super) given: Vec<Given<'a>>,
    /// What has no place, in the order in which it came.
    pub(super) strays: Vec<Stray<'a>>,
}

/// The value of a field.
#[derive(Debug)]
pub(super) struct Given<'a> {
    /// Position of the field.
    pub(super) field: usize,
    /// The field was given under this other name.
    pub(super) alias: Option<&'static str>,
    /// [`Tree::Null`] once it is refused.
    pub(super) value: Tree<'a>,
}

/// A value without a place.
#[derive(Debug)]
pub(super) struct Stray<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Tree<'a>,
    /// The name under which the field has a value already; none when no field has this name.
    pub(super) before: Option<&'static str>,
}

/// What a name leads to.
enum Name<'a> {
    Field(usize, Option<&'static str>),
    Unknown(Cow<'a, str>),
}

impl<'a> Sheet<'a> {
    /// Lays out named values.
    pub(super) fn of(fields: &'static [FieldSpec], named: impl IntoIterator<Item = (Cow<'a, str>, Tree<'a>)>) -> Self {
        let mut sheet = Self { fields, given: Vec::new(), strays: Vec::new() };
        for (name, value) in named {
            let name = find(fields, 0, &name).map_or(Name::Unknown(name), |(index, alias)| Name::Field(index, alias));
            sheet.put(name, value);
        }
        sheet
    }

    /// The same, with texts of its own.
    pub(super) fn into_owned(self) -> Sheet<'static> {
        let owned =
            |given: Given<'_>| Given { field: given.field, alias: given.alias, value: given.value.into_owned() };
        Sheet {
            fields: self.fields,
            given: self.given.into_iter().map(owned).collect(),
            // An input that is kept has none.
            strays: Vec::new(),
        }
    }

    fn put(&mut self, name: Name<'a>, value: Tree<'a>) {
        // `null` is no answer, whatever it is called.
        if matches!(value, Tree::Null) {
            return;
        }
        let (field, alias) = match name {
            Name::Field(field, alias) => (field, alias),
            Name::Unknown(name) => return self.strays.push(Stray { name, value, before: None }),
        };
        let given = Given { field, alias, value };
        // Mostly they come in order.
        if self.given.last().is_none_or(|last| last.field < field) {
            return self.given.push(given);
        }
        match self.given.binary_search_by_key(&field, |given| given.field) {
            Ok(place) => {
                let before = Some(self.given[place].called(self.fields));
                self.strays.push(Stray { name: Cow::Borrowed(given.called(self.fields)), value: given.value, before });
            }
            Err(place) => self.given.insert(place, given),
        }
    }
}

impl Given<'_> {
    /// The name under which it was given.
    fn called(&self, fields: &'static [FieldSpec]) -> &'static str {
        self.alias.unwrap_or(fields[self.field].name)
    }
}

/// The field with a name or alias. Callers mostly write fields in the registry's order, so the `expected` one is tried first.
fn find(fields: &'static [FieldSpec], expected: usize, name: &str) -> Option<(usize, Option<&'static str>)> {
    if fields.get(expected).is_some_and(|f| f.name == name) {
        return Some((expected, None));
    }
    let by_name = fields.iter().position(|f| f.name == name).map(|index| (index, None));
    by_name.or_else(|| {
        let alias = |(index, f): (usize, &FieldSpec)| Some((index, Some(*f.aliases.iter().find(|a| **a == name)?)));
        fields.iter().enumerate().find_map(alias)
    })
}

impl ObjectRef for Sheet<'_> {
    fn field(&self, name: &str) -> Option<ValueRef<'_>> {
        self.nth(self.fields.iter().position(|field| field.name == name)?, name)
    }

    fn nth(&self, position: usize, _name: &str) -> Option<ValueRef<'_>> {
        let given = self.given.iter().find(|given| given.field == position)?;
        Some(given.value.as_value_ref()).filter(|value| !matches!(value, ValueRef::Null))
    }

    fn each<'v>(&'v self, visit: &mut dyn FnMut(&'v str, ValueRef<'v>)) {
        for given in self.given.iter().filter(|given| !matches!(given.value, Tree::Null)) {
            visit(self.fields[given.field].name, given.value.as_value_ref());
        }
    }
}

/// Few inputs give more fields.
const USUAL: usize = 16;

/// Reads a JSON object straight into its places.
pub(super) struct Layout(pub(super) &'static [FieldSpec]);

impl<'de> DeserializeSeed<'de> for Layout {
    type Value = Sheet<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Sheet<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Layout {
    type Value = Sheet<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sheet<'de>, A::Error> {
        let mut sheet =
            Sheet { fields: self.0, given: Vec::with_capacity(self.0.len().min(USUAL)), strays: Vec::new() };
        let mut expected = 0;
        while let Some(name) = map.next_key_seed(Lookup { fields: self.0, expected })? {
            if let Name::Field(index, _) = name {
                expected = index + 1;
            }
            let value = map.next_value()?;
            sheet.put(name, value);
        }
        Ok(sheet)
    }
}

/// Finds a field by its name in the text.
struct Lookup {
    fields: &'static [FieldSpec],
    expected: usize,
}

impl<'de> DeserializeSeed<'de> for Lookup {
    type Value = Name<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Lookup {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Name<'de>, E> {
        let found = find(self.fields, self.expected, name);
        Ok(found.map_or(Name::Unknown(Cow::Borrowed(name)), |(index, alias)| Name::Field(index, alias)))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name<'de>, E> {
        let found = find(self.fields, self.expected, name);
        Ok(found.map_or_else(|| Name::Unknown(Cow::Owned(name.to_owned())), |(index, alias)| Name::Field(index, alias)))
    }
}
