//! A handle to a task that was started, or resumed by its id: a stream of its states and a future of its end.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt};
use url::Url;

use crate::client::Client;
use crate::client::create::Created;
use crate::client::create_error::CreateError;
use crate::client::key::KeyLabel;
use crate::client::outcome::{Cause, Outcome, OutcomeState};
use crate::client::output::Extras;
use crate::client::task::{Task, TaskState};
use crate::client::wait::{MIN_POLL_INTERVAL, PollOutcome, RESULT_GRACE, SCHEDULE, after_errors, classify};
use crate::clock::Timestamp;
use crate::job::TaskId;
use crate::schema::input::Request;

/// A handle to a task that the vendor has accepted. Its futures may be dropped at any point: the next call continues.
/// Dropping the handle does not affect the task: store [`TaskHandle::id`] (and [`TaskHandle::key`] if there are several
/// keys) for [`Client::resume`].
#[derive(Debug)]
#[must_use = "the task runs and is billed; wait for it or keep its id"]
pub struct TaskHandle {
    /// The vendor's id.
    pub id: TaskId,
    /// The key that created it; `None` when it was resumed without one.
    pub key: Option<KeyLabel>,
    client: Client,
    started: Timestamp,
    deadline: Duration,
    /// Polls that failed in a row.
    errors: u32,
    /// When it was first seen to have succeeded without a result.
    unreadable_since: Option<Timestamp>,
    /// When to poll next.
    next_at: Timestamp,
    outcome: Option<Outcome>,
}

impl Client {
    /// Creates a task and returns as soon as the vendor has accepted it. The deadline of its task type counts from then
    /// on.
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
        Ok(self.follow(self.create_task(request, webhook).await?, request.spec().deadline()))
    }

    /// A handle to a task that was just created; it has ended when the create was answered with the result. `deadline`
    /// counts from this call.
    pub fn follow(&self, created: Created, deadline: Duration) -> TaskHandle {
        let Created { id, key, finished } = created;
        let mut handle = self.handle(id, Some(key), deadline);
        if let Some(task) = finished {
            handle.end(OutcomeState::Succeeded, None).output = task.output;
            handle.with_extras(task.extras);
        }
        handle
    }

    /// A handle to a task by its id, which another process may have created. Makes no request itself. If the key is not
    /// given, the keys are tried. `deadline` (on the client's clock), the schedule and
    /// [`GRACE`](crate::client::wait::GRACE) count from this call.
    pub fn resume(&self, id: TaskId, key: Option<KeyLabel>, deadline: Duration) -> TaskHandle {
        if let Some(key) = &key
            && !self.remember_key(&id, key)
        {
            tracing::warn!(task = %id, %key, "the key that created the task is not configured");
        }
        self.handle(id, key, deadline)
    }

    fn handle(&self, id: TaskId, key: Option<KeyLabel>, deadline: Duration) -> TaskHandle {
        let started = self.clock.now();
        TaskHandle {
            id,
            key,
            client: self.clone(),
            started,
            deadline,
            errors: 0,
            unreadable_since: None,
            next_at: started,
            outcome: None,
        }
    }

    /// Waits until a task has ended or `deadline` has passed on the client's clock; `on` is called for every poll. The
    /// same as [`Client::resume`] to its end.
    pub async fn wait(&self, id: &TaskId, deadline: Duration, mut on: impl FnMut(&Task)) -> Outcome {
        let mut task = self.resume(id.clone(), None, deadline);
        while let Some(record) = task.next().await {
            on(&record);
        }
        task.finish().await
    }
}

impl TaskHandle {
    /// Sets another deadline, counted from the start.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How it ended; `None` while it runs.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// Polls until a record comes, and returns it; failed polls are repeated. `None` when the task has ended or the
    /// deadline has passed. The last record is that of the end, if one came.
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

    /// All records up to the end, as a stream. The stream may be dropped and created again; after its end
    /// [`TaskHandle::finish`] returns at once.
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

    /// One poll: sets the outcome or the time of the next poll.
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
            PollOutcome::Unreadable(seen) => {
                self.errors = 0;
                let waited = now.since(*self.unreadable_since.get_or_insert(now));
                if waited >= RESULT_GRACE || elapsed >= self.deadline {
                    tracing::warn!(task = %self.id, "the task succeeded, and nothing in its record can be read");
                    let outcome = self.end(OutcomeState::Unreadable, Some(Cause::Unreadable));
                    outcome.output.credits = seen.output.credits;
                    outcome.extras = seen.extras;
                    outcome.record = Some(seen.raw);
                    return task;
                }
                SCHEDULE.delay(waited, self.client.rng.chance()).min(RESULT_GRACE.saturating_sub(waited))
            }
            PollOutcome::Fatal(error) => {
                tracing::warn!(task = %self.id, code = error.code(), "the task can no longer be polled");
                self.end(OutcomeState::Unknown, Some(Cause::Call(error)));
                return task;
            }
            PollOutcome::Pending(state) => {
                if let TaskState::Other(word) = &state {
                    tracing::debug!(task = %self.id, word, "unknown task state, treated as running");
                }
                self.errors = 0;
                SCHEDULE.delay(elapsed, self.client.rng.chance())
            }
            PollOutcome::Retry(after) => {
                self.errors += 1;
                // When the vendor fails, the polls of all tasks fail together; jitter spreads their repetitions.
                after_errors(after, self.errors).mul_f64(1.0 + 0.25 * self.client.rng.chance())
            }
        };
        if elapsed >= self.deadline {
            tracing::info!(task = %self.id, elapsed_s = elapsed.as_secs(), "the task still runs at its deadline");
            self.end(OutcomeState::StillRunning, cause);
        } else {
            self.next_at = now + pause.min(self.deadline - elapsed).max(MIN_POLL_INTERVAL);
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
