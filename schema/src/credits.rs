//! Credits: the vendor's unit of money, as integers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount of KIE credits, in thousandths: prices such as 0.24 or 1.75 are exact, and sums never drift. Sums stop at the
/// largest amount and never wrap around.
///
/// Shows as a decimal without trailing zeros: `18`, `0.24`. Serialises as the number of thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Credits(i64);

impl Credits {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From thousandths of a credit.
    pub const fn from_milli(milli: i64) -> Self {
        Self(milli)
    }

    /// Thousandths of a credit.
    pub const fn milli(self) -> i64 {
        self.0
    }

    /// As a decimal number, for JSON and tables.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// From a decimal number of credits as the vendor reports it, rounded to the nearest thousandth.
    pub fn from_f64(credits: f64) -> Self {
        Self((credits * 1000.0).round() as i64)
    }

    /// The price of `units` units, rounded up to a thousandth: a quote is never below the charge.
    pub fn times(self, units: f64) -> Self {
        Self((self.0 as f64 * units - 1e-6).ceil().max(0.0) as i64)
    }
}

impl std::ops::Add for Credits {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Credits {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Credits {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, |a, b| a + b)
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, n) = if self.0 < 0 { ("-", -self.0) } else { ("", self.0) };
        let (whole, frac) = (n / 1000, n % 1000);
        if frac == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{}", format!("{frac:03}").trim_end_matches('0'))
        }
    }
}
