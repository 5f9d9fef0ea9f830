//! The final word on a generation, the same from every command.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::output::note;
use crate::client::{Error, Extras, Outcome, OutcomeState};
use crate::job::Failure;
use crate::l10n::CliMessages;
use crate::ledger::Credits;

/// The final word, for machines: stable.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    pub(super) success: bool,
    pub(super) result_urls: Vec<String>,
    pub(super) text: Option<String>,
    pub(super) error: Option<Trouble>,
    pub(super) task_id: Option<String>,
    pub(super) state: String,
    pub(super) credits: Option<f64>,
    pub(super) files: Vec<PathBuf>,
    pub(super) extras: Extras,
}

/// Why there is no result, and what can be done about it: stable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Trouble {
    /// The vendor's code, or a word.
    pub(super) code: String,
    /// For people.
    pub(super) message: String,
    /// The same may be sent again with no risk of paying twice.
    pub(super) retryable: bool,
    /// Not before so many seconds, where the vendor said so.
    pub(super) retry_after_s: Option<f64>,
    /// Who can mend it: `caller`, `account`, `vendor` or `network`.
    pub(super) fault: String,
    /// A task may be billed, or was, although there is no result.
    pub(super) money_at_risk: bool,
    /// The task it is about.
    pub(super) task_id: Option<String>,
    /// What is wrong with the input, where it is the input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) violations: Vec<Value>,
}

impl Trouble {
    /// What came of a call that costs nothing: an upload, a look at the credits.
    pub(super) fn of(error: &Error) -> Self {
        let Failure { code, message } = error.to_failure();
        Self {
            code,
            message,
            retryable: error.is_retryable(),
            retry_after_s: error.retry_after().map(|wait| wait.as_secs_f64()),
            fault: error.blame().as_str().to_owned(),
            money_at_risk: false,
            task_id: None,
            violations: Vec::new(),
        }
    }

    /// What is wrong with what was given: the same would be refused again.
    pub(super) fn refused(code: &str, message: String) -> Self {
        Self { retryable: false, ..Self::own(code, message) }
    }

    /// What this program itself has against it: nothing was sent.
    pub(super) fn own(code: &str, message: String) -> Self {
        Self {
            code: code.to_owned(),
            message,
            retryable: true,
            retry_after_s: None,
            fault: "caller".to_owned(),
            money_at_risk: false,
            task_id: None,
            violations: Vec::new(),
        }
    }
}

impl Summary {
    /// Nothing was sent, and why.
    pub(super) fn refused(error: Trouble) -> Self {
        let state = OutcomeState::NotSubmitted.as_str().to_owned();
        Self { error: Some(error), state, ..Self::default() }
    }

    /// What an outcome says.
    pub(super) fn of(outcome: &Outcome) -> Self {
        let reason = outcome.clone().into_result().err();
        let error = reason.as_ref().and_then(|reason| {
            let failure = reason.cause()?.to_failure();
            Some(Trouble {
                code: failure.code,
                message: failure.message,
                retryable: reason.is_retryable(),
                retry_after_s: reason.retry_after().map(|wait| wait.as_secs_f64()),
                fault: reason.blame().as_str().to_owned(),
                money_at_risk: reason.money_at_risk(),
                task_id: reason.task().map(|task| task.0.clone()),
                violations: Vec::new(),
            })
        });
        Self {
            success: outcome.success(),
            result_urls: outcome.output.urls.clone(),
            text: outcome.output.text.clone(),
            error,
            task_id: outcome.task.as_ref().map(|task| task.0.clone()),
            state: outcome.state.as_str().to_owned(),
            credits: outcome.output.credits.map(Credits::as_f64),
            files: Vec::new(),
            extras: outcome.extras.clone(),
        }
    }

    /// A task that was left to itself.
    pub(super) fn left(task_id: Option<String>, state: &str) -> Self {
        Self { task_id, state: state.to_owned(), ..Self::default() }
    }
}

/// How to go on with a task.
pub(super) fn resume_line(task: &str) -> String {
    format!("kie-bot task {task} --wait")
}

/// Says in words what the JSON says in fields, where something is left to do.
pub(super) fn advise(summary: &Summary, phrases: &CliMessages) {
    match (&summary.task_id, summary.state.as_str()) {
        (Some(task), "still_running" | "unknown") => {
            note(&phrases.may_finish(&resume_line(task)));
        }
        (None, "unknown") => {
            note(&phrases.create_lost());
            note(&phrases.create_lost_look());
        }
        _ => {}
    }
    if let Some(error) = &summary.error
        && error.retryable
        && summary.state == OutcomeState::NotSubmitted.as_str()
    {
        note(&match error.retry_after_s {
            None => phrases.try_again(),
            Some(wait) => phrases.try_again_in(&phrases.number(wait)),
        });
    }
}
