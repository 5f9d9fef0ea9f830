//! Creates whose reply was lost, and tasks that were: the task is found by webhooks, or when the vendor is asked before the
//! job is sent again, or a person decides.

use std::time::Duration;

use super::Worker;
use crate::client::wait::{GRACE, MIN_POLL_INTERVAL, PollOutcome, classify};
use crate::client::{KeyLabel, Task};
use crate::job::{Failure, Job, JobState, TaskId};
use crate::store::{ClaimedJob, JobChange};
use crate::store_error::StoreError;

/// A task that an earlier create of the same job may have made.
pub(super) enum EarlierTask {
    /// There is none, it has failed, or the vendor does not know it.
    None,
    /// It runs or has a result.
    Usable(TaskId, Option<KeyLabel>),
    /// The vendor does not answer now.
    Unknown,
}

impl Worker {
    /// Stores the task that this worker has just created. Only this process knows the task until it is stored, so the
    /// write is retried while the store is unavailable, and the task is stored even if the job became `unknown` in the
    /// meantime.
    pub(super) async fn accept_created(
        &self,
        claimed: ClaimedJob,
        task: TaskId,
        key: KeyLabel,
    ) -> Result<JobState, StoreError> {
        tracing::info!(job = %claimed.job.id, %task, model = claimed.job.model, "task created");
        self.accept(claimed, task, Some(key), self.poll_pause(Duration::ZERO)).await
    }

    /// Stores the task of an earlier create, which may have ended already; as [`Worker::accept_created`].
    pub(super) async fn accept_found(
        &self,
        claimed: ClaimedJob,
        task: TaskId,
        key: Option<KeyLabel>,
    ) -> Result<JobState, StoreError> {
        tracing::info!(job = %claimed.job.id, %task, model = claimed.job.model, "the task of an earlier create is found");
        // It may have been asked about just now.
        self.accept(claimed, task, key, MIN_POLL_INTERVAL).await
    }

    async fn accept(
        &self,
        claimed: ClaimedJob,
        task: TaskId,
        key: Option<KeyLabel>,
        pause: Duration,
    ) -> Result<JobState, StoreError> {
        let (now, id) = (self.service.now(), &claimed.job.id);
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
        // The lease ended during the create, or the reply to the move was lost.
        match self.service.retry_until_available(|| self.service.attach_task(id, Some(&task), key.as_ref())).await? {
            Some(job) if job.task.as_ref() == Some(&task) => Ok(job.state),
            Some(job) if job.state == JobState::Unknown => {
                tracing::warn!(job = %id, %task, "the reply to a create came late; its task is attached");
                Ok(JobState::Running)
            }
            Some(job) if job.state.is_final() || job.task.is_some() => {
                let state = job.state.as_str();
                tracing::error!(job = %id, %task, state, "a task was created that no job waits for");
                Err(Self::stale(&job))
            }
            // The worker that has claimed the job will find the stored task.
            _ => Err(Self::stale(&claimed.job)),
        }
    }

    /// Stores the result of a create that was answered with it. Only this process has it until it is stored, so it is stored
    /// even if another worker has taken the job over, for as long as that one takes the create for lost.
    pub(super) async fn accept_finished(
        &self,
        claimed: ClaimedJob,
        id: TaskId,
        key: KeyLabel,
        task: Task,
    ) -> Result<JobState, StoreError> {
        let now = self.service.now();
        tracing::info!(job = %claimed.job.id, task = %id, model = claimed.job.model, "created and finished at once");
        let output = task.into_delivery();
        let change = JobChange {
            task: Some(id.clone()),
            key: Some(key.0),
            submitted_at: Some(now),
            cost: output.credits,
            output: Some(output),
            not_before: Some(now),
            ..JobChange::default()
        };
        match self.advance(&claimed, JobState::Ready, change.clone()).await {
            Err(error) if error.is_stale() => {}
            other => return other.map(|_| JobState::Ready),
        }
        // The lease ended during the create. The job is still `submitting`, or it is `unknown` by now.
        let (store, job) = (&self.service.inner.store, &claimed.job.id);
        for from in [JobState::Submitting, JobState::Unknown] {
            let stored = self.service.retry_until_available(|| store.decide(job, from, JobState::Ready, &change, now));
            match stored.await {
                Err(error) if error.is_stale() => {}
                Ok(_) => {
                    tracing::warn!(%job, task = %id, from = from.as_str(), "a result that came late is stored");
                    return Ok(JobState::Ready);
                }
                Err(error) => return Err(error),
            }
        }
        tracing::error!(%job, made = %id, "a result came that no job waits for");
        Err(Self::stale(&claimed.job))
    }

    /// Handles a lost reply to a create. A webhook may have named the task already.
    pub(super) async fn mark_lost(&self, claimed: ClaimedJob, failure: Failure) -> Result<JobState, StoreError> {
        match self.unattached_task(&claimed).await? {
            Some(task) => self.accept_found(claimed, task, None).await,
            None => self.end(claimed, JobState::Unknown, failure).await,
        }
    }

    /// Before a job is sent again: asks the vendor about the task that the job has, and about those that webhooks have
    /// named, the last one first.
    pub(super) async fn earlier_task(&self, job: &Job) -> Result<EarlierTask, StoreError> {
        let store = &self.service.inner.store;
        let mut tasks = store.webhook_tasks(&job.id).await?;
        tasks.retain(|task| job.task.as_ref() != Some(task));
        let mut answer = EarlierTask::None;
        for task in job.task.iter().chain(&tasks).rev() {
            if store.job_by_task(task).await?.is_some_and(|owner| owner.id != job.id) {
                continue;
            }
            match self.ask_about(job, task).await {
                EarlierTask::None => {}
                EarlierTask::Unknown => answer = EarlierTask::Unknown,
                usable @ EarlierTask::Usable(..) => return Ok(usable),
            }
        }
        Ok(answer)
    }

    async fn ask_about(&self, job: &Job, task: &TaskId) -> EarlierTask {
        let kie = &self.service.inner.kie;
        let key = job.key.as_deref().filter(|_| job.task.as_ref() == Some(task)).map(KeyLabel::from);
        if let Some(key) = &key {
            kie.remember_key(task, key);
        }
        // Past the grace time, "not found" is final.
        match classify(GRACE + Duration::from_secs(1), kie.task(task).await) {
            PollOutcome::Done(_) | PollOutcome::Pending(_) | PollOutcome::Unreadable(_) => {
                EarlierTask::Usable(task.clone(), key)
            }
            PollOutcome::Failed(_) => EarlierTask::None,
            PollOutcome::Fatal(error) if error.is_not_found() => EarlierTask::None,
            PollOutcome::Retry(_) | PollOutcome::Fatal(_) => EarlierTask::Unknown,
        }
    }

    /// The last task that a webhook has named for this job, unless a job has it already.
    pub(super) async fn unattached_task(&self, claimed: &ClaimedJob) -> Result<Option<TaskId>, StoreError> {
        let store = &self.service.inner.store;
        let Some(task) = store.webhook_tasks(&claimed.job.id).await?.pop() else { return Ok(None) };
        Ok(store.job_by_task(&task).await?.is_none().then_some(task))
    }
}
