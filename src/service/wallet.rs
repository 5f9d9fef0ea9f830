//! What people pay and what they have.

use std::sync::Arc;

use super::{Inner, Service};
use crate::ledger::{Currency, Money, Wallet, WalletId};
use crate::store_error::StoreError;
use crate::tariff::Tariff;
use crate::transfer::Transfer;

/// An order that its payer cannot pay. Nothing was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the order costs {price}, and {available} are available")]
pub struct Unfunded {
    /// Who was to pay.
    pub payer: WalletId,
    /// What it costs.
    pub price: Money,
    /// What its payer has.
    pub available: Money,
    /// The unit of both.
    pub currency: Currency,
}

impl Service {
    /// The same, and people pay by this tariff; without one the operator pays.
    #[must_use]
    pub fn with_tariff(self, tariff: Option<Tariff>) -> Self {
        Self { inner: Arc::new(Inner { tariff, ..Inner::clone(&self.inner) }) }
    }

    /// The unit that people pay in; `None` when the operator pays.
    pub fn currency(&self) -> Option<Currency> {
        self.inner.tariff.map(|tariff| tariff.currency)
    }

    /// Whether people pay.
    pub fn charges(&self) -> bool {
        self.inner.tariff.is_some()
    }

    /// What a wallet has.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn wallet(&self, id: WalletId) -> Result<Wallet, StoreError> {
        self.inner.store.wallet(id).await
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
        self.inner.store.transfers_of(id, before, limit).await
    }
}
