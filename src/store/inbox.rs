//! The inbox: updates from Telegram on their way to their handlers, shared by all processes on one database.
//!
//! What is claimed is a chat, not an update: the open updates of a chat are one worker's, in order, until none is left
//! (a *turn*). A worker says now and then that it lives; the chats of one that is dead are free. So any process may
//! receive an update and any may handle it, and a chat is never handled at two places at once.
//!
//! An update counts as begun before its handler begins. So one that ends the process is known by its count, and whoever
//! leaves in good order gives the count back.

mod sql;
mod statement;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::StoreError;
use crate::clock::Timestamp;
use crate::job::ChatId;

pub(in crate::store) use statement::{POSTGRES, SQLITE, Statements};

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

/// What is next in a chat that is ours.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedUpdate {
    /// The first open update.
    pub update: Update,
    /// How often it was begun: what it does may be done already when that is more than once.
    pub begun: u32,
    /// Those of these times that nobody gave back: the handler may have ended the process.
    pub attempts: u32,
    /// Whether it is we who began it last. Before that it must not be handled.
    pub is_begun: bool,
}

/// A fencing token: a write is refused unless this worker still holds the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence<'a> {
    /// Who.
    pub worker_id: &'a str,
    /// Whose turn it is: the chat that the updates name. It may have moved since.
    pub chat: ChatId,
}

/// Subscription to the inbox by one worker, applied in one transaction in the order of the fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InboxBatch {
    /// Updates to keep; known ids are passed over.
    pub put: Vec<Update>,
    /// Whether to claim the chats of `put` that no live worker holds.
    pub claim_new_chats: bool,
    /// Updates whose handlers have finished.
    pub closed: Vec<i64>,
    /// Updates whose handlers have given up for the moment, for no fault of the update: this attempt does not count.
    pub released: Vec<i64>,
    /// Chats of ours whose turn has ended: each is let go if it has no open update left.
    pub ended: Vec<ChatId>,
    /// Claims at most this many other free chats, those that have waited longest first.
    pub claim_free: u32,
    /// After the changes above, the first open update of each of the worker's chats is started if it has had fewer attempts than
    /// this. 0 starts none.
    pub max_attempts: u32,
    /// First open updates that are started even if `max_attempts` is reached.
    pub start: Vec<i64>,
}

impl InboxBatch {
    /// Whether it would change nothing.
    pub fn is_empty(&self) -> bool {
        let lists = [&self.closed, &self.released, &self.start];
        self.put.is_empty() && self.ended.is_empty() && self.claim_free == 0 && lists.iter().all(|list| list.is_empty())
    }
}

/// What became of an [`InboxBatch`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchResult {
    /// Updates that were not known before.
    pub new: Vec<i64>,
    /// Ended chats that are still ours: they have open updates.
    pub kept: Vec<ChatId>,
    /// Chats that have become ours.
    pub taken: Vec<ChatId>,
}

/// Updates on their way to their handlers.
#[async_trait]
pub trait Inbox: fmt::Debug + Send + Sync {
    /// A worker begins to live, for the length of a lease. Dead ones that hold nothing are forgotten. Must have returned
    /// before the worker takes chats.
    async fn register(&self, worker_id: &str, now: Timestamp, lease: Duration) -> Result<(), StoreError>;
    /// A worker goes on living. False when its time was over: its chats may be others' now, and it must go on under
    /// another name.
    async fn heartbeat(&self, worker_id: &str, now: Timestamp, lease: Duration) -> Result<bool, StoreError>;
    /// A worker ends in good order: its chats are free, and what it has begun and not closed was no attempt.
    async fn deregister(&self, worker_id: &str) -> Result<(), StoreError>;
    /// All holders end. Only for a process that knows itself to be alone on its database.
    async fn expire_workers(&self) -> Result<(), StoreError>;

    /// Keeps, closes, lets go, takes and begins, in one transaction.
    async fn apply(&self, worker_id: &str, batch: &InboxBatch, now: Timestamp) -> Result<BatchResult, StoreError>;
    /// The chats that the worker has. More than it knows of, when the reply to a batch was lost.
    async fn claimed_chats(&self, worker_id: &str) -> Result<Vec<ChatId>, StoreError>;
    /// What is next in these chats, as far as the worker has them.
    async fn claimed_updates(&self, worker_id: &str, chats: &[ChatId]) -> Result<Vec<ClaimedUpdate>, StoreError>;

    /// Updates whose handlers have not finished, oldest first, whoever has them.
    async fn open_updates(&self, limit: u32) -> Result<Vec<Update>, StoreError>;
    /// Forgets updates finished before `before`. Returns how many. Telegram repeats an update for 24 hours at most.
    async fn prune_updates(&self, before: Timestamp) -> Result<u64, StoreError>;
}
