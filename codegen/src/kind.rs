//! The types of parameters: one file a type, with its keys, its checks and how a value fits it.

mod boolean;
mod choice;
mod decimal;
mod integer;
mod list;
mod media;
mod object;
mod task;
mod text;

use crate::diagnostic::{Code, suggestion};
use crate::env::Env;
use crate::reader::{self, Object};
use crate::resolved::{Field, Kind, Literal};
use crate::span::Span;
use crate::yaml::{Data, Node};

type Read = fn(&mut Object<'_>, bool, &Env<'_>) -> Option<Kind>;

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
pub(crate) fn read(object: &mut Object<'_>, required: bool, env: &Env<'_>) -> Option<Kind> {
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
    Kind::Object { fields: Vec::new() }
}

/// Whether the type could not be read. (An object without fields is a mistake by itself.)
pub(crate) fn is_broken(kind: &Kind) -> bool {
    matches!(kind, Kind::Object { fields } if fields.is_empty())
}

/// The type of a single value: what a list (of lists) is made of.
pub(crate) fn leaf(kind: &Kind) -> &Kind {
    match kind {
        Kind::List { item, .. } => leaf(item),
        _ => kind,
    }
}

/// The scalar in a node, if it is one.
pub(crate) fn literal(node: &Node) -> Option<Literal> {
    match &node.data {
        Data::Boolean(flag) => Some(Literal::Boolean(*flag)),
        Data::Integer(number) => Some(Literal::Integer(*number)),
        Data::Decimal(number) => Some(Literal::Decimal(*number)),
        Data::Text(text) => Some(Literal::Text(text.clone())),
        Data::Null | Data::List(_) | Data::Map(_) => None,
    }
}

/// How a value fails to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Not one of the values of a choice.
    NotListed,
    /// Of another type, or outside the limits.
    Outside,
    /// A required field of an object is not there.
    Missing,
    /// An object has a field that it should not have.
    Unknown,
}

/// One way in which a value does not fit its field.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) span: Span,
    pub(crate) class: Class,
    pub(crate) title: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
}

/// A value that is checked, and the name under which mistakes speak of it.
pub(crate) struct Given<'a> {
    pub(crate) node: &'a Node,
    pub(crate) name: String,
    pub(crate) found: &'a mut Vec<Misfit>,
}

impl Given<'_> {
    fn outside(&mut self, says: &str, label: impl Into<String>) {
        let title = format!("`{}` {says}", self.name);
        self.report(self.node.span, Class::Outside, title, label, None);
    }

    fn wrong_type(&mut self, wanted: &str) {
        let title = format!("`{}` must be {wanted}, this is {}", self.name, self.node.describe());
        self.report(self.node.span, Class::Outside, title, "", None);
    }

    fn report(&mut self, span: Span, class: Class, title: String, label: impl Into<String>, help: Option<String>) {
        self.found.push(Misfit { span, class, title, label: label.into(), help });
    }

    fn inner(&mut self, node: &Node, name: String, kind: &Kind) {
        check(kind, &mut Given { node, name, found: self.found });
    }
}

/// All ways in which the value does not fit the type.
pub(crate) fn fit(kind: &Kind, node: &Node, name: &str) -> Vec<Misfit> {
    let mut found = Vec::new();
    check(kind, &mut Given { node, name: name.to_owned(), found: &mut found });
    found
}

/// All ways in which a mapping does not fit the fields.
pub(crate) fn fit_fields(fields: &[Field], node: &Node, owner: Span, name: &str) -> Vec<Misfit> {
    let mut found = Vec::new();
    object::check(fields, owner, &mut Given { node, name: name.to_owned(), found: &mut found });
    found
}

fn check(kind: &Kind, given: &mut Given<'_>) {
    if is_broken(kind) {
        return;
    }
    match kind {
        Kind::Text { min, max, max_cjk, format } => text::check(*min, *max, *max_cjk, *format, given),
        Kind::Integer { min, max, step, also, except, .. } => {
            integer::check(*min, *max, *step, also, except, given);
        }
        Kind::Decimal { min, max, above_min, step } => decimal::check(*min, *max, *above_min, *step, given),
        Kind::Boolean => boolean::check(given),
        Kind::Choice { options } => choice::check(options, given),
        Kind::Media(spec) => media::check(spec, given),
        Kind::Task { .. } => task::check(given),
        Kind::List { item, min, max, .. } => list::check(item, *min, *max, given),
        Kind::Object { fields } => {
            let span = given.node.span;
            object::check(fields, span, given);
        }
    }
}
