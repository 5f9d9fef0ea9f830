//! Printing: results to standard output, the rest to standard error.

use std::io::Write;

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use super::CliError;

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
pub(super) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "error: {line}");
}

/// A result for machines.
///
/// # Errors
/// When the value cannot be written as JSON.
pub(super) fn say_json(value: &impl Serialize) -> Result<(), CliError> {
    let text =
        serde_json::to_string_pretty(value).map_err(|e| CliError::Failed(format!("the result is no JSON: {e}")))?;
    say(&text);
    Ok(())
}

/// Columns without borders, as wide as the terminal.
pub(super) fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if std::env::var_os("NO_COLOR").is_some() {
        table.force_no_tty();
    }
    table.set_header(head.to_vec());
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table
}

/// Prints a table without trailing blanks.
pub(super) fn say_table(table: &Table) {
    for line in table.lines() {
        say(line.trim_end());
    }
}
