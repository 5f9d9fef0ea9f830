//! Files of a job that was ordered long before it is sent.

use std::ops::ControlFlow;
use std::time::Duration;

use super::super::AttachError;
use super::super::in_flight::JobGuard;
use super::Worker;
use super::step::failure;
use super::submit::{LONGEST, PAUSE, RESEND_TIMEOUT};
use crate::job::{JobInput, JobState};
use crate::store::{ClaimedJob, JobChange};
use crate::store_error::StoreError;

/// The failure code of a job that was not sent because a file of it can no longer be had. The message names the field.
pub const FILE_GONE: &str = "file_gone";

impl Worker {
    /// Before a job is sent: uploads files again that the vendor may have deleted since the order. The job goes on with the
    /// new input, or ends the step: it is tried again later, or has failed.
    pub(super) async fn renew_files(
        &self,
        claimed: ClaimedJob,
        guard: &JobGuard,
    ) -> Result<ControlFlow<JobState, ClaimedJob>, StoreError> {
        let now = self.service.now();
        if !claimed.job.attachments.iter().any(|attachment| attachment.is_expired(now)) {
            return Ok(ControlFlow::Continue(claimed));
        }
        let (mut fields, mut attachments) = (claimed.job.input.clone(), claimed.job.attachments.clone());
        let renewed = tokio::select! {
            biased;
            () = self.stop.cancelled() => {
                let held = self.reschedule(&claimed, JobState::Held, Duration::ZERO, None).await?;
                return Ok(ControlFlow::Break(held));
            }
            () = guard.stale() => return Err(Self::stale(&claimed.job)),
            renewed = self.service.renew_files(&mut fields, &mut attachments, self.attachments.as_ref()) => renewed,
        };
        // What was uploaded before an error is kept.
        let input = (attachments != claimed.job.attachments).then_some(JobInput { fields, attachments });
        let change = JobChange { input, ..JobChange::default() };
        let Err(error) = renewed else {
            return self.advance(&claimed, JobState::Held, change).await.map(ControlFlow::Continue);
        };
        let (setbacks, waited) = self.setbacks(&claimed, false);
        let job = &claimed.job.id;
        if error.why.is_temporary() && waited < RESEND_TIMEOUT {
            tracing::warn!(%job, %error, "a file of the job cannot be renewed for the moment");
            let pause = (waited / 4).clamp(PAUSE, LONGEST);
            let change = JobChange { setbacks: Some(setbacks), not_before: Some(self.service.now() + pause), ..change };
            return self.advance(&claimed, JobState::Held, change).await.map(|_| ControlFlow::Break(JobState::Held));
        }
        tracing::warn!(%job, %error, "a file of the job cannot be renewed");
        let why = match &error.why {
            AttachError::Upload(upload) => upload.to_failure(),
            AttachError::Fetch(_) | AttachError::Expired => failure(FILE_GONE, &error.field),
        };
        self.fail(claimed, why).await.map(ControlFlow::Break)
    }
}
