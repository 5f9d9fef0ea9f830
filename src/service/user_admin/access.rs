//! Who may use the bot, by the word of an operator.

use super::UserAdmin;
use crate::access::{AccessEntry, AccessOrigin, AccessRequest, Party, RequestState, StoredAccess};
use crate::audit::AuditAction;
use crate::job::{ChatId, UserId};
use crate::store_error::StoreError;

/// What is stored, in a word.
const fn word(stored: &StoredAccess) -> Option<&'static str> {
    match (stored.is_denied, stored.is_allowed) {
        (true, _) => Some("denied"),
        (false, true) => Some("allowed"),
        (false, false) => None,
    }
}

impl UserAdmin {
    /// What is stored about a person or a chat.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn stored_access(&self, id: i64) -> Result<StoredAccess, StoreError> {
        self.store.access_of(UserId(id), ChatId(id)).await
    }

    /// Lets in or denies a person or a chat. `name`: what whoever acts calls themselves. Returns the person's open request,
    /// which that has decided.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put_access(
        &self,
        party: Party,
        is_allowed: bool,
        name: &str,
    ) -> Result<Option<AccessRequest>, StoreError> {
        let (id, since, decided_by) = (party.id, self.clock.now(), self.actor.user());
        let action = if is_allowed { AuditAction::Allow } else { AuditAction::Deny };
        let mut audit = self.entry(action).about(id).to(if is_allowed { "allowed" } else { "denied" });
        audit.before = word(&self.stored_access(id).await?).map(str::to_owned);
        let entry = AccessEntry { party, is_allowed, origin: AccessOrigin::Admin, decided_by, since };
        let decided = self.store.put_access(&entry, name, &audit).await?;
        tracing::info!(admin = %self.actor, id, is_allowed, "an admin has decided who may use the bot");
        Ok(decided)
    }

    /// Forgets that a person or a chat was let in or denied. Returns whether there was something.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove_access(&self, id: i64) -> Result<bool, StoreError> {
        let mut audit = self.entry(AuditAction::RemoveAccess).about(id);
        audit.before = word(&self.stored_access(id).await?).map(str::to_owned);
        let is_removed = self.store.remove_access(id, &audit).await?;
        if is_removed {
            tracing::info!(admin = %self.actor, id, "an admin has taken back who may use the bot");
        }
        Ok(is_removed)
    }

    /// The open requests to be let in, the first first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open_requests(&self, limit: u32) -> Result<Vec<AccessRequest>, StoreError> {
        self.store.open_access_requests(limit).await
    }

    /// Decides an open request; `name` as for [`UserAdmin::put_access`]. `None`: there is none, or somebody has decided it
    /// before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn decide_request(
        &self,
        user: UserId,
        state: RequestState,
        name: &str,
    ) -> Result<Option<AccessRequest>, StoreError> {
        let action = match state {
            RequestState::Allowed => AuditAction::AllowRequest,
            RequestState::Refused | RequestState::Open => AuditAction::RefuseRequest,
        };
        let audit = self.entry(action).about(user.0).from(RequestState::Open.as_str()).to(state.as_str());
        let admin = Party { name: name.to_owned(), ..Party::numbered(self.actor.user().0) };
        let decided = self.store.decide_access_request(user, state, &admin, self.clock.now(), &audit).await?;
        if decided.is_some() {
            let decision = state.as_str();
            tracing::info!(admin = %self.actor, user = user.0, decision, "an admin has decided a request");
        }
        Ok(decided)
    }
}
