//! Waits for the end of a shortage of credits.

use super::Worker;
use crate::store_error::StoreError;

impl Worker {
    /// Looks whether the account is out of credits, and whether it still is when it is time to ask the vendor.
    ///
    /// # Errors
    /// When the store fails: it is looked at again later.
    pub async fn probe_shortage(&self) -> Result<(), StoreError> {
        self.service.probe_shortage(self.settings.probes).await
    }

    /// Looks from time to time, until the worker is stopped.
    pub(super) async fn probe_shortage_until_stopped(self) {
        while !self.stop.is_cancelled() {
            if let Err(error) = self.probe_shortage().await {
                tracing::debug!(%error, "whether there is a shortage of credits is not known");
            }
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = self.service.inner.clock.sleep(self.settings.probe_interval) => {}
            }
        }
    }
}
