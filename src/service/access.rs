//! Who may use the bot, as far as admins and invitations decide it while the bot runs.

use std::time::Duration;

use super::Service;
use crate::access::{
    AccessEntry, AccessRequest, Invite, InviteCode, InviteTerms, Party, Redeemed, RequestNotice, RequestState,
    StoredAccess,
};
use crate::audit::{Actor, AuditAction, AuditEntry};
use crate::job::{ChatId, UserId};
use crate::store_error::StoreError;

/// For so long after its end, an invitation tells who opens it that it has ended.
const ENDED_INVITE_LIFE: Duration = Duration::from_secs(90 * 24 * 3600);
/// The time in which at most [`TOLD_REQUESTS`] requests are told to the admins.
const TOLD_WINDOW: Duration = Duration::from_secs(24 * 3600);
/// Most requests that the admins are told of within a day; the others are in the list of open requests.
pub(crate) const TOLD_REQUESTS: u32 = 20;

impl Service {
    /// An act of an admin, which takes place now.
    fn audit(&self, admin: UserId, action: AuditAction) -> AuditEntry {
        AuditEntry::new(Actor::Person(admin), action, self.now())
    }

    /// What is stored about a person in a chat.
    pub(crate) async fn access_of(&self, user: UserId, chat: ChatId) -> Result<StoredAccess, StoreError> {
        self.inner.store.access_of(user, chat).await
    }

    /// Lets in or denies a person or a chat by the word of an admin. Returns the person's open request, which that has
    /// decided.
    pub(crate) async fn put_access(
        &self,
        party: Party,
        is_allowed: bool,
        admin: &Party,
    ) -> Result<Option<AccessRequest>, StoreError> {
        self.user_admin(UserId(admin.id)).put_access(party, is_allowed, &admin.name).await
    }

    /// Forgets that a person or a chat was let in or denied. Returns whether there was something.
    pub(crate) async fn remove_access(&self, id: i64, admin: UserId) -> Result<bool, StoreError> {
        self.user_admin(admin).remove_access(id).await
    }

    /// All who were let in or denied, the latest first.
    pub(crate) async fn access_entries(&self, limit: u32, offset: u32) -> Result<Vec<AccessEntry>, StoreError> {
        self.inner.store.access_entries(limit, offset).await
    }

    /// Makes an invitation with this code.
    pub(crate) async fn add_invite(
        &self,
        code: InviteCode,
        terms: InviteTerms,
        admin: UserId,
    ) -> Result<Invite, StoreError> {
        let now = self.now();
        let invite =
            Invite { code, uses_left: terms.people(), made_by: admin, made_at: now, ends_at: now + terms.life() };
        let terms = format!("{} until {}", invite.uses_left, invite.ends_at.date());
        let audit = self.audit(admin, AuditAction::Invite).on(invite.code.label()).to(terms);
        self.inner.store.add_invite(&invite, now - ENDED_INVITE_LIFE, &audit).await?;
        tracing::info!(admin = admin.0, people = invite.uses_left, until = invite.ends_at.date(), "an admin invites");
        Ok(invite)
    }

    /// The invitations that still let people in, the latest first.
    pub(crate) async fn open_invites(&self, limit: u32) -> Result<Vec<Invite>, StoreError> {
        self.inner.store.open_invites(self.now(), limit).await
    }

    /// Withdraws an invitation, if it still lets people in.
    pub(crate) async fn withdraw_invite(&self, code: &InviteCode, admin: UserId) -> Result<(), StoreError> {
        let audit = self.audit(admin, AuditAction::WithdrawInvite).on(code.label());
        if self.inner.store.end_invite(code, self.now(), &audit).await? {
            tracing::info!(admin = admin.0, "an admin has withdrawn an invitation");
        }
        Ok(())
    }

    /// Lets a person in by an invitation. Returns their open request too, which that has decided.
    pub(crate) async fn redeem_invite(
        &self,
        code: &InviteCode,
        party: &Party,
    ) -> Result<(Redeemed, Option<AccessRequest>), StoreError> {
        let redeemed = self.inner.store.redeem_invite(code, party, self.now()).await?;
        if let (Redeemed::LetIn { made_by }, _) = &redeemed {
            tracing::info!(user = party.id, admin = made_by.0, "a person has come in by an invitation");
        }
        Ok(redeemed)
    }

    /// A person's request to be let in.
    pub(crate) async fn access_request(&self, user: UserId) -> Result<Option<AccessRequest>, StoreError> {
        self.inner.store.access_request(user).await
    }

    /// Stores a person's request, once. Returns it as it is now.
    pub(crate) async fn ask_access(&self, party: &Party) -> Result<AccessRequest, StoreError> {
        self.inner.store.add_access_request(party, self.now()).await
    }

    /// Notes that the admins are being told of a request. False: they were told of it or of [`TOLD_REQUESTS`] others today.
    pub(crate) async fn note_request_told(&self, user: UserId) -> Result<bool, StoreError> {
        let now = self.now();
        self.inner.store.note_request_told(user, now - TOLD_WINDOW, TOLD_REQUESTS, now).await
    }

    /// Stores which messages have told admins of a request.
    pub(crate) async fn put_request_notices(&self, user: UserId, notices: &[RequestNotice]) -> Result<(), StoreError> {
        self.inner.store.put_request_notices(user, notices).await
    }

    /// The open requests, the first first.
    pub(crate) async fn open_access_requests(&self, limit: u32) -> Result<Vec<AccessRequest>, StoreError> {
        self.inner.store.open_access_requests(limit).await
    }

    /// Decides an open request. `None`: somebody has decided it before.
    pub(crate) async fn decide_access_request(
        &self,
        user: UserId,
        state: RequestState,
        admin: &Party,
    ) -> Result<Option<AccessRequest>, StoreError> {
        self.user_admin(UserId(admin.id)).decide_request(user, state, &admin.name).await
    }
}
