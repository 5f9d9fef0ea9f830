//! Watching a task: how often to look, and what each look means.

use std::time::Duration;

use crate::backoff::Backoff;
use crate::client::error::Error;
use crate::client::retry::Read;
use crate::client::task::{Task, TaskState};
use crate::job::{Failure, Output};

/// For so long after a create "no such task" (404, 422, null data) may be a delay on the vendor's side.
pub const GRACE: Duration = Duration::from_secs(90);

/// A task is never looked at more often.
pub const LEAST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause after errors in a row.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How often to look at a task, by its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Steps by age; the last one holds for ever.
    pub steps: &'static [ScheduleStep],
}

/// One step of a schedule. Pauses are drawn from a range, so that many tasks do not poll in step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduleStep {
    /// Holds while the task is younger than this.
    pub until: Duration,
    /// Shortest pause.
    pub least: Duration,
    /// Longest pause.
    pub most: Duration,
}

/// The vendor's advice: 2 to 3 s in the first half minute, 5 to 10 s up to two minutes, 15 to 30 s after that.
pub const SCHEDULE: Schedule = Schedule {
    steps: &[step(Duration::from_secs(30), 2, 3), step(Duration::from_secs(120), 5, 10), step(Duration::MAX, 15, 30)],
};

const fn step(until: Duration, least_s: u64, most_s: u64) -> ScheduleStep {
    ScheduleStep { until, least: Duration::from_secs(least_s), most: Duration::from_secs(most_s) }
}

impl Schedule {
    /// The pause before the next look at a task of this age; `chance` (0 to 1) picks within the range.
    pub fn delay(&self, elapsed: Duration, chance: f64) -> Duration {
        let step = self.steps.iter().find(|step| elapsed < step.until).or(self.steps.last());
        step.map_or(LEAST_PAUSE, |step| {
            step.least + step.most.saturating_sub(step.least).mul_f64(chance.clamp(0.0, 1.0))
        })
    }
}

/// What one look at a task means.
#[derive(Debug, Clone, PartialEq)]
pub enum PollOutcome {
    /// Still running.
    Pending(TaskState),
    /// Done, with something in it.
    Done(Output),
    /// Failed for good: the vendor said so, or it succeeded with nothing in it (code `empty_result`).
    Failed(Failure),
    /// The look failed and says nothing of the task: look again, not before this.
    Retry(Duration),
    /// Looking again is useless. The task may be alive all the same: [`Error::blame`] tells whether the account is to
    /// blame (a bad key), or the vendor no longer knows the task ([`Error::is_not_found`]).
    Fatal(Error),
}

/// What one look at a task means, `elapsed` after it was accepted. The only place that decides it.
pub fn classify(elapsed: Duration, look: Result<Task, Error>) -> PollOutcome {
    match look {
        Ok(task) => match task.state {
            TaskState::Success if task.is_empty() => PollOutcome::Failed(Failure {
                code: "empty_result".into(),
                message: "the task succeeded and returned nothing".into(),
            }),
            TaskState::Success => PollOutcome::Done(task.output),
            TaskState::Fail => PollOutcome::Failed(
                task.failure.unwrap_or_else(|| Failure { code: "failed".into(), message: String::new() }),
            ),
            running => PollOutcome::Pending(running),
        },
        Err(error) => match error.read() {
            Read::TaskFailed => PollOutcome::Failed(error.to_failure()),
            Read::Fatal => PollOutcome::Fatal(error),
            Read::Grace if elapsed >= GRACE => PollOutcome::Fatal(error),
            Read::Grace | Read::Retry | Read::RetrySlowly => {
                PollOutcome::Retry(error.retry_after().unwrap_or_default().max(SCHEDULE.delay(elapsed, 0.5)))
            }
        },
    }
}

/// The pause after `errors` failed looks in a row: doubled each time, up to [`LONGEST_PAUSE`], never below `after`.
pub fn after_errors(after: Duration, errors: u32) -> Duration {
    Backoff::new(after, LONGEST_PAUSE).pause(errors, 0.0)
}

#[cfg(test)]
mod tests;
