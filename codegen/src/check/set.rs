//! A set that nothing uses is forgotten or misspelt.

use crate::diagnostic::{Code, Collector};
use crate::schema::Document;

pub(super) fn check(document: &Document, out: &Collector) {
    for (name, span) in &document.unused_sets {
        out.error(Code::UnusedSet, *span, format!("nothing uses the set `{name}`"), "");
    }
}
