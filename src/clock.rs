//! Time as a parameter: everything that waits or stamps takes a [`Clock`], so tests never sleep.

use std::fmt;
use std::future::Future;
use std::ops::{Add, Sub};
use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;
#[cfg(feature = "client")]
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A moment, in Unix milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From Unix milliseconds.
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms)
    }

    /// Unix milliseconds.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The day in UTC, `YYYY-MM-DD`.
    pub fn date(self) -> String {
        // Years begin in March here, so that the leap day is the last (civil calendar from a count of days).
        let shifted = self.0.div_euclid(86_400_000) + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// The beginning of a day in UTC, given as `YYYY-MM-DD`.
    pub fn from_date(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        // As in `date`, years begin in March.
        let year = year - i64::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468;
        // A day that the month does not have would be one of the next.
        Some(Self(days * 86_400_000)).filter(|at| at.date() == text)
    }

    /// Time passed since `earlier`; zero when that is in the future.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0).max(0) as u64)
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, d: Duration) -> Self {
        Self(self.0.saturating_add(d.as_millis() as i64))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, d: Duration) -> Self {
        Self(self.0.saturating_sub(d.as_millis() as i64))
    }
}

/// A future that a clock hands out.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// What time it is, and how to wait.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
    /// Resolves when `d` has passed on this clock. Dropping it cancels the wait.
    fn sleep(&self, d: Duration) -> Sleep<'_>;
}

/// The machine's clock.
#[cfg(feature = "client")]
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[cfg(feature = "client")]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(since.as_millis() as i64)
    }

    fn sleep(&self, d: Duration) -> Sleep<'_> {
        Box::pin(tokio::time::sleep(d))
    }
}

/// A clock that stands still until it is told to move; sleeping moves it at once, so that code under test runs through
/// its waits without waiting.
#[derive(Debug)]
pub struct ManualClock {
    now: Mutex<Timestamp>,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: Timestamp) -> Self {
        Self { now: Mutex::new(start) }
    }

    /// Moves the clock forward.
    pub fn advance(&self, d: Duration) {
        let mut now = self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = *now + d;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn sleep(&self, d: Duration) -> Sleep<'_> {
        self.advance(d);
        Box::pin(std::future::ready(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates() {
        let day = 86_400_000;
        for (ms, text) in [
            (0, "1970-01-01"),
            (day - 1, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016 * day, "2000-02-29"),
            (11_017 * day, "2000-03-01"),
            (20_779 * day, "2026-11-22"),
            (21_243 * day, "2028-02-29"),
        ] {
            assert_eq!(Timestamp::from_millis(ms).date(), text);
        }
    }

    #[test]
    fn a_day_is_read_as_it_is_written_and_no_other_day_is_one() {
        for day in ["1970-01-01", "2000-02-29", "2026-12-31", "2028-03-01"] {
            assert_eq!(Timestamp::from_date(day).map(Timestamp::date).as_deref(), Some(day));
        }
        assert_eq!(Timestamp::from_date("1970-01-02"), Some(Timestamp::from_millis(86_400_000)));
        for text in ["", "2026", "2026-13-01", "2026-02-29", "2026-1-1", "26-01-01", "2026-01-01T00"] {
            assert_eq!(Timestamp::from_date(text), None, "{text:?}");
        }
    }
}
