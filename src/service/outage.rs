//! Outages of the store are logged when they begin and when they end, and not with every failed call.

use crate::log_once::LogOnce;
use crate::store_error::StoreError;

/// Whether the store answered last, for the log.
#[derive(Debug, Default)]
pub struct StoreOutage(LogOnce);

impl StoreOutage {
    /// A call has failed.
    pub fn note_down(&self, error: &StoreError) {
        // The texts about one outage differ.
        let kind = if error.is_unavailable() { "unavailable".to_owned() } else { error.to_string() };
        if self.0.changed(kind) {
            tracing::error!(%error, "the store does not answer");
        } else {
            tracing::debug!(%error, "the store still does not answer");
        }
    }

    /// A call has succeeded.
    pub fn note_up(&self) {
        if self.0.cleared() {
            tracing::info!("the store answers again");
        }
    }
}
