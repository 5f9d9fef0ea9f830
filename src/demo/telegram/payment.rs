//! What people do with Telegram Stars: they pay, renew, and get their Stars back.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::chat::ChatHandle;
use super::error::ApiError;
use super::simulator::TelegramSimulator;
use super::stars::{Checkout, PERIOD, PaymentRefusal, StarPayment, StarSubscription};
use super::state::TelegramState;

/// A payment that the bot is asked about.
#[derive(Debug)]
pub struct PendingPayment {
    chat: ChatHandle,
    id: String,
}

impl PendingPayment {
    /// The id of the `pre_checkout_query`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Waits until the payment is made; returns its charge.
    ///
    /// # Errors
    /// When it is not made.
    pub async fn made(self) -> Result<String, PaymentRefusal> {
        let sim = &self.chat.sim;
        let answer = async {
            let mut changes = sim.subscribe();
            loop {
                let found = sim.state().stars.checkouts.iter().find(|asked| asked.id == self.id).cloned();
                if let Some(Some(answer)) = found.map(|asked| asked.answer) {
                    return Some(answer);
                }
                if changes.changed().await.is_err() {
                    return None;
                }
            }
        };
        // In real time: the bot at the other end runs in it.
        match tokio::time::timeout(sim.options.checkout_life, answer).await {
            Ok(Some(Ok(charge))) => Ok(charge),
            Ok(Some(Err(why))) if why.is_empty() => Err(PaymentRefusal::TooFewStars),
            Ok(Some(Err(why))) => Err(PaymentRefusal::Refused(why)),
            Ok(None) | Err(_) => Err(PaymentRefusal::Timeout),
        }
    }
}

impl ChatHandle {
    /// How many Stars the person has.
    pub fn stars(&self) -> u32 {
        let user = self.user().id;
        self.sim.state().stars.balance(user)
    }

    /// Gives the person so many Stars instead of what they had.
    pub fn set_stars(&self, stars: u32) {
        let user = self.user().id;
        self.sim.state().stars.set_balance(user, stars);
    }

    /// Pays the invoice in a message of this chat.
    ///
    /// # Errors
    /// When there is none, or the person has too few Stars.
    pub fn pay(&self, message: i32) -> Result<PendingPayment, PaymentRefusal> {
        let invoice = self.sim.state().stars.in_message(self.id(), message);
        self.pay_invoice(invoice)
    }

    /// Pays the invoice of a message that was forwarded from another chat.
    ///
    /// # Errors
    /// When there is none, or the person has too few Stars.
    pub fn pay_forwarded(&self, from: &Self, message: i32) -> Result<PendingPayment, PaymentRefusal> {
        let invoice = self.sim.state().stars.in_message(from.id(), message);
        self.pay_invoice(invoice)
    }

    /// Pays the invoice behind a link.
    ///
    /// # Errors
    /// When there is none, or the person has too few Stars.
    pub fn pay_link(&self, link: &str) -> Result<PendingPayment, PaymentRefusal> {
        let invoice = self.sim.state().stars.behind(link);
        self.pay_invoice(invoice)
    }

    fn pay_invoice(&self, invoice: Option<usize>) -> Result<PendingPayment, PaymentRefusal> {
        let (user, chat, at) = (self.user(), self.id(), self.sim.now());
        let mut state = self.sim.state();
        let invoice = invoice.ok_or(PaymentRefusal::NoInvoice)?;
        let sold = state.stars.invoices[invoice].clone();
        if state.stars.balance(user.id) < sold.amount {
            return Err(PaymentRefusal::TooFewStars);
        }
        let id = (6_000_000_000_000_000_u64 + state.change()).to_string();
        let asked = Checkout { id: id.clone(), invoice, user: user.id, chat, at, answer: None };
        state.stars.checkouts.push(asked);
        let query = json!({
            "id": id, "from": user.to_api(), "currency": "XTR", "total_amount": sold.amount,
            "invoice_payload": sold.payload,
        });
        state.push_update("pre_checkout_query", query);
        drop(state);
        self.sim.notify_changed();
        Ok(PendingPayment { chat: self.clone(), id })
    }
}

/// Takes the Stars and tells the bot; `None`: there are too few by now.
pub(super) fn carry_out(sim: &TelegramSimulator, state: &mut TelegramState, asked: &Checkout) -> Option<String> {
    let charge = state.stars.charge(asked.invoice, asked.user, asked.chat)?;
    let is_subscription = state.stars.invoices[asked.invoice].is_subscription;
    let until = is_subscription.then(|| (sim.now() + PERIOD).millis() / 1000);
    if let Some(until) = until {
        let subscription =
            StarSubscription { charge: charge.clone(), until, is_canceled: false, is_canceled_by_bot: false };
        state.stars.subscriptions.push(subscription);
    }
    tell(sim, state, &charge, until.map(|until| (until, true)));
    Some(charge)
}

/// Sends the service message of a payment to the bot. `recurring`: until when it pays, and whether it is the first.
fn tell(sim: &TelegramSimulator, state: &mut TelegramState, charge: &str, recurring: Option<(i64, bool)>) {
    let Some(payment) = state.stars.payments.iter().find(|payment| payment.charge == charge).cloned() else { return };
    let mut facts = facts(&payment);
    if let Some((until, is_first)) = recurring {
        facts["subscription_expiration_date"] = json!(until);
        facts["is_recurring"] = json!(true);
        if is_first {
            facts["is_first_recurring"] = json!(true);
        }
    }
    post(sim, state, &payment, "successful_payment", facts);
}

fn facts(payment: &StarPayment) -> Value {
    json!({
        "currency": "XTR", "total_amount": payment.amount, "invoice_payload": payment.payload,
        "telegram_payment_charge_id": payment.charge, "provider_payment_charge_id": format!("{}_p", payment.charge),
    })
}

fn post(sim: &TelegramSimulator, state: &mut TelegramState, payment: &StarPayment, kind: &str, facts: Value) {
    let mut message = sim.new_message(payment.chat, false);
    message.sender = payment.user;
    message.service = Some(Map::from_iter([(kind.to_owned(), facts)]));
    let message = state.append(message);
    let shown = sim.message_json(state, &message);
    state.push_update("message", shown);
}

/// Gives Stars back and tells the bot. `user`: of whom the caller says that they have paid.
///
/// # Errors
/// The Bot API's error when there is no such payment, or it was given back before.
pub(super) fn refund(sim: &TelegramSimulator, user: Option<i64>, charge: &str) -> Result<(), ApiError> {
    let mut state = sim.state();
    let found = state.stars.payments.iter_mut().find(|payment| payment.charge == charge && Some(payment.user) == user);
    let payment = found.ok_or_else(|| ApiError::bad("CHARGE_NOT_FOUND"))?;
    if std::mem::replace(&mut payment.refunded, true) {
        return Err(ApiError::bad("CHARGE_ALREADY_REFUNDED"));
    }
    let payment = payment.clone();
    let balance = state.stars.balance(payment.user) + payment.amount;
    state.stars.set_balance(payment.user, balance);
    post(sim, &mut state, &payment, "refunded_payment", facts(&payment));
    drop(state);
    sim.notify_changed();
    Ok(())
}

impl super::SimTelegram {
    /// All payments in Stars so far, oldest first.
    pub fn star_payments(&self) -> Vec<StarPayment> {
        self.sim.state().stars.payments.clone()
    }

    /// The subscription that began with this payment.
    pub fn star_subscription(&self, charge: &str) -> Option<StarSubscription> {
        self.sim.state().stars.subscription(charge).cloned()
    }

    /// The next payment of a subscription is due: it is made, unless the subscription is canceled or the person has too few
    /// Stars. Returns its charge.
    pub fn renew_subscription(&self, charge: &str) -> Option<String> {
        renew(&self.sim, charge)
    }

    /// The person switches a canceled subscription on again in Telegram's settings; false when the bot does not allow it.
    pub fn resume_subscription(&self, charge: &str) -> bool {
        resume(&self.sim, charge)
    }

    /// Telegram itself gives a payment back; whether it could.
    pub fn refund_elsewhere(&self, charge: &str) -> bool {
        let user = self.star_payments().iter().find(|payment| payment.charge == charge).map(|payment| payment.user);
        refund(&self.sim, user, charge).is_ok()
    }

    /// How long a `pre_checkout_query` can be answered.
    pub fn checkout_life(&self) -> Duration {
        self.sim.options.checkout_life
    }
}

pub(super) fn resume(sim: &TelegramSimulator, charge: &str) -> bool {
    let mut state = sim.state();
    let found = state.stars.subscription_mut(charge).filter(|subscription| !subscription.is_canceled_by_bot);
    found.map(|subscription| subscription.is_canceled = false).is_some()
}

pub(super) fn renew(sim: &TelegramSimulator, first: &str) -> Option<String> {
    let mut state = sim.state();
    let subscription = state.stars.subscription(first).filter(|subscription| !subscription.is_canceled)?;
    let until = subscription.until + i64::try_from(PERIOD.as_secs()).unwrap_or_default();
    let paid = state.stars.payments.iter().find(|payment| payment.charge == first)?.clone();
    let invoice = state.stars.invoices.iter().position(|invoice| invoice.payload == paid.payload)?;
    let charge = state.stars.charge(invoice, paid.user, paid.chat)?;
    if let Some(subscription) = state.stars.subscription_mut(first) {
        subscription.until = until;
    }
    tell(sim, &mut state, &charge, Some((until, false)));
    drop(state);
    sim.notify_changed();
    Some(charge)
}
