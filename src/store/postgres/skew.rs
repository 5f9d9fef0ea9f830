//! How far the server's clock is ahead of this process's.
//!
//! Processes on several machines compare times: a lease that has expired on one clock is still valid on another. The
//! clock that they have in common is the server's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::postgres::PgPool;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::clock::{Clock, SystemClock};

/// Clocks drift and are set, so the difference is measured again after this pause.
const INTERVAL: Duration = Duration::from_secs(30);
/// A smaller difference, in milliseconds, matters to no lease and may be the network's delay.
const NEGLIGIBLE: i64 = 500;

/// The difference, kept up to date.
#[derive(Debug)]
pub(super) struct Skew {
    offset: Arc<AtomicI64>,
    task: JoinHandle<()>,
}

impl Skew {
    /// Measures now, and again and again until this is dropped.
    pub(super) async fn measure(pool: &PgPool) -> Result<Self, sqlx::Error> {
        let offset = Arc::new(AtomicI64::new(measure_once(pool).await?));
        let (pool, shared) = (pool.clone(), Arc::clone(&offset));
        let task = tokio::spawn(async move {
            loop {
                sleep(INTERVAL).await;
                match measure_once(&pool).await {
                    Ok(now) => {
                        let before = shared.swap(now, Ordering::Relaxed);
                        if (now - before).abs() >= NEGLIGIBLE {
                            tracing::warn!(
                                ahead_ms = now,
                                before_ms = before,
                                "the clock of the server or of this process was set"
                            );
                        }
                    }
                    Err(error) => tracing::debug!(%error, "the server's time could not be read"),
                }
            }
        });
        Ok(Self { offset, task })
    }

    /// How many milliseconds the server is ahead.
    pub(super) fn offset(&self) -> i64 {
        self.offset.load(Ordering::Relaxed)
    }

    pub(super) fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Skew {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn measure_once(pool: &PgPool) -> Result<i64, sqlx::Error> {
    let query = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    let mut connection = pool.acquire().await?;
    let before = SystemClock.now().millis();
    let server: i64 = sqlx::query_scalar(query).fetch_one(&mut *connection).await?;
    let after = SystemClock.now().millis();
    Ok(difference(server, before, after))
}

/// The server read its clock at some time between `before` and `after`.
fn difference(server: i64, before: i64, after: i64) -> i64 {
    let offset = server - (before + (after - before) / 2);
    // How the round trip divides into the two ways is unknown.
    if offset.abs() < NEGLIGIBLE.max(after - before) { 0 } else { offset }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_wrong_is_told_from_a_slow_answer() {
        assert_eq!(difference(1_000_040, 1_000_000, 1_000_100), 0);
        assert_eq!(difference(1_045_050, 1_000_000, 1_000_100), 45_000);
        assert_eq!(difference(955_050, 1_000_000, 1_000_100), -45_000);
        assert_eq!(difference(1_003_000, 1_000_000, 1_004_000), 0, "the answer took four seconds");
    }
}
