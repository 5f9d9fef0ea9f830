//! What is not kept for ever: old rows go, in small batches, so that nobody waits for it.

use std::time::Duration;

use super::Service;
use crate::store::{PRUNE_BATCH, Prunable};
use crate::store_error::StoreError;

/// A day.
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Numbers of handled updates: Telegram repeats an update for 24 hours at most.
const UPDATES_KEPT: Duration = DAY.saturating_mul(3);
/// Pause between two transactions.
const BATCH_PAUSE: Duration = Duration::from_millis(250);
/// Pause between two searches.
const INTERVAL: Duration = Duration::from_secs(3600);

/// How long things are kept after their last change; `None` for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Forms that nobody has sent.
    pub drafts: Option<Duration>,
    /// What the vendor said about settled jobs.
    pub replies: Option<Duration>,
    /// Inputs, results and files of settled jobs. Their states, prices and ledger stay.
    pub jobs: Option<Duration>,
}

impl Retention {
    fn of(&self, what: Prunable) -> Option<Duration> {
        match what {
            Prunable::Updates => Some(UPDATES_KEPT),
            Prunable::Drafts => self.drafts,
            Prunable::Webhooks | Prunable::Replies => self.replies,
            Prunable::Jobs => self.jobs,
        }
    }
}

impl Service {
    /// Deletes what was kept long enough, now and every hour. Never returns; one process is enough.
    pub async fn watch_retention(&self, retention: Retention) {
        loop {
            match self.prune(retention).await {
                Ok(pruned) => {
                    for (what, rows) in pruned {
                        tracing::info!(?what, rows, "what was kept long enough was deleted");
                    }
                }
                Err(error) => tracing::warn!(%error, "old rows could not be deleted"),
            }
            self.clock().sleep(INTERVAL).await;
        }
    }

    /// Deletes what was kept long enough, and returns how many rows of each kind it was.
    ///
    /// # Errors
    /// When the store fails; the batches before stay deleted.
    pub async fn prune(&self, retention: Retention) -> Result<Vec<(Prunable, u64)>, StoreError> {
        let mut pruned = Vec::new();
        for what in Prunable::ALL {
            let Some(kept) = retention.of(what) else { continue };
            let mut total = 0;
            loop {
                let now = self.now();
                let rows = self.inner.store.prune(what, now - kept, now).await?;
                total += rows;
                if rows < PRUNE_BATCH {
                    break;
                }
                self.clock().sleep(BATCH_PAUSE).await;
            }
            if total > 0 {
                pruned.push((what, total));
            }
        }
        Ok(pruned)
    }
}
