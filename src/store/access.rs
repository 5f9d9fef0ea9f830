//! Who may use the bot, in the database: who was let in and who was denied, invitations, requests.

mod sql;
mod statement;

use std::fmt;

use async_trait::async_trait;

pub(in crate::store) use self::statement::{ALL, move_entry};
use crate::access::{
    AccessEntry, AccessRequest, Invite, InviteCode, Party, Redeemed, RequestNotice, RequestState, StoredAccess,
};
use crate::audit::AuditEntry;
use crate::clock::Timestamp;
use crate::job::{ChatId, UserId};
use crate::store_error::StoreError;

/// Who may use the bot, as far as it was decided while the bot runs. What an admin changes is written with a row of the
/// audit, if it changes anything.
#[async_trait]
pub trait AccessStore: fmt::Debug + Send + Sync {
    /// What is stored about a person in a chat.
    async fn access_of(&self, user: UserId, chat: ChatId) -> Result<StoredAccess, StoreError>;
    /// Adds or replaces what is stored about a person or a chat, by its present number. That decides the person's open
    /// request, which is returned as it is then. `decider`: what the admin calls themselves.
    async fn put_access(
        &self,
        entry: &AccessEntry,
        decider: &str,
        audit: &AuditEntry,
    ) -> Result<Option<AccessRequest>, StoreError>;
    /// Deletes what is stored about a person or a chat. Returns whether there was something.
    async fn remove_access(&self, id: i64, audit: &AuditEntry) -> Result<bool, StoreError>;
    /// All who were let in or denied, the latest first.
    async fn access_entries(&self, limit: u32, offset: u32) -> Result<Vec<AccessEntry>, StoreError>;

    /// Adds an invitation, and deletes those that ended before `forgotten`.
    async fn add_invite(&self, invite: &Invite, forgotten: Timestamp, audit: &AuditEntry) -> Result<(), StoreError>;
    /// The invitations that still let people in, the latest first.
    async fn open_invites(&self, now: Timestamp, limit: u32) -> Result<Vec<Invite>, StoreError>;
    /// Ends an invitation. Returns whether it was open.
    async fn end_invite(&self, code: &InviteCode, now: Timestamp, audit: &AuditEntry) -> Result<bool, StoreError>;
    /// Lets a person in by an invitation, which has one use less then: two people never share the last one, and nothing is
    /// used up by a person who was let in or denied before. That decides the person's open request, which is returned.
    async fn redeem_invite(
        &self,
        code: &InviteCode,
        party: &Party,
        now: Timestamp,
    ) -> Result<(Redeemed, Option<AccessRequest>), StoreError>;

    /// A person's request.
    async fn access_request(&self, user: UserId) -> Result<Option<AccessRequest>, StoreError>;
    /// Adds a person's request, once: a refused one stays refused. One that was allowed is opened again. Returns it as it is
    /// now.
    async fn add_access_request(&self, party: &Party, now: Timestamp) -> Result<AccessRequest, StoreError>;
    /// Notes that the admins are being told of an open request, unless they were, or were told of `most` requests since
    /// `since`. Returns whether it did.
    async fn note_request_told(
        &self,
        user: UserId,
        since: Timestamp,
        most: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Stores which messages have told admins of a request.
    async fn put_request_notices(&self, user: UserId, notices: &[RequestNotice]) -> Result<(), StoreError>;
    /// The open requests, the first first.
    async fn open_access_requests(&self, limit: u32) -> Result<Vec<AccessRequest>, StoreError>;
    /// Decides an open request. `None`: it is not open, and nothing has changed.
    async fn decide_access_request(
        &self,
        user: UserId,
        state: RequestState,
        decider: &Party,
        now: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<AccessRequest>, StoreError>;
}
