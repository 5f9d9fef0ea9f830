//! A task as the vendor reports it.

use std::fmt;

use serde_json::{Map, Value};

use crate::client::envelope::{id_of, integer, number, shorten, text};
use crate::client::error::Error;
use crate::client::output::{ExtraFile, Extras, Parts, Role, extract};
use crate::clock::Timestamp;
use crate::job::{Failure, Output, TaskId};
use crate::ledger::Credits;

/// Where a task stands. States may be skipped; most videos stay `Waiting` until they are done (recorded traffic).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TaskState {
    /// Accepted. It may already be running.
    Waiting,
    /// In a queue.
    Queuing,
    /// At work.
    Generating,
    /// Done.
    Success,
    /// Failed.
    Fail,
    /// A word that no document names: still running.
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

    /// Nothing more will happen.
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

/// One look at a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The vendor's id.
    pub id: TaskId,
    /// Where it stands.
    pub state: TaskState,
    /// The result so far; credits are filled only when the task has ended, since a running task may show a reservation.
    pub output: Output,
    /// What the result holds besides media and text.
    pub extras: Extras,
    /// Why it failed, in [`TaskState::Fail`] alone.
    pub failure: Option<Failure>,
    /// What the vendor reports as its cost now; final only when the task has ended. Absent in older records.
    pub cost_credits: Option<Credits>,
    /// When the vendor accepted it.
    pub created: Option<Timestamp>,
    /// When it ended.
    pub completed: Option<Timestamp>,
    /// The record as it came. Holds the prompt: not for logs.
    pub raw: Value,
}

impl Task {
    /// Whether there is no result in it: no media, no text and no file beside them.
    pub fn is_empty(&self) -> bool {
        self.output.urls.is_empty() && self.output.text.is_none() && self.extras.files.is_empty()
    }

    /// Every file that a person wants of the result, in order: the media, then frames and masks. Not the same media with a
    /// watermark, and not covers.
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

    /// Reads a record (the `data` of an answer, or of a webhook) of any generation. Unknown fields and states survive.
    ///
    /// # Errors
    /// [`Error::NotFound`] for null, [`Error::Reply`] for anything else that is no object.
    pub fn from_record(id: &TaskId, record: Value) -> Result<Self, Error> {
        let fields = match &record {
            Value::Object(fields) => fields,
            Value::Null => return Err(Error::NotFound),
            _ => return Err(Error::Reply("the record is no object")),
        };
        let state = stated(fields).unwrap_or_else(|| TaskState::Other("missing".into()));
        let Parts { urls, text, extras } = extract(fields);
        let cost_credits = ["creditsConsumed", "consumeCredits"]
            .iter()
            .find_map(|key| number(fields.get(*key)?))
            .map(Credits::from_f64);
        let credits = cost_credits.filter(|_| state.is_final());
        let failure = (state == TaskState::Fail).then(|| {
            // A failed task without a code or a message still failed.
            let silent = || Failure { code: "failed".into(), message: "the vendor gave no reason".into() };
            failure(fields, None).unwrap_or_else(silent)
        });
        let time = |key: &str| fields.get(key).and_then(integer).map(Timestamp::from_millis);
        Ok(Self {
            id: id_of(fields).unwrap_or_else(|| id.clone()),
            output: Output { urls, text, credits },
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

/// The state that a record gives, in words or as a flag.
pub(crate) fn stated(fields: &Map<String, Value>) -> Option<TaskState> {
    match fields.get("state").and_then(text) {
        Some(word) => Some(TaskState::from_word(shorten(&word))),
        None => fields.get("successFlag").and_then(TaskState::from_flag),
    }
}

/// The reason that a record gives for a failure: null and empty text are none. Words without a code get the envelope's.
pub(crate) fn failure(fields: &Map<String, Value>, envelope: Option<i64>) -> Option<Failure> {
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
