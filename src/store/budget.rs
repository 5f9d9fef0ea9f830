//! Budgets of requests.

use std::time::Duration;

use async_trait::async_trait;

use crate::store_error::StoreError;

/// Counts requests against budgets that all processes share, on the database's clock: the clocks of the processes may
/// differ by more than a window.
#[async_trait]
pub trait Budgets: std::fmt::Debug + Send + Sync {
    /// Counts one request and returns `None` if fewer than `count` were counted in the last `window`; otherwise counts
    /// nothing and returns how long to wait.
    async fn take(&self, name: &str, count: u32, window: Duration) -> Result<Option<Duration>, StoreError>;
    /// Allows no request for `pause`.
    async fn pause(&self, name: &str, pause: Duration) -> Result<(), StoreError>;
}
