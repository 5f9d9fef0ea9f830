//! The written runtime of the generated models: descriptors, bounded types, rules, prices and reports.

pub mod report;
pub mod spec;
