//! What the operator does with people's wallets. Needs a store and nothing else.

use std::sync::Arc;

use crate::audit::{Actor, AuditAction, AuditEntry};
use crate::clock::Clock;
use crate::job::UserId;
use crate::ledger::{Money, Wallet, WalletId};
use crate::store::{Booked, Store};
use crate::store_error::StoreError;
use crate::transfer::{Transfer, TransferKind};

/// Looks into wallets, puts gifts there, and gives back what is in purses. Cheap to clone.
#[derive(Debug, Clone)]
pub struct WalletAdmin {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// The admin who acts; `None` for the program itself.
    actor: Option<Actor>,
}

impl WalletAdmin {
    /// Over a store, on a clock.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, actor: None }
    }

    /// The same, for an admin: what is given or taken back is written to the audit.
    #[must_use]
    pub fn by(self, actor: Actor) -> Self {
        Self { actor: Some(actor), ..self }
    }

    /// What a wallet has.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn wallet(&self, id: WalletId) -> Result<Wallet, StoreError> {
        self.store.wallet(id).await
    }

    /// The movements of a wallet, newest first; with `before`, those before that one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn statement(
        &self,
        id: WalletId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Transfer)>, StoreError> {
        self.store.transfers_of(id, before, limit).await
    }

    /// Gives an amount to a wallet, or takes one below 0 back, as far as the wallet has it. `key` makes it one of a kind:
    /// a repeated press or a redelivered update changes nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn give(
        &self,
        id: WalletId,
        amount: Money,
        key: &str,
        note: Option<String>,
    ) -> Result<Booked, StoreError> {
        let (kind, action) = if amount < Money::ZERO {
            (TransferKind::TakeBack, AuditAction::TakeBack)
        } else {
            (TransferKind::Gift, AuditAction::Gift)
        };
        let (key, amount) = (format!("{}:{key}", kind.as_str()), amount.abs());
        let at = self.clock.now();
        let transfer = Transfer { key, kind, wallet: id, amount, job: None, note, at };
        let Some(actor) = &self.actor else { return self.store.book(&transfer).await };
        let mut audit = AuditEntry::new(actor.clone(), action, at).about(id.0).to(amount.to_string());
        audit.subject = transfer.note.clone();
        self.store.book_act(&[transfer], &audit).await
    }

    /// Gives an amount above 0 of the purse of a group to a person, as far as the purse has it; `key` as for
    /// [`WalletAdmin::give`].
    ///
    /// # Errors
    /// When the store fails.
    pub async fn return_purse(
        &self,
        group: WalletId,
        user: UserId,
        amount: Money,
        key: &str,
    ) -> Result<Booked, StoreError> {
        let at = self.clock.now();
        let parts = [(TransferKind::ReturnOut, group), (TransferKind::ReturnIn, user.into())];
        let transfers = Transfer::pass(parts, amount, key, at);
        let Some(actor) = &self.actor else { return self.store.book_all(&transfers).await };
        let audit = AuditEntry::new(actor.clone(), AuditAction::ReturnPurse, at).about(user.0);
        self.store.book_act(&transfers, &audit.on(&group.0.to_string()).to(amount.to_string())).await
    }
}
