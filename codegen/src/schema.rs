//! What an author may write. Reading reports every wrong key, word and value; what concerns the file as a whole is left to
//! `check`.

mod alias;
mod condition;
mod demand;
pub(crate) mod field;
mod model;
mod path;
mod price;
mod rule;
pub(crate) mod set;
mod task;

use std::cell::RefCell;

use crate::diagnostic::{Code, Collector};
use crate::reader::Object;
use crate::resolved;
use crate::span::Span;
use crate::yaml::Node;

pub(crate) use price::Pricing;
use set::Sets;

/// A name and its place.
pub(crate) type Name = (String, Span);

/// What readers need besides the node.
pub(crate) struct Env<'a> {
    pub(crate) out: &'a Collector,
    pub(crate) sets: Sets<'a>,
    /// Models named by `from`, to be looked up when all are known.
    pub(crate) references: RefCell<Vec<Name>>,
}

/// The whole file, read.
pub(crate) struct Document {
    /// Sets that nothing uses.
    pub(crate) unused_sets: Vec<Name>,
    pub(crate) tasks: Vec<(resolved::Task, Span)>,
    pub(crate) models: Vec<Entry>,
    pub(crate) references: Vec<Name>,
}

/// A model and the places of what is checked later. Names that depend on other models are still empty in `model`.
pub(crate) struct Entry {
    pub(crate) model: resolved::Model,
    pub(crate) id: Span,
    /// Where each alias of the model stands.
    pub(crate) aliases: Vec<Span>,
    pub(crate) tasks: Vec<Name>,
    pub(crate) nearest: Option<Name>,
    pub(crate) pricing: Pricing,
    pub(crate) example: Option<Node>,
}

/// Reads the tree.
pub(crate) fn read(root: &Node, out: &Collector) -> Option<Document> {
    let mut file = Object::open(root, Span::START, "the registry", out)?;
    let sets = file.take("sets").map(|node| set::read(node, out)).unwrap_or_default();
    let env = Env { out, sets, references: RefCell::default() };
    let tasks = file.need("types").map(|node| task::read(node, out)).unwrap_or_default();
    let models = match file.entry("models") {
        Some(entry) => model::read_all(&entry.value, entry.key.span, &env),
        None => {
            file.missing("models");
            Vec::new()
        }
    };
    file.finish();
    Some(Document { unused_sets: env.sets.unused(root), tasks, models, references: env.references.into_inner() })
}

/// Reports a name that is not made of small letters, digits and underscores.
fn plain_name(name: &str, span: Span, what: &str, out: &Collector) {
    let fine = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !fine {
        let title = format!("`{name}` cannot be the name of {what}");
        out.error(Code::BadName, span, title, "small letters, digits and `_`, a letter first");
    }
}
