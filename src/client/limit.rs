//! How often KIE may be asked: budgets, and who counts them.
//!
//! The vendor counts per account (agent guide, September 2026): 20 creates in 10 s, 10 polls a second, one catalogue read
//! a second. A request over the limit is refused, not queued, so requests wait here, each budget behind a fair queue. The
//! counting itself is a [`Limiter`]: [`MemoryLimiter`] within a process; replicas that share an account share one, for
//! example over a database, given to [`Client::with_limiter`].

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::client::Client;
use crate::client::error::Error;
use crate::client::key::{Key, KeyLabel};
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

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Creates of every kind.
    Create,
    /// Looks at tasks.
    Poll,
    /// The four routes of the catalogue.
    Catalogue,
}

impl Purpose {
    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Poll => "poll",
            Self::Catalogue => "catalogue",
        }
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

/// After a refusal without `Retry-After` the whole budget rests for this long.
const HOLD: Duration = Duration::from_secs(1);
/// No `Retry-After` stops a budget for longer: a server may mean a date and have a wrong clock.
const LONGEST_HOLD: Duration = Duration::from_secs(15 * 60);
/// A limiter is not asked more often than this.
const LEAST_WAIT: Duration = Duration::from_millis(5);

impl Client {
    /// Waits until the budget allows one request, and counts it. One that was refused before goes to the front.
    /// May be dropped at any point.
    pub(crate) async fn take_turn(&self, purpose: Purpose, key: &Key, refused: u32) {
        let budget = Budget { purpose, key: key.label.clone() };
        let _head = key.queue(purpose).enter(self.lane, refused).await;
        let rate = self.settings().policy.rate(purpose);
        while let Turn::In(wait) = self.ask_limiter(&budget, rate).await {
            self.clock.sleep(wait.clamp(LEAST_WAIT, LONGEST_WAIT)).await;
        }
    }

    /// Makes a call that has had its turn; a refusal for the rate holds the whole budget.
    pub(crate) async fn call_limited(
        &self,
        purpose: Purpose,
        key: &Key,
        request: RequestBuilder,
        route: &'static str,
    ) -> Result<Value, Error> {
        let answer = self.call(key, request, route).await;
        if let Err(error) = &answer
            && error.is_rate_limit()
        {
            let budget = Budget { purpose, key: key.label.clone() };
            let pause = error.retry_after().unwrap_or(HOLD).min(LONGEST_HOLD);
            tracing::debug!(%budget, pause_ms = pause.as_millis(), "kie refuses for a while");
            let now = self.clock.now();
            if let Err(error) = self.limiter.hold(&budget, pause, now).await {
                tracing::warn!(%error, "counting within this process");
                // The local limiter does not fail.
                let _ = self.local.hold(&budget, pause, now).await;
            }
        }
        answer
    }

    async fn ask_limiter(&self, budget: &Budget, rate: Rate) -> Turn {
        let now = self.clock.now();
        match self.limiter.take(budget, rate, now).await {
            Ok(turn) => turn,
            Err(error) => {
                tracing::warn!(%error, "counting within this process");
                self.local.take(budget, rate, now).await.unwrap_or(Turn::Now)
            }
        }
    }
}

#[cfg(test)]
mod tests;
