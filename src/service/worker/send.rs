//! Results on their way into their chats.

use std::time::Duration;

use super::super::delivery::fetch;
use super::super::in_flight::JobGuard;
use super::super::{DeliveryError, MessageRef, ProgressStage};
use super::step::failure;
use super::{DELIVERY_ATTEMPTS, Worker};
use crate::backoff::Backoff;
use crate::job::{DeliveredFile, Job, JobState, Output};
use crate::store::{ClaimedJob, JobChange};
use crate::store_error::StoreError;

impl Worker {
    /// Ready: download, send, remember what the chat has.
    pub(super) async fn deliver(&self, claimed: ClaimedJob, guard: &JobGuard) -> Result<JobState, StoreError> {
        let claimed = self.advance(&claimed, JobState::Delivering, JobChange::default()).await?;
        self.resume_delivery(claimed, guard).await
    }

    /// Delivering: for the first time, or found by a later claim: a retry that is due, or a process that died while sending.
    pub(super) async fn resume_delivery(&self, claimed: ClaimedJob, guard: &JobGuard) -> Result<JobState, StoreError> {
        let sent = self.service.inner.store.files(&claimed.job.id).await?;
        let parts = claimed.job.output.as_ref().map_or(0, Output::parts);
        if !sent.is_empty() && sent.len() >= parts {
            // It was sent, and only the last word is missing.
            self.close(&claimed, JobState::Delivered, None).await
        } else {
            self.send(claimed, &sent, guard).await
        }
    }

    async fn send(
        &self,
        mut claimed: ClaimedJob,
        sent: &[DeliveredFile],
        guard: &JobGuard,
    ) -> Result<JobState, StoreError> {
        self.show(&mut claimed.job, ProgressStage::Sending).await;
        // It is read while the files are fetched.
        self.service.want_balance();
        let job = &claimed.job;
        match self.download_and_send(job, sent, guard).await {
            Ok(files) => {
                self.service.retry_until_available(|| self.service.inner.store.put_files(&job.id, &files)).await?;
                self.close(&claimed, JobState::Delivered, None).await
            }
            Err(_) if guard.is_lost() => Err(Self::stale(job)),
            Err(DeliveryError::Gone(why)) => {
                self.close(&claimed, JobState::Undeliverable, Some(failure("chat_gone", &why))).await
            }
            Err(DeliveryError::Retry { why, .. }) if job.attempts >= DELIVERY_ATTEMPTS => {
                tracing::error!(job = %job.id, why, "delivery is given up; the result is kept");
                self.close(&claimed, JobState::Undeliverable, Some(failure("delivery", &why))).await
            }
            Err(DeliveryError::Retry { after, why }) => {
                tracing::warn!(job = %job.id, why, "delivery is tried again");
                let pause = after.unwrap_or_default().max(self.redelivery(job.attempts));
                self.rest_in(&claimed, JobState::Delivering, pause, None).await
            }
        }
    }

    /// Downloads what the chat has not got yet and hands it to the edge; the files are gone when this returns.
    async fn download_and_send(
        &self,
        job: &Job,
        sent: &[DeliveredFile],
        guard: &JobGuard,
    ) -> Result<Vec<DeliveredFile>, DeliveryError> {
        let retry = |why: String| DeliveryError::Retry { after: None, why };
        let folder = match &self.settings.scratch {
            Some(parent) => tempfile::Builder::new().prefix("result-").tempdir_in(parent),
            None => tempfile::Builder::new().prefix("kie-bot-").tempdir(),
        };
        let folder = folder.map_err(|e| retry(format!("no room for a download: {e}")))?;
        let files = fetch(&self.service.inner.kie, job, sent, folder.path()).await.map_err(|e| retry(e.to_string()))?;
        if guard.is_lost() {
            return Err(retry("another worker goes on with it".to_owned()));
        }
        self.delivery.deliver(job, &files, sent).await
    }

    /// The pause before a chat is tried again.
    pub(super) fn redelivery(&self, attempts: u32) -> Duration {
        let first = self.settings.redelivery;
        Backoff::new(first, first.saturating_mul(256)).pause(attempts, 0.0)
    }

    /// Shows progress; that it could not be shown never stops the job.
    pub(super) async fn show(&self, job: &mut Job, stage: ProgressStage) {
        if job.detached {
            return;
        }
        match self.delivery.progress(job, stage).await {
            Ok(Some(MessageRef { chat, message })) => {
                (job.chat, job.progress_message) = (chat, Some(message));
                if let Err(error) = self.service.inner.store.set_progress_message(&job.id, chat, message).await {
                    tracing::warn!(job = %job.id, %error, "the progress message could not be remembered");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::debug!(job = %job.id, %error, "progress could not be shown"),
        }
    }
}
