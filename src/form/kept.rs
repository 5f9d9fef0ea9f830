//! Answers that were found right, before they become the input.

use serde_json::{Map, Value};

use crate::schema::spec::FieldSpec;
use crate::schema::view::{Fields, View, Visible, to_map};

/// A value as it goes on the wire.
pub(super) enum Held<'a> {
    /// As it was given.
    Given(View<'a>),
    /// In another form, or filled in.
    Made(Value),
}

impl Held<'_> {
    pub(super) fn into_json(self) -> Value {
        match self {
            Self::Given(view) => view.to_json(),
            Self::Made(value) => value,
        }
    }
}

impl Visible for Held<'_> {
    fn view(&self) -> View<'_> {
        match self {
            Self::Given(view) => *view,
            Self::Made(value) => value.view(),
        }
    }
}

/// The values of an object that are right, each at the place of its field.
pub(super) struct Kept<'a> {
    pub(super) fields: &'static [FieldSpec],
    pub(super) values: Vec<Option<Held<'a>>>,
}

impl Kept<'_> {
    /// The object as it goes on the wire, in the registry's order.
    pub(super) fn to_map(&self) -> Map<String, Value> {
        to_map(self)
    }
}

impl Fields for Kept<'_> {
    fn field(&self, name: &str) -> Option<View<'_>> {
        self.nth(self.fields.iter().position(|field| field.name == name)?, name)
    }

    fn nth(&self, position: usize, _name: &str) -> Option<View<'_>> {
        self.values.get(position)?.as_ref().map(Visible::view)
    }

    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, View<'a>)) {
        for (field, value) in self.fields.iter().zip(&self.values) {
            if let Some(value) = value {
                visit(field.name, value.view());
            }
        }
    }
}
