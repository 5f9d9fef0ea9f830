//! Telegram Stars: invoices, payments and what people have. Sources: <https://core.telegram.org/bots/payments-stars>,
//! <https://core.telegram.org/api/subscriptions>.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::clock::Timestamp;

/// The only period of a subscription (Bot API, `createInvoiceLink`).
pub(super) const PERIOD: Duration = Duration::from_secs(2_592_000);
/// What a person has at first.
const START: u32 = 10_000;

/// What the bot sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct SimInvoice {
    pub(super) title: String,
    pub(super) description: String,
    #[serde(skip)]
    pub(super) payload: String,
    pub(super) amount: u32,
    /// Whether it is paid again every [`PERIOD`].
    pub(super) is_subscription: bool,
    /// The message that it is in.
    #[serde(skip)]
    pub(super) message: Option<(i64, i32)>,
    /// The link that opens it.
    #[serde(skip)]
    pub(super) link: Option<String>,
}

/// A person has pressed "Pay", and the bot is asked whether it may be.
#[derive(Debug, Clone)]
pub(super) struct Checkout {
    pub(super) id: String,
    pub(super) invoice: usize,
    pub(super) user: i64,
    pub(super) chat: i64,
    pub(super) at: Timestamp,
    pub(super) answer: Option<Result<String, String>>,
}

/// A payment in Telegram Stars that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarPayment {
    /// `telegram_payment_charge_id`.
    pub charge: String,
    /// Who has paid.
    pub user: i64,
    /// How many Stars.
    pub amount: u32,
    /// The payload of its invoice.
    pub payload: String,
    /// Whether it was given back.
    pub refunded: bool,
    pub(super) chat: i64,
}

/// A subscription of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarSubscription {
    /// The charge of its first payment, which names it.
    pub charge: String,
    /// Until when it is paid, in Unix seconds.
    pub until: i64,
    /// Whether it ends then.
    pub is_canceled: bool,
    /// Whether the bot has canceled it, so that its person cannot switch it on again.
    pub is_canceled_by_bot: bool,
}

/// Why a payment was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaymentRefusal {
    /// There is no such invoice.
    #[error("there is no such invoice")]
    NoInvoice,
    /// The person has too few Stars.
    #[error("too few Stars")]
    TooFewStars,
    /// The bot has said no, with these words.
    #[error("the bot refuses: {0}")]
    Refused(String),
    /// The bot has not answered in time.
    #[error("BOT_PRECHECKOUT_TIMEOUT")]
    Timeout,
}

/// Invoices, payments, subscriptions, and what people have.
#[derive(Debug, Default)]
pub(super) struct StarState {
    pub(super) invoices: Vec<SimInvoice>,
    pub(super) checkouts: Vec<Checkout>,
    pub(super) payments: Vec<StarPayment>,
    pub(super) subscriptions: Vec<StarSubscription>,
    balances: BTreeMap<i64, u32>,
}

impl StarState {
    pub(super) fn balance(&self, user: i64) -> u32 {
        self.balances.get(&user).copied().unwrap_or(START)
    }

    pub(super) fn set_balance(&mut self, user: i64, stars: u32) {
        self.balances.insert(user, stars);
    }

    /// The invoice in a message.
    pub(super) fn in_message(&self, chat: i64, message: i32) -> Option<usize> {
        self.invoices.iter().position(|invoice| invoice.message == Some((chat, message)))
    }

    /// The invoice behind a link.
    pub(super) fn behind(&self, link: &str) -> Option<usize> {
        self.invoices.iter().position(|invoice| invoice.link.as_deref() == Some(link))
    }

    pub(super) fn subscription(&self, charge: &str) -> Option<&StarSubscription> {
        self.subscriptions.iter().find(|subscription| subscription.charge == charge)
    }

    pub(super) fn subscription_mut(&mut self, charge: &str) -> Option<&mut StarSubscription> {
        self.subscriptions.iter_mut().find(|subscription| subscription.charge == charge)
    }

    /// The subscription that a person has by an invoice.
    pub(super) fn subscription_of(&self, user: i64, payload: &str) -> Option<&StarSubscription> {
        let paid = |payment: &&StarPayment| payment.user == user && payment.payload == payload;
        self.payments.iter().filter(paid).find_map(|payment| self.subscription(&payment.charge))
    }

    /// Takes the Stars of a payment and notes it; returns its charge. `None`: the person has too few.
    pub(super) fn charge(&mut self, invoice: usize, user: i64, chat: i64) -> Option<String> {
        let SimInvoice { amount, payload, .. } = self.invoices[invoice].clone();
        let left = self.balance(user).checked_sub(amount)?;
        self.set_balance(user, left);
        let charge = format!("stx{:012}", 700_000_000 + self.payments.len());
        self.payments.push(StarPayment { charge: charge.clone(), user, amount, payload, refunded: false, chat });
        Some(charge)
    }
}
