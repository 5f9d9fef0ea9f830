//! The inbox: a durable queue of updates from Telegram, shared by all processes on one database.
//!
//! The unit of a claim is a chat, not an update: one worker handles the open updates of a chat, in order, until none is
//! left. A worker sends heartbeats; the chats of a worker whose lease has run out are free. So any process may receive
//! an update and any may handle it, and a chat is never handled by two workers at once.
//!
//! An update is marked as started before its handler runs. An update that keeps ending the process is thus known by its
//! number of attempts; a worker that stops in good order releases what it has started, and that attempt does not count.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use crate::clock::Timestamp;
use crate::job::ChatId;
use crate::store_error::StoreError;

/// A stored update: from Telegram, or the bot's own about the upload of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// Telegram's `update_id`, or a negative number of the bot's own; unique.
    pub id: i64,
    /// Updates of one chat are handled in order; 0 when the update has no chat.
    pub chat: ChatId,
    /// The update as received.
    pub body: Value,
}

/// No chat of Telegram has a number below this one (Bot API: 52 significant bits). Each upload is an update in a chat of
/// its own there, so that it runs beside all others.
pub const UPLOAD_CHATS: ChatId = ChatId(i64::MIN / 2);

impl Update {
    /// Whether it is the upload of a file.
    pub fn is_upload(&self) -> bool {
        is_upload_chat(self.chat)
    }
}

/// Whether it is the chat of an upload.
pub fn is_upload_chat(chat: ChatId) -> bool {
    chat.0 < UPLOAD_CHATS.0
}

/// The first open update of a chat that the worker has claimed.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedUpdate {
    /// The update.
    pub update: Update,
    /// How often its handler was started. More than once: what it does may be done already.
    pub starts: u32,
    /// The starts that were not released: each of them may have ended its process.
    pub attempts: u32,
    /// Whether this worker made the last start. It must not be handled before that.
    pub is_started: bool,
}

/// A fencing token: a write is refused unless this worker still has the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence<'a> {
    /// The worker.
    pub worker_id: &'a str,
    /// The claimed chat, by the number in its updates. The chat may have a new number since.
    pub chat: ChatId,
}

/// Changes by one worker, applied in one transaction in the order of the fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InboxBatch {
    /// Updates to store; known ids are ignored.
    pub put: Vec<Update>,
    /// Whether to claim the chats of `put` that no live worker has, except those of uploads.
    pub claim_new_chats: bool,
    /// Updates whose handlers have finished.
    pub closed: Vec<i64>,
    /// Updates whose handlers have given up for the moment, through no fault of the update: this attempt does not
    /// count.
    pub released: Vec<i64>,
    /// Claimed chats whose handler has ended. The claim on each is released unless it has an open update.
    pub ended: Vec<ChatId>,
    /// Claims at most this many other free chats, those that have waited longest first; none of uploads.
    pub claim_free: u32,
    /// Claims at most this many free chats of uploads.
    pub claim_uploads: u32,
    /// After the changes above, the first open update of each of the worker's chats is started if it has had fewer
    /// attempts than this. 0 starts none.
    pub max_attempts: u32,
    /// First open updates that are started even if `max_attempts` is reached.
    pub start: Vec<i64>,
}

impl InboxBatch {
    /// Whether it would change nothing.
    pub fn is_empty(&self) -> bool {
        let lists = [&self.closed, &self.released, &self.start];
        let claims = self.claim_free + self.claim_uploads;
        self.put.is_empty() && self.ended.is_empty() && claims == 0 && lists.iter().all(|list| list.is_empty())
    }
}

/// What an [`InboxBatch`] has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchResult {
    /// Ids of updates that were not known before.
    pub new: Vec<i64>,
    /// Chats of `ended` that the worker still has, since they have open updates.
    pub still_claimed: Vec<ChatId>,
    /// Newly claimed chats.
    pub claimed: Vec<ChatId>,
}

/// The queue of updates.
#[async_trait]
pub trait Inbox: fmt::Debug + Send + Sync {
    /// Registers a worker for the length of a lease, and deletes expired workers that have no chat. Must have returned
    /// before the worker claims chats.
    async fn register(&self, worker_id: &str, now: Timestamp, lease: Duration) -> Result<(), StoreError>;
    /// Extends a worker's lease. False when it had run out: others may have claimed its chats, and the process must
    /// register under another name.
    async fn heartbeat(&self, worker_id: &str, now: Timestamp, lease: Duration) -> Result<bool, StoreError>;
    /// Ends a worker in good order: its chats are free, and the updates that it has started and not closed are
    /// released.
    async fn deregister(&self, worker_id: &str) -> Result<(), StoreError>;
    /// Ends all workers. Only for a process that knows that no other uses the database.
    async fn expire_workers(&self) -> Result<(), StoreError>;

    /// Applies a batch in one transaction.
    async fn apply(&self, worker_id: &str, batch: &InboxBatch, now: Timestamp) -> Result<BatchResult, StoreError>;
    /// The chats that the worker has claimed. They may be more than it knows of, when the reply to a batch was lost.
    async fn claimed_chats(&self, worker_id: &str) -> Result<Vec<ChatId>, StoreError>;
    /// The first open update of each of these chats that the worker has claimed; none for a chat without open updates.
    async fn claimed_updates(&self, worker_id: &str, chats: &[ChatId]) -> Result<Vec<ClaimedUpdate>, StoreError>;

    /// Updates whose handlers have not finished, oldest first, of all workers and of none.
    async fn open_updates(&self, limit: u32) -> Result<Vec<Update>, StoreError>;
}

/// Why an update was not received.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiveError {
    /// It has no `update_id`; sending it again does not help.
    #[error("this is no update")]
    NotAnUpdate,
    /// It is not stored; sending it again later may help. The text never contains a password.
    #[error("the update could not be stored: {0}")]
    NotStored(String),
}

/// Stores updates from the network: the bot implements it, the HTTP server calls it.
#[async_trait]
pub trait Mailbox: Send + Sync {
    /// Stores an update as Telegram sends it, and returns when it is stored; it is handled later. A known update is
    /// accepted without effect.
    async fn receive(&self, body: Value) -> Result<(), ReceiveError>;
}
