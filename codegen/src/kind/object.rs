//! `object`: a group of named fields.

use crate::diagnostic::suggestion;
use crate::env::Env;
use crate::kind::{Class, Given, is_broken};
use crate::reader::Object;
use crate::resolved::{Field, Kind};
use crate::schema::field;
use crate::span::Span;
use crate::yaml::Data;

pub(super) fn read(object: &mut Object<'_>, _: bool, env: &Env<'_>) -> Option<Kind> {
    let fields = field::read_all(object.need("fields")?, "fields", env);
    (!fields.is_empty()).then_some(Kind::Object { fields })
}

/// Checks a mapping; `owner` is where a missing field is reported.
pub(super) fn check(fields: &[Field], owner: Span, given: &mut Given<'_>) {
    let Data::Map(entries) = &given.node.data else { return given.wrong_type("a mapping") };
    let path = |name: &str| if given.name.is_empty() { name.to_owned() } else { format!("{}.{name}", given.name) };
    let missing: Vec<String> = fields
        .iter()
        .filter(|field| field.required && field.default.is_none() && !is_broken(&field.kind))
        .filter(|field| !entries.iter().any(|entry| entry.name == field.name))
        .map(|field| path(&field.name))
        .collect();
    let named: Vec<String> = entries.iter().map(|entry| path(&entry.name)).collect();
    for name in missing {
        given.report(owner, Class::Missing, format!("`{name}` is missing"), "", None);
    }
    for (entry, name) in entries.iter().zip(named) {
        match fields.iter().find(|field| field.name == entry.name) {
            // As the runtime does: an empty list leaves an optional field out.
            Some(field) if !field.required && matches!(&entry.value.data, Data::List(items) if items.is_empty()) => {
                if !matches!(field.kind, Kind::List { .. }) {
                    given.inner(&entry.value, name, &field.kind);
                }
            }
            Some(field) => given.inner(&entry.value, name, &field.kind),
            None => {
                let help = suggestion(&entry.name, fields.iter().map(|field| field.name.as_str()));
                given.report(entry.key.span, Class::Unknown, format!("there is no field `{name}`"), "", Some(help));
            }
        }
    }
}
