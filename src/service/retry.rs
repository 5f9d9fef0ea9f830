//! Retries of writes while the database is unavailable, for results that only this process knows.

use std::time::Duration;

use super::Service;
use crate::backoff::{Backoff, Retries};
use crate::store_error::StoreError;

/// Pauses between attempts at an unavailable store.
pub(super) const STORE_BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(2));

impl Service {
    /// Repeats a call until the store answers, without a time limit.
    ///
    /// # Errors
    /// All errors but unavailability.
    pub(super) async fn retry_until_available<T, F>(&self, call: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut retries = Retries::new(STORE_BACKOFF);
        loop {
            match call().await {
                Err(error) if error.is_unavailable() => self.wait_for_store(&error, &mut retries).await,
                other => return other,
            }
        }
    }

    /// Pauses after a failed attempt.
    pub(super) async fn wait_for_store(&self, error: &StoreError, retries: &mut Retries) {
        tracing::debug!(%error, failures = retries.failures(), "a result waits for the database");
        self.inner.clock.sleep(retries.next_pause(0.0)).await;
    }
}
