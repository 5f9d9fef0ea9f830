//! Parameters: what all of them have; the rest is in `kind`.

use kie_schema::spec::{FieldSpec, Kind};
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::env::Env;
use crate::ident;
use crate::kind::{self, Class};
use crate::leak;
use crate::name;
use crate::reader::{self, Mapping};
use crate::yaml::{Entry, Node};

/// Reads a mapping from name to parameter. A parameter that could not be read keeps its name (see [`kind::broken`]).
pub(crate) fn read_all(node: &Node, what: &str, env: &Env<'_>) -> &'static [FieldSpec] {
    let Some(entries) = reader::entries(node, what, env.out) else { return &[] };
    if entries.is_empty() {
        env.out.error(Code::Empty, node.span, format!("`{what}` has no fields"), "");
    }
    let fields: Vec<FieldSpec> = entries.iter().map(|entry| read(entry, env)).collect();
    names(&fields, entries, env);
    leak::list(fields)
}

fn read(entry: &Entry, env: &Env<'_>) -> FieldSpec {
    let out = env.out;
    let span = entry.key.span;
    let mut field =
        FieldSpec { name: leak::text(&entry.name), kind: kind::broken(), line: span.line, ..FieldSpec::DEFAULT };
    name::check_field(&entry.name, span, env.out);
    let Some(mut object) = Mapping::open(&entry.value, span, &entry.name, out) else { return field };
    field.required = object.flag("required");
    field.advanced = object.flag("advanced");
    field.deprecated = object.flag("deprecated");
    if let Some(label) = object.need("label").and_then(|node| reader::localized(node, "label", out)) {
        field.label = label;
    }
    let default = object.take("default");
    field.aliases = object.take("aliases").map(|node| aliases(node, env)).unwrap_or_default();
    match kind::read(&mut object, field.required, env) {
        Some(kind) => {
            field.kind = kind;
            object.finish();
        }
        None => object.abandon(),
    }
    if let Some(node) = default {
        field.default = Some(leak::text(default_value(field.kind, node, env).to_string()));
    }
    field
}

fn aliases(node: &Node, env: &Env<'_>) -> &'static [&'static str] {
    let names = reader::texts(node, "aliases", env.out);
    for (alias, span) in &names {
        name::check_field(alias, *span, env.out);
    }
    leak::list(names.into_iter().map(|(alias, _)| leak::text(alias)))
}

/// The fields of older callers that a model accepts and does not send.
pub(super) fn drops(node: &Node, fields: &[FieldSpec], env: &Env<'_>) -> &'static [&'static str] {
    let names = reader::texts(node, "drops", env.out);
    for (index, (dropped, span)) in names.iter().enumerate() {
        name::check_field(dropped, *span, env.out);
        let named = fields.iter().find(|field| field.is_called(dropped));
        if let Some(field) = named {
            let title = format!("`{dropped}` is dropped, and a name of the field `{}`", field.name);
            env.out.error(Code::DroppedField, *span, title, "");
        } else if names[..index].iter().any(|(other, _)| other == dropped) {
            env.out.error(Code::DuplicateValue, *span, format!("`{dropped}` is listed twice"), "");
        }
    }
    leak::list(names.into_iter().map(|(name, _)| leak::text(name)))
}

/// The default as it goes on the wire.
fn default_value(kind: Kind, node: &Node, env: &Env<'_>) -> Value {
    kind::fit(kind, node, "default").unwrap_or_else(|misfits| {
        for misfit in misfits {
            let code = if misfit.class == Class::NotListed { Code::DefaultNotListed } else { Code::DefaultOutside };
            let (span, title, label, help) = (misfit.span, misfit.title, misfit.label, misfit.help);
            env.out.push(Diagnostic { code, span, title, label, help });
        }
        node.json()
    })
}

/// Names and aliases that are taken, and names that become one in Rust.
fn names(fields: &[FieldSpec], entries: &[Entry], env: &Env<'_>) {
    for (index, (field, entry)) in fields.iter().zip(entries).enumerate() {
        let rust_name = ident::field(field.name);
        if let Some(other) = fields[..index].iter().find(|other| ident::field(other.name) == rust_name) {
            let title = format!("`{}` and `{}` make the same Rust name `{rust_name}`", other.name, field.name);
            env.out.error(Code::SameRustName, entry.key.span, title, "");
        }
        let span = entry.value.get("aliases").map_or(entry.key.span, |aliases| aliases.value.span);
        for (nth, alias) in field.aliases.iter().enumerate() {
            if fields.iter().any(|other| other.name == *alias) {
                let title = format!("alias `{alias}` is the name of a field");
                env.out.error(Code::AliasIsId, span, title, "");
            } else if fields[..index].iter().any(|other| other.aliases.contains(alias))
                || field.aliases[..nth].contains(alias)
            {
                env.out.error(Code::DuplicateAlias, span, format!("alias `{alias}` is taken"), "");
            }
        }
    }
}
