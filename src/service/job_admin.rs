//! Decisions about jobs that only a person can make: the user who ordered, or the operator. Needs a store and nothing
//! else.

use std::sync::Arc;

use super::settlement;
use crate::audit::{Actor, AuditAction, AuditEntry};
use crate::clock::Clock;
use crate::job::{ChatId, Failure, Job, JobId, JobState, TaskId, VendorReply};
use crate::store::{JobChange, JobList, Store};
use crate::store_error::StoreError;

/// The failure code of a job that a person gave up.
pub const GIVEN_UP: &str = "given_up";

/// Lists jobs and carries out decisions about them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct JobAdmin {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// The admin who acts; `None` for the person who has ordered, and for the bot itself.
    actor: Option<Actor>,
}

impl JobAdmin {
    /// Over a store, on a clock.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, actor: None }
    }

    /// The same, for an admin: what changes is written to the audit.
    #[must_use]
    pub fn by(self, actor: Actor) -> Self {
        Self { actor: Some(actor), ..self }
    }

    /// The act of an admin that moves a job, if an admin moves it.
    async fn act(
        &self,
        action: AuditAction,
        id: &JobId,
        from: JobState,
        next: JobState,
    ) -> Result<Option<AuditEntry>, StoreError> {
        let Some(actor) = &self.actor else { return Ok(None) };
        let entry = AuditEntry::new(actor.clone(), action, self.clock.now()).on(&id.0);
        let entry = entry.from(from.as_str()).to(next.as_str());
        Ok(Some(match self.store.job(id).await? {
            Some(job) => entry.about(job.user.0),
            None => entry,
        }))
    }

    /// Jobs of all chats, in one state or in any, newest first; see [`Store::jobs_in`].
    ///
    /// # Errors
    /// When the store fails.
    pub async fn jobs(&self, state: Option<JobState>, limit: u32) -> Result<JobList, StoreError> {
        self.store.jobs_in(state, limit).await
    }

    /// The job, if it exists.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn job(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        self.store.job(id).await
    }

    /// The job with this id, or the one of the vendor's task with it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find(&self, id: &str) -> Result<Option<Job>, StoreError> {
        match self.store.job(&id.into()).await? {
            Some(job) => Ok(Some(job)),
            None => self.store.job_by_task(&TaskId(id.to_owned())).await,
        }
    }

    /// Sends an `unknown` job again as a new task; the vendor may bill it twice.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the job is no longer `Unknown`.
    pub async fn retry_unknown(&self, id: &JobId) -> Result<Job, StoreError> {
        self.restart(AuditAction::RetryJob, id, JobState::Unknown, JobState::Held).await
    }

    /// Asks the vendor once more about an `unreadable` job; what was kept of its task is read again too. Costs nothing.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the job is no longer `Unreadable`.
    pub async fn reread(&self, id: &JobId) -> Result<Job, StoreError> {
        self.restart(AuditAction::RereadJob, id, JobState::Unreadable, JobState::Running).await
    }

    /// Sends an undeliverable result to its chat once more.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the job is no longer `Undeliverable`.
    pub async fn redeliver(&self, id: &JobId) -> Result<Job, StoreError> {
        self.restart(AuditAction::RedeliverJob, id, JobState::Undeliverable, JobState::Ready).await
    }

    async fn restart(
        &self,
        action: AuditAction,
        id: &JobId,
        from: JobState,
        next: JobState,
    ) -> Result<Job, StoreError> {
        let change = JobChange { audit: self.act(action, id, from, next).await?, ..JobChange::default() };
        self.store.decide(id, from, next, &change, self.clock.now()).await
    }

    /// What the vendor said about a job, where it was kept.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn replies(&self, id: &JobId) -> Result<Vec<VendorReply>, StoreError> {
        self.store.replies(id).await
    }

    /// Ends a job that waits for a decision (`Unknown`, `Unreadable`) as failed, and releases its hold.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the job is no longer in the state `from`.
    pub async fn give_up(&self, id: &JobId, from: JobState) -> Result<Job, StoreError> {
        let Some(job) = self.store.job(id).await? else { return Err(StoreError::Stale(id.clone())) };
        let now = self.clock.now();
        let change = JobChange {
            failure: Some(Failure { code: GIVEN_UP.to_owned(), message: String::new() }),
            audit: self.act(AuditAction::RefundJob, id, from, JobState::Failed).await?,
            ..settlement::release(&job, now)
        };
        self.store.decide(id, from, JobState::Failed, &change, now).await
    }

    /// A chat can be reached again: queues the results that could not be delivered to it. Returns how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn redeliver_undeliverable(&self, chat: ChatId) -> Result<usize, StoreError> {
        let mut count = 0;
        for job in self.store.undeliverable(chat).await? {
            let moved = self
                .store
                .decide(&job.id, JobState::Undeliverable, JobState::Ready, &JobChange::default(), self.clock.now())
                .await;
            match moved {
                Ok(job) => {
                    tracing::info!(job = %job.id, "the chat is back: its result is sent again");
                    count += 1;
                }
                // Another message of the same person was faster.
                Err(error) if error.is_stale() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }
}
