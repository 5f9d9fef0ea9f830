//! A handle to a task: started, or found again by its id; awaited as a stream of its states or as a future of its end.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt};
use url::Url;

use crate::client::Client;
use crate::client::create::Created;
use crate::client::error::CreateError;
use crate::client::key::KeyLabel;
use crate::client::outcome::{Cause, Outcome, OutcomeState};
use crate::client::output::Extras;
use crate::client::task::{Task, TaskState};
use crate::client::wait::{LEAST_PAUSE, PollOutcome, SCHEDULE, after_errors, classify};
use crate::clock::Timestamp;
use crate::job::TaskId;
use crate::schema::input::Request;

/// A handle to a task that the vendor has. Its futures may be dropped at any point: the next call continues. Dropping the
/// handle changes nothing for the task: keep [`TaskHandle::id`] (and [`TaskHandle::key`] where there are several keys) for
/// [`Client::resume`], also after a crash.
#[derive(Debug)]
#[must_use = "the task runs and is billed; wait for it or keep its id"]
pub struct TaskHandle {
    /// The vendor's id.
    pub id: TaskId,
    /// The key that made it; `None` when it was resumed without that knowledge.
    pub key: Option<KeyLabel>,
    client: Client,
    started: Timestamp,
    deadline: Duration,
    /// Polls that failed in a row.
    errors: u32,
    /// When to poll next.
    next_at: Timestamp,
    outcome: Option<Outcome>,
}

impl Client {
    /// Creates a task and returns as soon as the vendor has it. The deadline of its type counts from then on.
    ///
    /// # Errors
    /// As [`Client::create_task`].
    pub async fn start(&self, input: impl Into<Request>) -> Result<TaskHandle, CreateError> {
        self.start_at(&input.into(), None).await
    }

    /// As [`Client::start`]; KIE also posts to `webhook` when the task has ended. What it posts is a hint
    /// ([`webhook`](crate::client::webhook)): polling continues without it.
    ///
    /// # Errors
    /// As [`Client::create_task`].
    pub async fn start_with_webhook(
        &self,
        input: impl Into<Request>,
        webhook: &Url,
    ) -> Result<TaskHandle, CreateError> {
        self.start_at(&input.into(), Some(webhook)).await
    }

    async fn start_at(&self, request: &Request, webhook: Option<&Url>) -> Result<TaskHandle, CreateError> {
        let Created { id, key } = self.create_task(request, webhook).await?;
        Ok(self.handle(id, Some(key), request.spec().deadline()))
    }

    /// A handle to a task by its id, in the same process or in another. Makes no call by itself. The key that made it is
    /// found by trying when it is not given. `deadline`, on the client's clock, the schedule and the
    /// [`GRACE`](crate::client::wait::GRACE) count from this call.
    pub fn resume(&self, id: TaskId, key: Option<KeyLabel>, deadline: Duration) -> TaskHandle {
        if let Some(key) = &key
            && !self.remember_key(&id, key)
        {
            tracing::warn!(task = %id, %key, "the key that made the task is not among the keys");
        }
        self.handle(id, key, deadline)
    }

    fn handle(&self, id: TaskId, key: Option<KeyLabel>, deadline: Duration) -> TaskHandle {
        let started = self.clock.now();
        TaskHandle { id, key, client: self.clone(), started, deadline, errors: 0, next_at: started, outcome: None }
    }

    /// Waits for a task until it ends or `deadline` has passed on the client's clock; `on` sees every record. The same as
    /// [`Client::resume`] to its end.
    pub async fn wait(&self, id: &TaskId, deadline: Duration, mut on: impl FnMut(&Task)) -> Outcome {
        let mut task = self.resume(id.clone(), None, deadline);
        while let Some(record) = task.next().await {
            on(&record);
        }
        task.finish().await
    }
}

impl TaskHandle {
    /// Waits at most this long instead, counted from the start.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How it ended; `None` while it runs.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// Waits for the next poll that brings a record, and returns it: the last one is the record of the end, if one came.
    /// Polls that fail are repeated inside. `None` when the task has ended, or its deadline has passed.
    pub async fn next(&mut self) -> Option<Task> {
        while self.outcome.is_none() {
            let pause = self.next_at.since(self.client.clock.now());
            if !pause.is_zero() {
                self.client.clock.sleep(pause).await;
            }
            if let Some(task) = self.poll().await {
                return Some(task);
            }
        }
        None
    }

    /// Every record up to the end, as a stream. It may be dropped early and asked for again; after its end
    /// [`TaskHandle::finish`] answers at once.
    pub fn progress(&mut self) -> BoxStream<'_, Task> {
        stream::unfold(self, |handle| async move {
            let task = handle.next().await?;
            Some((task, handle))
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

    /// One poll, and what follows from it.
    async fn poll(&mut self) -> Option<Task> {
        let answer = self.client.task(&self.id).await;
        let now = self.client.clock.now();
        let elapsed = now.since(self.started);
        let cause = answer.as_ref().err().cloned().map(Cause::Call);
        let task = answer.as_ref().ok().cloned();
        let pause = match classify(elapsed, answer) {
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
