//! What must survive a restart: users, drafts, updates, jobs, the ledger and delivered files.
//!
//! [`Store`] speaks the domain's language; [`open`] finds the database. `sql.rs` implements it once over what `sqlite.rs`
//! and `postgres.rs` each do their own way, each with its own migrations, and one story in `tests/it/store.rs` is told to both. Rules for an implementation:
//!
//! - Every method is one transaction. None is held over a network call.
//! - A job's state, its ledger rows and its lease change together.
//! - Times come in as arguments. Those by which several processes judge each other (leases, pauses, who lives) are put on the
//!   database's clock on the way in; so is what [`Budgets`] counts.

mod engine;
mod inbox;
mod notify;
mod postgres;
mod row;
mod sql;
mod sqlite;
mod statement;
mod url;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::clock::Timestamp;
use crate::inbox::{Fence, Inbox};
use crate::job::{ChatId, DeliveredFile, Failure, Job, JobId, JobState, Output, TaskId, UserId};
use crate::ledger::Entry;
use crate::store_error::StoreError;
use crate::user::{Draft, User};

/// How long [`open`] waits for a connection or for a locked database.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the database, creates or upgrades its tables.
///
/// `sqlite:PATH`, `sqlite://PATH` (the file and its folder are created) and `sqlite::memory:` (gone with the process) are
/// SQLite; `postgres://` and `postgresql://` are PostgreSQL.
///
/// # Errors
/// [`StoreError::Url`] for an address of no known kind, [`StoreError::Open`] when the database does not let us in. Neither
/// shows a password.
pub async fn open(database_url: &str) -> Result<Arc<dyn Store>, StoreError> {
    open_within(database_url, PATIENCE).await
}

/// As [`open`], with a limit of its own for every wait for a connection or a lock, then and later.
///
/// # Errors
/// As [`open`].
pub async fn open_within(database_url: &str, patience: Duration) -> Result<Arc<dyn Store>, StoreError> {
    let engine: Arc<dyn engine::Engine> = match url::read(database_url)? {
        url::DatabaseUrl::Sqlite(url) => Arc::new(sqlite::SqliteEngine::open(url, patience).await?),
        url::DatabaseUrl::Postgres(url) => Arc::new(postgres::PostgresEngine::open(*url, patience).await?),
    };
    Ok(Arc::new(sql::Sql::new(engine)))
}

pub use notify::{Event, Subscription};

/// A change of a job. Every field that is `Some` is written; the rest stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change {
    /// The vendor's id.
    pub task: Option<TaskId>,
    /// Which key made the task; written together with `task`.
    pub key: Option<String>,
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
    /// Tries that came to nothing, where their count changes.
    pub setbacks: Option<Setbacks>,
    /// The person has yet to hear of this end: the lease is kept, and the job is claimed again when it ends.
    pub untold: bool,
}

/// Tries of one task that came to nothing: creates that were refused, looks that brought nothing. Counted anew whenever
/// attempts are, see [`JobState::restarts_attempts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Setbacks {
    /// How many count.
    pub count: u32,
    /// When the first of them was.
    pub since: Option<Timestamp>,
}

/// Which jobs to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobQueue {
    /// Every one.
    All,
    /// Those that were not sent to the vendor yet. They wait for the account's turn, which can take minutes. People take turns.
    Held,
    /// Those that the vendor has, or may have. They wait for the pace at which it may be asked; one that it has called about
    /// is first.
    Watched,
    /// Those whose chat is to hear of them: results, and ends that nobody was told of yet. They stand behind no other.
    ForChats,
}

/// A job in the hands of one worker until the lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The job, as it is now.
    pub job: Job,
    /// Whose it is; needed to move it.
    pub worker: String,
    /// Fencing token: the number of this claim. A stale worker with the same name is refused.
    pub claim: i64,
    /// How often the vendor had called about the job by then.
    pub webhooks: i64,
    /// Tries of the present task that came to nothing.
    pub setbacks: Setbacks,
}

/// Everything that must survive.
#[async_trait]
pub trait Store: Inbox {
    /// A cheap question that a working database answers.
    async fn ping(&self) -> Result<(), StoreError>;
    /// Finishes what runs and ends every connection. Any later call fails.
    async fn close(&self);
    /// Hears of changes from now on: this process's own, and on a server those of every other instance. A hint: some may
    /// be missed while a connection is down, so whoever waits asks again from time to time.
    fn subscribe(&self) -> Subscription;
    /// Counts requests of all instances together; `None` where one process has the database to itself.
    fn budgets(&self) -> Option<Arc<dyn Budgets>>;

    /// The user, if known.
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;
    /// Adds the user, or changes the language of a known one.
    async fn put_user(&self, user: &User) -> Result<(), StoreError>;

    /// The chat's draft.
    async fn draft(&self, chat: ChatId) -> Result<Option<Draft>, StoreError>;
    /// Adds or replaces the chat's draft. [`StoreError::Fenced`] when the worker of the `fence` no longer has its chat: a
    /// process that was cut off must not overwrite what has happened since.
    async fn put_draft(&self, draft: &Draft, fence: Option<Fence<'_>>) -> Result<(), StoreError>;
    /// Forgets the chat's draft; another holder's stays.
    async fn delete_draft(&self, chat: ChatId, fence: Option<Fence<'_>>) -> Result<(), StoreError>;

    /// A chat goes on under a new number: its jobs and its draft are the new one's from now on, and so is what is written
    /// under the old one later. Progress messages are forgotten, since messages are counted anew there. A draft that the new
    /// chat has already stays.
    async fn move_chat(&self, old: ChatId, new: ChatId) -> Result<(), StoreError>;
    /// The number that a chat has by now.
    async fn chat_now(&self, chat: ChatId) -> Result<ChatId, StoreError>;

    /// Adds a job (with its hold, when quoted), or returns the one that already came from the same draft.
    async fn add_job(&self, job: &Job) -> Result<Added, StoreError>;
    /// The job.
    async fn job(&self, id: &JobId) -> Result<Option<Job>, StoreError>;
    /// The job of a vendor's task.
    async fn job_by_task(&self, task: &TaskId) -> Result<Option<Job>, StoreError>;
    /// The chat's jobs, newest first.
    async fn jobs_of(&self, chat: ChatId, limit: u32, offset: u32) -> Result<Vec<Job>, StoreError>;
    /// Jobs of every chat, in one state or in any, newest first.
    async fn jobs_in(&self, state: Option<JobState>, limit: u32) -> Result<Vec<Job>, StoreError>;
    /// The chat's jobs whose result could not be sent, oldest first.
    async fn undeliverable(&self, chat: ChatId) -> Result<Vec<Job>, StoreError>;
    /// How many jobs stand in each state that has any.
    async fn count_jobs(&self) -> Result<Vec<(JobState, u64)>, StoreError>;

    /// Claims the job that is due longest and that no live worker holds: sets a lease and returns it. One statement; two
    /// workers never get the same job.
    async fn claim(&self, worker: &str, now: Timestamp, lease: Duration) -> Result<Option<Claimed>, StoreError> {
        self.claim_from(JobQueue::All, &[], worker, now, lease).await
    }
    /// As [`Store::claim`], among some jobs only, and passing over those that the caller has in hand: a lease that has run out
    /// does not make two of it.
    async fn claim_from(
        &self,
        queue: JobQueue,
        in_flight: &[JobId],
        worker: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<Claimed>, StoreError>;
    /// When the next job is due (its `not_before`, or the end of a lease; long ago for one that goes first), if any is left.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.next_due_in(JobQueue::All).await
    }
    /// As [`Store::next_due`], among some jobs only.
    async fn next_due_in(&self, queue: JobQueue) -> Result<Option<Timestamp>, StoreError>;
    /// Moves a claimed job to `next`, writes the change and its ledger entry, in one transaction, keeping the lease
    /// unless `next` is final and not `untold`, or `not_before` is given (then it is let go).
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the job is not in the state the claim saw, or another worker holds it;
    /// [`StoreError::Illegal`] and [`StoreError::Booked`].
    async fn advance(
        &self,
        claimed: &Claimed,
        next: JobState,
        change: &Change,
        now: Timestamp,
    ) -> Result<Claimed, StoreError>;
    /// Extends the lease of a claimed job, wherever it stands by now. [`StoreError::Stale`] when it is another's.
    async fn renew(&self, claimed: &Claimed, now: Timestamp, lease: Duration) -> Result<(), StoreError>;
    /// Lets a claimed job go as it is, to be claimed again at `until`, or not at all. Fails as [`Store::renew`] does.
    async fn let_go(&self, claimed: &Claimed, until: Option<Timestamp>) -> Result<(), StoreError>;
    /// Moves a job from `from` to `next`, whoever holds it (a person's decision: cancel, retry); a worker that does finds its
    /// next move refused. It is due at once, or at `not_before`. [`StoreError::Stale`] when it does not stand at `from`.
    async fn decide(
        &self,
        id: &JobId,
        from: JobState,
        next: JobState,
        change: &Change,
        now: Timestamp,
    ) -> Result<Job, StoreError>;
    /// The vendor has called about a job: keeps the name of the task, if it gave one, and makes the job due when it waits for its task.
    /// A job that a worker holds is due as soon as the worker lets it go. Returns the job as it is; `None` when there is no
    /// such job.
    async fn record_webhook(
        &self,
        id: &JobId,
        task: Option<&TaskId>,
        now: Timestamp,
    ) -> Result<Option<Job>, StoreError>;
    /// The tasks that the vendor has named in webhooks about a job, in order of arrival.
    async fn webhook_tasks(&self, id: &JobId) -> Result<Vec<TaskId>, StoreError>;
    /// Remembers the progress message of a job. [`StoreError::Stale`] when there is no such job, or its chat has moved.
    async fn set_progress_message(&self, id: &JobId, chat: ChatId, message: i32) -> Result<(), StoreError>;
    /// The person no longer waits for it. [`StoreError::Stale`] when there is no such job.
    async fn detach(&self, id: &JobId) -> Result<(), StoreError>;

    /// Remembers files that the chat has; a known index is replaced.
    async fn put_files(&self, id: &JobId, files: &[DeliveredFile]) -> Result<(), StoreError>;
    /// Files that the chat has, by index.
    async fn files(&self, id: &JobId) -> Result<Vec<DeliveredFile>, StoreError>;
    /// The ledger rows of a job, oldest first.
    async fn entries(&self, id: &JobId) -> Result<Vec<Entry>, StoreError>;
}

/// Counts requests against budgets that all instances share.
#[async_trait]
pub trait Budgets: std::fmt::Debug + Send + Sync {
    /// Counts one request when fewer than `count` went out in the last `window`; otherwise counts nothing and says how long
    /// to wait. On the server's clock: the instances' own may differ by more than a window.
    async fn take(&self, name: &str, count: u32, window: Duration) -> Result<Option<Duration>, StoreError>;
    /// Nothing more for `pause`.
    async fn pause(&self, name: &str, pause: Duration) -> Result<(), StoreError>;
}

/// What became of [`Store::add_job`].
#[derive(Debug, Clone, PartialEq)]
pub enum Added {
    /// It is new.
    New,
    /// The draft had already become this job.
    Known(Box<Job>),
}
