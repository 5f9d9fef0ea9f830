//! Other names of a model, and the values that they stand for.

use kie_schema::spec::{AliasSpec, FieldSpec, Preset};

use crate::diagnostic::{Code, Diagnostic, suggestion};
use crate::env::Env;
use crate::kind;
use crate::leak;
use crate::reader;
use crate::span::Span;
use crate::yaml::{self, Data, Node};

/// Reads a name, a list of names, a mapping from name to values, or a list with such mappings among its items.
pub(super) fn read_all(node: &Node, fields: &[FieldSpec], env: &Env<'_>) -> Vec<(AliasSpec, Span)> {
    let items = reader::one_or_many(node);
    if items.is_empty() {
        env.out.error(Code::Empty, node.span, "`aliases` is empty", "");
    }
    let mut all = Vec::new();
    for item in items {
        match &item.data {
            Data::Map(entries) if entries.is_empty() => {
                env.out.error(Code::Empty, item.span, "`aliases` has a mapping without names", "");
            }
            Data::Map(entries) => all.extend(entries.iter().filter_map(|entry| with_values(entry, fields, env))),
            _ => all.extend(name(item, env).map(|name| (AliasSpec { name, presets: &[] }, item.span))),
        }
    }
    all
}

fn name(node: &Node, env: &Env<'_>) -> Option<&'static str> {
    reader::text(node, "aliases", env.out).map(leak::text)
}

fn with_values(entry: &yaml::Entry, fields: &[FieldSpec], env: &Env<'_>) -> Option<(AliasSpec, Span)> {
    let name = name(&entry.key, env)?;
    let values = reader::entries(&entry.value, name, env.out)?;
    if values.is_empty() {
        let title = format!("alias `{name}` has no values");
        env.out.hint(Code::Empty, entry.value.span, title, "", "a name without values stands in a list");
    }
    let presets = leak::list(values.iter().filter_map(|value| preset(name, value, fields, env)));
    Some((AliasSpec { name, presets }, entry.key.span))
}

/// A value that its field takes.
fn preset(alias: &str, entry: &yaml::Entry, fields: &[FieldSpec], env: &Env<'_>) -> Option<Preset> {
    if fields.is_empty() {
        // The input could not be read, which is reported already.
        return None;
    }
    let Some(field) = fields.iter().find(|field| field.name == entry.name) else {
        let title = format!("alias `{alias}`: there is no field `{}`", entry.name);
        let called = fields.iter().find(|field| field.is_called(&entry.name));
        let help = match called {
            Some(field) => format!("it is another name of `{}`: write that", field.name),
            None => suggestion(&entry.name, fields.iter().map(|field| field.name)),
        };
        env.out.hint(Code::UnknownField, entry.key.span, title, "", help);
        return None;
    };
    match kind::fit(field.kind, &entry.value, field.name) {
        Ok(value) => Some(Preset { field: field.name, value: leak::text(value.to_string()) }),
        Err(misfits) => {
            for misfit in misfits {
                let title = format!("alias `{alias}`: {}", misfit.title);
                let (span, label, help) = (misfit.span, misfit.label, misfit.help);
                env.out.push(Diagnostic { code: Code::AliasValue, span, title, label, help });
            }
            None
        }
    }
}
