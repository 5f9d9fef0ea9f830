//! The balance of the account at the vendor, read in the background, so that showing it never waits for the vendor.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::Service;
use crate::client::KeyCredits;
use crate::clock::Timestamp;
use crate::ledger::Credits;

/// An older balance is not shown: other processes may have spent since.
const LIFE: Duration = Duration::from_secs(300);

/// The last balance, and requests for a newer one.
#[derive(Debug, Default)]
pub(super) struct Balance {
    last: Mutex<Option<(Credits, Timestamp)>>,
    requested: Notify,
}

impl Balance {
    fn set(&self, credits: Credits, now: Timestamp) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((credits, now));
    }

    fn get(&self, now: Timestamp) -> Option<Credits> {
        let (credits, read_at) = (*self.last.lock().unwrap_or_else(PoisonError::into_inner))?;
        (now.since(read_at) < LIFE).then_some(credits)
    }
}

impl Service {
    /// The last balance of all keys together (keys of one account count twice). `None` when it is not read at all (see
    /// [`Service::with_balance`]), not read yet, or older than five minutes. Never waits.
    pub fn balance(&self) -> Option<Credits> {
        self.inner.balance.as_ref()?.get(self.now())
    }

    /// Requests a newer balance and returns at once.
    pub(super) fn request_balance(&self) {
        if let Some(balance) = &self.inner.balance {
            balance.requested.notify_one();
        }
    }

    /// Reads the balance now, and again on each request, with at least `pause` between two reads. Returns at once where
    /// the balance is not read, otherwise never.
    pub async fn watch_balance(&self, pause: Duration) {
        let Some(balance) = &self.inner.balance else { return };
        loop {
            match sum(&self.inner.kie.credits_by_key().await) {
                Some(credits) => {
                    balance.set(credits, self.now());
                    tracing::debug!(%credits, "the balance was read");
                }
                None => tracing::debug!("the balance could not be read"),
            }
            self.clock().sleep(pause).await;
            balance.requested.notified().await;
        }
    }
}

/// The sum over all keys. `None` when the balance of a key cannot be read now, or no key has one. A key that the vendor
/// refuses counts as 0.
fn sum(keys: &[KeyCredits]) -> Option<Credits> {
    let mut total = None;
    for key in keys {
        match &key.credits {
            Ok(credits) => total = Some(total.unwrap_or(Credits::ZERO) + *credits),
            Err(error) if error.is_retryable() => return None,
            Err(error) => tracing::debug!(key = %key.label, %error, "a key has no balance"),
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{Error, KeyLabel};

    fn key(credits: Result<i64, i64>) -> KeyCredits {
        let refused = |code| Error::Api { code, message: String::new(), retry_after: None, task: None };
        KeyCredits { label: KeyLabel("k".into()), credits: credits.map(Credits::from_milli).map_err(refused) }
    }

    #[test]
    fn keys_are_counted_together_or_not_at_all() {
        let total = |keys: &[Result<i64, i64>]| sum(&keys.iter().copied().map(key).collect::<Vec<_>>());
        assert_eq!(total(&[Ok(5_250), Ok(1_000)]), Some(Credits::from_milli(6_250)));
        assert_eq!(total(&[Ok(5_250), Err(401)]), Some(Credits::from_milli(5_250)));
        assert_eq!(total(&[Ok(5_250), Err(500)]), None);
        assert_eq!(total(&[Err(401)]), None);
    }

    #[test]
    fn a_balance_expires() {
        let balance = Balance::default();
        let then = Timestamp::from_millis(1_000_000);
        assert_eq!(balance.get(then), None);
        balance.set(Credits::from_milli(7), then);
        assert_eq!(balance.get(then + LIFE - Duration::from_millis(1)), Some(Credits::from_milli(7)));
        assert_eq!(balance.get(then + LIFE), None);
    }
}
