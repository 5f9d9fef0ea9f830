//! The record of a task.

use std::fmt;

mod end;

use serde_json::{Map, Value};

use crate::client::envelope::{id_of, integer, number};
use crate::client::error::Error;
use crate::client::member;
use crate::client::output::{ExtraFile, Extras, ParsedResult, Role, parse_result, places};
use crate::clock::Timestamp;
use crate::job::{Failure, Output, TaskId};
use crate::ledger::Credits;
use crate::models;
use crate::schema::spec::ModelSpec;
use end::state_of_word;

pub(crate) use end::{failure_in, state_of};

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
    /// Done. Also for `completed` and similar words of other routes.
    Success,
    /// Failed. Also for `failed`, `error`, `cancelled` and similar words of other routes.
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

    /// Whether the vendor uses this word for a state.
    pub(crate) fn is_known_word(word: &str) -> bool {
        state_of_word(word).is_some()
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
    /// Whether there is no result that can be read: no media, no text, no data and no extra file.
    pub fn is_empty(&self) -> bool {
        let Output { urls, text, data, .. } = &self.output;
        urls.is_empty() && text.is_none() && data.is_none() && self.extras.files.is_empty()
    }

    /// The result to show to the user: as [`Task::output`], with the files of [`Task::files`] and what is known
    /// of them.
    pub fn into_delivery(self) -> Output {
        let urls = self.files();
        let names = names(&urls, &self.extras);
        let tracks = self.extras.track_facts();
        Output { urls, names, tracks, ..self.output }
    }

    /// The files of the result to show to the user, in order: the media, then frames and masks; without watermarked
    /// copies and covers.
    pub fn files(&self) -> Vec<String> {
        let wanted = |file: &&ExtraFile| match file.role {
            Role::FirstFrame | Role::LastFrame | Role::Mask => true,
            Role::Picture | Role::Watermarked | Role::Whole => false,
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
        let parsed = parse_result(fields);
        let state = state_of(fields, !parsed.is_empty()).unwrap_or_else(|| TaskState::Other("missing".into()));
        let ParsedResult { urls, text, data, extras } = parsed;
        let names = names(&urls, &extras);
        let cost_credits = CREDITS.iter().find_map(|key| number(fields.get(*key)?)).map(Credits::from_f64);
        let credits = cost_credits.filter(|_| state.is_final());
        let failure = (state == TaskState::Fail).then(|| {
            // A failed task may have neither code nor message.
            let silent = || Failure { code: "failed".into(), message: "the vendor gave no reason".into() };
            failure_in(fields, None).unwrap_or_else(silent)
        });
        let (mut text, mut id_of_result) = (text, None);
        if let Some(result) = model_of(fields).map(|spec| spec.result).filter(|_| state == TaskState::Success) {
            let named = |names| places(fields).find_map(|place| member::find(place, names));
            id_of_result = named(result.id);
            let alone = id_of_result.clone().filter(|_| urls.is_empty());
            text = named(result.text).or(alone).or(text);
        }
        let time = |key: &str| fields.get(key).and_then(integer).map(Timestamp::from_millis);
        Ok(Self {
            id: id_of(fields).unwrap_or_else(|| id.clone()),
            output: Output { urls, names, text, data, id: id_of_result, credits, ..Output::default() },
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

/// The names of files that are layers; empty when there are none.
pub(crate) fn names(urls: &[String], extras: &Extras) -> Vec<String> {
    if extras.layers.is_empty() {
        return Vec::new();
    }
    let layer = |url: &String| extras.layers.iter().find(|layer| layer.url == *url);
    urls.iter().map(|url| layer(url).and_then(|layer| layer.name.clone()).unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests;
