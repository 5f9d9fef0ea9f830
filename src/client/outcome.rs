//! How a generation ended, or where it was left.

use std::fmt;
use std::time::Duration;

use crate::client::error::{CreateError, Error};
use crate::client::output::Extras;
use crate::client::retry::{Blame, Create, rule};
use crate::job::{Failure, Output, TaskId};
use crate::ledger::Credits;

/// Where a generation stands when its caller gets it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutcomeState {
    /// There is a result.
    Succeeded,
    /// The vendor failed the task, or it ended with nothing in it.
    Failed,
    /// The deadline passed. The task may still finish, and is billed when it does: wait again with its id.
    StillRunning,
    /// The vendor did not accept it; nothing is billed.
    NotSubmitted,
    /// Not known. Without a task id the answer to the create was lost; with one, the task can no longer be asked about.
    Unknown,
}

impl OutcomeState {
    /// A stable word for JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::StillRunning => "still_running",
            Self::NotSubmitted => "not_submitted",
            Self::Unknown => "unknown",
        }
    }
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The task itself failed.
    Task(Failure),
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
            Self::Call(error) => error.to_failure(),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(failure) => write!(f, "the task failed: [{}] {}", failure.code, failure.message),
            Self::Call(error) => error.fmt(f),
        }
    }
}

/// How a generation ended. Carries the task id from the moment there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Where it stands.
    pub state: OutcomeState,
    /// The vendor's id: also of a failed task and of one that still runs.
    pub task: Option<TaskId>,
    /// Files, text and cost. A failed task may have a cost.
    pub output: Output,
    /// What the result holds besides media and text.
    pub extras: Extras,
    /// Why there is no result. With [`OutcomeState::StillRunning`], the error of the last poll if that failed.
    pub error: Option<Cause>,
}

impl Outcome {
    /// Whether there is a result.
    pub fn success(&self) -> bool {
        self.state == OutcomeState::Succeeded
    }

    /// Whether a task may be billed, or was, although there is no result: the answer to the create was lost, the task still
    /// runs or can no longer be asked about, or it failed at a cost.
    pub fn money_at_risk(&self) -> bool {
        match self.state {
            OutcomeState::Succeeded | OutcomeState::NotSubmitted => false,
            OutcomeState::StillRunning | OutcomeState::Unknown => true,
            OutcomeState::Failed => self.output.credits.is_some_and(|credits| credits > Credits::ZERO),
        }
    }

    /// The output, or everything that is known about why there is none. For `?`.
    ///
    /// # Errors
    /// [`NoResult`] in every state but [`OutcomeState::Succeeded`].
    pub fn into_result(self) -> Result<Output, NoResult> {
        if self.success() { Ok(self.output) } else { Err(NoResult(Box::new(self))) }
    }

    pub(crate) fn of_task(state: OutcomeState, task: TaskId, error: Option<Cause>) -> Self {
        Self { state, task: Some(task), output: Output::default(), extras: Extras::default(), error }
    }
}

/// A generation without a result, as an error.
#[derive(Debug, Clone, PartialEq)]
pub struct NoResult(Box<Outcome>);

impl NoResult {
    /// Where the generation stands.
    pub fn state(&self) -> OutcomeState {
        self.0.state
    }

    /// The task, from the moment there is one.
    pub fn task(&self) -> Option<&TaskId> {
        self.0.task.as_ref()
    }

    /// Why, where there is a reason: a task that merely still runs has none.
    pub fn cause(&self) -> Option<&Cause> {
        self.0.error.as_ref()
    }

    /// Whether the same input may be sent again with no risk of paying twice. A task that has an id is waited for instead
    /// ([`Client::resume`](crate::client::Client::resume)); one that failed is a new expense, for a person to decide.
    pub fn is_retryable(&self) -> bool {
        let may = |error: &Error| matches!(error.create(), Create::Resend | Create::Later);
        self.0.state == OutcomeState::NotSubmitted && matches!(&self.0.error, Some(Cause::Call(error)) if may(error))
    }

    /// How long to wait before that, where the server said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.0.error {
            Some(Cause::Call(error)) => error.retry_after(),
            _ => None,
        }
    }

    /// Who has to act. A failed task is the vendor's, unless its code says otherwise.
    pub fn blame(&self) -> Blame {
        match &self.0.error {
            Some(Cause::Call(error)) => error.blame(),
            Some(Cause::Task(failure)) => failure.code.parse().map_or(Blame::Vendor, |code| rule(code).blame),
            None => Blame::Vendor,
        }
    }

    /// As [`Outcome::money_at_risk`].
    pub fn money_at_risk(&self) -> bool {
        self.0.money_at_risk()
    }

    /// Back to the whole.
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
        Self { state, task, output: Output::default(), extras: Extras::default(), error }
    }
}
