//! Turns the model registry into Rust types, or into diagnostics that say where and how it is wrong.
//!
//! Text in, text out: no files, environment, clock or network.
//!
//! | step | |
//! |---|---|
//! | `yaml` | YAML text to a tree of values, each with its position (`span`) |
//! | `schema`, `kind` | the tree to descriptors; wrong keys, words and values are reported (`env` is what all readers share) |
//! | `check` | the file as a whole: names, prices, examples, by the functions that the product uses ([`kie_schema`]) |
//! | `emit` | the descriptors to Rust text (`type_name`, `ident`: the names in it) |
//!
//! Beside these, `messages` (a feature) turns Fluent files into methods.

mod check;
pub mod diagnostic;
pub mod emit;
mod env;
mod ident;
mod kind;
mod leak;
#[cfg(feature = "messages")]
pub mod messages;
mod name;
pub mod parse;
mod reader;
pub mod registry;
mod schema;
mod set;
pub mod span;
mod type_name;
mod yaml;

pub use diagnostic::Diagnostics;

/// What comes out of a registry without mistakes.
#[derive(Debug)]
pub struct Generated {
    /// Rust text for `OUT_DIR/models.rs`.
    pub code: String,
    /// What it was made from.
    pub registry: registry::Registry,
}

/// Parses, checks, resolves and emits the registry in `text`; `file_name` is the name that mistakes carry.
///
/// # Errors
/// Every mistake in the file, sorted by position.
pub fn generate(file_name: &str, text: &str) -> Result<Generated, Diagnostics> {
    let registry = parse::registry(file_name, text)?;
    let code = emit::code(&registry);
    Ok(Generated { code, registry })
}
