//! Ids of earlier tasks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use super::deserialize::{self, Limit, Readable, Within};
use super::report::ViolationKind;
use super::value_ref::{AsValueRef, ValueRef};

/// The id of an earlier task (or of a track or voice that one returned): never empty, passed on as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct TaskRef(String);

impl TaskRef {
    /// Takes an id.
    ///
    /// # Errors
    /// [`ViolationKind::TooShort`] for an empty one.
    pub fn new(id: impl Into<String>) -> Result<Self, ViolationKind> {
        let id = id.into();
        Self::check(&id)?;
        Ok(Self(id))
    }

    /// Whether a text can be an id.
    ///
    /// # Errors
    /// [`ViolationKind::TooShort`] for an empty one.
    pub fn check(id: &str) -> Result<(), ViolationKind> {
        if id.trim().is_empty() { Err(ViolationKind::TooShort { min: 1, length: 0 }) } else { Ok(()) }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TaskRef {
    type Err = ViolationKind;
    fn from_str(id: &str) -> Result<Self, ViolationKind> {
        Self::new(id)
    }
}

impl fmt::Display for TaskRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsValueRef for TaskRef {
    fn as_value_ref(&self) -> ValueRef<'_> {
        ValueRef::Text(&self.0)
    }
}

impl<'de> Deserialize<'de> for TaskRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize::read(deserializer)
    }
}

/// The limits of an id.
pub struct Id;

impl Readable<'_> for TaskRef {
    type Seed = Within<Id>;

    fn seed() -> Within<Id> {
        Within { limit: &Id }
    }

    fn wrap(id: String) -> Result<Self, ViolationKind> {
        Ok(Self(id))
    }
}

impl Limit for Id {
    type Value = String;
    const NEEDED: &'static str = "a string";

    fn text(&self, id: &str) -> Option<Result<String, ViolationKind>> {
        Some(TaskRef::check(id).map(|()| id.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_never_empty() {
        assert!(" ".parse::<TaskRef>().is_err());
        assert_eq!(TaskRef::new("abc").unwrap().as_str(), "abc");
        assert!(serde_json::from_str::<TaskRef>("\"\"").is_err());
    }
}
