//! Attaches a task to its job: a webhook has named it, or the reply to a create came after the job was given up as
//! `unknown`.

use super::Service;
use crate::client::KeyLabel;
use crate::job::{Job, JobId, JobState, TaskId};
use crate::store::JobChange;
use crate::store_error::StoreError;

impl Service {
    /// Attaches the task that the vendor has named for a job. The task's id is stored first, whatever the state
    /// of the job: a worker that moves the job to `unknown` looks for stored ids afterwards. Then a job that is
    /// `unknown` continues with the task. Returns the job as it was; `None` when there is no such job.
    pub(super) async fn attach_task(
        &self,
        id: &JobId,
        task: Option<&TaskId>,
        key: Option<&KeyLabel>,
    ) -> Result<Option<Job>, StoreError> {
        let Some(job) = self.inner.store.record_webhook(id, task, self.now()).await? else { return Ok(None) };
        if let (JobState::Unknown, Some(task)) = (job.state, task) {
            self.attach_to_unknown(&job, task, key).await?;
        }
        Ok(Some(job))
    }

    /// Continues an `unknown` job with its task, unless another job has the task or the job has moved on.
    pub(super) async fn attach_to_unknown(
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
                tracing::info!(job = %job.id, %task, "the task of an unknown job is found");
                Ok(())
            }
            // A person or another webhook was first.
            Err(error) if error.is_stale() => Ok(()),
            Err(error) => Err(error),
        }
    }
}
