//! Free orders, where people pay.

use std::sync::Arc;

use super::{Inner, PricedOrder, Service};
use crate::job::UserId;
use crate::ledger::Credits;
use crate::store_error::StoreError;
use crate::tariff::{Allowance, FreeCount, FreeUse};

impl Service {
    /// The same, and so many orders of each person are free. Does not matter where the operator pays.
    #[must_use]
    pub fn with_allowance(self, allowance: Allowance) -> Self {
        Self { inner: Arc::new(Inner { allowance, ..Inner::clone(&self.inner) }) }
    }

    /// How many free orders a person has left; none where the operator pays.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn free_left(&self, user: UserId) -> Result<FreeCount, StoreError> {
        let allowance = self.inner.allowance;
        if !self.charges() || allowance.is_none() {
            return Ok(FreeCount::default());
        }
        Ok(allowance.less(self.inner.store.free_used(user, self.now()).await?))
    }

    /// Notes in a priced order whether it is free for a person.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_free(&self, order: &mut PricedOrder, user: UserId) -> Result<(), StoreError> {
        order.free = match order.quote {
            Ok(quote) if self.inner.allowance.covers(quote.credits) => {
                Some(self.free_left(user).await?).filter(|left| left.sum() > 0)
            }
            Ok(_) | Err(_) => None,
        };
        Ok(())
    }

    /// By which allowance an order that costs so much at the vendor is free for a person now.
    pub(super) async fn free_use(&self, user: UserId, credits: Credits) -> Result<Option<FreeUse>, StoreError> {
        if !self.inner.allowance.covers(credits) {
            return Ok(None);
        }
        let left = self.free_left(user).await?;
        Ok(FreeUse::ALL.into_iter().find(|free| left.of(*free) > 0))
    }
}
