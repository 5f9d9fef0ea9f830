//! Phrases that many messages share: amounts, ranges, times, lists.

use std::time::Duration;

use super::Messages;
use crate::ledger::{Credits, Currency, Money};
use crate::schema::{Certainty, PriceError};
use crate::tariff::{Amount, Price};

impl Messages {
    /// A number with the language's decimal mark: `0.8`, `0,8`; at most three decimals, without trailing zeros.
    pub fn number(&self, value: f64) -> String {
        let mut text = format!("{value:.3}");
        if text.contains('.') {
            text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
        }
        text.replace('.', self.lang().decimal_mark())
    }

    /// `5 996 characters`.
    pub fn length(&self, characters: usize) -> String {
        let digits = characters.to_string();
        let (first, rest) = digits.split_at(digits.len() % 3);
        let groups = rest.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
        let groups: Vec<String> = Some(first.to_owned()).into_iter().chain(groups).filter(|g| !g.is_empty()).collect();
        self.characters(characters, &groups.join(" "))
    }

    /// `18 credits`.
    pub fn amount(&self, credits: Credits) -> String {
        let value = credits.as_f64();
        self.credits(value, &self.number(value))
    }

    /// An amount after "from" or "up to", which has another grammatical case in Russian: `18 credits`.
    pub fn limit(&self, credits: Credits) -> String {
        let value = credits.as_f64();
        self.credits_limit(value, &self.number(value))
    }

    /// `18 credits`, `up to 18 credits`, `18 ⭐`.
    pub fn price(&self, price: Price) -> String {
        match (price.certainty(), price.amount()) {
            (Certainty::Exact, amount) => self.amount_of(amount),
            (Certainty::AtMost, Amount::Credits(credits)) => self.at_most(&self.limit(credits)),
            (Certainty::AtMost, amount @ Amount::Money(..)) => self.at_most(&self.amount_of(amount)),
        }
    }

    /// `18 credits`, `18.50 ⭐`.
    pub fn amount_of(&self, amount: Amount) -> String {
        match amount {
            Amount::Credits(credits) => self.amount(credits),
            Amount::Money(money, currency) => self.money(money, currency),
        }
    }

    /// An amount that is a bound: `18 credits` in the case that follows "from" and "up to".
    pub fn limit_of(&self, amount: Amount) -> String {
        match amount {
            Amount::Credits(credits) => self.limit(credits),
            Amount::Money(money, currency) => self.money(money, currency),
        }
    }

    /// `18 ⭐`, `−3.50 ₽`.
    pub fn money(&self, money: Money, currency: Currency) -> String {
        let sign = if money < Money::ZERO { "−" } else { "" };
        format!("{sign}{}\u{a0}{currency}", self.number(money.abs().as_f64()))
    }

    /// `+6`, `−6`: a change of a price.
    pub fn difference(&self, more: Amount) -> String {
        let amount = self.number(more.as_f64().abs());
        if more.as_f64() < 0.0 { self.price_less(&amount) } else { self.price_more(&amount) }
    }

    /// Why there is no price.
    pub fn unpriced(&self, why: PriceError) -> String {
        match why {
            PriceError::Unknown => self.price_unknown(),
            PriceError::NotCovered => self.price_not_covered(),
            PriceError::NeedsFile { .. } => self.price_by_length(),
            PriceError::NeedsNumber { .. } => self.price_by_number(),
        }
    }

    /// `3 to 15`, `from 3`, `up to 15`; empty when both ends are open.
    pub fn range(&self, min: Option<f64>, max: Option<f64>) -> String {
        match (min, max) {
            (Some(min), Some(max)) if min == max => self.number(min),
            (Some(min), Some(max)) => self.range_both(&self.number(min), &self.number(max)),
            (Some(min), None) => self.range_from(&self.number(min)),
            (None, Some(max)) => self.range_to(&self.number(max)),
            (None, None) => String::new(),
        }
    }

    /// `12 s`, `3 min`, `2 h`.
    pub fn time(&self, time: Duration) -> String {
        let seconds = time.as_secs();
        match seconds {
            0..=119 => self.seconds(seconds),
            120..=7199 => self.minutes((seconds + 30) / 60),
            _ => self.hours((seconds + 1800) / 3600),
        }
    }

    /// The unit of a price: `image`, `1000 characters`.
    pub fn unit_words(&self, unit: &str) -> String {
        // A Fluent variant key begins with a letter.
        self.unit(&unit.replace("1000_", "thousand-"))
    }

    /// `1:1, 4:3 or 16:9`.
    pub fn one_of<S: AsRef<str>>(&self, values: &[S]) -> String {
        match values {
            [] => String::new(),
            [only] => only.as_ref().to_owned(),
            [first @ .., last] => {
                let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
                self.list_joined(&first.join(", "), last.as_ref())
            }
        }
    }
}
