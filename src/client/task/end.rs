//! How far a task has come, by the words, flags and times of its record.
//!
//! Source: vendor documentation of the market and of the older routes, recorded traffic, reports of public clients.

use serde_json::{Map, Value};

use super::TaskState;
use crate::client::envelope::{integer, shorten, text};
use crate::job::Failure;

/// Words for states, in lower case and without `_`, `-` and spaces.
const WORDS: &[(&str, TaskState)] = &[
    ("waiting", TaskState::Waiting),
    ("wait", TaskState::Waiting),
    ("pending", TaskState::Waiting),
    ("created", TaskState::Waiting),
    ("submitted", TaskState::Waiting),
    ("queuing", TaskState::Queuing),
    ("queueing", TaskState::Queuing),
    ("queued", TaskState::Queuing),
    ("generating", TaskState::Generating),
    ("running", TaskState::Generating),
    ("processing", TaskState::Generating),
    ("inprogress", TaskState::Generating),
    ("success", TaskState::Success),
    ("succeeded", TaskState::Success),
    ("completed", TaskState::Success),
    ("complete", TaskState::Success),
    ("finished", TaskState::Success),
    ("fail", TaskState::Fail),
    ("failed", TaskState::Fail),
    ("failure", TaskState::Fail),
    ("error", TaskState::Fail),
    ("cancelled", TaskState::Fail),
    ("canceled", TaskState::Fail),
    ("rejected", TaskState::Fail),
    ("expired", TaskState::Fail),
    ("timeout", TaskState::Fail),
];

/// Words of a running task whose first parts may be listed already.
const PARTIAL: &[&str] = &["textsuccess", "firstsuccess"];

/// How words end that name a kind of failure: `CREATE_TASK_FAILED`, `SENSITIVE_WORD_ERROR`.
const FAIL_ENDINGS: &[&str] = &["failed", "error"];

/// The vendor could not deliver its own webhook; the result tells how the task ended.
const WEBHOOK_FAILED: &str = "callbackexception";

/// Codes that some routes send for no error.
const NO_ERROR: &[&str] = &["0", "200"];

/// The state in a record; `None` when it has none. `has_result`: its result can be read.
pub(crate) fn state_of(fields: &Map<String, Value>, has_result: bool) -> Option<TaskState> {
    let words = ["state", "status", "successFlag"].iter().filter_map(|key| text(fields.get(*key)?));
    let known = words.clone().find_map(|word| match plain(&word) {
        word if word == WEBHOOK_FAILED => Some(if has_result { TaskState::Success } else { TaskState::Fail }),
        word => state_of_word(&word),
    });
    // A flag that says "running" says less than a word, even an unknown one.
    let other = ["state", "status"].iter().find_map(|key| text(fields.get(*key)?));
    let other = other.map(|word| TaskState::Other(shorten(&word)));
    let state = match known {
        Some(known) => Some(known),
        None => match flag(fields, has_result) {
            Some(flag) if flag.is_final() || other.is_none() => Some(flag),
            _ => other,
        },
    };
    let is_partial = words.clone().any(|word| PARTIAL.contains(&plain(&word).as_str()));
    match &state {
        Some(TaskState::Success | TaskState::Fail) => state,
        _ if is_partial || completion(fields).is_none() => state,
        _ if failure_in(fields, None).is_some() => Some(TaskState::Fail),
        _ if has_result => Some(TaskState::Success),
        _ => state,
    }
}

/// What a word says; `None` for an unknown word.
pub(super) fn state_of_word(word: &str) -> Option<TaskState> {
    let word = plain(word);
    let known = WORDS.iter().find(|(known, _)| *known == word).map(|(_, state)| state.clone());
    known
        .or_else(|| PARTIAL.contains(&word.as_str()).then_some(TaskState::Generating))
        .or_else(|| FAIL_ENDINGS.iter().any(|end| word.ends_with(end)).then_some(TaskState::Fail))
}

/// 0 running, 1 success, 3 failed, 2 failed on most routes (vendor's agent guide, September 2026). One route means
/// "generating" with 2: then the record has no completion time and no failure.
fn flag(fields: &Map<String, Value>, has_result: bool) -> Option<TaskState> {
    let flag = integer(fields.get("successFlag")?)?;
    Some(match flag {
        0 => TaskState::Generating,
        1 => TaskState::Success,
        2 if fields.contains_key("completeTime")
            && completion(fields).is_none()
            && failure_in(fields, None).is_none()
            && !has_result =>
        {
            TaskState::Generating
        }
        2 | 3 => TaskState::Fail,
        other => TaskState::Other(format!("successFlag {other}")),
    })
}

/// The time of completion, in any format. Null, an empty text and 0 are none.
fn completion(fields: &Map<String, Value>) -> Option<String> {
    text(fields.get("completeTime")?).filter(|time| time != "0")
}

/// The word in lower case, without `_`, `-` and spaces.
fn plain(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The failure in a record; `None` when it has neither code nor message. A message without a code gets the envelope's
/// code.
pub(crate) fn failure_in(fields: &Map<String, Value>, envelope: Option<i64>) -> Option<Failure> {
    let first = |keys: &[&str]| keys.iter().find_map(|key| text(fields.get(*key)?));
    let code =
        first(&["failCode", "errorCode", "fail_code", "error_code"]).filter(|code| !NO_ERROR.contains(&code.as_str()));
    let message = first(&["failMsg", "errorMessage", "errorMsg", "fail_msg", "error_message", "error_msg"]);
    if code.is_none() && message.is_none() {
        return None;
    }
    let message = message.map_or_else(|| "the vendor gave no reason".to_owned(), |words| shorten(&words));
    let code = code.or_else(|| envelope.map(|code| code.to_string()));
    Some(Failure { code: code.unwrap_or_else(|| "failed".into()), message })
}
