//! Money as integers. A credit is the vendor's unit (about 0.005 USD), kept in thousandths: the ledger of a job says what
//! was agreed to and what the vendor charged. People pay in the operator's unit, kept in hundredths: see [`Money`].

mod money;
mod wallet;

pub use kie_schema::Credits;

pub use money::{Currency, CurrencyError, Money, MoneyError};
pub use wallet::{Wallet, WalletId};

/// One entry in the ledger of a job. A job has at most one of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What happened.
    pub kind: EntryKind,
    /// The amount.
    pub credits: Credits,
}

/// What happened to money. The first three are the amount of the quote, between the bot and a person; the last is between
/// the vendor and the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// Reserved when the job was accepted.
    Hold,
    /// Spent: the chat has the result.
    Capture,
    /// Given back: there is no result.
    Release,
    /// Charged by the vendor, by its own word. May differ from the quote; absent while, or when, it does not say.
    Cost,
}

impl EntryKind {
    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Capture => "capture",
            Self::Release => "release",
            Self::Cost => "cost",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Hold, Self::Capture, Self::Release, Self::Cost].into_iter().find(|k| k.as_str() == word)
    }
}
