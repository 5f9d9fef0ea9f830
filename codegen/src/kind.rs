//! The types of parameters: one file a type, with its keys; `misfit` says how a value fails to fit.

mod boolean;
mod choice;
mod decimal;
mod integer;
mod list;
mod media;
mod misfit;
mod object;
mod task;
mod text;

use kie_schema::spec::{Kind, ListSpec, Literal};

use crate::diagnostic::{Code, suggestion};
use crate::env::Env;
use crate::leak;
use crate::reader::{self, Mapping};
use crate::yaml::{Data, Node};

type Read = fn(&mut Mapping<'_>, bool, &Env<'_>) -> Option<Kind>;

pub(crate) use misfit::{Class, fit, fit_input};

/// The words of `type` and what reads the rest.
const KINDS: &[(&str, Read)] = &[
    ("string", text::read),
    ("integer", integer::read),
    ("number", decimal::read),
    ("boolean", boolean::read),
    ("enum", choice::read),
    ("media", media::read),
    ("task", task::read),
    ("array", list::read),
    ("object", object::read),
];

/// Reads `type` and the keys that belong to it; `None` when that failed (reported).
pub(crate) fn read(object: &mut Mapping<'_>, required: bool, env: &Env<'_>) -> Option<Kind> {
    let node = object.need("type")?;
    find(node, "type", env)?(object, required, env)
}

fn find(node: &Node, what: &str, env: &Env<'_>) -> Option<Read> {
    let word = reader::text(node, what, env.out)?;
    let found = KINDS.iter().find(|(name, _)| *name == word).map(|(_, read)| *read);
    if found.is_none() {
        let help = suggestion(word, KINDS.iter().map(|(name, _)| *name));
        env.out.hint(Code::UnknownKind, node.span, format!("unknown type `{word}`"), "", help);
    }
    found
}

/// A placeholder for a type that could not be read, so that rules about its field are not refused as well.
pub(crate) fn broken() -> Kind {
    Kind::Object(&[])
}

/// Whether the type could not be read. (An object without fields is a mistake by itself.)
pub(crate) fn is_broken(kind: &Kind) -> bool {
    matches!(kind, Kind::Object([]))
}

/// The type of a single value: what a list (of lists) is made of.
pub(crate) fn leaf(kind: &Kind) -> &Kind {
    match kind {
        Kind::List(ListSpec { item, .. }) => leaf(item),
        _ => kind,
    }
}

/// The scalar in a node, if it is one.
pub(crate) fn literal(node: &Node) -> Option<Literal> {
    match &node.data {
        Data::Boolean(flag) => Some(Literal::Boolean(*flag)),
        Data::Integer(number) => Some(Literal::Integer(*number)),
        Data::Decimal(number) => Some(Literal::Decimal(*number)),
        Data::Text(text) => Some(Literal::Text(leak::text(text))),
        Data::Null | Data::List(_) | Data::Map(_) => None,
    }
}
