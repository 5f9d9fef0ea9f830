//! Delivery of results to their chats.

use std::time::Duration;

use super::super::delivery::{SentFiles, fetch};
use super::super::in_flight::JobGuard;
use super::super::{DeliveryError, Inner, ProgressStage};
use super::step::failure;
use super::{DELIVERY_ATTEMPTS, Worker};
use crate::backoff::Backoff;
use crate::job::{Job, JobState, Output};
use crate::store::{ClaimedJob, JobChange};
use crate::store_error::StoreError;

impl Worker {
    /// Handles `ready`: downloads and sends the result.
    pub(super) async fn deliver(&self, claimed: ClaimedJob, guard: &JobGuard) -> Result<JobState, StoreError> {
        let claimed = self.advance(&claimed, JobState::Delivering, JobChange::default()).await?;
        self.resume_delivery(claimed, guard).await
    }

    /// Handles `delivering`: for the first time, after a pause, or after a process that died while sending.
    pub(super) async fn resume_delivery(&self, claimed: ClaimedJob, guard: &JobGuard) -> Result<JobState, StoreError> {
        let sent = SentFiles::of_job(&self.service, &claimed.job.id).await?;
        let (count, parts) = (sent.files().len(), claimed.job.output.as_ref().map_or(0, Output::parts));
        if count > 0 && count >= parts {
            // All was sent; only the end was not stored.
            self.close(&claimed, JobState::Delivered, None).await
        } else {
            self.send(claimed, sent, guard).await
        }
    }

    async fn send(&self, claimed: ClaimedJob, mut sent: SentFiles, guard: &JobGuard) -> Result<JobState, StoreError> {
        self.show_progress(&claimed.job, ProgressStage::Sending);
        // The balance is read during the download.
        self.service.request_balance();
        let job = &claimed.job;
        match self.download_and_send(job, &mut sent, guard).await {
            Ok(()) => self.close(&claimed, JobState::Delivered, None).await,
            Err(_) if guard.is_stale() => Err(Self::stale(job)),
            Err(DeliveryError::Gone(why)) => {
                self.close(&claimed, JobState::Undeliverable, Some(failure("chat_gone", &why))).await
            }
            Err(DeliveryError::Retry { why, .. }) if job.attempts >= DELIVERY_ATTEMPTS => {
                tracing::error!(job = %job.id, why, "delivery is given up; the result is kept");
                self.close(&claimed, JobState::Undeliverable, Some(failure("delivery", &why))).await
            }
            Err(DeliveryError::Retry { after, why }) => {
                tracing::warn!(job = %job.id, why, "delivery is retried later");
                let pause = after.unwrap_or_default().max(self.redelivery_pause(job.attempts));
                self.reschedule(&claimed, JobState::Delivering, pause, None).await
            }
        }
    }

    /// Downloads what the chat does not have yet and sends it. The downloaded files are deleted when this returns.
    async fn download_and_send(&self, job: &Job, sent: &mut SentFiles, guard: &JobGuard) -> Result<(), DeliveryError> {
        let retry = |why: String| DeliveryError::Retry { after: None, why };
        let folder = match &self.settings.scratch {
            Some(parent) => tempfile::Builder::new().prefix("result-").tempdir_in(parent),
            None => tempfile::Builder::new().prefix("kie-bot-").tempdir(),
        };
        let folder = folder.map_err(|e| retry(format!("no room for a download: {e}")))?;
        let Inner { kie, send_limit, .. } = &*self.service.inner;
        let files = fetch(kie, job, sent, folder.path(), *send_limit).await.map_err(|e| retry(e.to_string()))?;
        if guard.is_stale() {
            return Err(retry("another worker has claimed the job".to_owned()));
        }
        self.delivery.deliver(job, &files, sent).await
    }

    /// The pause before a delivery is retried.
    pub(super) fn redelivery_pause(&self, attempts: u32) -> Duration {
        let first = self.settings.redelivery;
        Backoff::new(first, first.saturating_mul(256)).pause(attempts, 0.0)
    }

    /// Shows progress, unless nobody waits for the job.
    pub(super) fn show_progress(&self, job: &Job, stage: ProgressStage) {
        if !job.detached {
            self.delivery.progress(job, stage);
        }
    }
}
