//! Whole numbers within a range.

use std::marker::PhantomData;

use serde::{Deserialize, Deserializer};

use super::deserialize::{self, Limit, Readable, Within};
use super::limit::{Limits, bounded};
use super::report::ViolationKind;
use super::spec::{IntegerSpec, NumberForm};
use super::value_ref::{AsValueRef, ValueRef};

/// A whole number that keeps the limits of its field.
pub struct Integer<L>(i64, PhantomData<fn() -> L>);

bounded!(copy Integer<L>);

impl<L: Limits<Spec = IntegerSpec>> Integer<L> {
    /// Takes a number that keeps the limits.
    ///
    /// # Errors
    /// The broken limit.
    pub fn new(value: i64) -> Result<Self, ViolationKind> {
        L::SPEC.check(value)?;
        Ok(Self(value, PhantomData))
    }
}

impl<L> Integer<L> {
    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<L: Limits<Spec = IntegerSpec>> TryFrom<i64> for Integer<L> {
    type Error = ViolationKind;
    fn try_from(value: i64) -> Result<Self, ViolationKind> {
        Self::new(value)
    }
}

impl<L> AsValueRef for Integer<L> {
    fn as_value_ref(&self) -> ValueRef<'_> {
        ValueRef::Integer(self.0)
    }
}

impl<'de, L: Limits<Spec = IntegerSpec>> Deserialize<'de> for Integer<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize::read(deserializer)
    }
}

impl<L: Limits<Spec = IntegerSpec>> Readable<'_> for Integer<L> {
    type Seed = Within<IntegerSpec>;

    fn seed() -> Within<IntegerSpec> {
        Within { limit: const { &L::SPEC } }
    }

    fn wrap(value: i64) -> Result<Self, ViolationKind> {
        Ok(Self(value, PhantomData))
    }
}

impl Limit for IntegerSpec {
    type Value = i64;
    const NEEDED: &'static str = "a whole number";

    fn integer(&self, n: i64) -> Option<Result<i64, ViolationKind>> {
        Some(self.check(n).map(|()| n))
    }

    /// `"5"`, where the vendor takes it as well as `5`.
    fn text(&self, text: &str) -> Option<Result<i64, ViolationKind>> {
        match self.form {
            NumberForm::Number => None,
            NumberForm::NumberOrString => self.integer(text.parse().ok()?),
        }
    }
}

impl IntegerSpec {
    /// Whether a number keeps these limits.
    ///
    /// # Errors
    /// The first limit that is broken.
    pub fn check(&self, value: i64) -> Result<(), ViolationKind> {
        if self.extra_values.contains(&value) {
            return Ok(());
        }
        if self.min.is_some_and(|min| value < min) || self.max.is_some_and(|max| value > max) {
            return Err(ViolationKind::OutOfRange { min: self.min.map(|n| n as f64), max: self.max.map(|n| n as f64) });
        }
        if let Some(step) = self.step
            && step > 0
            && value.wrapping_sub(self.min.unwrap_or(0)) % step != 0
        {
            return Err(ViolationKind::OffStep { step: step as f64 });
        }
        if self.excluded.contains(&value) {
            return Err(ViolationKind::Refused { values: self.excluded.iter().map(i64::to_string).collect() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Seconds {}
    impl Limits for Seconds {
        type Spec = IntegerSpec;
        const SPEC: IntegerSpec = IntegerSpec {
            min: Some(4),
            max: Some(20),
            step: Some(4),
            extra_values: &[-1],
            excluded: &[12],
            form: NumberForm::NumberOrString,
        };
    }

    #[test]
    fn every_limit_bites() {
        let new = Integer::<Seconds>::new;
        for good in [4, 8, 16, 20, -1] {
            assert!(new(good).is_ok(), "{good}");
        }
        let range = ViolationKind::OutOfRange { min: Some(4.0), max: Some(20.0) };
        assert_eq!(new(3), Err(range.clone()));
        assert_eq!(new(21), Err(range.clone()));
        assert_eq!(new(-2), Err(range));
        assert_eq!(new(6), Err(ViolationKind::OffStep { step: 4.0 }));
        assert_eq!(new(12), Err(ViolationKind::Refused { values: vec!["12".into()] }));
    }

    #[test]
    fn digits_in_a_string_are_taken_where_the_vendor_takes_them_and_sent_as_a_number() {
        let eight: Integer<Seconds> = serde_json::from_str("\"8\"").unwrap();
        assert_eq!(serde_json::to_string(&eight).unwrap(), "8");
        assert!(serde_json::from_str::<Integer<Seconds>>("8.0").is_err());
    }
}
