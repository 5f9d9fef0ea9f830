//! Subscriptions in Telegram Stars: a link to begin one, and the person's word about one that they have.

use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::callback::SubscriptionAction;
use crate::bot::screen::balance as screen;
use crate::invoice::{InvoiceId, StarPack};
use crate::ledger::Money;
use crate::service::{CancelError, StarCallError};
use crate::star_subscription::Renewal;

impl Conversation<'_> {
    /// Shows a link that begins a subscription. The row of its invoice comes first, whose number is the payload.
    pub(super) async fn offer_plan(&self, stars: u32, amount: Money) -> Result<Replied, HandlerError> {
        let service = &self.bot.service;
        if !service.star_subscriptions(self.user).await?.is_empty() {
            return self.leave_form_for(&self.balance_screen().await?).await;
        }
        let is_sold = |plan: &&StarPack| (plan.stars.get(), plan.amount) == (stars, amount);
        let plan = service.star_plans().iter().find(is_sold).copied();
        let (Some(plan), Some(currency)) = (plan, service.currency()) else {
            return self.reply_outdated().await;
        };
        let invoice = service.add_invoice(self.bot.invoice_id(), self.user, plan, true).await?;
        let description = self.texts.plan_description(&self.texts.money(amount, currency));
        let title = self.texts.plan_title();
        let link = self.bot.telegram.create_subscription_link(&invoice, &title, &description).await?;
        self.leave_form_for(&screen::plan_offer(&plan, link, currency, self.texts)).await
    }

    /// Cancels a subscription after a second yes, or lets the person switch it on again.
    pub(super) async fn on_subscription(
        &self,
        invoice: &InvoiceId,
        action: SubscriptionAction,
    ) -> Result<Replied, HandlerError> {
        let service = &self.bot.service;
        let own = service.star_subscriptions(self.user).await?;
        let found = own.iter().find(|subscription| subscription.invoice == *invoice);
        let (Some(subscription), Some(currency)) = (found, service.currency()) else {
            // It has ended.
            return self.leave_form_for(&self.balance_screen().await?).await;
        };
        let renewal = match action {
            SubscriptionAction::Ask => {
                let asked = screen::cancel_subscription(subscription, currency, self.texts);
                return self.leave_form_for(&asked).await;
            }
            SubscriptionAction::Cancel => Renewal::Canceled,
            SubscriptionAction::Allow => Renewal::Allowed,
        };
        let notice = match service.set_renewal(subscription, renewal, &self.bot.telegram).await {
            Ok(()) => None,
            Err(CancelError::Store(error)) => return Err(error.into()),
            Err(CancelError::Telegram(StarCallError::Refused(why) | StarCallError::Unanswered(why))) => {
                tracing::warn!(payment = %subscription.payment, why, "a subscription is not changed");
                Some(self.texts.subscription_unchanged())
            }
        };
        self.leave_form_for(&self.balance_screen().await?.with_notice(notice.as_deref())).await
    }
}
