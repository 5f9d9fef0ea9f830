//! Referrals: links by which people bring friends, and what both get for it.

use std::fmt;
use std::str::FromStr;

use crate::clock::Timestamp;
use crate::job::{JobId, UserId};
use crate::ledger::Money;
use crate::transfer::{Transfer, TransferKind};

/// What is given for a friend who pays, once for each friend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferralTerms {
    /// To the person who has brought the friend; not below 0.
    pub inviter: Money,
    /// To the friend; not below 0.
    pub friend: Money,
}

/// The part of a person's link that names them: 16 random hexadecimal digits, since a link goes to strangers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReferralCode(String);

/// A text that is no code of a person's link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a code of a person's link")]
pub struct ReferralCodeError;

impl ReferralCode {
    const LENGTH: usize = 16;

    /// A code of random bits.
    pub fn of_bits(bits: u64) -> Self {
        Self(format!("{bits:016x}"))
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReferralCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ReferralCode {
    type Err = ReferralCodeError;

    fn from_str(text: &str) -> Result<Self, ReferralCodeError> {
        let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let is_code = text.len() == Self::LENGTH && text.bytes().all(is_digit);
        if is_code { Ok(Self(text.to_owned())) } else { Err(ReferralCodeError) }
    }
}

/// A person who came by another's link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// Who came.
    pub friend: UserId,
    /// Whose link it was.
    pub inviter: UserId,
    /// When.
    pub came_at: Timestamp,
    /// The friend's order for which both were rewarded.
    pub rewarded_by: Option<JobId>,
}

/// What a person's link has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReferralCount {
    /// How many came by it.
    pub came: u32,
    /// How many of them have paid for an order.
    pub paid: u32,
    /// What its owner has got for them.
    pub earned: Money,
}

/// What is given when a friend's first paid order is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reward {
    /// Who has paid.
    pub friend: UserId,
    /// Who has brought them.
    pub inviter: UserId,
    /// How much each gets.
    pub terms: ReferralTerms,
}

impl Reward {
    /// The movements of money that it is. None names the other person, or their order.
    pub fn transfers(&self, job: &JobId, at: Timestamp) -> Vec<Transfer> {
        let ReferralTerms { inviter, friend } = self.terms;
        let parts = [(TransferKind::Referral, self.inviter, inviter), (TransferKind::Welcome, self.friend, friend)];
        let transfer = |(kind, user, amount): (TransferKind, UserId, Money)| Transfer {
            key: format!("{}:{job}", kind.as_str()),
            kind,
            wallet: user.into(),
            amount,
            job: None,
            note: None,
            at,
        };
        parts.into_iter().filter(|(_, _, amount)| *amount > Money::ZERO).map(transfer).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_sixteen_digits() {
        let code = ReferralCode::of_bits(0xab);
        assert_eq!((code.as_str(), code.as_str().parse()), ("00000000000000ab", Ok(code.clone())));
        for text in ["", "ab", "00000000000000AB", "00000000000000ag", "000000000000000ab"] {
            assert_eq!(text.parse::<ReferralCode>(), Err(ReferralCodeError), "{text:?}");
        }
    }

    #[test]
    fn a_reward_gives_each_their_part_and_nobody_nothing() {
        let units = |n: i64| Money::from_hundredths(n * 100);
        let of = |inviter, friend| {
            let terms = ReferralTerms { inviter: units(inviter), friend: units(friend) };
            let reward = Reward { friend: UserId(2), inviter: UserId(1), terms };
            let transfers = reward.transfers(&"j".into(), Timestamp::from_millis(5));
            transfers.into_iter().map(|it| (it.key, it.wallet.0, it.amount, it.job)).collect::<Vec<_>>()
        };
        let inviter = ("referral:j".to_owned(), 1, units(50), None);
        let friend = ("welcome:j".to_owned(), 2, units(20), None);
        assert_eq!(of(50, 20), [inviter.clone(), friend.clone()]);
        assert_eq!((of(50, 0), of(0, 20), of(0, 0)), (vec![inviter], vec![friend], vec![]));
    }
}
