//! Promo codes, as people use them.

use super::Service;
use crate::job::UserId;
use crate::ledger::Money;
use crate::promo::{PromoCode, PromoRefusal};
use crate::store_error::StoreError;

impl Service {
    /// Gives a person what a code gives. Returns how much that is, or why it is nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn use_promo(&self, code: &PromoCode, user: UserId) -> Result<Result<Money, PromoRefusal>, StoreError> {
        if !self.charges() {
            return Ok(Err(PromoRefusal::NotCharged));
        }
        let key = uuid::Uuid::now_v7().simple().to_string();
        let used = self.inner.store.use_promo(code, user, &key, self.now()).await?;
        match used {
            Ok(amount) => tracing::info!(user = user.0, %code, %amount, "a promo code was used"),
            Err(refusal) => tracing::debug!(user = user.0, %refusal, "a promo code gave nothing"),
        }
        Ok(used)
    }
}
