//! The database: users, drafts, updates, jobs, ledgers and delivered files; all that must survive a restart.
//!
//! [`Store`] is the interface, [`open`] chooses the database. `sql.rs` implements it once for all SQL databases, over
//! the trait `Engine` that `sqlite.rs` and `postgres.rs` implement, each with its own migrations; `tests/it/store.rs`
//! runs the same tests on both. Rules for an implementation:
//!
//! - Every method is one transaction. No transaction spans a network call to another service.
//! - A job's state, its ledger entries and its claim change together.
//! - Transactions lock rows in one order, so that they do not wait in a circle: updates by id; chats (`turns`) by number;
//!   workers; `moves`; jobs by id; what belongs to a job (ledger, files, webhooks, replies); drafts by chat, topic and
//!   person; users; words of names; invitations; requests for access; who was let in; payments by id; invoices by id; subscriptions by invoice;
//!   wrong codes and uses of promo codes by person; promo codes; referrals by friend; transfers by key; wallets by id; a person's own limits;
//!   free orders by job; the audit. The locks of limits on
//!   orders come before all of them, a person's before that of all together. Budgets are alone, and so are the
//!   shortage, rules of models, announcements, and alerts (by kind and subject). A statement that locks many rows selects them in
//!   this order first, or passes over locked ones. Should a database find a circle all the same, the call may be
//!   repeated ([`StoreError::is_unavailable`]).
//! - Times are parameters. Times that several processes compare (leases, due times, pauses) are converted to the
//!   database's clock when they are written; [`Budgets`] counts on that clock too.
//!
//! Jobs and updates are durable queues with one vocabulary: a worker *claims* an item, *renews* the claim while it
//! works (by a *heartbeat* for all its chats at once in the inbox), counts an *attempt*, and *releases* the claim. A
//! write under a claim carries a *fence*, so that a worker whose claim was taken over changes nothing.

mod access;
mod alert;
mod announcement;
mod audit;
mod books;
mod budget;
mod claim;
mod delivery;
mod dialect;
mod engine;
mod erasure;
mod free;
mod inbox;
mod invoice;
mod job_move;
mod list;
mod migration;
mod model_rule;
mod new_job;
mod notify;
mod open;
mod person;
mod postgres;
mod promo;
mod prune;
mod quota;
mod referral;
mod refund;
mod row;
mod shortage;
mod sql;
mod sqlite;
mod star_subscription;
mod statement;
mod url;
mod wallet;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::audit::AuditEntry;
use crate::clock::Timestamp;
use crate::inbox::{Fence, Inbox};
use crate::job::{ChatId, DeliveredFile, Job, JobId, JobState, TaskId, UserId, VendorReply};
use crate::ledger::Entry;
use crate::quota::Quotas;
use crate::store_error::StoreError;
use crate::tariff::Allowance;
use crate::user::{Draft, DraftKey, User};

pub use access::AccessStore;
pub use alert::{AlertStore, JobEnd};
pub use announcement::AnnouncementStore;
pub use audit::AuditStore;
pub use books::{BookStore, DayTotals, DayTransfers, JobAccount, JobMoney, PaymentAccount, WalletAccount};
pub use budget::Budgets;
pub use erasure::{Erased, NOBODY};
pub use free::FreeStore;
pub use invoice::InvoiceStore;
pub use job_move::{JobChange, Setbacks};
pub use list::{JobList, NewerJob};
pub use model_rule::{ModelRuleStore, StoredRule};
pub use new_job::Added;
pub use notify::{Event, Subscription};
pub use open::{WAIT_TIMEOUT, open, open_as_is, open_within, statements};
pub use person::{PersonStore, Spending};
pub use promo::PromoStore;
pub use prune::{PRUNE_BATCH, Prunable};
pub use referral::ReferralStore;
pub use refund::{RefundAsked, RefundStore};
pub use shortage::{Shortage, ShortageStore};
pub use star_subscription::StarSubscriptionStore;
pub use wallet::{Booked, WalletStore};

/// A queue of jobs, by what a worker has to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobQueue {
    /// All jobs.
    All,
    /// Jobs that are to be sent to the vendor. They wait for the account's rate limit, which can take minutes; users
    /// take turns.
    Submit,
    /// Jobs that the vendor has, or may have. They wait for the limit on polls; a job with a webhook comes first.
    Poll,
    /// Jobs whose chat is to be told of a result or another end. They wait for nothing else.
    Deliver,
}

impl JobQueue {
    /// Every queue; as a number, a queue is its position here.
    pub const ALL: [Self; 4] = [Self::All, Self::Submit, Self::Poll, Self::Deliver];

    /// The queue of a job in this state, besides [`JobQueue::All`]; `None` when nothing is left to do.
    pub const fn of(state: JobState) -> Option<Self> {
        match state {
            JobState::Held => Some(Self::Submit),
            JobState::Submitting | JobState::Running => Some(Self::Poll),
            JobState::Ready | JobState::Delivering | JobState::Failed | JobState::Unknown | JobState::Unreadable => {
                Some(Self::Deliver)
            }
            JobState::Delivered | JobState::Undeliverable | JobState::Cancelled => None,
        }
    }
}

/// A job that a worker has claimed until the lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedJob {
    /// The job as it is now.
    pub job: Job,
    /// The worker.
    pub worker_id: String,
    /// Fencing token: the number of this claim. A write with the number of an earlier claim is refused, even by the
    /// same worker.
    pub fence: i64,
    /// Number of webhooks about the job at the time of the claim.
    pub webhooks: i64,
    /// Unsuccessful tries of the present task.
    pub setbacks: Setbacks,
}

/// All that must survive a restart.
#[async_trait]
pub trait Store:
    Inbox
    + AccessStore
    + AlertStore
    + AnnouncementStore
    + AuditStore
    + BookStore
    + FreeStore
    + InvoiceStore
    + ModelRuleStore
    + PersonStore
    + PromoStore
    + ReferralStore
    + StarSubscriptionStore
    + RefundStore
    + ShortageStore
    + WalletStore
{
    /// Runs a write that changes nothing, to see whether the database takes changes.
    async fn ping(&self) -> Result<(), StoreError>;
    /// Finishes what runs and closes every connection. Later calls fail.
    async fn close(&self);
    /// Notifies of changes from now on: of this process, and on a server of all processes. Notifications may be lost
    /// while a connection is down, so the receiver must also look from time to time.
    fn subscribe(&self) -> Subscription;
    /// Budgets that all processes share; `None` where the database has only one process.
    fn budgets(&self) -> Option<Arc<dyn Budgets>>;

    /// The user, if known.
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;
    /// Adds the user, or changes the language of a known one.
    async fn put_user(&self, user: &User) -> Result<(), StoreError>;

    /// Makes the database a bot's: one that no user or job is in yet, or with `takes_over` any. Returns the bot whose it is
    /// now.
    async fn put_bot(&self, bot: UserId, takes_over: bool, now: Timestamp) -> Result<UserId, StoreError>;

    /// Who has opened the owner's link first.
    async fn owner(&self) -> Result<Option<UserId>, StoreError>;
    /// Makes a person the owner, unless there is one. Returns whether it did.
    async fn add_owner(&self, user: UserId, now: Timestamp) -> Result<bool, StoreError>;

    /// A person's draft.
    async fn draft(&self, key: &DraftKey) -> Result<Option<Draft>, StoreError>;
    /// The drafts of all persons and topics of a chat, the latest first, `limit` at most.
    async fn drafts_in(&self, chat: ChatId, limit: u32) -> Result<Vec<Draft>, StoreError>;
    /// Adds or replaces a person's draft. [`StoreError::Fenced`] when the worker of the `fence` no longer has its chat:
    /// a process that was cut off must not overwrite what has happened since.
    async fn put_draft(&self, draft: &Draft, fence: Option<Fence<'_>>) -> Result<(), StoreError>;
    /// Deletes a person's draft, unless the worker of the `fence` no longer has its chat.
    async fn delete_draft(&self, key: &DraftKey, fence: Option<Fence<'_>>) -> Result<(), StoreError>;

    /// Renumbers a chat: its jobs and its drafts move to the new number, and so does all that is written under the
    /// old one later. Ids of progress messages are deleted, since the new chat numbers messages anew. A draft that its
    /// person has in the new chat already stays.
    async fn move_chat(&self, old: ChatId, new: ChatId) -> Result<(), StoreError>;
    /// The present number of a chat.
    async fn chat_now(&self, chat: ChatId) -> Result<ChatId, StoreError>;

    /// Adds a job (with its hold, if it has a quote), or returns the one that was added for the same draft.
    async fn add_job(&self, job: &Job) -> Result<Added, StoreError> {
        self.add_job_within(job, &Quotas::NONE, Allowance::NONE).await
    }
    /// As [`Store::add_job`], if the job is within the limits, and, should its charge say that it is free, within the
    /// allowance. Both are checked in the same transaction, and not for a draft that has become a job before.
    async fn add_job_within(&self, job: &Job, quotas: &Quotas, allowance: Allowance) -> Result<Added, StoreError>;
    /// The job.
    async fn job(&self, id: &JobId) -> Result<Option<Job>, StoreError>;
    /// The job that a chat's draft has become.
    async fn job_of_draft(&self, chat: ChatId, draft: &str) -> Result<Option<Job>, StoreError>;
    /// The job of a vendor's task.
    async fn job_by_task(&self, task: &TaskId) -> Result<Option<Job>, StoreError>;
    /// The chat's jobs, newest first. Here and in the other lists of a chat, a job that this version cannot read is left
    /// out.
    async fn jobs_of(&self, chat: ChatId, limit: u32, offset: u32) -> Result<Vec<Job>, StoreError>;
    /// Jobs of all chats in one state, `limit` at most. Without a state the newest, and with them `limit` older ones of
    /// which this version does not know the state or the kind of price.
    async fn jobs_in(&self, state: Option<JobState>, limit: u32) -> Result<JobList, StoreError>;
    /// The chat's jobs whose result could not be sent, oldest first.
    async fn undeliverable(&self, chat: ChatId) -> Result<Vec<Job>, StoreError>;
    /// Claims the undeliverable jobs of which the operator is to be told, `limit` at most, oldest first. They are not
    /// claimed again before `again`.
    async fn claim_reports(&self, limit: u32, now: Timestamp, again: Timestamp) -> Result<Vec<Job>, StoreError>;
    /// The operator has been told of these jobs, which were claimed until `again`.
    async fn put_reported(&self, jobs: &[JobId], again: Timestamp) -> Result<(), StoreError>;

    /// Claims the job that has been due longest and that no live worker has claimed. One statement: two workers never
    /// get the same job.
    async fn claim(&self, worker_id: &str, now: Timestamp, lease: Duration) -> Result<Option<ClaimedJob>, StoreError> {
        self.claim_from(JobQueue::All, &[], worker_id, now, lease).await
    }
    /// As [`Store::claim`], from one queue, and never a job of `in_flight`: the caller still works on those, even if a
    /// lease has ended. A job that this version cannot read is passed over, or is due again a little later: another
    /// version may run beside this one, and can.
    async fn claim_from(
        &self,
        queue: JobQueue,
        in_flight: &[JobId],
        worker_id: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>, StoreError>;
    /// When the next job is due (its `not_before`, or the end of a lease; long ago for a job with a webhook), if any is
    /// left.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.next_due_in(JobQueue::All).await
    }
    /// As [`Store::next_due`], in one queue.
    async fn next_due_in(&self, queue: JobQueue) -> Result<Option<Timestamp>, StoreError>;
    /// Moves a claimed job to `next` and writes the change with its ledger entries. The claim is kept, unless
    /// `not_before` is given or `next` is final and not `is_untold`: then it is released.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the job is not in the state that the claim saw, or another worker has claimed it, or it
    /// is to be sent and a webhook about it has come since the claim; [`StoreError::Illegal`] and [`StoreError::Booked`].
    async fn advance(
        &self,
        claimed: &ClaimedJob,
        next: JobState,
        change: &JobChange,
        now: Timestamp,
    ) -> Result<ClaimedJob, StoreError>;
    /// Renews the claim on a job, whatever its state is now. [`StoreError::Stale`] when another worker has claimed it.
    async fn renew(&self, claimed: &ClaimedJob, now: Timestamp, lease: Duration) -> Result<(), StoreError>;
    /// Releases the claim on a job; it is due at `until`, or never. `setbacks` is the new count, if it has changed.
    /// [`StoreError::Stale`] as [`Store::renew`].
    async fn release(
        &self,
        claimed: &ClaimedJob,
        until: Option<Timestamp>,
        setbacks: Option<Setbacks>,
    ) -> Result<(), StoreError>;
    /// Moves a job from `from` to `next` for a person (cancel, retry), whether or not it is claimed: the next move of a
    /// worker that has claimed it is refused. The job is due at once, or at `not_before`. [`StoreError::Stale`] when it
    /// is not in `from`.
    async fn decide(
        &self,
        id: &JobId,
        from: JobState,
        next: JobState,
        change: &JobChange,
        now: Timestamp,
    ) -> Result<Job, StoreError>;
    /// Records a webhook: stores the task that it names, if any, and makes the job due if it waits for its task. A
    /// claimed job is due as soon as the claim is released. Returns the job as it is; `None` when there is no such job.
    async fn record_webhook(
        &self,
        id: &JobId,
        task: Option<&TaskId>,
        now: Timestamp,
    ) -> Result<Option<Job>, StoreError>;
    /// The tasks that webhooks have named for a job, in order of arrival.
    async fn webhook_tasks(&self, id: &JobId) -> Result<Vec<TaskId>, StoreError>;
    /// Stores the id of a job's progress message, unless it has another one than `replaced`. [`StoreError::Stale`] when it
    /// has, when there is no such job, when it has ended or nobody waits for it, and when its chat has moved.
    async fn put_progress_message(
        &self,
        id: &JobId,
        chat: ChatId,
        message: i32,
        replaced: Option<i32>,
    ) -> Result<(), StoreError>;
    /// The user no longer waits for the job. [`StoreError::Stale`] when there is no such job.
    async fn detach(&self, id: &JobId) -> Result<(), StoreError>;

    /// Stores what the vendor said about a job. A reply from the same source is replaced, and the time of the first one
    /// is kept. Returns that time.
    async fn put_reply(&self, id: &JobId, reply: &VendorReply) -> Result<Timestamp, StoreError>;
    /// What the vendor said about a job.
    async fn replies(&self, id: &JobId) -> Result<Vec<VendorReply>, StoreError>;

    /// Stores files that the chat has received; one with a known index is replaced.
    async fn put_files(&self, id: &JobId, files: &[DeliveredFile]) -> Result<(), StoreError>;
    /// Files that the chat has received, by index.
    async fn files(&self, id: &JobId) -> Result<Vec<DeliveredFile>, StoreError>;
    /// The ledger entries of a job, oldest first.
    async fn entries(&self, id: &JobId) -> Result<Vec<Entry>, StoreError>;

    /// Deletes the oldest of what was left alone since before a time, [`PRUNE_BATCH`] at most; returns how many. Jobs of which
    /// something is owed or disputed (not in a final state, `unknown`, `unreadable`, `undeliverable`, not told, with an
    /// open hold) and what belongs to them are kept.
    async fn prune(&self, what: Prunable, before: Timestamp, now: Timestamp) -> Result<u64, StoreError>;

    /// The person's jobs that may not be erased, oldest first: what [`Store::prune`] keeps for ever, or with
    /// `gives_up_results` that without results that could not be sent.
    async fn open_jobs_of(&self, user: UserId, gives_up_results: bool, limit: u32) -> Result<JobList, StoreError>;
    /// Strips the person's other jobs and makes them [`NOBODY`]'s, [`PRUNE_BATCH`] at most; returns how many. The ledger
    /// stays.
    async fn erase_jobs(&self, user: UserId, gives_up_results: bool, now: Timestamp) -> Result<u64, StoreError>;
    /// Deletes all else that is kept of the person: language, drafts, updates of the private chat.
    async fn erase_user(&self, user: UserId, audit: &AuditEntry) -> Result<Erased, StoreError>;
}
