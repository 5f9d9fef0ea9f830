//! Sales for Telegram Stars: what is sold, what was invoiced, and what was paid.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::job::UserId;
use crate::ledger::Money;

/// The word for Telegram Stars where the Bot API names a currency.
pub const STARS_CURRENCY: &str = "XTR";
/// For so long an invoice can be paid.
pub const INVOICE_LIFE: Duration = Duration::from_secs(24 * 3600);

/// An amount of Telegram Stars that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Stars(u32);

impl Stars {
    /// The most of an invoice here. Telegram's own limit is higher, and no pack needs it.
    pub const MOST: u32 = 10_000;

    /// From 1 to [`Stars::MOST`].
    pub const fn new(stars: u32) -> Option<Self> {
        if stars == 0 || stars > Self::MOST { None } else { Some(Self(stars)) }
    }

    /// As a number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// What people can buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StarPack {
    /// What it costs.
    pub stars: Stars,
    /// What the buyer's wallet gets.
    pub amount: Money,
}

/// The number of an invoice, which its payload repeats.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InvoiceId(pub String);

impl InvoiceId {
    /// From random bits.
    pub fn of_bits(bits: u128) -> Self {
        Self(format!("{bits:032x}"))
    }
}

impl fmt::Display for InvoiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Telegram's number of a payment: `telegram_payment_charge_id`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct PaymentId(pub String);

impl fmt::Display for PaymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a person was asked to pay. It is stored before they are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Its number.
    pub id: InvoiceId,
    /// Who is to pay.
    pub person: UserId,
    /// What is sold.
    pub pack: StarPack,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether it is paid again every 30 days.
    pub is_subscription: bool,
    /// What has paid it, first.
    pub payment: Option<PaymentId>,
}

/// What a payment or a question about one is about, by Telegram's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentTerms {
    /// The payload of the invoice: its number, unless it is not ours.
    pub payload: String,
    /// Who pays.
    pub person: UserId,
    /// The currency.
    pub currency: String,
    /// How much of it.
    pub total: i64,
}

/// A payment that Telegram has carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its number.
    pub id: PaymentId,
    /// What it is for.
    pub of: PaymentTerms,
    /// What it pays of a subscription.
    pub term: Option<PaidTerm>,
    /// When it was received.
    pub at: Timestamp,
}

/// A term of a subscription that was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaidTerm {
    /// Whether it is the first one.
    pub is_first: bool,
    /// When it ends.
    pub until: Timestamp,
}

/// What is given back of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundState {
    /// Nothing.
    None,
    /// Telegram was asked, and has not answered: what was credited is not in the wallet any more.
    Asked,
    /// All of it.
    Done {
        /// What was taken from the wallet.
        taken: Money,
        /// When.
        at: Timestamp,
    },
}

impl RefundState {
    /// Its word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Asked => "asked",
            Self::Done { .. } => "done",
        }
    }
}

/// A payment as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPayment {
    /// Its number.
    pub id: PaymentId,
    /// Who has paid.
    pub person: UserId,
    /// The currency.
    pub currency: String,
    /// How much of it.
    pub total: i64,
    /// What was credited; nothing where no invoice agrees with it.
    pub amount: Money,
    /// When it was received.
    pub at: Timestamp,
    /// How often a refund was begun.
    pub refund_tries: u32,
    /// What is given back.
    pub refund: RefundState,
}

/// What became of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credited {
    /// It is stored, and the amount is credited.
    New(Money),
    /// It was stored before, and nothing has changed. The amount that was credited then.
    Known(Money),
    /// No open invoice agrees with it: it is stored, and nothing is credited.
    Stray,
}

/// Why an invoice cannot be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckoutRefusal {
    /// People do not pay here now, or this one may not use the bot.
    #[error("nothing is sold to this person")]
    NotSold,
    /// There is no such invoice, or it asks for another amount.
    #[error("the invoice is unknown or differs")]
    Unknown,
    /// It was made for another person.
    #[error("the invoice is another person's")]
    OthersInvoice,
    /// It was paid before.
    #[error("the invoice was paid before")]
    Paid,
    /// It is too old.
    #[error("the invoice has expired")]
    Expired,
    /// It is a subscription, and the person has one.
    #[error("the person has a subscription")]
    Subscribed,
}

impl Invoice {
    /// Whether this person may pay so much for it now. That of a subscription may be paid again: when it has ended, people
    /// begin it again in Telegram's settings.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, terms: &PaymentTerms, now: Timestamp) -> Result<(), CheckoutRefusal> {
        if terms.payload != self.id.0 || !self.asks_for(terms) {
            return Err(CheckoutRefusal::Unknown);
        }
        if terms.person != self.person {
            return Err(CheckoutRefusal::OthersInvoice);
        }
        if self.payment.is_some() {
            return if self.is_subscription { Ok(()) } else { Err(CheckoutRefusal::Paid) };
        }
        if now.since(self.created_at) > INVOICE_LIFE {
            return Err(CheckoutRefusal::Expired);
        }
        Ok(())
    }

    /// Whether currency and amount are those of the invoice.
    pub fn asks_for(&self, terms: &PaymentTerms) -> bool {
        terms.currency == STARS_CURRENCY && terms.total == i64::from(self.pack.stars.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_is_paid_once_in_time_by_its_person_and_in_full() {
        let at = Timestamp::from_millis(1_000);
        let pack = StarPack { stars: Stars::new(120).unwrap(), amount: Money::from_hundredths(10_000) };
        let (id, person) = (InvoiceId::of_bits(7), UserId(1));
        let invoice = Invoice { id, person, pack, created_at: at, is_subscription: false, payment: None };
        let right =
            PaymentTerms { payload: format!("{:032x}", 7), person: UserId(1), currency: "XTR".into(), total: 120 };
        assert_eq!(invoice.check(&right, at + INVOICE_LIFE), Ok(()));
        let late = at + INVOICE_LIFE + Duration::from_millis(1);
        assert_eq!(invoice.check(&right, late), Err(CheckoutRefusal::Expired));
        for (terms, refusal) in [
            (PaymentTerms { total: 119, ..right.clone() }, CheckoutRefusal::Unknown),
            (PaymentTerms { currency: "USD".into(), ..right.clone() }, CheckoutRefusal::Unknown),
            (PaymentTerms { payload: "x".into(), ..right.clone() }, CheckoutRefusal::Unknown),
            (PaymentTerms { person: UserId(2), ..right.clone() }, CheckoutRefusal::OthersInvoice),
        ] {
            assert_eq!(invoice.check(&terms, at), Err(refusal));
        }
        let paid = Invoice { payment: Some(PaymentId("c".into())), ..invoice };
        assert_eq!(paid.check(&right, at), Err(CheckoutRefusal::Paid));
        let subscription = Invoice { is_subscription: true, ..paid };
        assert_eq!(subscription.check(&right, late), Ok(()));
        assert_eq!([0, 1, 10_000, 10_001].map(|stars| Stars::new(stars).is_some()), [false, true, true, false]);
    }
}
