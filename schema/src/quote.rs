//! A price that a person can agree to.

use serde::{Deserialize, Serialize};

use crate::credits::Credits;

/// How a value of a price came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The vendor charges exactly this.
    Exact,
    /// The vendor charges at most this.
    AtMost,
}

/// The price a person agreed to; stored with the job and never computed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The amount.
    pub credits: Credits,
    /// How sure it is.
    pub certainty: Certainty,
}
