//! By how much the server's clock is ahead of this process's.
//!
//! Processes on several machines judge each other by time: a lease that has run out on one clock still holds on another.
//! They have one clock in common, the server's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::postgres::PgPool;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::clock::{Clock, SystemClock};

/// Clocks drift, and are set, so the difference is taken again this often.
const AGAIN: Duration = Duration::from_secs(30);
/// A smaller difference, in milliseconds, matters to no lease and may be the way of the question.
const SMALL: i64 = 500;

/// The difference, kept up to date.
#[derive(Debug)]
pub(super) struct Skew {
    ahead: Arc<AtomicI64>,
    task: JoinHandle<()>,
}

impl Skew {
    /// Asks now, and goes on asking until it is dropped.
    pub(super) async fn measure(pool: &PgPool) -> Result<Self, sqlx::Error> {
        let ahead = Arc::new(AtomicI64::new(ask(pool).await?));
        let (pool, kept) = (pool.clone(), Arc::clone(&ahead));
        let task = tokio::spawn(async move {
            loop {
                sleep(AGAIN).await;
                match ask(&pool).await {
                    Ok(now) => {
                        let before = kept.swap(now, Ordering::Relaxed);
                        if (now - before).abs() >= SMALL {
                            tracing::warn!(ahead_ms = now, before_ms = before, "a clock was set: ours or the server's");
                        }
                    }
                    Err(error) => tracing::debug!(%error, "the server does not tell its time"),
                }
            }
        });
        Ok(Self { ahead, task })
    }

    /// In milliseconds.
    pub(super) fn ahead(&self) -> i64 {
        self.ahead.load(Ordering::Relaxed)
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

async fn ask(pool: &PgPool) -> Result<i64, sqlx::Error> {
    let question = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    let mut connection = pool.acquire().await?;
    let before = SystemClock.now().millis();
    let there: i64 = sqlx::query_scalar(question).fetch_one(&mut *connection).await?;
    let after = SystemClock.now().millis();
    Ok(difference(there, before, after))
}

/// The server read its clock at some moment between the two of ours.
fn difference(there: i64, before: i64, after: i64) -> i64 {
    let ahead = there - (before + (after - before) / 2);
    // What the way took is not known to either clock.
    if ahead.abs() < SMALL.max(after - before) { 0 } else { ahead }
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
