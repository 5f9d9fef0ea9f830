//! A count of calls against a limit, and the calls that wait for it in order of priority. Pure: time is a parameter.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use super::Priority;
use crate::clock::Timestamp;

const MINUTE: Duration = Duration::from_secs(60);
/// The share of a limit that progress and announcements leave to others.
const RESERVE: f64 = 1.0 / 3.0;

/// A limit: so many calls at once, and so many a second after that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rate {
    pub(super) burst: f64,
    pub(super) per_second: f64,
}

/// The place of a call among those that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket {
    pub(super) priority: Priority,
    pub(super) number: u64,
}

/// A token bucket, and for a group also the times of the last minute's messages.
#[derive(Debug)]
pub(super) struct Meter {
    rate: Rate,
    /// Calls that may be made now; below 0 after a pause was asked for.
    tokens: f64,
    refilled: Timestamp,
    /// Most calls within a minute.
    minute: Option<usize>,
    last_minute: VecDeque<Timestamp>,
    waiting: BTreeSet<Ticket>,
}

impl Meter {
    pub(super) fn new(rate: Rate, minute: Option<usize>, now: Timestamp) -> Self {
        Self { rate, tokens: rate.burst, refilled: now, minute, last_minute: VecDeque::new(), waiting: BTreeSet::new() }
    }

    /// How long a call has to wait for its turn, at least; `None` when it may be made now. A call that has to wait takes
    /// its place among the others, until it is [counted](Self::take) or [withdrawn](Self::withdraw).
    pub(super) fn wait(&mut self, ticket: Ticket, now: Timestamp) -> Option<Duration> {
        self.update(now);
        let ahead = self.waiting.range(..ticket).count();
        let reserve = |of: f64| match ticket.priority {
            Priority::Progress | Priority::Announcement => (of * RESERVE).floor(),
            Priority::Answer | Priority::Result => 0.0,
        };
        let missing = ahead as f64 + 1.0 + reserve(self.rate.burst) - self.tokens;
        let refill = (missing > 0.0).then(|| Duration::from_secs_f64(missing / self.rate.per_second));
        let room = self.minute.and_then(|most| {
            let excess = (self.last_minute.len() + ahead + 1 + reserve(most as f64) as usize).checked_sub(most + 1)?;
            let leaves = self.last_minute.get(excess.min(self.last_minute.len().saturating_sub(1)))?;
            Some((*leaves + MINUTE).since(now))
        });
        let wait = refill.max(room)?;
        if ticket.priority != Priority::Progress {
            self.waiting.insert(ticket);
        }
        // The clock counts milliseconds.
        Some(wait + Duration::from_millis(1))
    }

    /// Counts a call.
    pub(super) fn take(&mut self, ticket: Ticket, now: Timestamp) {
        self.waiting.remove(&ticket);
        self.tokens -= 1.0;
        if self.minute.is_some() {
            self.last_minute.push_back(now);
        }
    }

    /// A call waits no longer.
    pub(super) fn withdraw(&mut self, ticket: Ticket) {
        self.waiting.remove(&ticket);
    }

    /// At `end` one call may be made, and the next ones at the limit's pace.
    pub(super) fn drain_until(&mut self, end: Timestamp, now: Timestamp) {
        self.update(now);
        self.tokens = self.tokens.min(1.0 - end.since(now).as_secs_f64() * self.rate.per_second);
    }

    /// Whether it counts nothing and nothing waits: a new one would be equal.
    pub(super) fn rests(&mut self, now: Timestamp) -> bool {
        self.update(now);
        self.waiting.is_empty() && self.last_minute.is_empty() && self.tokens >= self.rate.burst
    }

    fn update(&mut self, now: Timestamp) {
        // A clock that is set back adds nothing, and takes nothing away.
        let refill = now.since(self.refilled).as_secs_f64() * self.rate.per_second;
        self.tokens = (self.tokens + refill).min(self.rate.burst);
        self.refilled = now;
        while self.last_minute.front().is_some_and(|at| *at > now || now.since(*at) >= MINUTE) {
            self.last_minute.pop_front();
        }
    }
}
