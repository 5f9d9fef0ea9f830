//! The inbox: updates from Telegram on their way to their handlers, shared by all processes on one database.
//!
//! What is claimed is a chat, not an update: the open updates of a chat are one holder's, in order, until none is left
//! (a *turn*). A holder says now and then that it lives; the chats of one that is dead are free. So any process may
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
pub struct Turn {
    /// The first open update.
    pub update: Update,
    /// How often it was begun: what it does may be done already when that is more than once.
    pub begun: u32,
    /// Those of these times that nobody gave back: the handler may have ended the process.
    pub attempts: u32,
    /// Whether it is we who began it last. Before that it must not be handled.
    pub is_begun: bool,
}

/// A turn that somebody claims to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold<'a> {
    /// Who.
    pub holder: &'a str,
    /// Whose turn it is: the chat that the updates name. It may have moved since.
    pub chat: ChatId,
}

/// What a holder brings to the inbox and wants from it, all in one transaction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exchange {
    /// Updates to keep; known ids are passed over.
    pub put: Vec<Update>,
    /// Whether the chats of `put` that are free become ours.
    pub adopt: bool,
    /// Updates whose handlers have finished.
    pub closed: Vec<i64>,
    /// Updates whose handlers have given up for the moment, for no fault of the update: this attempt does not count.
    pub released: Vec<i64>,
    /// Chats of ours whose turn has ended: each is let go if it has no open update left.
    pub ended: Vec<ChatId>,
    /// At most so many other free chats are taken, those that wait longest first.
    pub take: u32,
    /// After all this the first open update of each chat of ours is begun, if fewer attempts than this were made at it.
    pub begin_below: u32,
    /// Of those first updates these are begun all the same.
    pub begin: Vec<i64>,
}

impl Exchange {
    /// Whether it would change nothing.
    pub fn is_empty(&self) -> bool {
        let lists = [&self.closed, &self.released, &self.begin];
        self.put.is_empty() && self.ended.is_empty() && self.take == 0 && lists.iter().all(|list| list.is_empty())
    }
}

/// What became of an [`Exchange`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchanged {
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
    /// A holder begins to live, for the length of a lease. Dead ones that hold nothing are forgotten. Must have returned
    /// before the holder takes chats.
    async fn join(&self, holder: &str, now: Timestamp, lease: Duration) -> Result<(), StoreError>;
    /// A holder goes on living. False when its time was over: its chats may be others' now, and it must go on under
    /// another name.
    async fn stay(&self, holder: &str, now: Timestamp, lease: Duration) -> Result<bool, StoreError>;
    /// A holder ends in good order: its chats are free, and what it has begun and not closed was no attempt.
    async fn leave(&self, holder: &str) -> Result<(), StoreError>;
    /// All holders end. Only for a process that knows itself to be alone on its database.
    async fn clear_holders(&self) -> Result<(), StoreError>;

    /// Keeps, closes, lets go, takes and begins, in one transaction.
    async fn exchange(&self, holder: &str, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError>;
    /// The chats that the holder has. More than it knows of, when the reply to an exchange was lost.
    async fn held(&self, holder: &str) -> Result<Vec<ChatId>, StoreError>;
    /// What is next in these chats, as far as the holder has them.
    async fn turns(&self, holder: &str, chats: &[ChatId]) -> Result<Vec<Turn>, StoreError>;

    /// Updates whose handlers have not finished, oldest first, whoever has them.
    async fn open_updates(&self, limit: u32) -> Result<Vec<Update>, StoreError>;
    /// Forgets updates finished before `before`. Returns how many. Telegram repeats an update for 24 hours at most.
    async fn prune_updates(&self, before: Timestamp) -> Result<u64, StoreError>;
}
