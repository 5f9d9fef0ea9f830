//! The report of a sanity run.

use serde::Serialize;

use super::super::output::{note, print_json, print_line};
use super::super::summary::ErrorSummary;
use super::super::table::Table;
use super::super::{CliError, ExitCode};
use crate::l10n::CliMessages;
use crate::ledger::Credits;

/// The result of one model. Its JSON form is stable.
#[derive(Debug, Serialize)]
pub(super) struct SummaryRow {
    #[serde(rename = "type")]
    pub(super) task: &'static str,
    pub(super) model: &'static str,
    /// A state of [`crate::client::OutcomeState`], or `skipped`.
    pub(super) state: String,
    pub(super) seconds: Option<f64>,
    pub(super) credits: Option<f64>,
    pub(super) task_id: Option<String>,
    /// From an earlier run: nothing was paid now.
    pub(super) earlier: bool,
    pub(super) error: Option<ErrorSummary>,
    /// Selected with `--model`.
    #[serde(skip)]
    pub(super) by_name: bool,
}

impl SummaryRow {
    /// Whether the command fails because of it. A model that was selected by its name must not be skipped.
    fn failed(&self) -> bool {
        match self.state.as_str() {
            "succeeded" => false,
            "skipped" => self.by_name,
            _ => true,
        }
    }
}

/// Prints the rows.
///
/// # Errors
/// When they cannot be written as JSON.
pub(super) fn print(rows: &[SummaryRow], json: bool, messages: &CliMessages) -> Result<ExitCode, CliError> {
    let failed = rows.iter().filter(|row| row.failed()).count();
    if json {
        print_json(&rows)?;
    } else {
        let head = [
            messages.head_type(),
            messages.head_model(),
            messages.head_state(),
            messages.head_seconds(),
            messages.head_credits(),
            messages.head_error(),
        ];
        let mut shown = Table::new(&head).unwrapped(&[1, 2]);
        for row in rows {
            let credits = row.credits.map(|c| messages.number(c)).unwrap_or_default();
            let seconds = row.seconds.map(|s| messages.number(format!("{s:.1}"))).unwrap_or_default();
            let error = row.error.as_ref().map(|e| format!("{}: {}", e.code, e.message)).unwrap_or_default();
            shown.add_row([row.task, row.model, &messages.row_state(&row.state), &seconds, &credits, &error]);
        }
        shown.print();
        let earlier = rows.iter().filter(|row| row.earlier).count();
        if earlier > 0 {
            note(&messages.sanity_earlier(earlier));
        }
        let skipped = rows.iter().filter(|row| row.state == "skipped").count();
        let spent: Credits =
            rows.iter().filter(|row| !row.earlier).filter_map(|row| row.credits.map(Credits::from_f64)).sum();
        let passed = rows.iter().filter(|row| row.state == "succeeded").count();
        let spent = messages.amount(spent);
        print_line(&match skipped {
            0 => messages.sanity_passed(passed, rows.len(), &spent),
            skipped => messages.sanity_passed_skipped(passed, rows.len(), skipped, &spent),
        });
    }
    Ok(if failed == 0 { ExitCode::Success } else { ExitCode::Failure })
}
