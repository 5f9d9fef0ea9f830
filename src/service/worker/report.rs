//! Tells the operator of results that reached no chat.

use std::time::Duration;

use super::Worker;
use crate::store_error::StoreError;

/// Most results in one message; the rest is in the next one.
const MOST: u32 = 1000;
/// What could not be told is told again after this time.
const AGAIN: Duration = Duration::from_secs(600);

impl Worker {
    /// Tells the operator of all results that have become undeliverable since the last time, in one message. Returns how
    /// many there were.
    ///
    /// # Errors
    /// When the store fails: the operator is told again later.
    pub async fn tell_operator(&self) -> Result<usize, StoreError> {
        let (store, now) = (&self.service.inner.store, self.service.now());
        let again = now + AGAIN;
        let jobs = store.claim_reports(MOST, now, again).await?;
        if jobs.is_empty() {
            return Ok(0);
        }
        let ids: Vec<_> = jobs.iter().map(|job| job.id.clone()).collect();
        let list = ids.iter().map(|id| id.0.as_str()).collect::<Vec<_>>().join(" ");
        tracing::error!(count = ids.len(), jobs = list, "results reached no chat");
        match self.delivery.tell_operator(&jobs).await {
            Ok(()) => store.put_reported(&ids, again).await?,
            Err(error) => tracing::warn!(%error, "the operator is told later of results that reached no chat"),
        }
        Ok(ids.len())
    }

    /// Tells the operator from time to time, until the worker is stopped.
    pub(super) async fn tell_operator_until_stopped(self) {
        while !self.stop.is_cancelled() {
            if let Err(error) = self.tell_operator().await {
                tracing::debug!(%error, "the operator could not be told of results that reached no chat");
            }
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = self.service.inner.clock.sleep(self.settings.report_interval) => {}
            }
        }
    }
}
