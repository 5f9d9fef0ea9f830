//! What an operator does about payments: looks at them, gives them back, and cancels subscriptions. Needs a store, and of
//! Telegram two calls.

use std::sync::Arc;

use async_trait::async_trait;

use crate::audit::{Actor, AuditAction, AuditEntry};
use crate::clock::{Clock, Timestamp};
use crate::invoice::{PaymentId, RefundState, StoredPayment};
use crate::job::UserId;
use crate::ledger::Money;
use crate::star_subscription::{Renewal, StarSubscription};
use crate::store::{NOBODY, RefundAsked, Store};
use crate::store_error::StoreError;

/// The calls about payments in Telegram Stars.
#[async_trait]
pub trait StarCalls: Send + Sync {
    /// Gives a payment back. One that was given back before is no error.
    async fn refund(&self, person: UserId, payment: &PaymentId) -> Result<(), StarCallError>;
    /// Lets no payment follow the paid term of the subscription that began with this payment; or lets the person switch it on
    /// again.
    async fn edit_subscription(
        &self,
        person: UserId,
        payment: &PaymentId,
        is_canceled: bool,
    ) -> Result<(), StarCallError>;
}

/// Why Telegram has not done it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StarCallError {
    /// It does not.
    #[error("{0}")]
    Refused(String),
    /// It has not answered: nobody knows whether it has.
    #[error("{0}")]
    Unanswered(String),
}

/// Why a payment was not given back.
#[derive(Debug, thiserror::Error)]
pub enum RefundError {
    /// The store failed. What was begun goes on with the next try.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such payment.
    #[error("there is no such payment")]
    Unknown,
    /// It was given back before.
    #[error("it was given back before")]
    Done,
    /// Whoever has paid was erased, and Telegram asks for their number.
    #[error("whoever has paid was erased")]
    Erased,
    /// The wallet has less than was credited for it.
    #[error("{available} of {amount} are left")]
    Spent {
        /// What was credited.
        amount: Money,
        /// What is left.
        available: Money,
    },
    /// Telegram refuses, and the wallet has its money again.
    #[error("Telegram refuses: {0}")]
    Refused(String),
    /// Telegram has not answered. What was credited stays away from the wallet until the next try, or until Telegram tells.
    #[error("Telegram does not answer: {0}")]
    Unanswered(String),
}

/// Why a subscription was not canceled.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Telegram has not done it.
    #[error(transparent)]
    Telegram(#[from] StarCallError),
}

/// Looks at payments, gives them back, and cancels subscriptions. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PaymentAdmin {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// Who acts.
    actor: Actor,
}

impl PaymentAdmin {
    /// Over a store, on a clock, for whoever acts: each act is written to the audit.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, actor: Actor) -> Self {
        Self { store, clock, actor }
    }

    /// The payments of all, or of a person, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, person: Option<UserId>, limit: u32) -> Result<Vec<StoredPayment>, StoreError> {
        self.store.payments(person, limit).await
    }

    /// A payment.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn payment(&self, id: &PaymentId) -> Result<Option<StoredPayment>, StoreError> {
        self.store.payment(id).await
    }

    /// The payments that were received at this very moment.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn received_at(&self, at: Timestamp) -> Result<Vec<StoredPayment>, StoreError> {
        self.store.payments_at(at).await
    }

    /// Gives a payment back, if what was credited for it is still there. One that was begun before goes on.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn refund(&self, id: &PaymentId, stars: &dyn StarCalls) -> Result<StoredPayment, RefundError> {
        let payment = self.store.payment(id).await?.ok_or(RefundError::Unknown)?;
        let refund_try = match payment.refund {
            RefundState::Done { .. } => return Err(RefundError::Done),
            _ if payment.person == NOBODY => return Err(RefundError::Erased),
            RefundState::Asked => payment.refund_tries,
            RefundState::None => self.ask(&payment).await?,
        };
        match stars.refund(payment.person, id).await {
            Ok(()) => {
                tracing::info!(payment = %id, person = payment.person.0, "a payment is given back");
                self.store.end_refund(id, self.clock.now()).await?.ok_or(RefundError::Unknown)
            }
            Err(StarCallError::Refused(why)) => {
                tracing::info!(payment = %id, why, "a payment is not given back");
                self.store.withdraw_refund(id, refund_try, self.clock.now()).await?;
                Err(RefundError::Refused(why))
            }
            Err(StarCallError::Unanswered(why)) => Err(RefundError::Unanswered(why)),
        }
    }

    /// Cancels a person's subscriptions that go on: no payment follows the terms that are paid. Those that are canceled now.
    ///
    /// # Errors
    /// [`CancelError`]; those before the one that failed are canceled.
    pub async fn cancel_subscriptions(
        &self,
        person: UserId,
        stars: &dyn StarCalls,
    ) -> Result<Vec<StarSubscription>, CancelError> {
        let now = self.clock.now();
        let mut canceled = Vec::new();
        for subscription in self.store.star_subscriptions(person, now).await? {
            if subscription.renewal == Renewal::Canceled {
                continue;
            }
            stars.edit_subscription(person, &subscription.payment, true).await?;
            let audit = AuditEntry::new(self.actor.clone(), AuditAction::CancelSubscription, now).about(person.0);
            let audit = audit.on(&subscription.payment.0);
            self.store.set_renewal(&subscription.invoice, Renewal::Canceled, Some(&audit)).await?;
            canceled.push(StarSubscription { renewal: Renewal::Canceled, ..subscription });
        }
        Ok(canceled)
    }

    async fn ask(&self, payment: &StoredPayment) -> Result<u32, RefundError> {
        let now = self.clock.now();
        let audit = AuditEntry::new(self.actor.clone(), AuditAction::RefundPayment, now);
        let audit =
            audit.about(payment.person.0).on(&payment.id.0).to(format!("{} {}", payment.total, payment.currency));
        match self.store.ask_refund(payment, now, &audit).await? {
            RefundAsked::New(refund_try) | RefundAsked::Open(refund_try) => Ok(refund_try),
            RefundAsked::Done => Err(RefundError::Done),
            RefundAsked::Spent => {
                let available = self.store.wallet(payment.person.into()).await?.available;
                Err(RefundError::Spent { amount: payment.amount, available })
            }
        }
    }
}
