//! How much each person, and all together, may order: so that neither a slip nor a stranger spends what the operator has.

mod person;

use std::time::Duration;

use crate::clock::Timestamp;
use crate::ledger::Credits;

pub use person::{Override, PersonQuotas, PersonQuotasError};
pub(crate) use person::{count, credits};

/// One limit. Amounts are prices of orders in the vendor's credits; what a failed order gave back does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// Orders of a person that run at a time, at most.
    Running(u32),
    /// Orders of a person within a minute, at most.
    Starts(u32),
    /// What one order may cost.
    Order(Credits),
    /// What a person may spend within 24 hours.
    Day(Credits),
    /// What a person may spend within 30 days.
    Month(Credits),
    /// What all people may spend within 24 hours.
    Total(Credits),
}

impl Quota {
    /// The time that it counts back from now; `None` where time is no matter.
    pub const fn window(self) -> Option<Duration> {
        const DAY: Duration = Duration::from_secs(24 * 3600);
        match self {
            Self::Running(_) | Self::Order(_) => None,
            Self::Starts(_) => Some(Duration::from_secs(60)),
            Self::Day(_) | Self::Total(_) => Some(DAY),
            Self::Month(_) => Some(Duration::from_secs(30 * 24 * 3600)),
        }
    }
}

/// The limits that hold. One that is `None` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quotas {
    /// See [`Quota::Running`].
    pub running: Option<u32>,
    /// See [`Quota::Starts`].
    pub starts: Option<u32>,
    /// See [`Quota::Order`].
    pub order: Option<Credits>,
    /// See [`Quota::Day`].
    pub day: Option<Credits>,
    /// See [`Quota::Month`].
    pub month: Option<Credits>,
    /// See [`Quota::Total`].
    pub total: Option<Credits>,
}

impl Quotas {
    /// No limit at all.
    pub const NONE: Self = Self { running: None, starts: None, order: None, day: None, month: None, total: None };

    /// Those that hold for people whom the operator trusts: the limit for all together.
    #[must_use]
    pub const fn for_admin(self) -> Self {
        Self { total: self.total, ..Self::NONE }
    }

    /// Those of a single person.
    #[must_use]
    pub const fn for_person(self) -> Self {
        Self { total: None, ..self }
    }

    /// Each limit that holds, in the order in which they are checked.
    pub fn all(self) -> impl Iterator<Item = Quota> {
        let Self { running, starts, order, day, month, total } = self;
        [
            order.map(Quota::Order),
            running.map(Quota::Running),
            starts.map(Quota::Starts),
            day.map(Quota::Day),
            month.map(Quota::Month),
            total.map(Quota::Total),
        ]
        .into_iter()
        .flatten()
    }
}

/// An order that is over a limit. Nothing was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the order is over a limit: {quota:?}")]
pub struct QuotaExceeded {
    /// The limit.
    pub quota: Quota,
    /// When the same order will be within it, if time alone helps.
    pub again: Option<Timestamp>,
}

/// When an order for `price` is within a limit of `limit` over `window`, if nothing else is ordered until then. `spent`:
/// what was ordered within the window, the oldest first. `None` when it costs more than the limit by itself.
pub fn affordable_at(
    spent: &[(Timestamp, Credits)],
    price: Credits,
    limit: Credits,
    window: Duration,
) -> Option<Timestamp> {
    let mut sum: Credits = spent.iter().map(|(_, credits)| *credits).sum();
    if price > limit {
        return None;
    }
    let mut again = None;
    for (at, credits) in spent {
        if sum + price <= limit {
            break;
        }
        sum = sum - *credits;
        again = Some(*at + window);
    }
    again
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credits(whole: i64) -> Credits {
        Credits::from_milli(whole * 1000)
    }

    #[test]
    fn an_order_is_affordable_when_enough_has_left_the_window() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let spent = [(at(10), credits(5)), (at(20), credits(3)), (at(30), credits(2))];
        let hour = Duration::from_secs(3600);
        let when = |price| affordable_at(&spent, credits(price), credits(10), hour);
        assert_eq!(when(1), Some(at(3610)));
        assert_eq!(when(5), Some(at(3610)));
        assert_eq!(when(6), Some(at(3620)));
        assert_eq!(when(10), Some(at(3630)));
        assert_eq!(when(11), None, "never");
        assert_eq!(affordable_at(&[], credits(1), credits(10), hour), None, "now");
    }

    #[test]
    fn admins_have_the_limit_of_all_together_alone() {
        let all = Quotas { running: Some(1), day: Some(credits(1)), total: Some(credits(9)), ..Quotas::NONE };
        assert_eq!(all.all().count(), 3);
        assert_eq!(all.for_admin().all().collect::<Vec<_>>(), [Quota::Total(credits(9))]);
    }
}
