//! The operator's unit of money: what people pay in.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};
use std::str::FromStr;

use arrayvec::ArrayString;
use serde::{Deserialize, Serialize};

/// An amount of the operator's unit, in hundredths of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From hundredths of the unit.
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// Hundredths of the unit.
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// As a decimal number, for texts and tables.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// The amount without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let sign = if self.0 < 0 { "-" } else { "" };
        if rest == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{rest:02}") }
    }
}

/// A text is no amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an amount: a number with at most two decimals")]
pub struct MoneyError;

impl FromStr for Money {
    type Err = MoneyError;

    /// `12`, `12.5`, `-3.25`.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let has_bare_point = digits.contains('.') && decimals.is_empty();
        if whole.is_empty() || !is_number(whole) || !is_number(decimals) || decimals.len() > 2 || has_bare_point {
            return Err(MoneyError);
        }
        let decimals: i64 = format!("{decimals:0<2}").parse().map_err(|_| MoneyError)?;
        let whole: i64 = whole.parse().map_err(|_| MoneyError)?;
        let hundredths = whole.checked_mul(100).and_then(|all| all.checked_add(decimals)).ok_or(MoneyError)?;
        Ok(Self(sign * hundredths))
    }
}

/// How the operator's unit is written: a sign or a short word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Currency(ArrayString<{ Currency::LIMIT }>);

impl Currency {
    /// Most bytes.
    pub const LIMIT: usize = 16;

    /// The sign or word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text is no name of a unit of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a unit: a sign or a word without spaces and digits, of at most {} bytes", Currency::LIMIT)]
pub struct CurrencyError;

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !c.is_ascii_digit();
        if text.is_empty() || !text.chars().all(is_plain) {
            return Err(CurrencyError);
        }
        ArrayString::from(text).map(Self).map_err(|_| CurrencyError)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_alike() {
        for (text, hundredths) in [("0", 0), ("12", 1200), ("12.50", 1250), ("-3.25", -325), ("0.01", 1)] {
            let money: Money = text.parse().unwrap();
            assert_eq!((money.hundredths(), money.to_string().as_str()), (hundredths, text));
        }
        assert_eq!("12.5".parse(), Ok(Money::from_hundredths(1250)));
        for bad in ["", "-", "1.", ".5", "1.234", "1,5", "1e3", "+1", "--1", "92233720368547758.08", "½"] {
            assert_eq!(bad.parse::<Money>(), Err(MoneyError), "{bad}");
        }
    }

    #[test]
    fn a_unit_is_a_short_sign_or_word() {
        for good in ["⭐", "₽", "coins", "USD"] {
            assert_eq!(good.parse::<Currency>().unwrap().as_str(), good);
        }
        for bad in ["", "two words", "1st", "a\n", "abcdefghijklmnopq"] {
            assert_eq!(bad.parse::<Currency>(), Err(CurrencyError), "{bad:?}");
        }
    }
}
