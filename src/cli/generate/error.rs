//! Why a generation was not sent, as sentences or as the JSON result.

use std::path::PathBuf;

use super::super::output::{print_error, print_json};
use super::super::summary::{ErrorSummary, Summary};
use super::super::{CliError, ExitCode, verdict};
use crate::client::Error;
use crate::l10n::{CliMessages, Lang, Messages};
use crate::schema::report::Report;
use crate::schema::spec::ModelSpec;

/// Why a generation was not sent.
#[derive(Debug)]
pub(super) enum GenerateError {
    /// The command failed.
    Cli(CliError),
    /// The arguments cannot be used.
    BadInput(Box<ErrorSummary>),
    /// The input violates the model's limits.
    Input(&'static ModelSpec, Report),
    /// A file could not be uploaded.
    Upload(PathBuf, Error),
}

impl From<CliError> for GenerateError {
    fn from(error: CliError) -> Self {
        Self::Cli(error)
    }
}

impl GenerateError {
    /// The arguments cannot be used: a code and a sentence.
    pub(super) fn bad_input(code: &str, message: String) -> Self {
        Self::BadInput(Box::new(ErrorSummary::bad_input(code, message)))
    }

    /// Reports it: as sentences unless `json`; as the JSON result when `json`, or when something was already uploaded.
    ///
    /// # Errors
    /// The error for the caller to print, when it is to be reported as a sentence alone.
    pub(super) fn report(self, json: bool, texts: &Messages, messages: &CliMessages) -> Result<ExitCode, CliError> {
        let (summary, exit_code) = match self {
            Self::Cli(error) if !json => return Err(error),
            Self::BadInput(summary) if !json => return Err(CliError::BadInput(summary.message.clone())),
            Self::Input(spec, report) if !json => return Ok(verdict::print_report(spec, &report, texts)),
            Self::Cli(error) => {
                let exit_code = error.exit_code();
                let code = if exit_code == ExitCode::BadInput { "bad_input" } else { "failed" };
                (ErrorSummary::bad_input(code, error.to_string()), exit_code)
            }
            Self::BadInput(summary) => (*summary, ExitCode::BadInput),
            Self::Input(spec, report) => {
                let message = verdict::report_lines(spec, &report, texts).remove(0);
                let found = verdict::findings(spec, &report.violations, texts);
                let violations = found.iter().filter_map(|one| serde_json::to_value(one).ok()).collect();
                (ErrorSummary { violations, ..ErrorSummary::bad_input("invalid_input", message) }, ExitCode::BadInput)
            }
            Self::Upload(path, error) => {
                let path = path.display().to_string();
                if !json {
                    print_error(&messages.not_uploaded(&path, &messages.call(&error)), messages);
                }
                let message = CliMessages::of(Lang::En).not_uploaded(&path, &error.to_string());
                (ErrorSummary { message, ..ErrorSummary::of(&error) }, ExitCode::Failure)
            }
        };
        print_json(&Summary::not_submitted(summary))?;
        Ok(exit_code)
    }
}
