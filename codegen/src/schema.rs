//! What an author may write. Reading reports every wrong key, word and value; what concerns the file as a whole is left to
//! `check`.

mod alias;
mod condition;
pub(crate) mod field;
mod model;
mod next;
mod path;
mod price;
mod requirement;
mod rule;
mod task;

use std::cell::RefCell;

use kie_schema::spec::{ModelSpec, TaskSpec};

use crate::diagnostic::Collector;
use crate::env::Env;
use crate::name::Name;
use crate::reader::Mapping;
use crate::set;
use crate::span::Span;
use crate::yaml::Node;

pub(crate) use next::{NextEntry, steps};
pub(crate) use price::Pricing;

/// The whole file, read.
pub(crate) struct Document {
    /// Sets that nothing uses.
    pub(crate) unused_sets: Vec<Name>,
    pub(crate) tasks: Vec<(&'static TaskSpec, Span)>,
    pub(crate) models: Vec<ModelEntry>,
    pub(crate) references: Vec<Name>,
}

/// A model and the positions of what is checked later.
pub(crate) struct ModelEntry {
    pub(crate) model: &'static ModelSpec,
    pub(crate) id: Span,
    /// The position of each alias of the model.
    pub(crate) aliases: Vec<Span>,
    pub(crate) tasks: Vec<Name>,
    pub(crate) nearest: Option<Name>,
    pub(crate) pricing: Pricing,
    pub(crate) example: Option<Node>,
    /// Its `next`: the steps are checked once all models are read.
    pub(crate) next: Option<Node>,
}

/// Reads the tree.
pub(crate) fn read(root: &Node, out: &Collector) -> Option<Document> {
    let mut file = Mapping::open(root, Span::START, "the registry", out)?;
    let sets = file.take("sets").map(|node| set::read(node, out)).unwrap_or_default();
    let tasks = file.need("types").map(|node| task::read(node, out)).unwrap_or_default();
    let env = Env { out, sets, tasks, references: RefCell::default() };
    let models = match file.entry("models") {
        Some(entry) => model::read_all(&entry.value, entry.key.span, &env),
        None => {
            file.missing("models");
            Vec::new()
        }
    };
    file.finish();
    let unused_sets = env.sets.unused(root);
    Some(Document { unused_sets, tasks: env.tasks, models, references: env.references.into_inner() })
}
