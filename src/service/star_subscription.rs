//! Subscriptions in Telegram Stars: what is sold, and what a person has and decides.

use std::sync::Arc;

use super::payment_admin::{CancelError, StarCalls};
use super::{Inner, Service};
use crate::invoice::StarPack;
use crate::job::UserId;
use crate::star_subscription::{Renewal, StarSubscription};
use crate::store_error::StoreError;

impl Service {
    /// The same, and people can subscribe to these plans, where they pay at all.
    #[must_use]
    pub fn with_star_plans(self, plans: Vec<StarPack>) -> Self {
        Self { inner: Arc::new(Inner { star_plans: plans.into(), ..Inner::clone(&self.inner) }) }
    }

    /// What people can pay for every 30 days; nothing where the operator pays.
    pub fn star_plans(&self) -> &[StarPack] {
        if self.charges() { &self.inner.star_plans } else { &[] }
    }

    /// A person's subscriptions that are paid now. There is one at most, unless two were begun at the same moment.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn star_subscriptions(&self, person: UserId) -> Result<Vec<StarSubscription>, StoreError> {
        self.inner.store.star_subscriptions(person, self.now()).await
    }

    /// A person cancels a subscription of theirs, or may switch it on again in Telegram's settings: Telegram is asked first, so
    /// that nothing is shown as done that is not.
    ///
    /// # Errors
    /// [`CancelError`].
    pub async fn set_renewal(
        &self,
        subscription: &StarSubscription,
        renewal: Renewal,
        stars: &dyn StarCalls,
    ) -> Result<(), CancelError> {
        let is_canceled = renewal == Renewal::Canceled;
        stars.edit_subscription(subscription.person, &subscription.payment, is_canceled).await?;
        self.inner.store.set_renewal(&subscription.invoice, renewal, None).await?;
        tracing::info!(payment = %subscription.payment, person = subscription.person.0, is_canceled, "a subscription is changed");
        Ok(())
    }
}
