//! What people pay: from the vendor's price in credits to an amount of the operator's unit. The only place where one is
//! turned into the other, in integers alone.

mod allowance;

use serde::{Deserialize, Serialize};

use crate::ledger::{Credits, Currency, Money, WalletId};
use crate::schema::{Certainty, Quote};

pub use allowance::{Allowance, FreeCount, FreeUse};

/// How many units of money a credit is, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(pub u32);

/// What is added to a price, in hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Markup(pub u32);

/// How prices are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    /// What a credit costs.
    pub rate: Rate,
    /// What is added.
    pub markup: Markup,
    /// Prices are rounded up to a multiple of this; above 0.
    pub rounding: Money,
    /// No order costs less.
    pub minimum: Money,
    /// What each order costs, whatever its price at the vendor: the rest does not count then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Money>,
    /// How the unit is written.
    pub currency: Currency,
}

impl Tariff {
    /// The price of an order that costs so much at the vendor. Saturates far beyond what anybody has.
    pub fn price(&self, credits: Credits) -> Money {
        if let Some(fixed) = self.fixed {
            return fixed;
        }
        let rounding = self.rounding.hundredths().max(1);
        let share = self.share(credits).max(self.minimum).hundredths();
        Money::from_hundredths(
            share
                .div_euclid(rounding)
                .saturating_add(i64::from(share.rem_euclid(rounding) > 0))
                .saturating_mul(rounding),
        )
    }

    /// The price of a part of an order: without the least price and without rounding to more than a hundredth, up.
    pub fn share(&self, credits: Credits) -> Money {
        // Thousandths of a credit, millionths of a unit, hundredths of a percent; the result is hundredths of a unit.
        const SCALE: i128 = 1000 * 1_000_000 * 10_000 / 100;
        let factors = [i128::from(self.rate.0), 10_000 + i128::from(self.markup.0)];
        // More than that is more than any amount of money.
        let product = factors.into_iter().fold(i128::from(credits.milli().max(0)), i128::saturating_mul);
        let hundredths = product.saturating_add(SCALE - 1) / SCALE;
        Money::from_hundredths(i64::try_from(hundredths).unwrap_or(i64::MAX))
    }
}

/// Who pays for a job, and how the amount came about: stored with the job, and never computed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Who pays.
    pub payer: WalletId,
    /// What was agreed to, and is held: the most that is charged.
    pub price: Money,
    /// The tariff of that time.
    pub tariff: Tariff,
    /// It is free for the payer, by this allowance: the operator gives the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<FreeUse>,
}

impl Charge {
    /// What is charged for a result for which the vendor has charged `cost`, if it has said so: less than the price only
    /// when the price was "at most".
    pub fn due(&self, quote: Option<Quote>, cost: Option<Credits>) -> Money {
        match (quote, cost) {
            (Some(Quote { certainty: Certainty::AtMost, .. }), Some(cost)) => self.tariff.price(cost).min(self.price),
            _ => self.price,
        }
    }
}

/// An amount as people see it: in the operator's unit where they pay, otherwise in the vendor's credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// Credits of the vendor.
    Credits(Credits),
    /// Units of the operator's money.
    Money(Money, Currency),
}

impl Amount {
    /// What people see of so many credits under a tariff.
    pub fn of(credits: Credits, tariff: Option<&Tariff>) -> Self {
        tariff.map_or(Self::Credits(credits), |tariff| Self::Money(tariff.price(credits), tariff.currency))
    }

    /// The same for a part of an order; see [`Tariff::share`].
    pub fn share_of(credits: Credits, tariff: Option<&Tariff>) -> Self {
        tariff.map_or(Self::Credits(credits), |tariff| Self::Money(tariff.share(credits), tariff.currency))
    }

    /// How much more it is than another one of the same unit; `None` when they are of different units.
    pub fn more_than(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Credits(this), Self::Credits(other)) => Some(Self::Credits(this - other)),
            (Self::Money(this, unit), Self::Money(other, other_unit)) if unit == other_unit => {
                Some(Self::Money(this - other, unit))
            }
            (Self::Credits(_) | Self::Money(..), _) => None,
        }
    }

    /// As a decimal number.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Credits(credits) => credits.as_f64(),
            Self::Money(money, _) => money.as_f64(),
        }
    }
}

/// The price of an order as people see it and agree to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Price {
    /// In the vendor's credits.
    Credits(Quote),
    /// In the operator's unit.
    Money {
        /// The amount.
        money: Money,
        /// How sure it is.
        certainty: Certainty,
        /// The unit.
        currency: Currency,
    },
}

impl Price {
    /// What people see of a quote under a tariff.
    pub fn of(quote: Quote, tariff: Option<&Tariff>) -> Self {
        match tariff {
            None => Self::Credits(quote),
            Some(tariff) => {
                // A fixed price is no ceiling.
                let certainty = tariff.fixed.map_or(quote.certainty, |_| Certainty::Exact);
                Self::Money { money: tariff.price(quote.credits), certainty, currency: tariff.currency }
            }
        }
    }

    /// The amount.
    pub const fn amount(self) -> Amount {
        match self {
            Self::Credits(quote) => Amount::Credits(quote.credits),
            Self::Money { money, currency, .. } => Amount::Money(money, currency),
        }
    }

    /// How sure it is.
    pub const fn certainty(self) -> Certainty {
        match self {
            Self::Credits(quote) => quote.certainty,
            Self::Money { certainty, .. } => certainty,
        }
    }
}

#[cfg(test)]
mod tests;
