//! Subscriptions in Telegram Stars: what people have paid for every 30 days. Source:
//! <https://core.telegram.org/bots/api#createinvoicelink>.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::invoice::{InvoiceId, PaymentId, StarPack};
use crate::job::UserId;

/// The only period that Telegram knows (`subscription_period`).
pub const PERIOD: Duration = Duration::from_secs(2_592_000);

/// Whether a subscription goes on after the term that is paid, as far as the bot knows: of what a person decides in
/// Telegram's settings it is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// Telegram takes the next payment by itself.
    Automatic,
    /// It was canceled here, and the person cannot switch it on again.
    Canceled,
    /// It was canceled here, and the person may switch it on again in Telegram's settings.
    Allowed,
}

impl Renewal {
    const ALL: [Self; 3] = [Self::Automatic, Self::Canceled, Self::Allowed];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Canceled => "canceled",
            Self::Allowed => "allowed",
        }
    }

    /// That of a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|renewal| renewal.as_str() == word)
    }
}

/// A subscription of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarSubscription {
    /// The invoice that began it. Its number is the payload of every payment.
    pub invoice: InvoiceId,
    /// Whose it is.
    pub person: UserId,
    /// Its first payment, by which Telegram knows it.
    pub payment: PaymentId,
    /// What each term costs and brings.
    pub pack: StarPack,
    /// Until when it is paid.
    pub until: Timestamp,
    /// Whether it goes on then.
    pub renewal: Renewal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for renewal in Renewal::ALL {
            assert_eq!(Renewal::from_word(renewal.as_str()), Some(renewal));
        }
        assert_eq!(Renewal::from_word("paused"), None);
    }
}
