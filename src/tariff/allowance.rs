//! Free orders: how many each person may place where people pay.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ledger::Credits;

/// Of which allowance a free order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FreeUse {
    /// The one that a person has once.
    First,
    /// The one of the last 24 hours.
    Day,
}

impl FreeUse {
    /// Both, in the order in which they are used up: what comes back by itself first.
    pub const ALL: [Self; 2] = [Self::Day, Self::First];

    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Day => "day",
        }
    }
}

/// How many orders of each person are free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allowance {
    /// Once.
    pub first: u32,
    /// Within 24 hours.
    pub day: u32,
    /// What a free order may cost at the vendor; `None`: any price.
    pub max: Option<Credits>,
}

impl Allowance {
    /// Nothing is free.
    pub const NONE: Self = Self { first: 0, day: 0, max: None };
    /// The time that [`FreeUse::Day`] counts back from now, as limits on orders do.
    pub const WINDOW: Duration = Duration::from_secs(24 * 3600);

    /// How many orders are free by one of the allowances.
    pub const fn of(self, free: FreeUse) -> u32 {
        match free {
            FreeUse::First => self.first,
            FreeUse::Day => self.day,
        }
    }

    /// Whether anything is free.
    pub const fn is_none(self) -> bool {
        self.first == 0 && self.day == 0
    }

    /// Whether an order that costs so much at the vendor may be free.
    pub fn covers(self, credits: Credits) -> bool {
        !self.is_none() && self.max.is_none_or(|max| credits <= max)
    }

    /// What is left when so much was used.
    #[must_use]
    pub const fn less(self, used: FreeCount) -> FreeCount {
        FreeCount { first: self.first.saturating_sub(used.first), day: self.day.saturating_sub(used.day) }
    }
}

/// A number of free orders of each allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FreeCount {
    /// Of the one that a person has once.
    pub first: u32,
    /// Of the last 24 hours.
    pub day: u32,
}

impl FreeCount {
    /// Of one of the allowances.
    pub const fn of(self, free: FreeUse) -> u32 {
        match free {
            FreeUse::First => self.first,
            FreeUse::Day => self.day,
        }
    }

    /// Of both together.
    pub const fn sum(self) -> u32 {
        self.first.saturating_add(self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_covers_what_is_cheap_enough_and_never_goes_below_nothing() {
        let credits = Credits::from_milli;
        let allowance = Allowance { first: 3, day: 1, max: Some(credits(2000)) };
        assert!(allowance.covers(credits(2000)) && !allowance.covers(credits(2001)));
        assert!(!Allowance { max: None, ..Allowance::NONE }.covers(credits(0)));
        assert_eq!(allowance.less(FreeCount { first: 1, day: 5 }), FreeCount { first: 2, day: 0 });
        assert_eq!(allowance.less(FreeCount::default()).sum(), 4);
    }
}
