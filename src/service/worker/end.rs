//! The end of a job: it is stored with its ledger entry, and the job stays due until the user has been told.

use super::super::{DeliveryError, settlement};
use super::Worker;
use super::redelivery::END_TIME;
use super::send::note_retry;
use crate::job::{Failure, Job, JobState};
use crate::ledger::{Credits, EntryKind};
use crate::referral::Reward;
use crate::store::{ClaimedJob, JobChange};
use crate::store_error::StoreError;

impl Worker {
    pub(super) async fn fail(&self, claimed: ClaimedJob, failure: Failure) -> Result<JobState, StoreError> {
        self.end(claimed, JobState::Failed, failure).await
    }

    /// Stores an end without a result, then tells the user. After a crash in between, or when the chat refuses the
    /// message, the user is told again: twice is better than never.
    pub(super) async fn end(
        &self,
        claimed: ClaimedJob,
        state: JobState,
        failure: Failure,
    ) -> Result<JobState, StoreError> {
        // It is not known whether the vendor charged for a job that is `unknown` or `unreadable`, so its hold stays for a
        // person. A failed task is free by the vendor's rule, unless its record says otherwise: then the credits are spent,
        // and whoever pays for the job has their money back all the same.
        let charged = claimed.job.output.as_ref().and_then(|output| output.credits);
        let now = self.service.now();
        let settled = match state {
            JobState::Failed if charged.is_some_and(|credits| credits > Credits::ZERO) => {
                settlement::spend(&claimed.job, now)
            }
            JobState::Failed => settlement::release(&claimed.job, now),
            _ => JobChange::default(),
        };
        let output = claimed.job.output.clone();
        let change = JobChange { failure: Some(failure), cost: charged, output, is_untold: true, ..settled };
        let ended = self.advance(&claimed, state, change).await?;
        self.notify_chat(ended).await
    }

    /// Tells the user of an end.
    pub(super) async fn notify_chat(&self, claimed: ClaimedJob) -> Result<JobState, StoreError> {
        let job = &claimed.job;
        if job.state == JobState::Unknown
            && let Some(task) = self.unattached_task(&claimed).await?
        {
            // A webhook or a slow reply arrived before the job was `unknown`, and only stored the id of the task.
            self.service.attach_to_unknown(job, &task, None).await?;
            return Ok(JobState::Running);
        }
        let next = match self.delivery.failed(job).await {
            Ok(()) => None,
            Err(error) => {
                let next = self.next_try(&claimed, &error, END_TIME);
                match (&error, next) {
                    (_, Some(_)) => note_retry(job, &error, claimed.setbacks, "the user is told of an end later"),
                    (DeliveryError::Gone(_), None) => {
                        tracing::warn!(job = %job.id, %error, "the user cannot be told of an end");
                    }
                    (DeliveryError::Refused(_) | DeliveryError::Retry { .. }, None) => {
                        tracing::error!(job = %job.id, %error, "telling the user of an end is given up");
                    }
                }
                next
            }
        };
        let (setbacks, pause) = next.unzip();
        let until = pause.map(|pause| self.service.now() + pause);
        let store = &self.service.inner.store;
        self.service.retry_until_available(|| store.release(&claimed, until, setbacks)).await?;
        Ok(job.state)
    }

    /// Stores the end of a delivery and captures the hold: the vendor has delivered, whether or not the chat could be
    /// reached.
    pub(super) async fn close(
        &self,
        claimed: &ClaimedJob,
        state: JobState,
        failure: Option<Failure>,
    ) -> Result<JobState, StoreError> {
        let captured = settlement::capture(&claimed.job, self.service.now());
        let reward = self.service.reward_for(&claimed.job, &captured).await?;
        let change = JobChange { failure, reward, ..captured };
        match self.advance(claimed, state, change.clone()).await {
            // The hold of an undeliverable result was captured before.
            Err(StoreError::Booked { kind: EntryKind::Capture, .. }) => {
                let change = JobChange { entry: None, transfers: Vec::new(), reward: None, ..change };
                self.advance(claimed, state, change).await?;
            }
            other => drop(other?),
        }
        if let Some(reward) = reward {
            self.tell_reward(&claimed.job, &reward).await;
        }
        Ok(state)
    }

    /// Tells of a reward, if this job has earned it.
    async fn tell_reward(&self, job: &Job, reward: &Reward) {
        match self.service.referral_of(reward.friend).await {
            Ok(Some(referral)) if referral.rewarded_by.as_ref() == Some(&job.id) => {
                tracing::info!(job = %job.id, inviter = reward.inviter.0, "a friend was brought and has paid");
                self.delivery.rewarded(reward).await;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(job = %job.id, %error, "a reward is not told"),
        }
    }
}
