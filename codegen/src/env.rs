//! What readers need besides the node that they read.

use std::cell::RefCell;

use kie_schema::spec::TaskSpec;

use crate::diagnostic::Collector;
use crate::name::Name;
use crate::set::Sets;
use crate::span::Span;

/// The reader's surroundings, the same for the whole file.
pub(crate) struct Env<'a> {
    pub(crate) out: &'a Collector,
    pub(crate) sets: Sets<'a>,
    /// The task types of the file, with their positions.
    pub(crate) tasks: Vec<(&'static TaskSpec, Span)>,
    /// Models named by `from`; looked up once all models are read.
    pub(crate) references: RefCell<Vec<Name>>,
}
