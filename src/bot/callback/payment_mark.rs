//! How a button names a payment, whose own number is longer than a button may carry.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::ParseError;
use crate::clock::Timestamp;
use crate::invoice::StoredPayment;

/// When a payment was received, and the beginning of the digest of its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PaymentMark {
    pub(crate) at: Timestamp,
    digest: String,
}

impl PaymentMark {
    pub(crate) fn of(payment: &StoredPayment) -> Self {
        Self { at: payment.at, digest: hex::encode(&Sha256::digest(payment.id.0.as_bytes())[..6]) }
    }
}

impl fmt::Display for PaymentMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.at.millis(), self.digest)
    }
}

impl FromStr for PaymentMark {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let (at, digest) = text.split_once(':').ok_or(ParseError::Part("payment"))?;
        let at = at.parse().map_err(|_| ParseError::Part("payment"))?;
        Ok(Self { at: Timestamp::from_millis(at), digest: digest.to_owned() })
    }
}
