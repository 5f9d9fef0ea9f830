//! Printing: results to standard output, everything else to standard error.

use std::io::Write;

use serde::Serialize;
use serde_json::{Value, json};

use super::CliError;
use crate::l10n::CliMessages;
use crate::schema::Quote;

/// Prints a line of a result to standard output.
pub(super) fn print_line(line: &str) {
    // A closed pipe (`| head`) is not a failure.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a text that has line ends of its own to standard output.
pub(super) fn print_text(text: &[u8]) {
    // As above.
    let _ = std::io::stdout().write_all(text);
}

/// Prints a line to standard error: anything that is not the result.
pub(super) fn note(line: &str) {
    // It may be closed as well.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints a line to standard error that says what failed.
pub(super) fn print_error(line: &str, messages: &CliMessages) {
    note(&messages.error_line(line));
}

/// Prints a result as indented JSON.
///
/// # Errors
/// When the value cannot be written as JSON.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    print_line(&serde_json::to_string_pretty(value).map_err(CliError::NoJson)?);
    Ok(())
}

/// The JSON form of a price: `credits` as a decimal number, and its certainty. (A stored job has whole thousandths
/// instead.)
pub(super) fn quote_json(quote: Quote) -> Value {
    json!({ "credits": quote.credits.as_f64(), "certainty": quote.certainty })
}
