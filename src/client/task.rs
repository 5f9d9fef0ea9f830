//! The record of a task.

use std::fmt;

use serde_json::{Map, Value};

use crate::client::envelope::{id_of, integer, number, shorten, text};
use crate::client::error::Error;
use crate::client::member;
use crate::client::output::{ExtraFile, Extras, ParsedResult, Role, parse_result};
use crate::clock::Timestamp;
use crate::job::{Failure, Output, TaskId};
use crate::ledger::Credits;
use crate::models;
use crate::schema::spec::ModelSpec;

/// Where a record has its result.
const RESULTS: [&str; 2] = ["response", "resultJson"];

/// The names of the cost in a record and in a webhook.
const CREDITS: [&str; 2] = ["creditsConsumed", "consumeCredits"];

/// The state of a task. States may be skipped; most videos stay `Waiting` until they are done (recorded traffic).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TaskState {
    /// Accepted. It may already be running.
    Waiting,
    /// In a queue.
    Queuing,
    /// Being generated.
    Generating,
    /// Done.
    Success,
    /// Failed.
    Fail,
    /// An undocumented word: still running.
    Other(String),
}

impl TaskState {
    /// The vendor's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Waiting => "waiting",
            Self::Queuing => "queuing",
            Self::Generating => "generating",
            Self::Success => "success",
            Self::Fail => "fail",
            Self::Other(word) => word,
        }
    }

    /// Whether the task has ended.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Success | Self::Fail)
    }

    fn from_word(word: String) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "waiting" => Self::Waiting,
            "queuing" => Self::Queuing,
            "generating" => Self::Generating,
            "success" => Self::Success,
            "fail" => Self::Fail,
            _ => Self::Other(word),
        }
    }

    /// 0 running, 1 success, 2 and 3 failed (vendor's agent guide, September 2026).
    fn from_flag(flag: &Value) -> Option<Self> {
        Some(match integer(flag)? {
            0 => Self::Generating,
            1 => Self::Success,
            2 | 3 => Self::Fail,
            other => Self::Other(format!("successFlag {other}")),
        })
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A task as the vendor reports it in a poll.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The vendor's id.
    pub id: TaskId,
    /// Its state.
    pub state: TaskState,
    /// The result so far. Credits are set only when the task has ended, because a running task may show a reservation.
    pub output: Output,
    /// What the result has besides media and text.
    pub extras: Extras,
    /// Why it failed; only in [`TaskState::Fail`].
    pub failure: Option<Failure>,
    /// The cost that the vendor reports; final only when the task has ended. Missing in older records.
    pub cost_credits: Option<Credits>,
    /// When the vendor accepted it.
    pub created: Option<Timestamp>,
    /// When it ended.
    pub completed: Option<Timestamp>,
    /// The record as received. Contains the prompt: not for logs.
    pub raw: Value,
}

impl Task {
    /// Whether there is no result: no media, no text and no extra file.
    pub fn is_empty(&self) -> bool {
        self.output.urls.is_empty() && self.output.text.is_none() && self.extras.files.is_empty()
    }

    /// The files of the result to show to the user, in order: the media, then frames and masks; without watermarked
    /// copies and covers.
    pub fn files(&self) -> Vec<String> {
        let wanted = |file: &&ExtraFile| match file.role {
            Role::FirstFrame | Role::LastFrame | Role::Mask => true,
            Role::Picture | Role::Watermarked => false,
        };
        let beside = self.extras.files.iter().filter(wanted).map(|file| &file.url);
        let mut files = self.output.urls.clone();
        for url in beside {
            if !files.contains(url) {
                files.push(url.clone());
            }
        }
        files
    }

    /// Reads a record (the `data` of an answer or a webhook) in any of the vendor's formats. Unknown fields and states
    /// are kept.
    ///
    /// # Errors
    /// [`Error::NotFound`] for null, [`Error::Reply`] for anything else that is not an object.
    pub fn from_record(id: &TaskId, record: Value) -> Result<Self, Error> {
        let fields = match &record {
            Value::Object(fields) => fields,
            Value::Null => return Err(Error::NotFound),
            _ => return Err(Error::Reply("the record is no object")),
        };
        let state = state_of(fields).unwrap_or_else(|| TaskState::Other("missing".into()));
        let ParsedResult { urls, text, extras } = parse_result(fields);
        let cost_credits = CREDITS.iter().find_map(|key| number(fields.get(*key)?)).map(Credits::from_f64);
        let credits = cost_credits.filter(|_| state.is_final());
        let failure = (state == TaskState::Fail).then(|| {
            // A failed task may have neither code nor message.
            let silent = || Failure { code: "failed".into(), message: "the vendor gave no reason".into() };
            failure_in(fields, None).unwrap_or_else(silent)
        });
        let (mut text, mut id_of_result) = (text, None);
        if let Some(result) = model_of(fields).map(|spec| spec.result).filter(|_| state == TaskState::Success) {
            let named = |names| RESULTS.iter().find_map(|place| member::find(fields.get(*place)?, names));
            id_of_result = named(result.id);
            let alone = id_of_result.clone().filter(|_| urls.is_empty());
            text = named(result.text).or(alone).or(text);
        }
        let time = |key: &str| fields.get(key).and_then(integer).map(Timestamp::from_millis);
        Ok(Self {
            id: id_of(fields).unwrap_or_else(|| id.clone()),
            output: Output { urls, text, id: id_of_result, credits },
            extras,
            failure,
            cost_credits,
            created: time("createTime"),
            completed: time("completeTime"),
            state,
            raw: record,
        })
    }
}

impl Task {
    /// The finished task in the answer of [a route](ModelSpec::route) that answers with its result: its id is the one in
    /// the result.
    ///
    /// # Errors
    /// [`Error::Reply`] when the answer has no such id.
    pub(crate) fn of_answer(spec: &ModelSpec, answer: Value) -> Result<Self, Error> {
        let id = member::find(&answer, spec.result.id)
            .ok_or(Error::Reply("it says success and has no id of what was made"))?;
        let credits = CREDITS.iter().find_map(|key| number(answer.get(*key)?)).map(Credits::from_f64);
        let text = member::find(&answer, spec.result.text).or_else(|| Some(id.clone()));
        Ok(Self {
            id: TaskId(id.clone()),
            state: TaskState::Success,
            output: Output { text, id: Some(id), credits, ..Output::default() },
            extras: Extras::default(),
            failure: None,
            cost_credits: credits,
            created: None,
            completed: None,
            raw: answer,
        })
    }
}

/// The model of a record, if it is in the registry.
fn model_of(fields: &Map<String, Value>) -> Option<&'static ModelSpec> {
    models::find(fields.get("model")?.as_str()?).map(|model| model.spec)
}

/// The state in a record, given as a word or as a flag.
pub(crate) fn state_of(fields: &Map<String, Value>) -> Option<TaskState> {
    match fields.get("state").and_then(text) {
        Some(word) => Some(TaskState::from_word(shorten(&word))),
        None => fields.get("successFlag").and_then(TaskState::from_flag),
    }
}

/// The failure in a record; `None` when it has neither code nor message. A message without a code gets the envelope's
/// code.
pub(crate) fn failure_in(fields: &Map<String, Value>, envelope: Option<i64>) -> Option<Failure> {
    let first = |keys: [&str; 2]| keys.iter().find_map(|key| text(fields.get(*key)?));
    let (code, message) = (first(["failCode", "errorCode"]), first(["failMsg", "errorMessage"]));
    if code.is_none() && message.is_none() {
        return None;
    }
    let message = message.map_or_else(|| "the vendor gave no reason".to_owned(), |words| shorten(&words));
    let code = code.or_else(|| envelope.map(|code| code.to_string()));
    Some(Failure { code: code.unwrap_or_else(|| "failed".into()), message })
}

#[cfg(test)]
mod tests;
