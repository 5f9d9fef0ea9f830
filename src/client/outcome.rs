//! The outcome of a generation: how it ended, or its state when waiting ended.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::client::create_error::CreateError;
use crate::client::error::Error;
use crate::client::output::Extras;
use crate::client::retry::{Blame, CreateClass, rule};
use crate::job::{Failure, Output, TaskId};
use crate::ledger::Credits;

/// The state of a generation when it is returned to its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutcomeState {
    /// There is a result.
    Succeeded,
    /// The task failed.
    Failed,
    /// The task succeeded, and nothing in its record can be read as a result
    /// ([`RESULT_GRACE`](crate::client::wait::RESULT_GRACE)). It may have been charged; [`Outcome::record`] has what the
    /// vendor said.
    Unreadable,
    /// The deadline has passed. The task may still end, and is billed then: resume it by its id.
    StillRunning,
    /// The vendor did not accept it; nothing is billed.
    NotSubmitted,
    /// Not known. Without a task id, the answer to the create request was lost; with one, the task can no longer be
    /// polled.
    Unknown,
}

impl OutcomeState {
    /// A stable word for JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unreadable => "unreadable",
            Self::StillRunning => "still_running",
            Self::NotSubmitted => "not_submitted",
            Self::Unknown => "unknown",
        }
    }
}

/// The code of a result that cannot be read.
pub(crate) const UNREADABLE: &str = "unreadable";

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The task itself failed.
    Task(Failure),
    /// The task succeeded without a result that can be read.
    Unreadable,
    /// A call failed.
    Call(Error),
}

impl Cause {
    /// A stable word or the vendor's code.
    pub fn code(&self) -> String {
        self.to_failure().code
    }

    /// As the reason of a failed job.
    pub fn to_failure(&self) -> Failure {
        match self {
            Self::Task(failure) => failure.clone(),
            Self::Unreadable => Failure { code: UNREADABLE.into(), message: self.to_string() },
            Self::Call(error) => error.to_failure(),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(failure) => write!(f, "the task failed: [{}] {}", failure.code, failure.message),
            Self::Unreadable => f.write_str("the task succeeded, and nothing in its record can be read as a result"),
            Self::Call(error) => error.fmt(f),
        }
    }
}

/// How a generation ended. Has the task id as soon as there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its state.
    pub state: OutcomeState,
    /// The vendor's id: also of a failed task and of one that still runs.
    pub task: Option<TaskId>,
    /// Files, text and cost. A failed task may have a cost.
    pub output: Output,
    /// What the result has besides media and text.
    pub extras: Extras,
    /// The record as received, with [`OutcomeState::Unreadable`] only. Contains the prompt: not for logs.
    pub record: Option<Value>,
    /// Why there is no result. With [`OutcomeState::StillRunning`], the error of the last poll if that failed.
    pub error: Option<Cause>,
}

impl Outcome {
    /// Whether there is a result.
    pub fn success(&self) -> bool {
        self.state == OutcomeState::Succeeded
    }

    /// Whether a task was, or may be, billed although there is no result: the answer to the create request was lost,
    /// the task still runs, can no longer be polled or has a result that cannot be read, or it failed and has a cost.
    pub fn money_at_risk(&self) -> bool {
        match self.state {
            OutcomeState::Succeeded | OutcomeState::NotSubmitted => false,
            OutcomeState::StillRunning | OutcomeState::Unknown => true,
            OutcomeState::Unreadable => self.output.credits != Some(Credits::ZERO),
            OutcomeState::Failed => self.output.credits.is_some_and(|credits| credits > Credits::ZERO),
        }
    }

    /// The output, or the whole outcome as an error. For `?`.
    ///
    /// # Errors
    /// [`NoResult`] in every state but [`OutcomeState::Succeeded`].
    pub fn into_result(self) -> Result<Output, NoResult> {
        if self.success() { Ok(self.output) } else { Err(NoResult(Box::new(self))) }
    }

    pub(crate) fn of_task(state: OutcomeState, task: TaskId, error: Option<Cause>) -> Self {
        Self { state, task: Some(task), output: Output::default(), extras: Extras::default(), record: None, error }
    }
}

/// A generation without a result, as an error.
#[derive(Debug, Clone, PartialEq)]
pub struct NoResult(Box<Outcome>);

impl NoResult {
    /// The state of the generation.
    pub fn state(&self) -> OutcomeState {
        self.0.state
    }

    /// The task, if there is one.
    pub fn task(&self) -> Option<&TaskId> {
        self.0.task.as_ref()
    }

    /// The reason, if there is one: a task that still runs may have none.
    pub fn cause(&self) -> Option<&Cause> {
        self.0.error.as_ref()
    }

    /// Whether the same input may be sent again without the risk of paying twice. A task that has an id is resumed
    /// instead ([`Client::resume`](crate::client::Client::resume)); a new task in place of one that failed costs again.
    pub fn is_retryable(&self) -> bool {
        let may = |error: &Error| matches!(error.create_class(), CreateClass::Resend | CreateClass::Later);
        self.0.state == OutcomeState::NotSubmitted && matches!(&self.0.error, Some(Cause::Call(error)) if may(error))
    }

    /// How long to wait before that, if the server said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0.error {
            Some(Cause::Call(error)) => error.retry_after(),
            _ => None,
        }
    }

    /// Who has to act: for a failed task the vendor, unless its code says otherwise.
    pub fn blame(&self) -> Blame {
        match &self.0.error {
            Some(Cause::Call(error)) => error.blame(),
            Some(Cause::Task(failure)) => failure.code.parse().map_or(Blame::Vendor, |code| rule(code).blame),
            Some(Cause::Unreadable) | None => Blame::Vendor,
        }
    }

    /// As [`Outcome::money_at_risk`].
    pub fn money_at_risk(&self) -> bool {
        self.0.money_at_risk()
    }

    /// The whole outcome.
    pub fn into_outcome(self) -> Outcome {
        *self.0
    }
}

impl fmt::Display for NoResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.error {
            Some(cause) => cause.fmt(f)?,
            None => f.write_str("the task still runs at its deadline")?,
        }
        match &self.0.task {
            Some(task) => write!(f, " (task {task})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for NoResult {}

impl From<CreateError> for Outcome {
    fn from(error: CreateError) -> Self {
        let (state, error) = match error {
            CreateError::Refused(error) => (OutcomeState::NotSubmitted, error),
            CreateError::Unknown(error) => (OutcomeState::Unknown, error),
        };
        let task = error.task().cloned();
        let error = Some(Cause::Call(error));
        Self { state, task, output: Output::default(), extras: Extras::default(), record: None, error }
    }
}
