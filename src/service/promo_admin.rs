//! What an operator does about promo codes. Needs a store and nothing else.

use std::sync::Arc;

use crate::audit::{Actor, AuditAction, AuditEntry};
use crate::clock::{Clock, Timestamp};
use crate::ledger::Money;
use crate::promo::{Promo, PromoCode};
use crate::store::Store;
use crate::store_error::StoreError;

/// Most codes that are listed.
const LISTED: u32 = 1000;

/// Makes, lists and stops promo codes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PromoAdmin {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// Who acts.
    actor: Actor,
}

/// Why a promo code was not made or stopped. Nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum PromoAdminError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is such a code; its amount never changes.
    #[error("there is such a code")]
    Known,
    /// There is no such code.
    #[error("there is no such code")]
    Unknown,
    /// It was stopped before.
    #[error("the code was stopped before")]
    Stopped,
    /// It would give nothing: to nobody, no amount, or its end is past.
    #[error("the code would give nothing")]
    Empty,
}

impl PromoAdmin {
    /// Over a store, on a clock, for whoever acts: each act is written to the audit.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, actor: Actor) -> Self {
        Self { store, clock, actor }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The codes, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self) -> Result<Vec<Promo>, StoreError> {
        self.store.promos(LISTED).await
    }

    /// Makes a code that gives `amount` to each of `uses` people until `ends_at`.
    ///
    /// # Errors
    /// [`PromoAdminError`].
    pub async fn add(
        &self,
        code: PromoCode,
        amount: Money,
        uses: u32,
        ends_at: Timestamp,
    ) -> Result<Promo, PromoAdminError> {
        let made_at = self.now();
        if amount <= Money::ZERO || uses == 0 || ends_at <= made_at {
            return Err(PromoAdminError::Empty);
        }
        let promo = Promo { code, amount, uses, made_at, ends_at, used: 0, stopped_at: None };
        let terms = format!("{uses} x {amount} until {}", ends_at.date());
        let audit = AuditEntry::new(self.actor.clone(), AuditAction::AddPromo, made_at);
        let audit = audit.on(promo.code.as_str()).to(terms);
        if self.store.add_promo(&promo, &audit).await? { Ok(promo) } else { Err(PromoAdminError::Known) }
    }

    /// Stops a code. Who has used it keeps what it gave.
    ///
    /// # Errors
    /// [`PromoAdminError`].
    pub async fn stop(&self, code: &PromoCode) -> Result<Promo, PromoAdminError> {
        let now = self.now();
        let audit = AuditEntry::new(self.actor.clone(), AuditAction::StopPromo, now).on(code.as_str());
        let is_stopped = self.store.stop_promo(code, now, &audit).await?;
        let promo = self.store.promo(code).await?.ok_or(PromoAdminError::Unknown)?;
        if is_stopped { Ok(promo) } else { Err(PromoAdminError::Stopped) }
    }
}
