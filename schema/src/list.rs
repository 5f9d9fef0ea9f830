//! Lists with a number of items.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::deserialize::{self, Items, Readable};
use super::report::ViolationKind;
use super::spec::ListSpec;
use super::value_ref::{AsValueRef, ValueRef};

/// The `MAX` of a list whose length the vendor does not limit.
pub const NO_LIMIT: u32 = u32::MAX;

/// A list of `MIN` to `MAX` items.
///
/// An array literal of a wrong length does not compile with [`List::of`]; everything else goes through [`List::new`].
#[derive(Clone, PartialEq)]
pub struct List<T, const MIN: u32, const MAX: u32>(Vec<T>);

impl<T, const MIN: u32, const MAX: u32> List<T, MIN, MAX> {
    /// Takes a fixed number of items.
    ///
    /// # Errors
    /// [`ViolationKind::TooFew`] or [`ViolationKind::TooMany`].
    pub fn new(items: Vec<T>) -> Result<Self, ViolationKind> {
        check_count(items.len(), MIN, (MAX != NO_LIMIT).then_some(MAX))?;
        Ok(Self(items))
    }

    /// Takes an array whose length is checked by the compiler.
    pub fn of<const N: usize>(items: [T; N]) -> Self {
        const { assert!(N >= MIN as usize && N <= MAX as usize, "the field does not take so many items") };
        Self(Vec::from(items))
    }

    /// Adds an item.
    ///
    /// # Errors
    /// [`ViolationKind::TooMany`] when the list is full.
    pub fn push(&mut self, item: T) -> Result<(), ViolationKind> {
        check_count(self.0.len() + 1, MIN, (MAX != NO_LIMIT).then_some(MAX))?;
        self.0.push(item);
        Ok(())
    }
}

impl<T: fmt::Debug, const MIN: u32, const MAX: u32> fmt::Debug for List<T, MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T, const MIN: u32, const MAX: u32> Deref for List<T, MIN, MAX> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const MIN: u32, const MAX: u32> TryFrom<Vec<T>> for List<T, MIN, MAX> {
    type Error = ViolationKind;
    fn try_from(items: Vec<T>) -> Result<Self, ViolationKind> {
        Self::new(items)
    }
}

impl<T, const MIN: u32, const MAX: u32, const N: usize> TryFrom<[T; N]> for List<T, MIN, MAX> {
    type Error = ViolationKind;
    fn try_from(items: [T; N]) -> Result<Self, ViolationKind> {
        Self::new(Vec::from(items))
    }
}

impl<T: AsValueRef, const MIN: u32, const MAX: u32> AsValueRef for List<T, MIN, MAX> {
    fn as_value_ref(&self) -> ValueRef<'_> {
        ValueRef::List(&self.0)
    }
}

impl<T: AsValueRef, const MIN: u32, const MAX: u32> Serialize for List<T, MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_value_ref().serialize(serializer)
    }
}

impl<'de, T: Readable<'de>, const MIN: u32, const MAX: u32> Deserialize<'de> for List<T, MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize::read(deserializer)
    }
}

impl<'de, T: Readable<'de>, const MIN: u32, const MAX: u32> Readable<'de> for List<T, MIN, MAX> {
    type Seed = Items<T>;

    fn seed() -> Items<T> {
        Items(PhantomData)
    }

    /// An empty list in an optional field is how callers leave it out.
    fn is_nothing(items: &Vec<T>) -> bool {
        items.is_empty()
    }

    fn wrap(items: Vec<T>) -> Result<Self, ViolationKind> {
        Self::new(items)
    }
}

impl ListSpec {
    /// Whether a list may have this number of items.
    ///
    /// # Errors
    /// [`ViolationKind::TooFew`] or [`ViolationKind::TooMany`].
    pub fn check_count(&self, count: usize) -> Result<(), ViolationKind> {
        check_count(count, self.min, self.max)
    }
}

/// The one place where items are counted.
fn check_count(count: usize, min: u32, max: Option<u32>) -> Result<(), ViolationKind> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    match max {
        _ if count < min => Err(ViolationKind::TooFew { min, count }),
        Some(max) if count > max => Err(ViolationKind::TooMany { max, count }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_do_not_fit_into_fourteen() {
        type Pictures = List<bool, 1, 14>;
        assert!(Pictures::new(vec![true; 14]).is_ok());
        assert_eq!(Pictures::new(vec![true; 15]), Err(ViolationKind::TooMany { max: 14, count: 15 }));
        assert_eq!(Pictures::new(vec![]), Err(ViolationKind::TooFew { min: 1, count: 0 }));
        let mut full = Pictures::of([true; 14]);
        assert_eq!(full.push(true), Err(ViolationKind::TooMany { max: 14, count: 15 }));
        assert_eq!(full.len(), 14);
    }

    #[test]
    fn an_open_end_takes_any_number() {
        assert_eq!(List::<bool, 0, NO_LIMIT>::new(vec![true; 1000]).unwrap().len(), 1000);
    }

    #[test]
    fn json_is_counted_on_the_way_in() {
        assert!(serde_json::from_str::<List<bool, 0, 1>>("[true]").is_ok());
        assert!(serde_json::from_str::<List<bool, 0, 1>>("[true,true]").is_err());
    }
}
