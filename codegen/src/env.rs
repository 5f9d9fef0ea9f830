//! What readers need besides the node that they read.

use std::cell::RefCell;

use crate::diagnostic::Collector;
use crate::name::Name;
use crate::set::Sets;

/// The reader's surroundings, the same for the whole file.
pub(crate) struct Env<'a> {
    pub(crate) out: &'a Collector,
    pub(crate) sets: Sets<'a>,
    /// Models named by `from`; looked up once all models are read.
    pub(crate) references: RefCell<Vec<Name>>,
}
