//! Text to the checked registry.

use crate::diagnostic::{Collector, Diagnostics};
use crate::resolved::Registry;
use crate::{check, resolve, schema, yaml};

/// Reads, checks and resolves the registry in `text`; `file` is the name that mistakes carry.
///
/// # Errors
/// Every mistake in the file, sorted by position.
pub fn registry(file: &str, text: &str) -> Result<Registry, Diagnostics> {
    let out = Collector::default();
    let document = yaml::read(text, &out).and_then(|root| schema::read(&root, &out));
    if let Some(document) = &document {
        check::all(document, &out);
    }
    match document {
        Some(document) if out.count() == 0 => Ok(resolve::registry(document)),
        _ => Err(out.finish(file, text)),
    }
}
