//! Why nothing was sent: in words, and as the final JSON.

use std::path::PathBuf;

use super::super::outcome::{Summary, Trouble};
use super::super::output::{complain, say_json};
use super::super::{CliError, ExitCode, verdict};
use crate::client::Error;
use crate::l10n::{CliMessages, Lang, Messages};
use crate::schema::report::Report;
use crate::schema::spec::ModelSpec;

/// Why nothing was sent.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The command cannot be carried out.
    Cli(CliError),
    /// What was given cannot be used.
    Own(Box<Trouble>),
    /// The model does not take the input.
    Input(&'static ModelSpec, Report),
    /// A file did not reach the vendor.
    Upload(PathBuf, Error),
}

impl From<CliError> for Refusal {
    fn from(error: CliError) -> Self {
        Self::Cli(error)
    }
}

impl Refusal {
    /// What was given cannot be used, in a word and in a sentence.
    pub(super) fn own(code: &str, message: String) -> Self {
        Self::Own(Box::new(Trouble::refused(code, message)))
    }

    /// Says it: in words unless JSON is wanted, and as JSON when it is or when the vendor was asked.
    pub(super) fn tell(self, json: bool, texts: &Messages, phrases: &CliMessages) -> Result<ExitCode, CliError> {
        let (trouble, exit_code) = match self {
            Self::Cli(error) if !json => return Err(error),
            Self::Own(trouble) if !json => return Err(CliError::BadInput(trouble.message.clone())),
            Self::Input(spec, report) if !json => return Ok(verdict::refuse(spec, &report, texts)),
            Self::Cli(error) => {
                let exit_code = error.exit_code();
                let code = if exit_code == ExitCode::BadInput { "bad_input" } else { "failed" };
                (Trouble::refused(code, error.to_string()), exit_code)
            }
            Self::Own(trouble) => (*trouble, ExitCode::BadInput),
            Self::Input(spec, report) => {
                let message = verdict::refusal(spec, &report, texts).remove(0);
                let found = verdict::findings(spec, &report.violations, texts);
                let violations = found.iter().filter_map(|one| serde_json::to_value(one).ok()).collect();
                (Trouble { violations, ..Trouble::refused("invalid_input", message) }, ExitCode::BadInput)
            }
            Self::Upload(path, error) => {
                let path = path.display().to_string();
                if !json {
                    complain(&phrases.not_uploaded(&path, &phrases.call(&error)), phrases);
                }
                let message = CliMessages::of(Lang::En).not_uploaded(&path, &error.to_string());
                (Trouble { message, ..Trouble::of(&error) }, ExitCode::Failure)
            }
        };
        say_json(&Summary::refused(trouble))?;
        Ok(exit_code)
    }
}
