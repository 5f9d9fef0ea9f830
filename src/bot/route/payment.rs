//! Sales for Telegram Stars: packs, invoices, the question whether one may be paid, and the receipt.

use super::Handled;
use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::Bot;
use crate::bot::payment::{CheckoutQuery, PaymentNotice, PaymentUpdate, RefundNotice};
use crate::bot::screen::{Screen, balance as screen, notice};
use crate::bot::telegram::{BRIEF, Destination};
use crate::invoice::{CheckoutRefusal, Credited, InvoiceId, Payment, RefundState, StarPack};
use crate::job::{ChatId, UserId};
use crate::l10n::Messages;
use crate::ledger::{Money, WalletId};
use crate::store_error::StoreError;

impl Conversation<'_> {
    /// What can be bought.
    pub(super) async fn packs_screen(&self) -> Result<Screen, HandlerError> {
        let service = &self.bot.service;
        let Some(currency) = service.currency() else {
            return Ok(notice::with_home(&self.texts.balance_free(), self.texts));
        };
        // Nobody needs a second one.
        let is_subscribed = !service.star_subscriptions(self.user).await?.is_empty();
        let plans = if is_subscribed { &[] } else { service.star_plans() };
        Ok(screen::packs(service.star_packs(), plans, currency, self.texts))
    }

    /// Where people ask about payments.
    pub(super) async fn reply_pay_support(&self) -> Result<Replied, HandlerError> {
        let words = match self.bot.service.support() {
            Some(contact) => self.texts.paysupport(contact),
            None => self.texts.paysupport_none(),
        };
        self.reply(&notice::with_home(&words, self.texts)).await
    }

    /// The terms of sale.
    pub(super) async fn reply_terms(&self) -> Result<Replied, HandlerError> {
        let words = match (self.bot.service.charges(), self.bot.service.terms()) {
            (false, _) => self.texts.paysupport_none(),
            (true, Some(terms)) => self.texts.terms(terms),
            (true, None) => self.texts.terms_default(),
        };
        self.reply(&notice::with_home(&words, self.texts)).await
    }

    /// Sends an invoice for a pack: the row first, whose number is the payload.
    pub(super) async fn sell(&self, stars: u32, amount: Money) -> Result<Replied, HandlerError> {
        let is_sold = |pack: &&StarPack| (pack.stars.get(), pack.amount) == (stars, amount);
        let pack = self.bot.service.star_packs().iter().find(is_sold).copied();
        let (Some(pack), Some(currency)) = (pack, self.bot.service.currency()) else {
            return self.reply_outdated().await;
        };
        let id = self.bot.invoice_id();
        let invoice = self.bot.service.add_invoice(id, self.user, pack, false).await?;
        let amount = self.texts.money(amount, currency);
        let (title, description) = (self.texts.invoice_title(), self.texts.invoice_description(&amount));
        self.bot.telegram.send_invoice(&invoice, &title, &description).await?;
        Ok(Replied::with_invoice())
    }
}

impl Bot {
    pub(super) fn invoice_id(&self) -> InvoiceId {
        InvoiceId::of_bits((u128::from(self.rng.bits()) << 64) | u128::from(self.rng.bits()))
    }

    /// Handles what Telegram says of a payment.
    pub(super) async fn handle_payment(&self, update: PaymentUpdate, is_retry: bool) -> Handled {
        let done = match &update {
            PaymentUpdate::Query(query) => self.check_out(query).await,
            PaymentUpdate::Notice(notice) => self.take_payment(notice, is_retry).await,
            PaymentUpdate::Refund(refund) => self.take_refund(refund).await,
        };
        match done {
            Ok(()) => Handled::Done,
            Err(error) if error.is_unavailable() => {
                tracing::warn!(%error, "a payment waits for the database");
                Handled::NotNow
            }
            Err(error) => {
                tracing::error!(%error, "a payment could not be handled");
                match &update {
                    // Nothing was paid, or it is given back.
                    PaymentUpdate::Query(_) | PaymentUpdate::Refund(_) => {}
                    PaymentUpdate::Notice(notice) => self.tell_not_credited(notice).await,
                }
                Handled::Done
            }
        }
    }

    /// Answers whether a payment may be made, by what is stored about its invoice.
    async fn check_out(&self, query: &CheckoutQuery) -> Result<(), StoreError> {
        let person = query.sender.id;
        let checked = match self.lets_in(person, ChatId(person.0)).await? {
            true => self.service.check_out(&query.terms).await?,
            false => Err(CheckoutRefusal::NotSold),
        };
        let refusal = match checked {
            Ok(()) => None,
            Err(refusal) => {
                tracing::info!(person = person.0, %refusal, "a payment is refused");
                Some(refusal_text(refusal, self.texts(&query.sender).await))
            }
        };
        if let Err(error) = self.telegram.answer_checkout(&query.id, refusal).await {
            // Nothing was paid then.
            tracing::warn!(
                person = person.0,
                error = self.telegram.describe(&error),
                "a payment could not be answered"
            );
        }
        Ok(())
    }

    /// Credits a payment and sends the receipt; of one that nobody was asked for, the admins are told.
    async fn take_payment(&self, notice: &PaymentNotice, is_retry: bool) -> Result<(), StoreError> {
        let person = notice.sender.id;
        let payment =
            Payment { id: notice.id.clone(), of: notice.terms.clone(), term: notice.term, at: self.service.now() };
        let amount = match self.service.take_payment(&payment).await? {
            Credited::New(amount) => amount,
            // The process may have ended before the receipt was sent.
            Credited::Known(amount) if is_retry && amount > Money::ZERO => amount,
            Credited::Known(_) => return Ok(()),
            Credited::Stray => {
                self.tell_not_credited(notice).await;
                return Ok(());
            }
        };
        let texts = self.texts(&notice.sender).await;
        // The unit is not known while the operator pays; the amount is credited all the same.
        if let Some(currency) = self.service.currency() {
            let wallet = self.service.wallet(WalletId::from(person)).await?;
            let until = notice.term.map(|term| term.until);
            self.tell_payment(person, &screen::receipt(amount, until, wallet, currency, &notice.id.0, texts)).await;
        }
        Ok(())
    }

    /// Takes what was credited for a payment that was given back, and tells the person.
    async fn take_refund(&self, refund: &RefundNotice) -> Result<(), StoreError> {
        let Some(payment) = self.service.take_refund(&refund.id).await? else { return Ok(()) };
        let (RefundState::Done { taken, .. }, Some(currency)) = (payment.refund, self.service.currency()) else {
            return Ok(());
        };
        // The number of whoever was erased since is gone.
        if payment.person != UserId(0) {
            let texts = self.telegram.texts_of(payment.person).await;
            let wallet = self.service.wallet(payment.person.into()).await?;
            let (total, taken) = (payment.total.to_string(), texts.money(taken, currency));
            let words = texts.payment_refunded(&total, &taken, &texts.money(wallet.available, currency));
            self.tell_payment(payment.person, &notice::with_home(&words, texts)).await;
        }
        Ok(())
    }

    async fn tell_payment(&self, user: UserId, screen: &Screen) {
        let to = Destination { chat: ChatId(user.0), topic: None, user, reply_to: None };
        if let Err(error) = self.telegram.send(to, screen, BRIEF).await {
            let error = self.telegram.describe(&error);
            tracing::warn!(person = user.0, error, "a receipt could not be sent");
        }
    }

    /// Tells the admins and the person that a payment was made and is not on the balance.
    async fn tell_not_credited(&self, payment: &PaymentNotice) {
        let texts = self.texts(&payment.sender).await;
        self.tell_payment(payment.sender.id, &notice::with_home(&texts.payment_stray(&payment.id.0), texts)).await;
        let admins = self.admins().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the admins are not told of a payment");
            Vec::new()
        });
        for user in admins {
            let texts = self.telegram.texts_of(user).await;
            let (person, total) = (payment.terms.person.0.to_string(), payment.terms.total.to_string());
            let screen = Screen::text(texts.payment_stray_admin(&person, &total, &payment.id.0));
            let to = Destination { chat: ChatId(user.0), topic: None, user, reply_to: None };
            if let Err(error) = self.telegram.send(to, &screen, BRIEF).await {
                let error = self.telegram.describe(&error);
                tracing::warn!(admin = user.0, error, "an admin is not told of a payment");
            }
        }
    }
}

fn refusal_text(refusal: CheckoutRefusal, texts: &Messages) -> String {
    match refusal {
        CheckoutRefusal::NotSold => texts.checkout_not_sold(),
        CheckoutRefusal::Unknown | CheckoutRefusal::Expired => texts.checkout_expired(),
        CheckoutRefusal::OthersInvoice => texts.checkout_others(),
        CheckoutRefusal::Paid => texts.checkout_paid(),
        CheckoutRefusal::Subscribed => texts.checkout_subscribed(),
    }
}
