//! One step of one job: what to do in each state. A state is written before the world hears of it where a repeat would
//! cost money, and after the person heard of it where silence would be worse than a repeat.

use std::time::Duration;

use super::super::delivery::fetch;
use super::super::intake::facts;
use super::super::{DeliveryError, Stage, capture, release};
use super::lost::Earlier;
use super::{Step, Worker};
use crate::clock::Timestamp;
use crate::form::{self, Origin};
use crate::job::{DeliveredFile, Failure, Job, JobState, Output, TaskId};
use crate::kie::wait::{Verdict, observe};
use crate::kie::{CreateError, KeyLabel, TaskState};
use crate::store::{Change, Claimed, EntryKind, StoreError};

/// A finished job is offered to an unwilling chat this often, at growing intervals, before it is kept as undeliverable.
const DELIVERY_ATTEMPTS: u32 = 12;
/// No sooner is a person told that a job takes unusually long.
const LEAST_DEADLINE: Duration = Duration::from_secs(1800);
/// A job that the vendor refuses only for the moment is tried for this long.
const SUBMIT_PATIENCE: Duration = Duration::from_secs(1800);
/// A job over which the vendor breaks down is sent this often, for about a minute: what it says may be about the input, and
/// only a person can mend that.
const BREAKDOWNS: u32 = 8;

impl Worker {
    pub(super) async fn step(&self, claimed: Claimed) -> Result<Step, StoreError> {
        let (job, from) = (claimed.job.id.clone(), claimed.job.state);
        let moved = match from {
            JobState::Held => self.submit(claimed).await,
            JobState::Submitting => {
                // The process died between the create and its reply.
                let failure = failure("lost_reply", "the process stopped while the task was being created");
                self.lose(claimed, failure).await
            }
            JobState::Running => self.poll(claimed).await,
            JobState::Ready => self.deliver(claimed).await,
            JobState::Delivering => self.resume_delivery(claimed).await,
            // Final states are never claimed.
            JobState::Delivered
            | JobState::Failed
            | JobState::Unknown
            | JobState::Undeliverable
            | JobState::Cancelled => Ok(from),
        };
        match moved {
            Ok(to) => {
                if to != from {
                    tracing::info!(%job, from = from.as_str(), to = to.as_str(), "job moved");
                }
                Ok(Step::Moved { job, from, to })
            }
            Err(StoreError::Stale(job)) => Ok(Step::Lost { job }),
            Err(other) => Err(other),
        }
    }

    /// Held: the row says `submitting` before the vendor hears of it, so that a crash in between is never a second task.
    async fn submit(&self, mut claimed: Claimed) -> Result<JobState, StoreError> {
        let Some(spec) = crate::models::find(&claimed.job.model) else {
            return self.fail(claimed, failure("unknown_model", "the model is no longer in the registry")).await;
        };
        let files = facts(&claimed.job.attachments);
        // A deploy may have changed the registry since the order.
        let Ok(accepted) = form::check(spec, &claimed.job.input, &files, Origin::Json) else {
            return self.fail(claimed, failure("invalid_input", "the model no longer takes this input")).await;
        };
        self.show(&mut claimed.job, Stage::Accepted).await;
        // Waiting for the account's turn belongs to `held`: a crash in the queue leaves no doubt. People take turns.
        let kie = self.service.inner.kie.for_lane(claimed.job.user.0.unsigned_abs());
        let turn = self.keep_lease(&claimed, kie.create_turn()).await;
        let earlier = self.earlier(&claimed).await?;
        if let Earlier::Unsure = earlier {
            return self.rest_in(claimed, JobState::Held, Duration::from_secs(5)).await;
        }
        let claimed = self.advance(&claimed, JobState::Submitting, Change::default()).await?;
        if let Earlier::Task(task) = earlier {
            return self.accept(claimed, task, None).await;
        }
        let callback = self.service.callbacks().and_then(|callbacks| callbacks.address(&claimed.job.id));
        // A create that is refused for a while is sent again inside, for longer than a lease may be. Without a renewal
        // another claim would find the row at `submitting` and take the reply for lost.
        let created = self.keep_lease(&claimed, kie.create_task_in(turn, &accepted.request, callback.as_ref())).await;
        match created {
            Ok(created) => self.accept(claimed, created.id, Some(created.key)).await,
            Err(CreateError::Unknown(error)) => {
                tracing::warn!(job = %claimed.job.id, %error, "the reply to a create was lost");
                self.lose(claimed, failure("lost_reply", &error.to_string())).await
            }
            Err(CreateError::Refused(error))
                if error.is_retryable()
                    && self.age(&claimed.job) < SUBMIT_PATIENCE
                    && !(error.may_be_input() && claimed.job.attempts >= BREAKDOWNS) =>
            {
                tracing::warn!(job = %claimed.job.id, %error, "the vendor refuses for the moment");
                let pause = error.retry_after().unwrap_or(Duration::from_secs(5)).max(self.age(&claimed.job) / 4);
                self.rest_in(claimed, JobState::Held, pause.min(Duration::from_secs(60))).await
            }
            Err(CreateError::Refused(error)) => self.fail(claimed, error.to_failure()).await,
        }
    }

    pub(super) async fn accept(
        &self,
        claimed: Claimed,
        task: TaskId,
        key: Option<KeyLabel>,
    ) -> Result<JobState, StoreError> {
        let now = self.service.now();
        tracing::info!(job = %claimed.job.id, %task, model = claimed.job.model, "task created");
        // One that was made earlier and found again may have ended already.
        let pause = if key.is_some() { self.pause_at(Duration::ZERO) } else { Duration::ZERO };
        let change = Change {
            task: Some(task.clone()),
            key: key.map(|key| key.0),
            submitted_at: Some(now),
            not_before: Some(now + pause),
            ..Change::default()
        };
        match self.advance(&claimed, JobState::Running, change.clone()).await {
            Ok(_) => Ok(JobState::Running),
            Err(StoreError::Stale(id)) => {
                // The lease ran out while the vendor thought about it and another worker wrote `unknown`: we know better.
                tracing::warn!(job = %id, %task, "a slow create is put right");
                let store = &self.service.inner.store;
                store.decide(&id, JobState::Unknown, JobState::Running, &change, now).await?;
                Ok(JobState::Running)
            }
            Err(other) => Err(other),
        }
    }

    /// Running: one look at the vendor's record.
    async fn poll(&self, mut claimed: Claimed) -> Result<JobState, StoreError> {
        let Some(task) = claimed.job.task.clone() else {
            return self.fail(claimed, failure("no_task", "the row has no task id")).await;
        };
        if let Some(key) = &claimed.job.key
            && !self.service.inner.kie.adopt(&task, &KeyLabel::from(key.as_str()))
        {
            tracing::debug!(job = %claimed.job.id, key, "the key that made the task is gone; the others are tried");
        }
        let now = self.service.now();
        let elapsed = now.since(claimed.job.submitted_at.unwrap_or(claimed.job.created_at));
        let seen = self.keep_lease(&claimed, self.service.inner.kie.task(&task)).await;
        // A task can fail us and cost all the same: one that succeeded with nothing in it is billed.
        let charged = seen.as_ref().ok().and_then(|task| task.output.credits);
        let verdict = observe(elapsed, seen);
        if let (Verdict::Done(_) | Verdict::Failed(_), Some(callbacks)) = (&verdict, self.service.callbacks()) {
            callbacks.judge(claimed.calls > 0, now);
        }
        match verdict {
            Verdict::Done(output) => self.finish(claimed, output).await,
            Verdict::Failed(failure) => {
                claimed.job.output = charged.map(|credits| Output { credits: Some(credits), ..Output::default() });
                self.fail(claimed, failure).await
            }
            Verdict::Pending(_) | Verdict::Retry(_) | Verdict::Fatal(_) if elapsed > self.settings.give_up => {
                self.fail(claimed, failure("timeout", "the vendor did not finish the task")).await
            }
            Verdict::Pending(state) => {
                let stage = if elapsed > deadline(&claimed.job) {
                    Stage::StillRunning { elapsed }
                } else if state == TaskState::Generating {
                    Stage::Generating { elapsed }
                } else {
                    Stage::Waiting { elapsed }
                };
                self.show(&mut claimed.job, stage).await;
                self.rest_in(claimed, JobState::Running, self.pause_at(elapsed)).await
            }
            Verdict::Retry(after) => {
                let pause = after.max(self.pause_at(elapsed));
                self.rest_in(claimed, JobState::Running, pause).await
            }
            Verdict::Fatal(error) => {
                // The account's trouble, not the task's: it goes on at the vendor, and so do we.
                tracing::error!(job = %claimed.job.id, %error, "the vendor does not let us ask");
                self.rest_in(claimed, JobState::Running, Duration::from_secs(60)).await
            }
        }
    }

    async fn finish(&self, claimed: Claimed, output: Output) -> Result<JobState, StoreError> {
        let change = Change { output: Some(output), not_before: Some(self.service.now()), ..Change::default() };
        self.advance(&claimed, JobState::Ready, change).await?;
        Ok(JobState::Ready)
    }

    /// Ready: download, send, remember what the chat has.
    async fn deliver(&self, claimed: Claimed) -> Result<JobState, StoreError> {
        let claimed = self.advance(&claimed, JobState::Delivering, Change::default()).await?;
        self.resume_delivery(claimed).await
    }

    /// Delivering: for the first time, or found by a later claim: a retry that is due, or a process that died while sending.
    async fn resume_delivery(&self, claimed: Claimed) -> Result<JobState, StoreError> {
        let sent = self.service.inner.store.files(&claimed.job.id).await?;
        let parts = claimed.job.output.as_ref().map_or(0, Output::parts);
        if !sent.is_empty() && sent.len() >= parts {
            // It was sent, and only the last word is missing.
            self.close(claimed, JobState::Delivered, None).await
        } else {
            self.send(claimed, &sent).await
        }
    }

    async fn send(&self, claimed: Claimed, sent: &[DeliveredFile]) -> Result<JobState, StoreError> {
        let mut job = claimed.job.clone();
        // The progress text too: a slow chat must not let another worker send the same.
        let sending = async {
            self.show(&mut job, Stage::Sending).await;
            self.bring(&job, sent).await
        };
        let sent = self.keep_lease(&claimed, sending).await;
        match sent {
            Ok(files) => {
                self.service.inner.store.put_files(&claimed.job.id, &files).await?;
                self.close(claimed, JobState::Delivered, None).await
            }
            Err(DeliveryError::Gone(why)) => {
                self.close(claimed, JobState::Undeliverable, Some(failure("chat_gone", &why))).await
            }
            Err(DeliveryError::Retry { why, .. }) if claimed.job.attempts >= DELIVERY_ATTEMPTS => {
                tracing::error!(job = %claimed.job.id, why, "delivery is given up; the result is kept");
                self.close(claimed, JobState::Undeliverable, Some(failure("delivery", &why))).await
            }
            Err(DeliveryError::Retry { after, why }) => {
                tracing::warn!(job = %claimed.job.id, why, "delivery is tried again");
                let doubled = 2u32.saturating_pow(claimed.job.attempts.saturating_sub(1).min(8));
                let backoff = self.settings.redelivery.saturating_mul(doubled);
                self.rest_in(claimed, JobState::Delivering, after.unwrap_or_default().max(backoff)).await
            }
        }
    }

    /// Downloads what the chat has not got yet and hands it to the edge; the files are gone when this returns.
    async fn bring(&self, job: &Job, sent: &[DeliveredFile]) -> Result<Vec<DeliveredFile>, DeliveryError> {
        let retry = |why: String| DeliveryError::Retry { after: None, why };
        let folder = match &self.settings.scratch {
            Some(parent) => tempfile::Builder::new().prefix("result-").tempdir_in(parent),
            None => tempfile::Builder::new().prefix("kie-bot-").tempdir(),
        };
        let folder = folder.map_err(|e| retry(format!("no room for a download: {e}")))?;
        let files = fetch(&self.service.inner.kie, job, sent, folder.path()).await;
        self.delivery.deliver(job, &files.map_err(|e| retry(e.to_string()))?, sent).await
    }

    async fn fail(&self, claimed: Claimed, failure: Failure) -> Result<JobState, StoreError> {
        self.end(claimed, JobState::Failed, failure).await
    }

    /// Tells the person, then writes the end: a crash in between repeats an edit, never keeps silent.
    pub(super) async fn end(
        &self,
        mut claimed: Claimed,
        state: JobState,
        failure: Failure,
    ) -> Result<JobState, StoreError> {
        let was = claimed.job.state;
        claimed.job.failure = Some(failure.clone());
        claimed.job.state = state;
        if let Err(error) = self.delivery.failed(&claimed.job).await {
            tracing::warn!(job = %claimed.job.id, %error, "the person could not be told of a failure");
        }
        claimed.job.state = was;
        self.close(claimed, state, Some(failure)).await
    }

    /// Writes a final state and the money that goes with it.
    async fn close(&self, claimed: Claimed, state: JobState, failure: Option<Failure>) -> Result<JobState, StoreError> {
        let entry = match state {
            // The vendor has done its work, whether or not the chat could be reached.
            JobState::Delivered | JobState::Undeliverable => capture(&claimed.job),
            JobState::Failed | JobState::Cancelled => release(&claimed.job),
            JobState::Held
            | JobState::Submitting
            | JobState::Running
            | JobState::Ready
            | JobState::Delivering
            | JobState::Unknown => None,
        };
        let output = claimed.job.output.clone();
        let change = Change { failure, entry, output, ..Change::default() };
        match self.advance(&claimed, state, change.clone()).await {
            // A result that goes out after the chat came back was paid when it left.
            Err(StoreError::Booked { kind: EntryKind::Capture, .. }) => {
                self.advance(&claimed, state, Change { entry: None, ..change }).await?;
            }
            other => drop(other?),
        }
        Ok(state)
    }

    /// Leaves the job in `state`, to be looked at again after `pause`.
    async fn rest_in(&self, claimed: Claimed, state: JobState, pause: Duration) -> Result<JobState, StoreError> {
        let change = Change { not_before: Some(self.service.now() + pause), ..Change::default() };
        self.advance(&claimed, state, change).await?;
        Ok(state)
    }

    async fn advance(&self, claimed: &Claimed, next: JobState, change: Change) -> Result<Claimed, StoreError> {
        self.service.inner.store.advance(claimed, next, &change, self.service.now()).await
    }

    /// Runs something long while the lease is renewed beside it.
    pub(super) async fn keep_lease<T>(&self, claimed: &Claimed, work: impl Future<Output = T>) -> T {
        let renew = async {
            loop {
                self.service.inner.clock.sleep(self.settings.lease / 3).await;
                let now: Timestamp = self.service.now();
                if let Err(error) = self.service.inner.store.renew(claimed, now, self.settings.lease).await {
                    tracing::warn!(job = %claimed.job.id, %error, "a lease could not be renewed");
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            done = work => done,
            () = renew => unreachable!("the renewal never ends by itself"),
        }
    }

    /// Shows progress; that it could not be shown never stops the job.
    async fn show(&self, job: &mut Job, stage: Stage) {
        if job.detached {
            return;
        }
        match self.delivery.progress(job, stage).await {
            Ok(Some(message)) => {
                job.progress_message = Some(message);
                if let Err(error) = self.service.inner.store.set_progress_message(&job.id, message).await {
                    tracing::warn!(job = %job.id, %error, "the progress message could not be remembered");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::debug!(job = %job.id, %error, "progress could not be shown"),
        }
    }

    /// The pause before the next look at a task of this age.
    fn pause_at(&self, elapsed: Duration) -> Duration {
        let patience = self.service.callbacks().map_or(1, |callbacks| callbacks.patience(self.service.now()));
        self.settings.schedule.delay(elapsed, self.chance()) * patience
    }

    fn age(&self, job: &Job) -> Duration {
        self.service.now().since(job.created_at)
    }
}

fn deadline(job: &Job) -> Duration {
    let task = crate::models::find(&job.model).and_then(|spec| spec.tasks.first());
    // Less is no reason for worry: the vendor is known to be slow at times, with every kind of task.
    Duration::from_secs(task.map_or(0, |t| u64::from(t.deadline_s))).max(LEAST_DEADLINE)
}

fn failure(code: &str, message: &str) -> Failure {
    Failure { code: code.to_owned(), message: message.to_owned() }
}
