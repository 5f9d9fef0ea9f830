//! Rate limits of requests to KIE: budgets and limiters.
//!
//! The vendor counts per account (agent guide, September 2026): 20 creates in 10 s, 10 polls a second, one catalogue
//! read a second. A request over the limit is refused, not queued, so requests wait here, in a fair queue for each
//! budget. A [`Limiter`] does the counting: [`MemoryLimiter`] within a process; replicas that use the same account
//! share one, for example in a database, given to [`Client::with_limiter`](crate::Client::with_limiter).

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::client::key::KeyLabel;
pub use crate::client::queue::Purpose;
use crate::client::retry::MAX_WAIT;
use crate::clock::Timestamp;

/// A rate limit: the most requests in any window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The most requests; 0 counts as 1.
    pub count: u32,
    /// The length of the window.
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

/// What is limited: the requests of one purpose with one key. Shown as `create:1a2b3c4d`, which can be a name in a
/// database.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Budget {
    /// The purpose of the requests.
    pub purpose: Purpose,
    /// The key whose account is used.
    pub key: KeyLabel,
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.purpose.as_str(), self.key)
    }
}

/// The answer of a limiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// One request may be sent, and has been counted.
    Granted,
    /// Nothing was counted; ask again after this time.
    After(Duration),
}

/// A shared limiter failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the shared rate limiter does not answer: {0}")]
pub struct LimiterError(pub String);

/// The return type of a limiter's methods.
pub type LimiterFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, LimiterError>> + Send + 'a>>;

/// Counts requests against budgets. Several processes may share one limiter.
///
/// While it fails, each process counts its own requests. A future of it may be dropped at any point; at worst a request
/// is counted that is not sent.
pub trait Limiter: fmt::Debug + Send + Sync {
    /// Counts one request if the budget allows it now; otherwise tells when to ask again. Does not wait.
    fn try_acquire<'a>(&'a self, budget: &'a Budget, rate: Rate, now: Timestamp) -> LimiterFuture<'a, Permit>;

    /// Grants no permit of this budget for `pause`, because the vendor refused a request. [`Limiter::try_acquire`] may
    /// tell a shorter time, after which it is called again.
    fn pause<'a>(&'a self, budget: &'a Budget, pause: Duration, now: Timestamp) -> LimiterFuture<'a, ()>;
}

/// Counts within this process, with a sliding window.
#[derive(Debug, Default)]
pub struct MemoryLimiter {
    windows: Mutex<HashMap<Budget, Window>>,
}

#[derive(Debug, Default)]
struct Window {
    taken: VecDeque<Timestamp>,
    paused_until: Option<Timestamp>,
}

impl Window {
    fn try_acquire(&mut self, rate: Rate, now: Timestamp) -> Permit {
        // If the clock was set back, requests must not wait longer than a window.
        self.taken.iter_mut().filter(|at| **at > now).for_each(|at| *at = now);
        while self.taken.front().is_some_and(|at| *at + rate.window <= now) {
            self.taken.pop_front();
        }
        let paused = self.paused_until.map_or(Duration::ZERO, |until| until.since(now).min(MAX_WAIT));
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
    fn try_acquire<'a>(&'a self, budget: &'a Budget, rate: Rate, now: Timestamp) -> LimiterFuture<'a, Permit> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let permit = windows.entry(budget.clone()).or_default().try_acquire(rate, now);
        Box::pin(ready(Ok(permit)))
    }

    fn pause<'a>(&'a self, budget: &'a Budget, pause: Duration, now: Timestamp) -> LimiterFuture<'a, ()> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(budget.clone()).or_default();
        window.paused_until = window.paused_until.max(Some(now + pause));
        Box::pin(ready(Ok(())))
    }
}

#[cfg(test)]
mod tests;
