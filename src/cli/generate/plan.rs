//! `--dry-run`: the request that would be sent, and its price.

use serde_json::{Value, json};

use super::super::CliError;
use super::super::output::{note, print_json, quote_json};
use super::media::{LocalFile, placeholder_links};
use crate::l10n::CliMessages;
use crate::schema::PriceError;
use crate::schema::Quote;
use crate::schema::input::Request;

/// Prints the request, its price and the files that would be uploaded.
///
/// # Errors
/// When it cannot be written as JSON.
pub(super) fn print(
    request: &Request,
    quote: Result<Quote, PriceError>,
    files: &[LocalFile],
    json: bool,
    messages: &CliMessages,
) -> Result<(), CliError> {
    let uploads: Vec<Value> = files
        .iter()
        .zip(placeholder_links(files))
        .map(|(file, link)| {
            json!({
                "field": file.field, "path": file.path, "mime": file.mime(), "bytes": file.facts.bytes, "stands_for": link,
            })
        })
        .collect();
    if !json {
        note(&messages.dry_run(request.spec().id, &messages.price(quote)));
        if !files.is_empty() {
            note(&messages.dry_run_links());
        }
    }
    print_json(&json!({
        "dry_run": true,
        "request": { "model": request.spec().id, "input": request.input() },
        "price": quote.ok().map(quote_json),
        "uploads": uploads,
    }))
}
