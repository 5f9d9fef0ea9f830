//! Text to the checked registry.

use crate::diagnostic::{Collector, Diagnostics};
use crate::registry::Registry;
use crate::{check, schema, yaml};

/// Reads and checks the registry in `text`; `file` is the name that mistakes carry.
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
        Some(document) if out.count() == 0 => Ok(Registry {
            tasks: document.tasks.into_iter().map(|(task, _)| task).collect(),
            models: document.models.into_iter().map(|entry| entry.model).collect(),
        }),
        _ => Err(out.finish(file, text)),
    }
}
