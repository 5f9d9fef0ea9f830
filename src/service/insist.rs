//! What only this process knows is not given up because the database is away.

use std::time::Duration;

use super::Service;
use crate::store::StoreError;

/// First and longest pause before the store is asked again.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

impl Service {
    /// Asks the store until it answers, for as long as the process lives.
    ///
    /// # Errors
    /// What the store says when it does answer.
    pub(super) async fn insist<T, F>(&self, call: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut tries = 0;
        loop {
            match call().await {
                Err(error) if error.is_unavailable() => self.outwait(&error, &mut tries).await,
                other => return other,
            }
        }
    }

    /// The pause after one more try at a store that does not answer.
    pub(super) async fn outwait(&self, error: &StoreError, tries: &mut u32) {
        tracing::debug!(%error, tries, "a result waits for the database");
        let pause = PAUSE.0.saturating_mul(2u32.saturating_pow(*tries)).min(PAUSE.1);
        *tries = tries.saturating_add(1);
        self.inner.clock.sleep(pause).await;
    }
}
