//! Waiting for a task: how often to poll, and what each poll means.

use std::time::Duration;

use crate::backoff::Backoff;
use crate::client::error::Error;
use crate::client::retry::ReadClass;
use crate::client::task::{Task, TaskState};
use crate::job::{Failure, Output};

/// How long after a create request "no such task" (404, 422, null data) may be a delay of the vendor.
pub const GRACE: Duration = Duration::from_secs(90);

/// How long a task that has succeeded without a result that can be read is polled again: state and result do not change
/// together (reports of public clients, 2025).
pub const RESULT_GRACE: Duration = Duration::from_secs(120);

/// The shortest time between two polls of a task.
pub const MIN_POLL_INTERVAL: Duration = Duration::from_secs(1);

/// The longest pause after consecutive errors.
pub const MAX_ERROR_PAUSE: Duration = Duration::from_secs(60);

/// How often to poll a task, by its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Steps in the order of age; the last one has no end.
    pub steps: &'static [ScheduleStep],
}

/// One step of a schedule. Pauses are random within a range, so that many tasks are not polled at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduleStep {
    /// Applies while the task is younger than this.
    pub until: Duration,
    /// Shortest pause.
    pub min: Duration,
    /// Longest pause.
    pub max: Duration,
}

/// The vendor's advice: 2 to 3 s in the first half minute, 5 to 10 s up to two minutes, 15 to 30 s after that.
pub const SCHEDULE: Schedule = Schedule {
    steps: &[step(Duration::from_secs(30), 2, 3), step(Duration::from_secs(120), 5, 10), step(Duration::MAX, 15, 30)],
};

const fn step(until: Duration, min_s: u64, max_s: u64) -> ScheduleStep {
    ScheduleStep { until, min: Duration::from_secs(min_s), max: Duration::from_secs(max_s) }
}

impl Schedule {
    /// The pause before the next poll of a task of this age; `chance` (0 to 1) selects within the range.
    pub fn delay(&self, elapsed: Duration, chance: f64) -> Duration {
        let step = self.steps.iter().find(|step| elapsed < step.until).or(self.steps.last());
        step.map_or(MIN_POLL_INTERVAL, |step| {
            step.min + step.max.saturating_sub(step.min).mul_f64(chance.clamp(0.0, 1.0))
        })
    }
}

/// What a poll means for the task.
#[derive(Debug, Clone, PartialEq)]
pub enum PollOutcome {
    /// Still running.
    Pending(TaskState),
    /// Done, with a result.
    Done(Output),
    /// Succeeded, without a result that can be read: the result may come later, so poll again for [`RESULT_GRACE`]. After
    /// that the task counts as paid and unreadable, not as failed.
    Unreadable(Box<Task>),
    /// Failed: the vendor said so.
    Failed(Failure),
    /// The poll failed and says nothing about the task: poll again after this time.
    Retry(Duration),
    /// Further polls are useless, although the task may still run: [`Error::blame`] tells whether it is the account (a
    /// bad key), [`Error::is_not_found`] whether the vendor no longer knows the task.
    Fatal(Error),
}

/// What a poll means for the task, `elapsed` after it was accepted. The only place that decides it.
pub fn classify(elapsed: Duration, answer: Result<Task, Error>) -> PollOutcome {
    match answer {
        Ok(task) => match task.state {
            TaskState::Success if task.is_empty() => PollOutcome::Unreadable(Box::new(task)),
            TaskState::Success => PollOutcome::Done(task.output),
            TaskState::Fail => PollOutcome::Failed(
                task.failure.unwrap_or_else(|| Failure { code: "failed".into(), message: String::new() }),
            ),
            running => PollOutcome::Pending(running),
        },
        Err(error) => match error.read_class() {
            ReadClass::TaskFailed => PollOutcome::Failed(error.to_failure()),
            ReadClass::Fatal => PollOutcome::Fatal(error),
            ReadClass::Grace if elapsed >= GRACE => PollOutcome::Fatal(error),
            ReadClass::Grace | ReadClass::Retry | ReadClass::RetrySlowly => {
                PollOutcome::Retry(error.retry_after().unwrap_or_default().max(SCHEDULE.delay(elapsed, 0.5)))
            }
        },
    }
}

/// The pause after `errors` consecutive failed polls: doubled each time, from `after` up to [`MAX_ERROR_PAUSE`].
pub fn after_errors(after: Duration, errors: u32) -> Duration {
    Backoff::new(after, MAX_ERROR_PAUSE).pause(errors, 0.0)
}

#[cfg(test)]
mod tests;
