//! `--dry-run`: what would be sent, and what it would cost.

use serde_json::{Value, json};

use super::super::CliError;
use super::super::output::{note, say_json};
use super::super::progress::price_words;
use super::media::{LocalFile, stand_ins};
use crate::job::Quote;
use crate::schema::Unpriced;
use crate::schema::input::Request;

/// Prints the plan.
pub(super) fn show(
    request: &Request,
    quote: Result<Quote, Unpriced>,
    files: &[LocalFile],
    json: bool,
) -> Result<(), CliError> {
    let uploads: Vec<Value> = files
        .iter()
        .zip(stand_ins(files))
        .map(|(file, link)| {
            json!({
                "field": file.field, "path": file.path, "mime": file.mime(), "bytes": file.facts.bytes, "stands_for": link,
            })
        })
        .collect();
    if !json {
        note(&format!("{}: {}; nothing was sent or uploaded", request.spec().id, price_words(quote)));
        if !files.is_empty() {
            note("links to upload.invalid stand for files that would be uploaded first");
        }
    }
    say_json(&json!({
        "dry_run": true,
        "request": { "model": request.spec().id, "input": request.input() },
        "price": quote.ok().map(price),
        "uploads": uploads,
    }))
}

/// A quote for machines.
pub(in crate::cli) fn price(quote: Quote) -> Value {
    json!({ "credits": quote.credits.as_f64(), "certainty": quote.certainty })
}
