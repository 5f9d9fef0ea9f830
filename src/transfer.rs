//! Movements of people's money. Each moves an amount from one account to another, which is both entries of double-entry
//! bookkeeping at once: the sum over all accounts is always 0.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::job::JobId;
use crate::ledger::{Money, WalletId};

/// A side of a transfer. The first two belong to the wallet of the transfer, the others to the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// What the owner of the wallet may spend.
    Available,
    /// What is held for the wallet's orders.
    Held,
    /// Paid for results.
    Revenue,
    /// Given by the operator.
    Gifts,
    /// Received from people, by way of a payment provider.
    Payments,
    /// On the way from one wallet to another.
    Transit,
}

impl Account {
    /// All accounts.
    pub const ALL: [Self; 6] = [Self::Available, Self::Held, Self::Revenue, Self::Gifts, Self::Payments, Self::Transit];

    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Held => "held",
            Self::Revenue => "revenue",
            Self::Gifts => "gifts",
            Self::Payments => "payments",
            Self::Transit => "transit",
        }
    }
}

/// Why money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    /// Reserved for an order.
    Hold,
    /// An order's result was delivered.
    Capture,
    /// An order failed, or cost less than it could: the rest is given back.
    Release,
    /// A free order: the operator reserves its price.
    FreeHold,
    /// A free order failed: its price goes back to the operator.
    FreeRelease,
    /// A payment of the wallet's owner.
    Payment,
    /// A payment was given back.
    Refund,
    /// A payment was not given back after all.
    RefundReversal,
    /// A present of the operator.
    Gift,
    /// The operator has taken back a present.
    TakeBack,
    /// A promo code.
    Promo,
    /// A friend whom the owner has brought has paid for an order.
    Referral,
    /// The owner was brought by a friend, and has paid for an order.
    Welcome,
    /// Given to the purse of a group.
    FillOut,
    /// Received by the purse of a group.
    FillIn,
    /// The operator has given back a part of the purse of a group.
    ReturnOut,
    /// Given back from the purse of a group.
    ReturnIn,
}

impl TransferKind {
    /// All kinds.
    pub const ALL: [Self; 17] = [
        Self::Hold,
        Self::Capture,
        Self::Release,
        Self::FreeHold,
        Self::FreeRelease,
        Self::Payment,
        Self::Refund,
        Self::RefundReversal,
        Self::Gift,
        Self::TakeBack,
        Self::Promo,
        Self::Referral,
        Self::Welcome,
        Self::FillOut,
        Self::FillIn,
        Self::ReturnOut,
        Self::ReturnIn,
    ];

    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Capture => "capture",
            Self::Release => "release",
            Self::FreeHold => "free_hold",
            Self::FreeRelease => "free_release",
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::RefundReversal => "refund_reversal",
            Self::Gift => "gift",
            Self::TakeBack => "take_back",
            Self::Promo => "promo",
            Self::Referral => "referral",
            Self::Welcome => "welcome",
            Self::FillOut => "fill_out",
            Self::FillIn => "fill_in",
            Self::ReturnOut => "return_out",
            Self::ReturnIn => "return_in",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// From which account the amount comes.
    pub const fn source(self) -> Account {
        match self {
            Self::Hold | Self::Refund | Self::TakeBack | Self::FillOut | Self::ReturnOut => Account::Available,
            Self::Capture | Self::Release | Self::FreeRelease => Account::Held,
            Self::FreeHold | Self::Gift | Self::Promo | Self::Referral | Self::Welcome => Account::Gifts,
            Self::Payment | Self::RefundReversal => Account::Payments,
            Self::FillIn | Self::ReturnIn => Account::Transit,
        }
    }

    /// To which account the amount goes.
    pub const fn target(self) -> Account {
        match self {
            Self::Hold | Self::FreeHold => Account::Held,
            Self::Capture => Account::Revenue,
            Self::Release
            | Self::Payment
            | Self::RefundReversal
            | Self::Gift
            | Self::Promo
            | Self::Referral
            | Self::Welcome
            | Self::FillIn
            | Self::ReturnIn => Account::Available,
            Self::Refund => Account::Payments,
            Self::TakeBack | Self::FreeRelease => Account::Gifts,
            Self::FillOut | Self::ReturnOut => Account::Transit,
        }
    }
}

/// A movement of money, booked once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// What makes it one of a kind: a second transfer with this key is not booked.
    pub key: String,
    /// Why.
    pub kind: TransferKind,
    /// Whose.
    pub wallet: WalletId,
    /// How much; not below 0.
    pub amount: Money,
    /// The job that it is for.
    pub job: Option<JobId>,
    /// A word of whoever has caused it, e.g. the promo code.
    pub note: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl Transfer {
    /// The only transfer of its kind for a job.
    pub fn of_job(kind: TransferKind, job: &JobId, wallet: WalletId, amount: Money, at: Timestamp) -> Self {
        Self { key: format!("{}:{job}", kind.as_str()), kind, wallet, amount, job: Some(job.clone()), note: None, at }
    }

    /// The two sides of an amount that passes from one wallet to another, each the only one of its kind with this key.
    pub fn pass(sides: [(TransferKind, WalletId); 2], amount: Money, key: &str, at: Timestamp) -> [Self; 2] {
        sides.map(|(kind, wallet)| Self {
            key: format!("{}:{key}", kind.as_str()),
            kind,
            wallet,
            amount,
            job: None,
            note: None,
            at,
        })
    }

    /// How much it adds to an account.
    pub fn change_of(&self, account: Account) -> Money {
        let gained = if self.kind.target() == account { self.amount } else { Money::ZERO };
        let lost = if self.kind.source() == account { self.amount } else { Money::ZERO };
        gained - lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_changes_two_accounts_and_the_sum_of_all_never() {
        for kind in TransferKind::ALL {
            assert_ne!(kind.source(), kind.target());
            assert_eq!(TransferKind::from_word(kind.as_str()), Some(kind));
            let (job, amount) = (JobId("j".into()), Money::from_hundredths(7));
            let transfer = Transfer::of_job(kind, &job, WalletId(5), amount, Timestamp::from_millis(0));
            let changes = Account::ALL.map(|account| transfer.change_of(account));
            assert_eq!(changes.into_iter().sum::<Money>(), Money::ZERO);
            assert_eq!(changes.into_iter().filter(|change| *change != Money::ZERO).count(), 2);
        }
    }
}
