//! Webhooks: what KIE posts to `callBackUrl` when a task has ended.
//!
//! A webhook is only a hint. Its body is not signed, webhooks come at least once and in any order, and each family of
//! models has its own shape (vendor documentation; none was recorded). So: [`Verifier::verify`] it, [`Webhook::parse`]
//! it, answer HTTP 200 within 15 s, and then ask [`Client::task`](crate::client::Client::task), which decides.

use serde_json::{Map, Value};

use crate::client::envelope::{id_of, integer, number, shorten, text};
use crate::client::output::{ExtraFile, Extras, ParsedResult, Role, parse_result, track, url, urls};
use crate::client::task::{TaskState, failure_in, state_of};
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
    /// The result, as far as the webhook has it. Not signed: only for display.
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
    /// Reads a webhook. Unknown families, states and fields are kept in [`Webhook::raw`].
    ///
    /// # Errors
    /// [`WebhookError`] when it is not an object or names no task (`data.taskId`, `data.task_id`, `taskId`, `task_id`).
    pub fn parse(body: &[u8]) -> Result<Self, WebhookError> {
        let Ok(Value::Object(envelope)) = serde_json::from_slice(body) else { return Err(WebhookError::NotAnObject) };
        let nothing = Map::new();
        let data = envelope.get("data").and_then(Value::as_object).unwrap_or(&nothing);
        let task = id_of(data).or_else(|| id_of(&envelope)).ok_or(WebhookError::NoTask)?;
        let ParsedResult { urls, text: words, extras } = result(data);
        let code = envelope.get("code").and_then(integer);
        let state = state(code, data, !urls.is_empty() || words.is_some());
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
        let output = Output { urls, text: words, id: None, credits };
        Ok(Self { task, state, output, extras, failure, raw: Value::Object(envelope) })
    }
}

/// What the webhook says of the task. The record's own state first, then Suno's kind of webhook, then the code; a code
/// 200 with nothing in it says nothing.
fn state(code: Option<i64>, data: &Map<String, Value>, has_output: bool) -> Option<TaskState> {
    if let Some(state) = state_of(data) {
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

/// The result, in the shape of any family of models.
fn result(data: &Map<String, Value>) -> ParsedResult {
    let market = parse_result(data);
    if !market.is_empty() {
        return market;
    }
    let mut parts = ParsedResult::default();
    for part in [data.get("info").and_then(Value::as_object), Some(data)].into_iter().flatten() {
        for key in ["resultUrls", "result_urls", "resultImageUrl", "audio_wav_url", "video_url", "result_video_url"] {
            parts.urls.extend(urls(part.get(key)));
        }
        for key in ["imageUrls", "image_urls", "image_url", "result_image_url"] {
            parts
                .extras
                .files
                .extend(urls(part.get(key)).into_iter().map(|url| ExtraFile { role: Role::Picture, url }));
        }
    }
    if let Some(stems) = data.get("vocal_removal_info").and_then(Value::as_object) {
        // The origin is an input, not a result.
        let own = stems.iter().filter(|(key, _)| key.ends_with("_url") && !key.starts_with("origin"));
        parts.urls.extend(own.filter_map(|(_, value)| url(value)));
    }
    let items = data.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    parts.extras.tracks.extend(items.iter().filter_map(track));
    parts.urls.extend(parts.extras.tracks.iter().map(|track| track.audio_url.clone()));
    if parts.extras.tracks.is_empty() {
        let texts: Vec<_> = items.iter().filter_map(|item| text(item.get("text")?)).collect();
        parts.text = (!texts.is_empty()).then(|| texts.join("\n\n"));
    }
    parts
}

#[cfg(test)]
mod tests;
