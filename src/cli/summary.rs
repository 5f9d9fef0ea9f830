//! The result of a generation as JSON, in one form for all commands.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::output::{note, print_json};
use super::{CliError, next_step};
use crate::client::{Error, Extras, Outcome, OutcomeState};
use crate::job::Failure;
use crate::l10n::CliMessages;
use crate::ledger::Credits;
use crate::schema::spec::ModelSpec;

/// The result of a generation. Its JSON form is stable.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    pub(super) success: bool,
    pub(super) result_urls: Vec<String>,
    pub(super) text: Option<String>,
    /// Structured data of the result; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<Value>,
    pub(super) error: Option<ErrorSummary>,
    pub(super) task_id: Option<String>,
    /// The id that fields of other models take: of a voice, a character; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) result_id: Option<String>,
    pub(super) state: String,
    pub(super) credits: Option<f64>,
    pub(super) files: Vec<PathBuf>,
    pub(super) extras: Extras,
    /// KIE's record, when nothing in it could be read as a result; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) record: Option<Value>,
    /// The files' own names, in the order of `result_urls`.
    #[serde(skip)]
    pub(super) names: Vec<String>,
}

/// Why there is no result, and what can be done about it. Its JSON form is stable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ErrorSummary {
    /// The vendor's numeric code, or a word of this program.
    pub(super) code: String,
    /// A sentence.
    pub(super) message: String,
    /// The same request may be sent again without the risk of paying twice.
    pub(super) retryable: bool,
    /// The earliest time for that, in seconds from now, where the vendor named one.
    pub(super) retry_after_s: Option<f64>,
    /// Who caused it: `caller`, `account`, `vendor` or `network`.
    pub(super) fault: String,
    /// A task was, or may be, billed although there is no result.
    pub(super) money_at_risk: bool,
    /// The task it is about.
    pub(super) task_id: Option<String>,
    /// The violations of the model's limits, when the input is invalid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) violations: Vec<Value>,
}

impl ErrorSummary {
    /// The error of a free call: an upload, or a query of the credits.
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

    /// InputError arguments or input: nothing was sent, and a retry would fail again.
    pub(super) fn bad_input(code: &str, message: String) -> Self {
        Self { retryable: false, ..Self::local(code, message) }
    }

    /// An error of this program: nothing was sent, and a retry may help.
    pub(super) fn local(code: &str, message: String) -> Self {
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
    /// Nothing was sent.
    pub(super) fn not_submitted(error: ErrorSummary) -> Self {
        let state = OutcomeState::NotSubmitted.as_str().to_owned();
        Self { error: Some(error), state, ..Self::default() }
    }

    /// The summary of an outcome.
    pub(super) fn of(outcome: &Outcome) -> Self {
        let reason = outcome.clone().into_result().err();
        let error = reason.as_ref().and_then(|reason| {
            let failure = reason.cause()?.to_failure();
            Some(ErrorSummary {
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
            data: outcome.output.data.clone(),
            result_id: outcome.output.id.clone(),
            error,
            task_id: outcome.task.as_ref().map(|task| task.0.clone()),
            state: outcome.state.as_str().to_owned(),
            credits: outcome.output.credits.map(Credits::as_f64),
            files: Vec::new(),
            extras: outcome.extras.clone(),
            record: outcome.record.clone(),
            names: outcome.output.names.clone(),
        }
    }

    /// A task whose end was not waited for; `state` says how far it has come.
    pub(super) fn unfinished(task_id: Option<String>, state: &str) -> Self {
        Self { task_id, state: state.to_owned(), ..Self::default() }
    }
}

/// The command that waits for a task.
pub(super) fn resume_command(task: &str) -> String {
    format!("kie-bot task {task} --wait")
}

/// Prints what is left to do about a result, in sentences.
fn print_advice(summary: &Summary, messages: &CliMessages) {
    match (&summary.task_id, summary.state.as_str()) {
        (Some(task), "still_running" | "unknown") => {
            note(&messages.may_finish(&resume_command(task)));
        }
        (Some(task), "unreadable") => note(&messages.result_unreadable(task, &resume_command(task))),
        (None, "unknown") => {
            note(&messages.create_lost());
            note(&messages.create_lost_look());
        }
        _ => {}
    }
    if let Some(error) = &summary.error
        && error.retryable
        && summary.state == OutcomeState::NotSubmitted.as_str()
    {
        note(&match error.retry_after_s {
            None => messages.try_again(),
            Some(wait) => messages.try_again_in(&messages.number(wait)),
        });
    }
}

/// Prints a result as JSON and, unless only JSON is wanted, what is left to do about it, and what goes on with it.
///
/// # Errors
/// When it cannot be written as JSON.
pub(super) fn print(
    summary: &Summary,
    model: Option<&ModelSpec>,
    json: bool,
    messages: &CliMessages,
) -> Result<(), CliError> {
    if !json {
        print_advice(summary, messages);
        for (next, line) in model.map(|spec| next_step::commands(spec, summary)).unwrap_or_default() {
            note(&messages.next_command(next.label.get(messages.lang()), &line));
        }
    }
    print_json(summary)
}
