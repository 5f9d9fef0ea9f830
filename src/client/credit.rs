//! The credits left on the accounts of the keys.

use std::sync::Arc;

use futures::future::join_all;

use crate::client::Client;
use crate::client::envelope::number;
use crate::client::error::Error;
use crate::client::key::{Key, KeyLabel};
use crate::ledger::Credits;

/// The credits of one key's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCredits {
    /// The key.
    pub label: KeyLabel,
    /// The credits left, or the error of the query.
    pub credits: Result<Credits, Error>,
}

/// The most attempts of a read that fails with temporary errors.
pub(crate) const READ_ATTEMPTS: u32 = 3;

impl Client {
    /// The credits left on the account of the key in use (`GET /api/v1/chat/credit`). The number may have decimals.
    ///
    /// # Errors
    /// Any [`Error`], after retries of temporary ones.
    pub async fn credits(&self) -> Result<Credits, Error> {
        let ask = || async { self.with_failover(|key| async move { self.balance(&key).await }).await };
        self.repeat(READ_ATTEMPTS, Error::is_retryable, ask).await
    }

    /// The credits left on the account of every key, in the order of the setting.
    pub async fn credits_by_key(&self) -> Vec<KeyCredits> {
        let ask = |key: &Arc<Key>| {
            let key = key.clone();
            async move {
                let credits = self.repeat(READ_ATTEMPTS, Error::is_retryable, || self.balance(&key)).await;
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
