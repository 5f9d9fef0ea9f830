//! Tasks that have succeeded without a result that can be read: the result may come later, or was only in a webhook.

use super::Worker;
use super::step::failure;
use crate::client::{Task, Webhook};
use crate::clock::Timestamp;
use crate::job::{Job, JobState, Output, ReplySource, VendorReply};
use crate::store::{ClaimedJob, Setbacks};
use crate::store_error::StoreError;

/// The failure code of a job whose result cannot be read.
pub const UNREADABLE: &str = "unreadable";

impl Worker {
    /// Handles a task that has succeeded without a result that can be read. A result that a signed webhook has brought
    /// counts. Otherwise the task is polled again for a while, and then a person decides.
    pub(super) async fn await_result(&self, mut claimed: ClaimedJob, task: Task) -> Result<JobState, StoreError> {
        let (service, now) = (&self.service, self.service.now());
        let charged = task.output.credits;
        if let Some(output) = self.webhook_result(&claimed.job).await? {
            self.note_end(&claimed);
            return self.store_result(&claimed, Output { credits: charged.or(output.credits), ..output }).await;
        }
        let reply = VendorReply::new(ReplySource::Poll, task.raw.to_string(), now);
        let store = &service.inner.store;
        let since: Timestamp = service.retry_until_available(|| store.put_reply(&claimed.job.id, &reply)).await?;
        let (waited, grace) = (now.since(since), self.settings.result_grace);
        if waited < grace {
            let pause = self.settings.schedule.delay(waited, self.rng.chance()).min(grace.saturating_sub(waited));
            let found = Setbacks { not_found_since: None, ..claimed.setbacks };
            return self.reschedule(&claimed, JobState::Running, pause, Some(found)).await;
        }
        self.note_end(&claimed);
        let Job { id: job, model, .. } = &claimed.job;
        tracing::error!(
            %job, model, task = %task.id,
            "the vendor says success, and nothing in its record can be read as a result; `kie-bot jobs --state unreadable \
             --json` shows the record, `kie-bot jobs retry` or `refund` decides"
        );
        claimed.job.output = charged.map(|credits| Output { credits: Some(credits), ..Output::default() });
        let why = failure(UNREADABLE, "nothing in the vendor's record can be read as a result");
        self.end(claimed, JobState::Unreadable, why).await
    }

    /// Handles a task that the vendor no longer knows and whose success was seen: what was kept of it may be readable by
    /// now. `None` when nothing was kept.
    pub(super) async fn use_kept_replies(&self, claimed: &ClaimedJob) -> Result<Option<JobState>, StoreError> {
        let job = &claimed.job;
        if let Some(output) = self.webhook_result(job).await? {
            return self.store_result(claimed, output).await.map(Some);
        }
        let (Some(id), Some(reply)) = (&job.task, self.kept(job, ReplySource::Poll).await?) else { return Ok(None) };
        let record = serde_json::from_str(&reply.body).unwrap_or_default();
        match Task::from_record(id, record) {
            Ok(task) if !task.is_empty() => self.store_result(claimed, task.into_delivery()).await.map(Some),
            _ => {
                let why = failure(UNREADABLE, "nothing in the vendor's record can be read as a result");
                self.end(claimed.clone(), JobState::Unreadable, why).await.map(Some)
            }
        }
    }

    /// The result that a signed webhook has brought. The signature does not cover the body: files count only from the
    /// vendor's own hosts.
    async fn webhook_result(&self, job: &Job) -> Result<Option<Output>, StoreError> {
        let Some(reply) = self.kept(job, ReplySource::Webhook).await? else { return Ok(None) };
        let Ok(webhook) = Webhook::parse(reply.body.as_bytes()) else { return Ok(None) };
        if job.task.as_ref() != Some(&webhook.task) {
            return Ok(None);
        }
        let is_own = |url: &str| self.service.inner.kie.is_own_file(url);
        let mut tracks = webhook.extras.track_facts();
        tracks.retain(|track| track.cover.as_deref().is_none_or(is_own));
        let Output { urls, names, text, data, id, credits, .. } = webhook.output;
        let mut names = names.into_iter();
        let files = urls.into_iter().map(|url| (url, names.next().unwrap_or_default()));
        let (trusted, foreign): (Vec<_>, Vec<_>) = files.partition(|(url, _)| is_own(url));
        if !foreign.is_empty() {
            tracing::warn!(job = %job.id, files = foreign.len(), "files of a webhook are not from the vendor's hosts");
        }
        let (urls, names) = trusted.into_iter().unzip();
        let output = Output { urls, names, tracks, text, data, id, credits };
        Ok((output.parts() > 0).then_some(output))
    }

    async fn kept(&self, job: &Job, source: ReplySource) -> Result<Option<VendorReply>, StoreError> {
        let replies = self.service.inner.store.replies(&job.id).await?;
        Ok(replies.into_iter().find(|reply| reply.source == source))
    }
}
