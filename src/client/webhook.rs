//! Webhooks: what KIE posts to `callBackUrl` when a task has ended.
//!
//! A webhook is only a hint. Its body is not signed, webhooks come at least once and in any order, and each family of
//! models has its own shape (vendor documentation; none was recorded). So: [`Verifier::verify`] it, [`Webhook::parse`]
//! it, answer HTTP 200 within 15 s, and then ask [`Client::task`](crate::client::Client::task), which decides.

use serde_json::{Map, Value};

use crate::client::envelope::{id_of, integer, number, shorten, text};
use crate::client::output::{Extras, ParsedResult, parse_result};
use crate::client::task::{TaskState, failure_in, names, state_of};
use crate::job::{Failure, Output, TaskId};
use crate::ledger::Credits;

mod signature;

pub use signature::{FRESHNESS, MEMORY, Rejected, SIGNATURE_HEADER, TIMESTAMP_HEADER, Verifier};

/// A webhook of any family of models.
#[derive(Debug, Clone, PartialEq)]
pub struct Webhook {
    /// The task.
    pub task: TaskId,
    /// The state of the task; `None` when the webhook does not tell it.
    pub state: Option<TaskState>,
    /// The result, as far as the webhook has it. Not signed: follow only URLs of the vendor's own hosts
    /// ([`Client::is_own_file`](crate::client::Client::is_own_file)).
    pub output: Output,
    /// What the result has besides media and text.
    pub extras: Extras,
    /// Why it failed; only in [`TaskState::Fail`].
    pub failure: Option<Failure>,
    /// The body as received. Contains the prompt: not for logs.
    pub raw: Value,
}

/// Why a body is not a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// Not a JSON object.
    #[error("the webhook is no json object")]
    NotAnObject,
    /// It names no task.
    #[error("the webhook names no task")]
    NoTask,
}

impl Webhook {
    /// Whether it brings the whole result of a task that has succeeded.
    pub fn has_result(&self) -> bool {
        let Output { urls, text, data, .. } = &self.output;
        self.state == Some(TaskState::Success) && !(urls.is_empty() && text.is_none() && data.is_none())
    }

    /// Reads a webhook. Unknown families, states and fields are kept in [`Webhook::raw`].
    ///
    /// # Errors
    /// [`WebhookError`] when it is not an object or names no task (`data.taskId`, `data.task_id`, `taskId`, `task_id`).
    pub fn parse(body: &[u8]) -> Result<Self, WebhookError> {
        let Ok(Value::Object(envelope)) = serde_json::from_slice(body) else { return Err(WebhookError::NotAnObject) };
        // Where `data` is no record, the envelope is.
        let data = envelope.get("data").and_then(Value::as_object).unwrap_or(&envelope);
        let task = id_of(data).or_else(|| id_of(&envelope)).ok_or(WebhookError::NoTask)?;
        let parsed = parse_result(data);
        let has_result = !parsed.is_empty();
        let ParsedResult { urls, text: words, data: structured, extras } = parsed;
        let code = envelope.get("code").and_then(integer);
        let state = state(code, data, has_result);
        let is_final = state.as_ref().is_some_and(TaskState::is_final);
        let credits = ["consumeCredits", "creditsConsumed"].iter().find_map(|key| number(data.get(*key)?));
        let credits = credits.filter(|_| is_final).map(Credits::from_f64);
        let failed = state == Some(TaskState::Fail);
        let failure = failed.then(|| {
            let code = code.filter(|code| *code != 200);
            let told = failure_in(data, code);
            let message =
                ["msg", "message"].iter().find_map(|key| text(envelope.get(*key)?)).map(|words| shorten(&words));
            match told {
                Some(told) => told,
                None => Failure {
                    code: code.map_or_else(|| "failed".into(), |code| code.to_string()),
                    message: message.unwrap_or_else(|| "the vendor gave no reason".into()),
                },
            }
        });
        let names = names(&urls, &extras);
        let output = Output { urls, names, text: words, data: structured, credits, ..Output::default() };
        Ok(Self { task, state, output, extras, failure, raw: Value::Object(envelope) })
    }
}

/// What the webhook says of the task. The record's own state first, then Suno's kind of webhook, then the code; a code
/// 200 with nothing in it says nothing.
fn state(code: Option<i64>, data: &Map<String, Value>, has_output: bool) -> Option<TaskState> {
    if let Some(state) = state_of(data, has_output) {
        return Some(state);
    }
    match data.get("callbackType").and_then(Value::as_str) {
        Some("complete") => return Some(TaskState::Success),
        Some("error") => return Some(TaskState::Fail),
        // Partial results of a running task. An error may have any word here.
        Some("text" | "first") if code.is_none_or(|code| code == 200) => return Some(TaskState::Generating),
        _ => {}
    }
    match code {
        Some(200) | None => has_output.then_some(TaskState::Success),
        Some(_) => Some(TaskState::Fail),
    }
}

#[cfg(test)]
mod tests;
