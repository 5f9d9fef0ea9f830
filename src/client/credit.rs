//! The account's balance.

use std::sync::Arc;

use futures::future::join_all;

use crate::client::Client;
use crate::client::envelope::number;
use crate::client::error::Error;
use crate::client::key::{Key, KeyLabel};
use crate::ledger::Credits;

/// The balance behind one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCredits {
    /// Which key.
    pub label: KeyLabel,
    /// What is left, or why that is not known.
    pub credits: Result<Credits, Error>,
}

/// How often a read is made at most when it fails for a passing reason.
pub(crate) const READS: u32 = 3;

impl Client {
    /// The credits left on the account of the key that serves (`GET /api/v1/chat/credit`). The number may have decimals.
    ///
    /// # Errors
    /// Any [`Error`]; passing ones were retried.
    pub async fn credits(&self) -> Result<Credits, Error> {
        let ask = || async { self.serve(|key| async move { self.balance(&key).await }).await };
        self.repeat(READS, Error::is_retryable, ask).await
    }

    /// The credits left on the account of every key, in the order of the setting.
    pub async fn credits_by_key(&self) -> Vec<KeyCredits> {
        let ask = |key: &Arc<Key>| {
            let key = key.clone();
            async move {
                let credits = self.repeat(READS, Error::is_retryable, || self.balance(&key)).await;
                KeyCredits { label: key.label.clone(), credits }
            }
        };
        join_all(self.hosts.keys.all().iter().map(ask)).await
    }

    async fn balance(&self, key: &Key) -> Result<Credits, Error> {
        let data = self.call(key, self.get(key, "/api/v1/chat/credit"), "credit").await?;
        number(&data).map(Credits::from_f64).ok_or(Error::Reply("the balance is no number"))
    }
}
