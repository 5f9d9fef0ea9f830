//! Creates whose reply was lost: what can be found again is found, what cannot is a person's to decide.

use std::time::Duration;

use super::Worker;
use crate::job::{Failure, JobState, TaskId};
use crate::kie::wait::{GRACE, Verdict, observe};
use crate::store::{Claimed, StoreError};

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
    /// The reply to a create is lost. The vendor may have called about it already, and named the task.
    pub(super) async fn lose(&self, claimed: Claimed, failure: Failure) -> Result<JobState, StoreError> {
        if let Some(task) = self.named(&claimed).await? {
            return self.accept(claimed, task, None).await;
        }
        let job = claimed.job.clone();
        let state = self.end(claimed, JobState::Unknown, failure).await?;
        // A call that came in between found a job that was not lost yet, and only left the name.
        if let Some(task) = self.service.inner.store.callbacks(&job.id).await?.pop() {
            self.service.take_up(&job, task).await?;
        }
        Ok(state)
    }

    /// Before a job is sent again: the vendor may have spoken of the first task since.
    pub(super) async fn earlier(&self, claimed: &Claimed) -> Result<Earlier, StoreError> {
        let Some(task) = self.named(claimed).await? else { return Ok(Earlier::None) };
        let look = self.keep_lease(claimed, self.service.inner.kie.task(&task)).await;
        // It is old enough to be known by now.
        Ok(match observe(GRACE + Duration::from_secs(1), look) {
            Verdict::Done(_) | Verdict::Pending(_) => Earlier::Task(task),
            Verdict::Failed(_) => Earlier::None,
            Verdict::Retry(_) | Verdict::Fatal(_) => Earlier::Unsure,
        })
    }

    /// The last task that the vendor has named for this job and that no job has.
    async fn named(&self, claimed: &Claimed) -> Result<Option<TaskId>, StoreError> {
        let store = &self.service.inner.store;
        let Some(task) = store.callbacks(&claimed.job.id).await?.pop() else { return Ok(None) };
        Ok(store.job_by_task(&task).await?.is_none().then_some(task))
    }
}
