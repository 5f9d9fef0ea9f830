//! The checked registry: what is printed.

use kie_schema::spec::{ModelSpec, TaskSpec};

/// The descriptors of the whole registry, as the product has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Registry {
    /// Task types, in the author's order.
    pub tasks: Vec<&'static TaskSpec>,
    /// Models, in the author's order.
    pub models: Vec<&'static ModelSpec>,
}
