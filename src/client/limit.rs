//! How often KIE may be asked: budgets, and who counts them.
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

/// What a limiter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// One request may go out, and has been counted.
    Now,
    /// Nothing was counted; ask again after this.
    In(Duration),
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
    /// Counts one request if the budget allows it now; otherwise says when to ask again. Never waits for the turn itself.
    fn take<'a>(&'a self, budget: &'a Budget, rate: Rate, now: Timestamp) -> Answer<'a, Turn>;

    /// The vendor refused a request of this budget: nothing more for `pause`. [`Limiter::take`] may name a shorter wait, after
    /// which it is asked again.
    fn hold<'a>(&'a self, budget: &'a Budget, pause: Duration, now: Timestamp) -> Answer<'a, ()>;
}

/// Counts within this process: exact for every window, not only for those that begin at a tick.
#[derive(Debug, Default)]
pub struct MemoryLimiter {
    counts: Mutex<HashMap<Budget, Count>>,
}

#[derive(Debug, Default)]
struct Count {
    taken: VecDeque<Timestamp>,
    held_until: Option<Timestamp>,
}

impl Count {
    fn take(&mut self, rate: Rate, now: Timestamp) -> Turn {
        // A clock that was set back must not stop us for longer than a window.
        self.taken.iter_mut().filter(|at| **at > now).for_each(|at| *at = now);
        while self.taken.front().is_some_and(|at| *at + rate.window <= now) {
            self.taken.pop_front();
        }
        let held = self.held_until.map_or(Duration::ZERO, |until| until.since(now).min(LONGEST_WAIT));
        if !held.is_zero() {
            return Turn::In(held);
        }
        self.held_until = None;
        match self.taken.front() {
            Some(first) if self.taken.len() >= rate.count.max(1) as usize => {
                Turn::In((*first + rate.window).since(now))
            }
            _ => {
                if !rate.window.is_zero() {
                    self.taken.push_back(now);
                }
                Turn::Now
            }
        }
    }
}

impl Limiter for MemoryLimiter {
    fn take<'a>(&'a self, budget: &'a Budget, rate: Rate, now: Timestamp) -> Answer<'a, Turn> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = counts.entry(budget.clone()).or_default().take(rate, now);
        Box::pin(ready(Ok(turn)))
    }

    fn hold<'a>(&'a self, budget: &'a Budget, pause: Duration, now: Timestamp) -> Answer<'a, ()> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(budget.clone()).or_default();
        count.held_until = count.held_until.max(Some(now + pause));
        Box::pin(ready(Ok(())))
    }
}

#[cfg(test)]
mod tests;
