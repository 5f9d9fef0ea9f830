//! Numbers with a fraction, within a range.

use std::marker::PhantomData;

use serde::{Deserialize, Deserializer};

use super::deserialize::{self, Limit, Readable, Within};
use super::limit::{Limits, bounded};
use super::report::ViolationKind;
use super::spec::DecimalSpec;
use super::value_ref::{AsValueRef, ValueRef};

/// A number that keeps the limits of its field.
pub struct Decimal<L>(f64, PhantomData<fn() -> L>);

bounded!(copy Decimal<L>);

impl<L: Limits<Spec = DecimalSpec>> Decimal<L> {
    /// Takes a number that keeps the limits.
    ///
    /// # Errors
    /// The broken limit.
    pub fn new(value: f64) -> Result<Self, ViolationKind> {
        L::SPEC.check(value)?;
        Ok(Self(value, PhantomData))
    }
}

impl<L> Decimal<L> {
    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl<L: Limits<Spec = DecimalSpec>> TryFrom<f64> for Decimal<L> {
    type Error = ViolationKind;
    fn try_from(value: f64) -> Result<Self, ViolationKind> {
        Self::new(value)
    }
}

impl<L> AsValueRef for Decimal<L> {
    fn as_value_ref(&self) -> ValueRef<'_> {
        ValueRef::Decimal(self.0)
    }
}

impl<'de, L: Limits<Spec = DecimalSpec>> Deserialize<'de> for Decimal<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize::read(deserializer)
    }
}

impl<L: Limits<Spec = DecimalSpec>> Readable<'_> for Decimal<L> {
    type Seed = Within<DecimalSpec>;

    fn seed() -> Within<DecimalSpec> {
        Within { limit: const { &L::SPEC } }
    }

    fn wrap(value: f64) -> Result<Self, ViolationKind> {
        Ok(Self(value, PhantomData))
    }
}

impl Limit for DecimalSpec {
    type Value = f64;
    const NEEDED: &'static str = "a number";

    fn integer(&self, n: i64) -> Option<Result<f64, ViolationKind>> {
        self.decimal(n as f64)
    }

    fn decimal(&self, n: f64) -> Option<Result<f64, ViolationKind>> {
        Some(self.check(n).map(|()| n))
    }
}

impl DecimalSpec {
    /// Whether a number keeps these limits.
    ///
    /// # Errors
    /// The first limit that is broken.
    pub fn check(&self, value: f64) -> Result<(), ViolationKind> {
        let below = self.min.is_some_and(|min| value < min || (self.above_min && value <= min));
        if !value.is_finite() || below || self.max.is_some_and(|max| value > max) {
            return Err(ViolationKind::OutOfRange { min: self.min, max: self.max });
        }
        match self.step {
            Some(step) if !is_multiple(value, step) => Err(ViolationKind::OffStep { step }),
            _ => Ok(()),
        }
    }
}

/// Whether `value` is a multiple of `step`, forgiving what binary fractions cannot hold (0.3 is three times 0.1).
fn is_multiple(value: f64, step: f64) -> bool {
    let times = value / step;
    (times - times.round()).abs() <= 1e-9 * times.abs().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: DecimalSpec = DecimalSpec { min: Some(0.0), max: Some(1.0), above_min: false, step: Some(0.01) };

    #[test]
    fn every_limit_bites() {
        for good in [0.0, 0.3, 0.07, 0.29, 1.0] {
            assert!(SPEC.check(good).is_ok(), "{good}");
        }
        let range = ViolationKind::OutOfRange { min: Some(0.0), max: Some(1.0) };
        assert_eq!(SPEC.check(-0.01), Err(range.clone()));
        assert_eq!(SPEC.check(1.01), Err(range.clone()));
        assert_eq!(SPEC.check(f64::NAN), Err(range));
        assert_eq!(SPEC.check(0.005), Err(ViolationKind::OffStep { step: 0.01 }));
    }

    #[test]
    fn the_minimum_itself_can_be_refused() {
        let spec = DecimalSpec { above_min: true, ..SPEC };
        assert!(spec.check(0.0).is_err());
        assert!(spec.check(0.01).is_ok());
    }
}
