//! Creates whose reply was lost: what can be found again is found, what cannot is a person's to decide.

use std::time::Duration;

use super::Worker;
use crate::client::KeyLabel;
use crate::client::wait::{GRACE, PollOutcome, classify};
use crate::job::{Failure, JobState, TaskId};
use crate::store::{ClaimedJob, JobChange};
use crate::store_error::StoreError;

/// What is known of a task that an earlier create may have made.
pub(super) enum Earlier {
    /// There is none, or it has come to nothing.
    None,
    /// It runs, or has a result.
    Task(TaskId),
    /// The vendor does not say at the moment.
    Unsure,
}

impl Worker {
    /// The vendor has a task for this job. `key` is known to whoever made it just now.
    ///
    /// The name is held here alone until it is written, so it is written for as long as that takes; and when the job was
    /// taken for lost in the meantime, all the same.
    pub(super) async fn accept(
        &self,
        claimed: ClaimedJob,
        task: TaskId,
        key: Option<KeyLabel>,
    ) -> Result<JobState, StoreError> {
        let (now, id) = (self.service.now(), &claimed.job.id);
        tracing::info!(job = %id, %task, model = claimed.job.model, "task created");
        // One that was made earlier and found again may have ended already.
        let pause = if key.is_some() { self.pause_at(Duration::ZERO) } else { Duration::ZERO };
        let change = JobChange {
            task: Some(task.clone()),
            key: key.as_ref().map(|key| key.0.clone()),
            submitted_at: Some(now),
            not_before: Some(now + pause),
            ..JobChange::default()
        };
        match self.advance(&claimed, JobState::Running, change).await {
            Err(error) if error.is_stale() => {}
            other => return other.map(|_| JobState::Running),
        }
        // The lease ran out while the vendor thought about it; or the reply to our own move was lost.
        match self.service.retry_until_available(|| self.service.attach_task(id, Some(&task), key.as_ref())).await? {
            Some(job) if job.task.as_ref() == Some(&task) => Ok(job.state),
            Some(job) if job.state == JobState::Unknown => {
                tracing::warn!(job = %id, %task, "a slow create is put right");
                Ok(JobState::Running)
            }
            Some(job) if job.state.is_final() || job.task.is_some() => {
                tracing::error!(job = %id, %task, state = job.state.as_str(), "a task was made that nobody waits for");
                Err(Self::stale(&job))
            }
            // Whoever has the job now will find the name.
            _ => Err(Self::stale(&claimed.job)),
        }
    }

    /// The reply to a create is lost. The vendor may have called about it already, and named the task.
    pub(super) async fn mark_lost(&self, claimed: ClaimedJob, failure: Failure) -> Result<JobState, StoreError> {
        match self.named(&claimed).await? {
            Some(task) => self.accept(claimed, task, None).await,
            None => self.end(claimed, JobState::Unknown, failure).await,
        }
    }

    /// Before a job is sent again: the vendor may have spoken of the first task since.
    pub(super) async fn earlier(&self, named: Option<TaskId>) -> Earlier {
        let Some(task) = named else { return Earlier::None };
        // It is old enough to be known by now.
        match classify(GRACE + Duration::from_secs(1), self.service.inner.kie.task(&task).await) {
            PollOutcome::Done(_) | PollOutcome::Pending(_) => Earlier::Task(task),
            PollOutcome::Failed(_) => Earlier::None,
            PollOutcome::Fatal(error) if error.is_not_found() => Earlier::None,
            PollOutcome::Retry(_) | PollOutcome::Fatal(_) => Earlier::Unsure,
        }
    }

    /// The last task that was named for this job and that no job has.
    pub(super) async fn named(&self, claimed: &ClaimedJob) -> Result<Option<TaskId>, StoreError> {
        let store = &self.service.inner.store;
        let Some(task) = store.webhook_tasks(&claimed.job.id).await?.pop() else { return Ok(None) };
        Ok(store.job_by_task(&task).await?.is_none().then_some(task))
    }
}
