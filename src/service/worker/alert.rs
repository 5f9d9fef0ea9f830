//! Tells the operator what only they can see to.

use std::time::Duration;

use super::Worker;
use crate::store_error::StoreError;

/// What could not be told is told again after this time.
const AGAIN: Duration = Duration::from_secs(600);

impl Worker {
    /// Looks for what the operator is to hear, and tells what is new, in one message. Returns how many matters that were.
    ///
    /// # Errors
    /// When the store fails: the next time finds the same.
    pub async fn alert_operator(&self) -> Result<usize, StoreError> {
        self.service.look_for_alerts().await?;
        let (store, now) = (&self.service.inner.store, self.service.now());
        let again = now + AGAIN;
        let alerts = store.claim_alerts(now, again).await?;
        if alerts.is_empty() {
            return Ok(0);
        }
        for alert in &alerts {
            let (kind, subject, detail) = (alert.kind.as_str(), &alert.subject, &alert.detail);
            if alert.is_over {
                tracing::info!(kind, subject, "over: the operator is told");
            } else {
                tracing::error!(kind, subject, detail, "the operator is told");
            }
        }
        match self.delivery.alert(&alerts).await {
            Ok(()) => store.put_alerts_told(&alerts, again).await?,
            Err(error) => tracing::warn!(%error, "the operator is told later"),
        }
        Ok(alerts.len())
    }

    /// Looks and tells from time to time, until the worker is stopped.
    pub(super) async fn alert_operator_until_stopped(self) {
        while !self.stop.is_cancelled() {
            if let Err(error) = self.alert_operator().await {
                tracing::debug!(%error, "what the operator is to hear is not known");
            }
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = self.service.inner.clock.sleep(self.settings.alert_interval) => {}
            }
        }
    }
}
