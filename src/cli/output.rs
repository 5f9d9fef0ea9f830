//! Printing: results to standard output, the rest to standard error.

use std::io::Write;

use serde::Serialize;
use serde_json::{Value, json};

use super::CliError;
use crate::l10n::CliMessages;
use crate::schema::Quote;

/// A line of a result.
pub(super) fn say(line: &str) {
    // A reader that went away (`| head`) is no failure of ours.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A line beside the result.
pub(super) fn note(line: &str) {
    // Nobody may be listening there either.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A line on what went wrong.
pub(super) fn complain(line: &str, phrases: &CliMessages) {
    note(&phrases.error_line(line));
}

/// A result for machines.
///
/// # Errors
/// When the value cannot be written as JSON.
pub(super) fn say_json(value: &impl Serialize) -> Result<(), CliError> {
    say(&serde_json::to_string_pretty(value).map_err(CliError::NoJson)?);
    Ok(())
}

/// The JSON form of a price: `credits` as a decimal number, and how sure it is. A stored job keeps whole thousandths instead.
pub(super) fn quote_json(quote: Quote) -> Value {
    json!({ "credits": quote.credits.as_f64(), "certainty": quote.certainty })
}
