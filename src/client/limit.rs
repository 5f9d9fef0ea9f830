//! How often KIE may be asked: budgets and rate limiters.
//!
//! The vendor counts per account (agent guide, September 2026): 20 creates in 10 s, 10 polls a second, one catalogue read
//! a second. A request over the limit is refused, not queued, so requests wait here, each budget behind a fair queue. The
//! counting itself is a [`Limiter`]: [`MemoryLimiter`] within a process; replicas that share an account share one, for
//! example over a database, given to [`Client::with_limiter`](crate::Client::with_limiter).

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::client::key::KeyLabel;
pub use crate::client::queue::Purpose;
use crate::client::retry::LONGEST_WAIT;
use crate::clock::Timestamp;

/// At most so many requests in any window of this length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many; 0 counts as 1.
    pub count: u32,
    /// In any stretch of time of this length.
    pub window: Duration,
}

impl Rate {
    /// No limit.
    pub const UNLIMITED: Self = Self { count: u32::MAX, window: Duration::ZERO };

    /// At most `count` requests in any `window`.
    pub const fn new(count: u32, window: Duration) -> Self {
        Self { count, window }
    }
}

/// One budget: what for, and on which key. Shows as `create:1a2b3c4d`, fit as a name in a database.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Budget {
    /// What is counted.
    pub purpose: Purpose,
    /// On whose account.
    pub key: KeyLabel,
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.purpose.as_str(), self.key)
    }
}

/// What a limiter answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// One request may go out, and has been counted.
    Granted,
    /// Nothing was counted; ask again after this.
    After(Duration),
}

/// A limiter cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the shared rate limiter does not answer: {0}")]
pub struct LimiterError(pub String);

/// What a limiter's methods return.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, LimiterError>> + Send + 'a>>;

/// Counts requests against budgets. One limiter may serve many processes.
///
/// While it fails, each process counts for itself. A future of it may be dropped at any point; at worst one request is
/// counted that is never made.
pub trait Limiter: fmt::Debug + Send + Sync {
    /// Counts one request if the budget allows it now; otherwise says when to ask again. Never waits itself.
    fn try_acquire<'a>(&'a self, budget: &'a Budget, rate: Rate, now: Timestamp) -> Answer<'a, Permit>;

    /// The vendor refused a request of this budget: no permit for `pause`. [`Limiter::try_acquire`] may name a shorter wait,
    /// after which it is asked again.
    fn pause<'a>(&'a self, budget: &'a Budget, pause: Duration, now: Timestamp) -> Answer<'a, ()>;
}

/// Counts within this process: exact for every window, not only for those that begin at a tick.
#[derive(Debug, Default)]
pub struct MemoryLimiter {
    counts: Mutex<HashMap<Budget, Count>>,
}

#[derive(Debug, Default)]
struct Count {
    taken: VecDeque<Timestamp>,
    paused_until: Option<Timestamp>,
}

impl Count {
    fn take(&mut self, rate: Rate, now: Timestamp) -> Permit {
        // A clock that was set back must not stop us for longer than a window.
        self.taken.iter_mut().filter(|at| **at > now).for_each(|at| *at = now);
        while self.taken.front().is_some_and(|at| *at + rate.window <= now) {
            self.taken.pop_front();
        }
        let paused = self.paused_until.map_or(Duration::ZERO, |until| until.since(now).min(LONGEST_WAIT));
        if !paused.is_zero() {
            return Permit::After(paused);
        }
        self.paused_until = None;
        match self.taken.front() {
            Some(first) if self.taken.len() >= rate.count.max(1) as usize => {
                Permit::After((*first + rate.window).since(now))
            }
            _ => {
                if !rate.window.is_zero() {
                    self.taken.push_back(now);
                }
                Permit::Granted
            }
        }
    }
}

impl Limiter for MemoryLimiter {
    fn try_acquire<'a>(&'a self, budget: &'a Budget, rate: Rate, now: Timestamp) -> Answer<'a, Permit> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let permit = counts.entry(budget.clone()).or_default().take(rate, now);
        Box::pin(ready(Ok(permit)))
    }

    fn pause<'a>(&'a self, budget: &'a Budget, pause: Duration, now: Timestamp) -> Answer<'a, ()> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(budget.clone()).or_default();
        count.paused_until = count.paused_until.max(Some(now + pause));
        Box::pin(ready(Ok(())))
    }
}

#[cfg(test)]
mod tests;
