//! What must survive a restart: users, drafts, updates, jobs, the ledger and delivered files.
//!
//! [`Store`] speaks the domain's language; `sqlite.rs` and `postgres.rs` implement it, each with its own migrations, and
//! one story in `tests/store.rs` is told to both. Rules for an implementation:
//!
//! - Every method is one transaction. None is held over a network call.
//! - A job's state, its ledger rows and its lease change together.
//! - Times come in as arguments; the database's clock is never asked.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use crate::clock::Timestamp;
use crate::job::{ChatId, DeliveredFile, Failure, Job, JobId, JobState, Output, TaskId, UserId};
use crate::ledger::Credits;

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// DATABASE_URL is of no known kind.
    #[error("{0}")]
    Url(String),
    /// The database cannot be reached or opened. Never holds the password.
    #[error("the database cannot be opened: {0}")]
    Open(String),
    /// A statement failed.
    #[error("the database refused a statement: {0}")]
    Statement(String),
    /// A stored value cannot be read back.
    #[error("{table}.{column} of {key} cannot be read: {why}")]
    Broken {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        key: String,
        /// What is wrong with it.
        why: String,
    },
    /// The job is no longer where the caller saw it, or another worker holds it.
    #[error("job {0} has moved on")]
    Stale(JobId),
}

/// A person the bot knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Telegram's id.
    pub id: UserId,
    /// Language chosen or guessed: `en`, `ru`.
    pub language: String,
    /// First contact.
    pub created_at: Timestamp,
}

/// An unfinished conversation. The body belongs to the edge; the store keeps it as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Where it is held; one draft a chat.
    pub chat: ChatId,
    /// The edge's own record.
    pub body: Value,
    /// Last change.
    pub updated_at: Timestamp,
}

/// A stored update from Telegram that waits for its handler.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// Telegram's update_id; unique.
    pub id: i64,
    /// Updates of one chat are handled in order; 0 when the update has no chat.
    pub chat: ChatId,
    /// The update as received.
    pub body: Value,
}

/// A change of a job. Every field that is `Some` is written; the rest stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change {
    /// The vendor's id.
    pub task: Option<TaskId>,
    /// When the vendor accepted it.
    pub submitted_at: Option<Timestamp>,
    /// The result.
    pub output: Option<Output>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// A movement of money that belongs to the move.
    pub entry: Option<Entry>,
    /// Not to be claimed again before this.
    pub not_before: Option<Timestamp>,
}

/// A movement of money. At most one of each kind for a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What happened.
    pub kind: EntryKind,
    /// How much.
    pub credits: Credits,
}

/// What happened to money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// Set aside when the job was accepted.
    Hold,
    /// Spent: the chat has the result.
    Capture,
    /// Given back: there is no result.
    Release,
}

/// A job in the hands of one worker until the lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The job, as it is now.
    pub job: Job,
    /// Whose it is; needed to move it.
    pub worker: String,
}

/// Everything that must survive.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// A cheap question that a working database answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// The user, if known.
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;
    /// Adds the user, or changes the language of a known one.
    async fn put_user(&self, user: &User) -> Result<(), StoreError>;

    /// The chat's draft.
    async fn draft(&self, chat: ChatId) -> Result<Option<Draft>, StoreError>;
    /// Adds or replaces the chat's draft.
    async fn put_draft(&self, draft: &Draft) -> Result<(), StoreError>;
    /// Forgets the chat's draft.
    async fn delete_draft(&self, chat: ChatId) -> Result<(), StoreError>;

    /// Keeps updates before Telegram is told that they arrived; known ids are passed over. Returns how many were new.
    async fn put_updates(&self, updates: &[Update], now: Timestamp) -> Result<u64, StoreError>;
    /// Updates whose handler has not finished, oldest first.
    async fn open_updates(&self, limit: u32) -> Result<Vec<Update>, StoreError>;
    /// The handler has finished.
    async fn close_update(&self, id: i64, now: Timestamp) -> Result<(), StoreError>;
    /// The highest update id ever stored.
    async fn last_update(&self) -> Result<Option<i64>, StoreError>;
    /// Forgets finished updates older than `before`. Returns how many.
    async fn prune_updates(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// Adds a job (with its hold, when quoted), or returns the one that already came from the same draft.
    async fn add_job(&self, job: &Job) -> Result<Added, StoreError>;
    /// The job.
    async fn job(&self, id: &JobId) -> Result<Option<Job>, StoreError>;
    /// The job of a vendor's task.
    async fn job_by_task(&self, task: &TaskId) -> Result<Option<Job>, StoreError>;
    /// The chat's jobs, newest first.
    async fn jobs_of(&self, chat: ChatId, limit: u32, offset: u32) -> Result<Vec<Job>, StoreError>;
    /// How many jobs stand in each state that has any.
    async fn count_jobs(&self) -> Result<Vec<(JobState, u64)>, StoreError>;

    /// Claims the unfinished job that is due longest and that no live worker holds: sets a lease and returns it. One
    /// statement; two workers never get the same job.
    async fn claim(&self, worker: &str, now: Timestamp, lease: Duration) -> Result<Option<Claimed>, StoreError>;
    /// When the next unfinished job is due (its `not_before` or the end of a lease), if any is left.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;
    /// Moves a claimed job to `next`, writes the change and its ledger entry, in one transaction, keeping the lease
    /// unless `next` is final or `not_before` is given (then it is let go).
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the job is not in the state the claim saw, or another worker holds it.
    async fn advance(
        &self,
        claimed: &Claimed,
        next: JobState,
        change: &Change,
        now: Timestamp,
    ) -> Result<Claimed, StoreError>;
    /// Extends the lease of a claimed job; fails as [`Store::advance`] does.
    async fn renew(&self, claimed: &Claimed, now: Timestamp, lease: Duration) -> Result<(), StoreError>;
    /// Moves a job that no worker holds, from `from` to `next` (a person's decision: cancel, retry).
    async fn decide(
        &self,
        id: &JobId,
        from: JobState,
        next: JobState,
        change: &Change,
        now: Timestamp,
    ) -> Result<Job, StoreError>;
    /// Remembers the progress message of a job.
    async fn set_progress_message(&self, id: &JobId, message: i32) -> Result<(), StoreError>;
    /// The person no longer waits for it.
    async fn detach(&self, id: &JobId) -> Result<(), StoreError>;

    /// Remembers files that the chat has; a known index is replaced.
    async fn put_files(&self, id: &JobId, files: &[DeliveredFile]) -> Result<(), StoreError>;
    /// Files that the chat has, by index.
    async fn files(&self, id: &JobId) -> Result<Vec<DeliveredFile>, StoreError>;
    /// The ledger rows of a job, oldest first.
    async fn entries(&self, id: &JobId) -> Result<Vec<Entry>, StoreError>;
}

/// What became of [`Store::add_job`].
#[derive(Debug, Clone, PartialEq)]
pub enum Added {
    /// It is new.
    New,
    /// The draft had already become this job.
    Known(Box<Job>),
}
