//! `--dry-run`: what would be sent, and what it would cost.

use serde_json::{Value, json};

use super::super::CliError;
use super::super::output::{note, quote_json, say_json};
use super::media::{LocalFile, stand_ins};
use crate::l10n::CliMessages;
use crate::schema::Quote;
use crate::schema::Unpriced;
use crate::schema::input::Request;

/// Prints the plan.
pub(super) fn show(
    request: &Request,
    quote: Result<Quote, Unpriced>,
    files: &[LocalFile],
    json: bool,
    phrases: &CliMessages,
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
        note(&phrases.dry_run(request.spec().id, &phrases.price(quote)));
        if !files.is_empty() {
            note(&phrases.dry_run_links());
        }
    }
    say_json(&json!({
        "dry_run": true,
        "request": { "model": request.spec().id, "input": request.input() },
        "price": quote.ok().map(quote_json),
        "uploads": uploads,
    }))
}
