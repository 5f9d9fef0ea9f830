//! One step of one job: what to do in each state. A state is stored before the request to the vendor where a repeated
//! request would cost money.

use std::time::Duration;

use super::super::ProgressStage;
use super::{StepResult, Worker};
use crate::client::wait::{PollOutcome, after_errors, classify};
use crate::client::{Error, KeyLabel, Task, TaskState};
use crate::job::{Failure, Job, JobState, Output};
use crate::store::{ClaimedJob, JobChange, Setbacks};
use crate::store_error::StoreError;

/// The lane of routine polls.
const ROUTINE: u64 = 0;
/// The lane of polls that a webhook has asked for.
const NOTIFIED: u64 = 1;
/// Before this time no user is told that a job takes unusually long.
const LEAST_DEADLINE: Duration = Duration::from_secs(1800);
/// A task counts as gone when the vendor has answered nothing but "not found" for this long. Any other answer, and a poll
/// that failed, begins the time anew.
const GONE_FOR: Duration = Duration::from_secs(600);

/// The failure code of a job whose task the vendor no longer knows.
pub const VANISHED: &str = "vanished";
/// The failure code of a job whose task did not end in time.
pub const TIMED_OUT: &str = "timeout";

impl Worker {
    pub(super) async fn step(&self, claimed: ClaimedJob) -> Result<StepResult, StoreError> {
        let guard = self.service.inner.in_flight.insert(&claimed.job.id);
        let (job, from) = (claimed.job.id.clone(), claimed.job.state);
        let lease = claimed.clone();
        let work = async {
            match from {
                JobState::Held => self.submit(claimed, &guard).await,
                JobState::Submitting => {
                    // The process ended between the create and its reply.
                    let failure = failure("lost_reply", "the process stopped while the task was being created");
                    self.mark_lost(claimed, failure).await
                }
                JobState::Running => self.poll(claimed).await,
                JobState::Ready => self.deliver(claimed, &guard).await,
                JobState::Delivering => self.resume_delivery(claimed, &guard).await,
                JobState::Failed | JobState::Unknown | JobState::Unreadable => self.notify_chat(claimed).await,
                // Never claimed.
                JobState::Delivered | JobState::Undeliverable | JobState::Cancelled => Ok(from),
            }
        };
        // The claim is kept during delivery too: otherwise another worker could send the same again.
        match self.keep_lease(&lease, &guard, work).await {
            Ok(to) => {
                if to != from {
                    tracing::info!(%job, from = from.as_str(), to = to.as_str(), "job moved");
                }
                Ok(StepResult::Moved { job, from, to })
            }
            Err(StoreError::Stale(job)) => Ok(StepResult::Stale { job }),
            Err(other) => Err(other),
        }
    }

    /// Handles `running`: polls the task once.
    async fn poll(&self, mut claimed: ClaimedJob) -> Result<JobState, StoreError> {
        let Some(task) = claimed.job.task.clone() else {
            return self.end(claimed, JobState::Unknown, failure("no_task", "the row has no task id")).await;
        };
        if let Some(key) = &claimed.job.key
            && !self.service.inner.kie.remember_key(&task, &KeyLabel::from(key.as_str()))
        {
            tracing::debug!(job = %claimed.job.id, key, "the key that created the task is gone; the others are tried");
        }
        let elapsed = self.service.now().since(claimed.job.submitted_at.unwrap_or(claimed.job.created_at));
        // A job with a webhook does not wait behind routine polls.
        let lane = if claimed.webhooks > 0 { NOTIFIED } else { ROUTINE };
        let seen = self.service.inner.kie.for_lane(lane).task(&task).await;
        let (mut setbacks, _) = self.setbacks(&claimed, true);
        if seen.as_ref().is_err_and(Error::is_not_found) {
            setbacks.not_found_since = claimed.setbacks.not_found_since.or(Some(self.service.now()));
        }
        // A failed task may have been charged.
        let charged = seen.as_ref().ok().and_then(|task| task.output.credits);
        let delivery = seen.as_ref().ok().filter(|task| task.state.is_final()).cloned().map(Task::into_delivery);
        if seen.is_ok() && self.account_refusal.cleared() {
            tracing::info!("the vendor accepts the account again");
        }
        match classify(elapsed, seen) {
            PollOutcome::Done(output) => {
                self.note_end(&claimed);
                self.store_result(&claimed, delivery.unwrap_or(output)).await
            }
            PollOutcome::Unreadable(task) => self.await_result(claimed, *task).await,
            PollOutcome::Failed(failure) => {
                self.note_end(&claimed);
                claimed.job.output = charged.map(|credits| Output { credits: Some(credits), ..Output::default() });
                self.fail(claimed, failure).await
            }
            PollOutcome::Pending(_) | PollOutcome::Retry(_) | PollOutcome::Fatal(_)
                if elapsed > self.settings.give_up =>
            {
                // It may still finish, and be charged, so a person decides.
                self.end(claimed, JobState::Unknown, failure(TIMED_OUT, "the vendor did not finish the task")).await
            }
            PollOutcome::Pending(state) => {
                let stage = if elapsed > deadline(&claimed.job) {
                    ProgressStage::StillRunning { elapsed }
                } else if state == TaskState::Generating {
                    ProgressStage::Generating { elapsed }
                } else {
                    ProgressStage::Waiting { elapsed }
                };
                self.show_progress(&claimed.job, stage);
                let none = Some(Setbacks::default()).filter(|none| claimed.setbacks != *none);
                self.reschedule(&claimed, JobState::Running, self.poll_pause(elapsed), none).await
            }
            PollOutcome::Retry(after) => self.poll_later(claimed, elapsed, after, setbacks).await,
            PollOutcome::Fatal(error) if error.is_not_found() => {
                if setbacks.not_found_since.is_some_and(|since| self.service.now().since(since) >= GONE_FOR) {
                    if let Some(state) = self.use_kept_replies(&claimed).await? {
                        return Ok(state);
                    }
                    // It may have been billed, so a person decides.
                    return self.end(claimed, JobState::Unknown, failure(VANISHED, &error.to_string())).await;
                }
                self.poll_later(claimed, elapsed, Duration::ZERO, setbacks).await
            }
            PollOutcome::Fatal(error) => {
                // The account is refused, not the task: that one continues at the vendor.
                if self.account_refusal.changed(error.code()) {
                    tracing::error!(job = %claimed.job.id, code = error.code(), "the vendor refuses the account");
                }
                self.poll_later(claimed, elapsed, Duration::from_secs(60), setbacks).await
            }
        }
    }

    /// A poll has found the task ended.
    pub(super) fn note_end(&self, claimed: &ClaimedJob) {
        if let Some(webhooks) = self.service.webhooks() {
            webhooks.note_end(claimed.webhooks > 0, self.service.now());
        }
    }

    /// Reschedules a job after a poll without a result, with growing pauses of at least `least`.
    async fn poll_later(
        &self,
        claimed: ClaimedJob,
        elapsed: Duration,
        least: Duration,
        setbacks: Setbacks,
    ) -> Result<JobState, StoreError> {
        if elapsed > deadline(&claimed.job) {
            self.show_progress(&claimed.job, ProgressStage::StillRunning { elapsed });
        }
        let pause = after_errors(self.poll_pause(elapsed), setbacks.count).max(least);
        self.reschedule(&claimed, JobState::Running, pause, Some(setbacks)).await
    }

    pub(super) async fn store_result(&self, claimed: &ClaimedJob, output: Output) -> Result<JobState, StoreError> {
        let change = JobChange {
            cost: output.credits,
            output: Some(output),
            not_before: Some(self.service.now()),
            ..JobChange::default()
        };
        self.advance(claimed, JobState::Ready, change).await?;
        Ok(JobState::Ready)
    }

    /// The pause before the next poll of a task of this age.
    pub(super) fn poll_pause(&self, elapsed: Duration) -> Duration {
        let slowdown = self.service.webhooks().map_or(1, |webhooks| webhooks.slowdown(self.service.now()));
        self.settings.schedule.delay(elapsed, self.rng.chance()) * slowdown
    }
}

fn deadline(job: &Job) -> Duration {
    // The vendor is slow at times with every kind of task.
    crate::models::find(&job.model).map_or(LEAST_DEADLINE, |model| model.spec.deadline().max(LEAST_DEADLINE))
}

pub(super) fn failure(code: &str, message: &str) -> Failure {
    Failure { code: code.to_owned(), message: message.to_owned() }
}
