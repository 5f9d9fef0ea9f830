//! What people pay in Telegram Stars: invoices, the question whether one may be paid, and what was paid.

use std::sync::Arc;
use std::time::Duration;

use super::{Inner, Service};
use crate::clock::Timestamp;
use crate::invoice::{
    CheckoutRefusal, Credited, Invoice, InvoiceId, Payment, PaymentId, PaymentTerms, StarPack, StoredPayment,
};
use crate::job::UserId;
use crate::store_error::StoreError;

/// For so long an invoice that was not paid is kept: a payment may come late.
const UNPAID_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);

impl Service {
    /// The same, and people can buy these packs, where they pay at all.
    #[must_use]
    pub fn with_star_packs(self, packs: Vec<StarPack>) -> Self {
        Self { inner: Arc::new(Inner { star_packs: packs.into(), ..Inner::clone(&self.inner) }) }
    }

    /// The same, and this is where people ask about payments.
    #[must_use]
    pub fn with_support(self, support: Option<String>) -> Self {
        Self { inner: Arc::new(Inner { support, ..Inner::clone(&self.inner) }) }
    }

    /// Where people ask about payments; `None` where they pay nothing.
    pub fn support(&self) -> Option<&str> {
        self.inner.support.as_deref().filter(|_| self.charges())
    }

    /// The same, with the operator's own terms of sale, or where they are.
    #[must_use]
    pub fn with_terms(self, terms: Option<String>) -> Self {
        Self { inner: Arc::new(Inner { terms, ..Inner::clone(&self.inner) }) }
    }

    /// The operator's own terms of sale, or where they are.
    pub fn terms(&self) -> Option<&str> {
        self.inner.terms.as_deref()
    }

    /// What people can buy for Telegram Stars; nothing where the operator pays.
    pub fn star_packs(&self) -> &[StarPack] {
        if self.charges() { &self.inner.star_packs } else { &[] }
    }

    /// Whether people can buy anything here.
    pub fn sells(&self) -> bool {
        !self.star_packs().is_empty() || !self.star_plans().is_empty()
    }

    /// Stores an invoice for a pack, or for a plan (`is_subscription`), before the person is asked to pay it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_invoice(
        &self,
        id: InvoiceId,
        person: UserId,
        pack: StarPack,
        is_subscription: bool,
    ) -> Result<Invoice, StoreError> {
        let created_at = self.now();
        let invoice = Invoice { id, person, pack, created_at, is_subscription, payment: None };
        let life = i64::try_from(UNPAID_LIFE.as_millis()).unwrap_or(i64::MAX);
        let forgotten = Timestamp::from_millis(created_at.millis().saturating_sub(life));
        self.inner.store.add_invoice(&invoice, forgotten).await?;
        Ok(invoice)
    }

    /// Whether a payment may be made, by what is stored about its invoice.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn check_out(&self, terms: &PaymentTerms) -> Result<Result<(), CheckoutRefusal>, StoreError> {
        if !self.charges() {
            return Ok(Err(CheckoutRefusal::NotSold));
        }
        let Some(invoice) = self.inner.store.invoice(&InvoiceId(terms.payload.clone())).await? else {
            return Ok(Err(CheckoutRefusal::Unknown));
        };
        let checked = invoice.check(terms, self.now());
        if checked.is_ok() && invoice.is_subscription && !self.star_subscriptions(terms.person).await?.is_empty() {
            return Ok(Err(CheckoutRefusal::Subscribed));
        }
        Ok(checked)
    }

    /// Takes a payment that Telegram has carried out: it is credited once, whatever the settings are now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_payment(&self, payment: &Payment) -> Result<Credited, StoreError> {
        let credited = self.inner.store.add_payment(payment).await?;
        let (id, person) = (&payment.id, payment.of.person.0);
        match credited {
            Credited::New(amount) => tracing::info!(payment = %id, person, %amount, "a payment is credited"),
            Credited::Known(_) => tracing::info!(payment = %id, person, "a payment was told before"),
            Credited::Stray => {
                tracing::error!(payment = %id, person, total = payment.of.total, "a payment has no invoice; nothing is credited");
            }
        }
        Ok(credited)
    }

    /// Takes from the wallet what was credited for a payment that Telegram has given back, unless that was done before. The
    /// payment as it is then; `None` when it is unknown.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_refund(&self, id: &PaymentId) -> Result<Option<StoredPayment>, StoreError> {
        let payment = self.inner.store.end_refund(id, self.now()).await?;
        match &payment {
            Some(payment) => tracing::info!(payment = %id, person = payment.person.0, "a payment was given back"),
            None => tracing::warn!(payment = %id, "a payment that is not known was given back"),
        }
        Ok(payment)
    }
}
