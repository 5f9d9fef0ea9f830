//! Delivery of results to their chats.

use super::super::delivery::{Patience, ResultFiles, SentFiles};
use super::super::in_flight::JobGuard;
use super::super::{DeliveryError, ProgressStage};
use super::Worker;
use super::redelivery::RESULT_TIME;
use super::step::failure;
use crate::job::{Job, JobState};
use crate::store::{ClaimedJob, JobChange, Setbacks};
use crate::store_error::StoreError;

/// The failure code of a job whose chat can no longer be reached.
pub const CHAT_GONE: &str = "chat_gone";

impl Worker {
    /// Handles `ready`: downloads and sends the result.
    pub(super) async fn deliver(&self, claimed: ClaimedJob, guard: &JobGuard) -> Result<JobState, StoreError> {
        let claimed = self.advance(&claimed, JobState::Delivering, JobChange::default()).await?;
        self.resume_delivery(claimed, guard).await
    }

    /// Handles `delivering`: for the first time, after a pause, or after a process that died while sending.
    pub(super) async fn resume_delivery(&self, claimed: ClaimedJob, guard: &JobGuard) -> Result<JobState, StoreError> {
        let mut sent = SentFiles::of_job(&self.service, &claimed.job.id).await?;
        let known = sent.files().len();
        let error = match self.download_and_send(&claimed, &mut sent).await {
            Ok(()) => return self.close(&claimed, JobState::Delivered, None).await,
            Err(_) if guard.is_stale() => return Err(Self::stale(&claimed.job)),
            Err(error) => error,
        };
        // Where a part came through, the chat takes messages: the setbacks are counted anew.
        let setbacks = if sent.files().len() > known { Setbacks::default() } else { claimed.setbacks };
        let claimed = ClaimedJob { setbacks, ..claimed };
        let job = &claimed.job;
        if let Some((setbacks, pause)) = self.next_try(&claimed, &error, RESULT_TIME) {
            note_retry(job, &error, claimed.setbacks, "delivery is retried later");
            return self.reschedule(&claimed, JobState::Delivering, pause, Some(setbacks)).await;
        }
        if sent.has_all_of(job) {
            tracing::warn!(job = %job.id, %error, "a result is in its chat without the buttons below it");
            return self.close(&claimed, JobState::Delivered, None).await;
        }
        tracing::error!(
            job = %job.id, %error,
            "delivery is given up; the result is kept, and sent when the chat writes again; \
             `kie-bot jobs --state undeliverable` lists such jobs"
        );
        let (code, why) = match &error {
            DeliveryError::Gone(why) => (CHAT_GONE, why),
            DeliveryError::Refused(why) | DeliveryError::Retry { why, .. } => ("delivery", why),
        };
        self.close(&claimed, JobState::Undeliverable, Some(failure(code, why))).await
    }

    /// Sends what the chat does not have yet. What was downloaded for it is deleted when this returns.
    async fn download_and_send(&self, claimed: &ClaimedJob, sent: &mut SentFiles) -> Result<(), DeliveryError> {
        let job = &claimed.job;
        let now = self.service.now();
        if claimed.setbacks.since.is_some() {
            // Files are not downloaded for a Telegram that still keeps silent.
            self.delivery.reach(job).await?;
        }
        self.show_progress(job, ProgressStage::Sending);
        // The balance is read during the download.
        self.service.request_balance();
        let folder = match &self.settings.scratch {
            Some(parent) => tempfile::Builder::new().prefix("result-").tempdir_in(parent),
            None => tempfile::Builder::new().prefix("kie-bot-").tempdir(),
        };
        let no_room = |error| DeliveryError::Retry { after: None, why: format!("no room for a download: {error}") };
        let folder = folder.map_err(no_room)?;
        let patience = Patience {
            refusals: claimed.setbacks.count,
            is_fresh: now.since(claimed.setbacks.since.unwrap_or(now)) < self.settings.file_grace,
        };
        let files = ResultFiles::new(&self.service, job, folder.path(), patience);
        self.delivery.deliver(job, &files, sent).await
    }

    /// Shows progress, unless nobody waits for the job.
    pub(super) fn show_progress(&self, job: &Job, stage: ProgressStage) {
        if !job.detached {
            self.delivery.progress(job, stage);
        }
    }
}

/// Logs a try that is repeated later: the first one for people, the others for who looks for them.
pub(super) fn note_retry(job: &Job, error: &DeliveryError, before: Setbacks, what: &str) {
    if before.since.is_none() {
        tracing::warn!(job = %job.id, %error, "{what}");
    } else {
        tracing::debug!(job = %job.id, %error, "{what}");
    }
}
