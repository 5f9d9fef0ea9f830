//! Promo codes: words that give whoever sends one an amount, once.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::ledger::Money;

/// The time in which wrong codes of a person count.
pub const MISS_WINDOW: Duration = Duration::from_secs(3600);
/// After so many wrong codes in [`MISS_WINDOW`], a person's further ones are not looked at.
pub const MISSES: u32 = 5;

/// A promo code, in capitals: people may write it in any case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PromoCode(String);

impl PromoCode {
    /// Fewest characters.
    pub const SHORTEST: usize = 4;
    /// Most characters. With its prefix it fits into the parameter of a link, which has 64.
    pub const LONGEST: usize = 32;

    /// Its characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PromoCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that can be no promo code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a promo code: {} to {} Latin letters, digits, `_` and `-`", PromoCode::SHORTEST, PromoCode::LONGEST)]
pub struct PromoCodeError;

impl FromStr for PromoCode {
    type Err = PromoCodeError;

    fn from_str(text: &str) -> Result<Self, PromoCodeError> {
        // As the parameter of a link has them: Telegram takes no others there.
        let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        let fits = (Self::SHORTEST..=Self::LONGEST).contains(&text.len());
        if fits && text.bytes().all(is_allowed) { Ok(Self(text.to_ascii_uppercase())) } else { Err(PromoCodeError) }
    }
}

/// What a code gives, and to how many people. All but the last two never change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promo {
    /// The code.
    pub code: PromoCode,
    /// What each person gets; above 0.
    pub amount: Money,
    /// How many people may use it.
    pub uses: u32,
    /// When it was made.
    pub made_at: Timestamp,
    /// From when on it gives nothing.
    pub ends_at: Timestamp,
    /// How many people have used it.
    pub used: u32,
    /// When an admin has stopped it.
    pub stopped_at: Option<Timestamp>,
}

/// Whether a code gives something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromoState {
    /// It does.
    Open,
    /// As many people as may have used it.
    UsedUp,
    /// Its time is over.
    Ended,
    /// An admin has stopped it.
    Stopped,
}

impl PromoState {
    /// Its word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::UsedUp => "used_up",
            Self::Ended => "ended",
            Self::Stopped => "stopped",
        }
    }
}

impl Promo {
    /// Whether it gives something now.
    pub fn state(&self, now: Timestamp) -> PromoState {
        if self.stopped_at.is_some() {
            PromoState::Stopped
        } else if self.ends_at <= now {
            PromoState::Ended
        } else if self.used >= self.uses {
            PromoState::UsedUp
        } else {
            PromoState::Open
        }
    }
}

/// Why a code gives nothing to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PromoRefusal {
    /// The operator pays: nobody has a balance.
    #[error("nobody pays here")]
    NotCharged,
    /// There is no such code.
    #[error("there is no such code")]
    Unknown,
    /// Its time is over, or an admin has stopped it.
    #[error("the code has ended")]
    Ended,
    /// As many people as may have used it.
    #[error("the code is used up")]
    UsedUp,
    /// The person has used it, and got so much.
    #[error("the person has used the code before")]
    UsedBefore(Money),
    /// The person has sent too many wrong codes lately: see [`MISSES`].
    #[error("too many wrong codes")]
    TooManyMisses,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_any_case_and_nothing_else_is_one() {
        for (text, code) in [("new-year", "NEW-YEAR"), ("SALE_50", "SALE_50"), ("ab12", "AB12")] {
            assert_eq!(text.parse::<PromoCode>().unwrap().as_str(), code);
        }
        assert!("x".repeat(32).parse::<PromoCode>().is_ok());
        for text in ["", "abc", "two words", "ПРОМО", "a.bc", &"x".repeat(33)] {
            assert_eq!(text.parse::<PromoCode>(), Err(PromoCodeError), "{text:?}");
        }
    }

    #[test]
    fn a_code_is_open_until_it_is_used_up_over_or_stopped() {
        let at = Timestamp::from_millis;
        let promo = Promo {
            code: "SALE".parse().unwrap(),
            amount: Money::from_hundredths(100),
            uses: 2,
            made_at: at(0),
            ends_at: at(10),
            used: 1,
            stopped_at: None,
        };
        assert_eq!((promo.state(at(9)), promo.state(at(10))), (PromoState::Open, PromoState::Ended));
        assert_eq!(Promo { used: 2, ..promo.clone() }.state(at(9)), PromoState::UsedUp);
        assert_eq!(Promo { stopped_at: Some(at(5)), ..promo }.state(at(11)), PromoState::Stopped);
    }
}
