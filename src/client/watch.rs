//! Watching a task step by step: what waiting is made of, as a stream or as a future.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt};

use crate::client::Client;
use crate::client::outcome::{Cause, Outcome, OutcomeState};
use crate::client::output::Extras;
use crate::client::task::{Task, TaskState};
use crate::client::wait::{LEAST_PAUSE, PollOutcome, SCHEDULE, after_errors, classify};
use crate::clock::Timestamp;
use crate::job::TaskId;

/// A watch over one task. Futures of it may be dropped at any point: the next call goes on where the last one was.
#[derive(Debug)]
pub struct Watch {
    client: Client,
    id: TaskId,
    started: Timestamp,
    pub(crate) deadline: Duration,
    /// Looks that failed in a row.
    errors: u32,
    /// When to look next.
    next_at: Timestamp,
    outcome: Option<Outcome>,
}

impl Client {
    /// Watches a task until it ends or `deadline` has passed on the client's clock. The schedule and the
    /// [`GRACE`](crate::client::wait::GRACE) count from this call. The id is all it needs: also in another process.
    pub fn watch(&self, id: &TaskId, deadline: Duration) -> Watch {
        let started = self.clock.now();
        let client = self.clone();
        Watch { client, id: id.clone(), started, deadline, errors: 0, next_at: started, outcome: None }
    }

    /// Waits for a task until it ends or `deadline` has passed on the client's clock; `on` sees every record. The same as
    /// [`Client::watch`] to its end.
    pub async fn wait(&self, id: &TaskId, deadline: Duration, mut on: impl FnMut(&Task)) -> Outcome {
        let mut watch = self.watch(id, deadline);
        while let Some(task) = watch.next().await {
            on(&task);
        }
        watch.finish().await
    }
}

impl Watch {
    /// The task.
    pub fn id(&self) -> &TaskId {
        &self.id
    }

    /// How it ended; `None` while the watch goes on.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// Waits for the next look that brings a record, and returns it: the last one is the record of the end, if one came.
    /// Looks that fail are repeated inside. `None` when the watch is over.
    pub async fn next(&mut self) -> Option<Task> {
        while self.outcome.is_none() {
            let pause = self.next_at.since(self.client.clock.now());
            if !pause.is_zero() {
                self.client.clock.sleep(pause).await;
            }
            if let Some(task) = self.look().await {
                return Some(task);
            }
        }
        None
    }

    /// Every record up to the end, as a stream. The stream may be dropped early and asked for again.
    pub fn progress(&mut self) -> BoxStream<'_, Task> {
        stream::unfold(self, |watch| async move {
            let task = watch.next().await?;
            Some((task, watch))
        })
        .boxed()
    }

    /// Waits for the end.
    pub async fn finish(mut self) -> Outcome {
        loop {
            if let Some(outcome) = self.outcome.take() {
                return outcome;
            }
            self.next().await;
        }
    }

    /// One look, and what follows from it.
    async fn look(&mut self) -> Option<Task> {
        let look = self.client.task(&self.id).await;
        let now = self.client.clock.now();
        let elapsed = now.since(self.started);
        let cause = look.as_ref().err().cloned().map(Cause::Call);
        let task = look.as_ref().ok().cloned();
        let pause = match classify(elapsed, look) {
            PollOutcome::Done(output) => {
                let extras = task.as_ref().map_or_else(Extras::default, |task| task.extras.clone());
                self.end(OutcomeState::Succeeded, None).output = output;
                self.with_extras(extras);
                return task;
            }
            PollOutcome::Failed(failure) => {
                let charged = task.as_ref().and_then(|task| task.output.credits);
                let extras = task.as_ref().map_or_else(Extras::default, |task| task.extras.clone());
                self.end(OutcomeState::Failed, Some(Cause::Task(failure))).output.credits = charged;
                self.with_extras(extras);
                return task;
            }
            PollOutcome::Fatal(error) => {
                tracing::warn!(task = %self.id, code = error.code(), "the task can no longer be asked about");
                self.end(OutcomeState::Unknown, Some(Cause::Call(error)));
                return task;
            }
            PollOutcome::Pending(state) => {
                if let TaskState::Other(word) = &state {
                    tracing::debug!(task = %self.id, word, "unknown state, taken as running");
                }
                self.errors = 0;
                SCHEDULE.delay(elapsed, self.client.rng.chance())
            }
            PollOutcome::Retry(after) => {
                self.errors += 1;
                // The many tasks of a client fail together when the vendor does, and must not come back together.
                after_errors(after, self.errors).mul_f64(1.0 + 0.25 * self.client.rng.chance())
            }
        };
        if elapsed >= self.deadline {
            tracing::info!(task = %self.id, elapsed_s = elapsed.as_secs(), "the task still runs at its deadline");
            self.end(OutcomeState::StillRunning, cause);
        } else {
            self.next_at = now + pause.min(self.deadline - elapsed).max(LEAST_PAUSE);
        }
        task
    }

    fn end(&mut self, state: OutcomeState, cause: Option<Cause>) -> &mut Outcome {
        self.outcome.insert(Outcome::of_task(state, self.id.clone(), cause))
    }

    fn with_extras(&mut self, extras: Extras) {
        if let Some(outcome) = &mut self.outcome {
            outcome.extras = extras;
        }
    }
}
