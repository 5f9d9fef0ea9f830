//! Attaches a task to its job: a webhook named it, or a reply came after its job was taken for lost.

use super::Service;
use crate::client::KeyLabel;
use crate::job::{Job, JobId, JobState, TaskId};
use crate::store::JobChange;
use crate::store_error::StoreError;

impl Service {
    /// Somebody who must know says that this task is the job's. The name is stored first, so that it is not lost whatever
    /// becomes of the job meanwhile: whoever writes `unknown` looks for names afterwards. Then a job whose create was taken
    /// for lost goes on with it. Returns the job as it stood; `None` when there is no such job.
    pub(super) async fn attach_task(
        &self,
        id: &JobId,
        task: Option<&TaskId>,
        key: Option<&KeyLabel>,
    ) -> Result<Option<Job>, StoreError> {
        let Some(job) = self.inner.store.record_webhook(id, task, self.now()).await? else { return Ok(None) };
        if let (JobState::Unknown, Some(task)) = (job.state, task) {
            self.attach_to_lost(&job, task, key).await?;
        }
        Ok(Some(job))
    }

    /// Goes on with a task that was named for a job whose fate is not known.
    pub(super) async fn attach_to_lost(
        &self,
        job: &Job,
        task: &TaskId,
        key: Option<&KeyLabel>,
    ) -> Result<(), StoreError> {
        let owner = self.inner.store.job_by_task(task).await?;
        if owner.is_some_and(|owner| owner.id != job.id) {
            return Ok(());
        }
        let now = self.now();
        let change = JobChange {
            task: Some(task.clone()),
            key: key.map(|key| key.0.clone()),
            submitted_at: Some(now),
            not_before: Some(now),
            ..JobChange::default()
        };
        match self.inner.store.decide(&job.id, JobState::Unknown, JobState::Running, &change, now).await {
            Ok(job) => {
                tracing::info!(job = %job.id, %task, "a lost create is found again");
                Ok(())
            }
            // A person was faster, or another webhook.
            Err(error) if error.is_stale() => Ok(()),
            Err(error) => Err(error),
        }
    }
}
