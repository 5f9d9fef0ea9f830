//! Invitations: links that let in some people for some days.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::job::UserId;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// For how many people an invitation is, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InviteTerms {
    people: u32,
    days: u32,
}

/// The terms are none: two whole numbers at most, each within its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an invitation is for 1 to {} people and for 1 to {} days", InviteTerms::MAX_PEOPLE, InviteTerms::MAX_DAYS)]
pub struct InviteTermsError;

impl InviteTerms {
    /// Most people.
    pub const MAX_PEOPLE: u32 = 1000;
    /// Most days.
    pub const MAX_DAYS: u32 = 365;

    /// How many people it lets in.
    pub const fn people(self) -> u32 {
        self.people
    }

    /// How long it lets them in.
    pub const fn life(self) -> Duration {
        DAY.saturating_mul(self.days)
    }
}

impl Default for InviteTerms {
    /// One person, within a week.
    fn default() -> Self {
        Self { people: 1, days: 7 }
    }
}

impl FromStr for InviteTerms {
    type Err = InviteTermsError;

    /// Reads `people days`; either may be left out from the end.
    fn from_str(text: &str) -> Result<Self, InviteTermsError> {
        let mut words = text.split_whitespace();
        let mut number = |default: u32, max: u32| match words.next() {
            None => Ok(default),
            Some(word) => word.parse().ok().filter(|n| (1..=max).contains(n)).ok_or(InviteTermsError),
        };
        let Self { people, days } = Self::default();
        let terms = Self { people: number(people, Self::MAX_PEOPLE)?, days: number(days, Self::MAX_DAYS)? };
        if words.next().is_some() { Err(InviteTermsError) } else { Ok(terms) }
    }
}

/// The unguessable part of an invitation's link: 24 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteCode(String);

impl InviteCode {
    /// The first digits: enough to tell one from another, too few to be let in.
    pub fn label(&self) -> &str {
        self.0.get(..6).unwrap_or_default()
    }
}

/// Without the digits: whoever knows them is let in.
impl fmt::Debug for InviteCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteCode")
    }
}

/// A text that is no code of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a code of an invitation")]
pub struct InviteCodeError;

impl InviteCode {
    const LENGTH: usize = 24;

    /// A code of random bits, of which it keeps the last 96.
    pub fn of_bits(bits: u128) -> Self {
        Self(format!("{:024x}", bits & (u128::MAX >> 32)))
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for InviteCode {
    type Err = InviteCodeError;

    fn from_str(text: &str) -> Result<Self, InviteCodeError> {
        let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let is_code = text.len() == Self::LENGTH && text.bytes().all(is_digit);
        if is_code { Ok(Self(text.to_owned())) } else { Err(InviteCodeError) }
    }
}

/// A link that lets people in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Its code.
    pub code: InviteCode,
    /// How many people it still lets in.
    pub uses_left: u32,
    /// The admin who has made it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
    /// From when on it lets in nobody.
    pub ends_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_have_defaults_and_limits() {
        let terms = |people, days| Ok(InviteTerms { people, days });
        for (text, read) in [
            ("", terms(1, 7)),
            ("5", terms(5, 7)),
            (" 5  30 ", terms(5, 30)),
            ("1000 365", terms(1000, 365)),
            ("0", Err(InviteTermsError)),
            ("1001", Err(InviteTermsError)),
            ("5 0", Err(InviteTermsError)),
            ("5 366", Err(InviteTermsError)),
            ("-1", Err(InviteTermsError)),
            ("5 30 1", Err(InviteTermsError)),
            ("many", Err(InviteTermsError)),
        ] {
            assert_eq!(text.parse(), read, "{text:?}");
        }
    }

    #[test]
    fn a_code_is_read_back_and_nothing_else_is_one() {
        for bits in [0, 0xabc, u128::MAX] {
            let code = InviteCode::of_bits(bits);
            assert_eq!(code.as_str().parse(), Ok(code.clone()));
        }
        for text in ["", "0123", &"g".repeat(24), &"A".repeat(24), &"a".repeat(25)] {
            assert_eq!(text.parse::<InviteCode>(), Err(InviteCodeError), "{text}");
        }
    }
}
