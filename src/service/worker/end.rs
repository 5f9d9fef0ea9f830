//! How a job ends: the end is written, with its money, and is due for as long as the person has not heard of it.

use super::super::{DeliveryError, capture, release};
use super::{DELIVERY_ATTEMPTS, Worker};
use crate::job::{Failure, JobState};
use crate::ledger::EntryKind;
use crate::store::{ClaimedJob, JobChange};
use crate::store_error::StoreError;

impl Worker {
    pub(super) async fn fail(&self, claimed: ClaimedJob, failure: Failure) -> Result<JobState, StoreError> {
        self.end(claimed, JobState::Failed, failure).await
    }

    /// Writes an end without a result, then tells the person. A crash in between, or an unwilling chat, repeats the
    /// telling: silence would be worse.
    pub(super) async fn end(
        &self,
        claimed: ClaimedJob,
        state: JobState,
        failure: Failure,
    ) -> Result<JobState, StoreError> {
        // Whether the vendor has charged for a job of unknown fate is not known: its hold stays.
        let entry = if state == JobState::Failed { release(&claimed.job) } else { None };
        let output = claimed.job.output.clone();
        let change = JobChange { failure: Some(failure), entry, output, is_untold: true, ..JobChange::default() };
        let ended = self.advance(&claimed, state, change).await?;
        self.notify_chat(ended).await
    }

    /// An end that the person has not heard of.
    pub(super) async fn notify_chat(&self, claimed: ClaimedJob) -> Result<JobState, StoreError> {
        let job = &claimed.job;
        if job.state == JobState::Unknown
            && let Some(task) = self.named(&claimed).await?
        {
            // A call, or a slow reply, that came in between found a job that was not lost yet, and only left the name.
            self.service.attach_to_lost(job, &task, None).await?;
            return Ok(JobState::Running);
        }
        let until = match self.delivery.failed(job).await {
            Ok(()) => None,
            Err(error @ DeliveryError::Gone(_)) => {
                tracing::warn!(job = %job.id, %error, "the person cannot be told of an end");
                None
            }
            Err(error @ DeliveryError::Retry { .. }) if job.attempts >= DELIVERY_ATTEMPTS => {
                tracing::error!(job = %job.id, %error, "telling the person of an end is given up");
                None
            }
            Err(DeliveryError::Retry { after, why }) => {
                tracing::warn!(job = %job.id, why, "the person is told of an end later");
                Some(self.service.now() + after.unwrap_or_default().max(self.redelivery(job.attempts)))
            }
        };
        self.service.retry_until_available(|| self.service.inner.store.release(&claimed, until)).await?;
        Ok(job.state)
    }

    /// Writes the end of a delivery, and spends the hold: the vendor has done its work, whether or not the chat could be
    /// reached.
    pub(super) async fn close(
        &self,
        claimed: &ClaimedJob,
        state: JobState,
        failure: Option<Failure>,
    ) -> Result<JobState, StoreError> {
        let change = JobChange { failure, entry: capture(&claimed.job), ..JobChange::default() };
        match self.advance(claimed, state, change.clone()).await {
            // A result that goes out after the chat came back was paid when it left.
            Err(StoreError::Booked { kind: EntryKind::Capture, .. }) => {
                self.advance(claimed, state, JobChange { entry: None, ..change }).await?;
            }
            other => drop(other?),
        }
        Ok(state)
    }
}
