//! Checks of the file as a whole: one file a check.

mod alias;
mod example;
mod model_id;
mod nearest;
mod next;
mod price;
mod reference;
mod set;
mod task;

use crate::diagnostic::Collector;
use crate::schema::Document;

/// Runs every check.
pub(crate) fn all(document: &Document, out: &Collector) {
    set::check(document, out);
    task::check(document, out);
    model_id::check(document, out);
    alias::check(document, out);
    nearest::check(document, out);
    next::check(document, out);
    reference::check(document, out);
    price::check(document, out);
    example::check(document, out);
}
