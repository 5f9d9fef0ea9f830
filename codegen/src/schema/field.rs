//! Parameters: what all of them have; the rest is in `kind`.

use crate::diagnostic::{Code, Diagnostic};
use crate::env::Env;
use crate::ident;
use crate::kind::{self, Class};
use crate::name;
use crate::reader::{self, Object};
use crate::resolved::{Field, Kind, Words};
use crate::yaml::{Entry, Node};

/// Reads a mapping from name to parameter. A parameter that could not be read keeps its name (see [`kind::broken`]).
pub(crate) fn read_all(node: &Node, what: &str, env: &Env<'_>) -> Vec<Field> {
    let Some(entries) = reader::entries(node, what, env.out) else { return Vec::new() };
    if entries.is_empty() {
        env.out.error(Code::Empty, node.span, format!("`{what}` has no fields"), "");
    }
    let fields: Vec<Field> = entries.iter().map(|entry| read(entry, env)).collect();
    names(&fields, entries, env);
    fields
}

fn read(entry: &Entry, env: &Env<'_>) -> Field {
    let out = env.out;
    let span = entry.key.span;
    let mut field = Field {
        name: entry.name.clone(),
        rust_name: ident::field(&entry.name),
        type_name: ident::type_name(&entry.name),
        aliases: Vec::new(),
        kind: kind::broken(),
        required: false,
        default: None,
        advanced: false,
        deprecated: false,
        label: Words { en: String::new(), ru: String::new() },
        line: span.line,
    };
    name::check_field(&entry.name, span, env.out);
    let Some(mut object) = Object::open(&entry.value, span, &entry.name, out) else { return field };
    field.required = object.flag("required");
    field.advanced = object.flag("advanced");
    field.deprecated = object.flag("deprecated");
    if let Some(label) = object.need("label").and_then(|node| reader::words(node, "label", out)) {
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
        check_default(&field.kind, node, env);
        field.default = Some(node.json());
    }
    field
}

fn aliases(node: &Node, env: &Env<'_>) -> Vec<String> {
    let names = reader::texts(node, "aliases", env.out);
    for (alias, span) in &names {
        name::check_field(alias, *span, env.out);
    }
    names.into_iter().map(|(alias, _)| alias).collect()
}

/// The fields of older callers that a model accepts and does not send.
pub(super) fn drops(node: &Node, fields: &[Field], env: &Env<'_>) -> Vec<String> {
    let names = reader::texts(node, "drops", env.out);
    for (index, (dropped, span)) in names.iter().enumerate() {
        name::check_field(dropped, *span, env.out);
        let named = fields.iter().find(|field| field.name == *dropped || field.aliases.contains(dropped));
        if let Some(field) = named {
            let title = format!("`{dropped}` is dropped, and a name of the field `{}`", field.name);
            env.out.error(Code::DroppedField, *span, title, "");
        } else if names[..index].iter().any(|(other, _)| other == dropped) {
            env.out.error(Code::DuplicateValue, *span, format!("`{dropped}` is listed twice"), "");
        }
    }
    names.into_iter().map(|(name, _)| name).collect()
}

fn check_default(kind: &Kind, node: &Node, env: &Env<'_>) {
    for misfit in kind::fit(kind, node, "default") {
        let code = if misfit.class == Class::NotListed { Code::DefaultNotListed } else { Code::DefaultOutside };
        env.out.push(Diagnostic {
            code,
            span: misfit.span,
            title: misfit.title,
            label: misfit.label,
            help: misfit.help,
        });
    }
}

/// Names and aliases that are taken, and names that become one in Rust.
fn names(fields: &[Field], entries: &[Entry], env: &Env<'_>) {
    for (index, (field, entry)) in fields.iter().zip(entries).enumerate() {
        if let Some(other) = fields[..index].iter().find(|other| other.rust_name == field.rust_name) {
            let title = format!("`{}` and `{}` make the same Rust name `{}`", other.name, field.name, field.rust_name);
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
