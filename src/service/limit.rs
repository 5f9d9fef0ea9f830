//! The vendor's rate limits, shared by all processes: the client asks, the store counts.

use std::sync::Arc;
use std::time::Duration;

use crate::client::limit::{Budget, Limiter, LimiterError, LimiterFuture, Permit, Purpose, Rate};
use crate::clock::Timestamp;
use crate::log_once::LogOnce;
use crate::store::Budgets;
use crate::store_error::StoreError;

/// While the store is unavailable, creates wait and ask again after this pause.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Counts requests in the store. While the store is unavailable, creates wait: the vendor drops requests beyond its
/// limit, and the state of a job cannot be stored anyway. Polls continue and are counted by each process for itself:
/// one too many is refused and repeated.
#[derive(Debug)]
pub struct SharedLimiter {
    budgets: Arc<dyn Budgets>,
    outage: LogOnce<()>,
}

impl SharedLimiter {
    /// Over the budgets of a store.
    pub fn new(budgets: Arc<dyn Budgets>) -> Self {
        Self { budgets, outage: LogOnce::default() }
    }

    /// Logs the beginning and the end of an outage.
    fn note<T>(&self, answer: Result<T, StoreError>) -> Result<T, LimiterError> {
        match &answer {
            Err(error) if self.outage.changed(()) => {
                tracing::warn!(%error, "the shared request budgets are unavailable");
            }
            Ok(_) if self.outage.cleared() => tracing::info!("the shared request budgets are available again"),
            _ => {}
        }
        answer.map_err(|error| LimiterError(error.to_string()))
    }
}

impl Limiter for SharedLimiter {
    // The store counts on its server's clock, which all processes share.
    fn try_acquire<'a>(&'a self, budget: &'a Budget, rate: Rate, _: Timestamp) -> LimiterFuture<'a, Permit> {
        Box::pin(async move {
            if rate.window.is_zero() {
                return Ok(Permit::Granted);
            }
            let answer = self.budgets.take(&budget.to_string(), rate.count, rate.window).await;
            match (self.note(answer), budget.purpose) {
                (Ok(None), _) => Ok(Permit::Granted),
                (Ok(Some(wait)), _) => Ok(Permit::After(wait)),
                (Err(_), Purpose::Create) => Ok(Permit::After(ASK_AGAIN)),
                (Err(error), Purpose::Poll | Purpose::Catalogue) => Err(error),
            }
        })
    }

    fn pause<'a>(&'a self, budget: &'a Budget, pause: Duration, _: Timestamp) -> LimiterFuture<'a, ()> {
        Box::pin(async move { self.note(self.budgets.pause(&budget.to_string(), pause).await) })
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;
    use crate::client::KeyLabel;

    /// A store that does not answer.
    #[derive(Debug)]
    struct Down;

    #[async_trait]
    impl Budgets for Down {
        async fn take(&self, _: &str, _: u32, _: Duration) -> Result<Option<Duration>, StoreError> {
            Err(StoreError::Open("gone".into()))
        }

        async fn pause(&self, _: &str, _: Duration) -> Result<(), StoreError> {
            Err(StoreError::Open("gone".into()))
        }
    }

    #[tokio::test]
    async fn without_a_count_creates_wait_and_looks_are_counted_here() {
        let limiter = SharedLimiter::new(Arc::new(Down));
        let rate = Rate::new(18, Duration::from_secs(11));
        let ask = async |purpose| {
            let budget = Budget { purpose, key: KeyLabel::from("1a2b3c4d") };
            limiter.try_acquire(&budget, rate, Timestamp::default()).await
        };
        assert_eq!(ask(Purpose::Create).await, Ok(Permit::After(ASK_AGAIN)));
        for purpose in [Purpose::Poll, Purpose::Catalogue] {
            assert!(ask(purpose).await.is_err(), "the client counts for itself");
        }
    }
}
