//! Rust names of the types that are made for the fields of a model.

use std::collections::{HashMap, HashSet};

use kie_schema::spec::{FieldSpec, Kind, ListSpec, ModelSpec};

use crate::ident;

/// The names of one model, by the addresses of its fields.
pub(crate) struct TypeNames(HashMap<*const FieldSpec, String>);

impl TypeNames {
    /// Gives every field of a model a name that is unique in its module, which holds the input struct as well.
    pub(crate) fn of(model: &ModelSpec) -> Self {
        let mut names = Self(HashMap::new());
        names.add(model.fields, None, &mut HashSet::from([ident::model(model.id)]));
        names
    }

    /// The name of the type made for a field: a choice or an object, or the alias of a bounded type.
    pub(crate) fn field(&self, field: &'static FieldSpec) -> &str {
        self.0.get(&std::ptr::from_ref(field)).expect("every field of the model has got a name")
    }

    /// Types of outer fields first: `Prompt` is the prompt, `ShotsPrompt` that of a shot.
    fn add(&mut self, fields: &'static [FieldSpec], parent: Option<&str>, taken: &mut HashSet<String>) {
        let named = fields.iter().map(|field| {
            let own = ident::type_name(field.name);
            let wanted = match parent {
                Some(parent) if taken.contains(&own) => format!("{parent}{own}"),
                _ => own,
            };
            ident::unique(wanted, &ends(&field.kind), taken)
        });
        let named: Vec<String> = named.collect();
        for (field, name) in fields.iter().zip(named) {
            self.add(inner(&field.kind), Some(&name), taken);
            self.0.insert(field, name);
        }
    }
}

/// What is put behind the name of a field's type to name further types of it: those of the items of a list, and the limits.
fn ends(kind: &Kind) -> Vec<String> {
    match kind {
        Kind::List(ListSpec { item: Kind::Choice(_) | Kind::Object(_), .. }) => vec!["Item".to_owned()],
        Kind::List(list) => ends(list.item),
        Kind::Text(_) | Kind::Integer(_) | Kind::Decimal(_) => vec!["Limits".to_owned()],
        Kind::Boolean | Kind::Choice(_) | Kind::Media(_) | Kind::Task(_) | Kind::Object(_) => Vec::new(),
    }
}

fn inner(kind: &Kind) -> &'static [FieldSpec] {
    match kind {
        Kind::Object(fields) => fields,
        Kind::List(list) => inner(list.item),
        _ => &[],
    }
}
