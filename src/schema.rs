//! The crate `kie-schema`: descriptors, bounded types, rules, prices and reports. See [`kie_schema`].

pub use kie_schema::*;
