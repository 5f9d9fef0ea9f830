//! Payments in Telegram Stars: an admin looks at them, and gives one back after a second yes.

use super::PAGE;
use crate::bot::callback::{AdminPaymentAction, PaymentMark};
use crate::bot::route::conversation::{Conversation, HandlerError, Replied};
use crate::bot::screen::{Screen, admin_payment as screen};
use crate::invoice::StoredPayment;
use crate::service::RefundError;

impl Conversation<'_> {
    pub(super) async fn payments_screen(&self) -> Result<Screen, HandlerError> {
        let newest = self.bot.service.payment_admin(self.user).list(None, PAGE as u32).await?;
        Ok(screen::list(&newest, self.texts))
    }

    async fn marked(&self, mark: &PaymentMark) -> Result<Option<StoredPayment>, HandlerError> {
        let found = self.bot.service.payment_admin(self.user).received_at(mark.at).await?;
        Ok(found.into_iter().find(|payment| PaymentMark::of(payment) == *mark))
    }

    pub(super) async fn on_admin_payment(
        &self,
        mark: &PaymentMark,
        action: AdminPaymentAction,
    ) -> Result<Replied, HandlerError> {
        let Some(payment) = self.marked(mark).await? else { return self.reply_outdated().await };
        let unit = self.bot.service.currency();
        match action {
            AdminPaymentAction::Show => self.edit_or_reply(&screen::payment(&payment, unit, false, self.texts)).await,
            AdminPaymentAction::Ask => self.edit_or_reply(&screen::payment(&payment, unit, true, self.texts)).await,
            AdminPaymentAction::Refund => {
                let refunded = self.bot.service.payment_admin(self.user).refund(&payment.id, &self.bot.telegram).await;
                let notice = match refunded {
                    Ok(_) => self.texts.admin_payment_given_back(),
                    Err(RefundError::Done) if self.is_retry => self.texts.admin_payment_given_back(),
                    Err(RefundError::Store(error)) => return Err(error.into()),
                    Err(error) => screen::refusal(error, unit, self.texts),
                };
                let payment = self.marked(mark).await?.unwrap_or(payment);
                let shown = screen::payment(&payment, unit, false, self.texts);
                self.edit_or_reply(&shown.with_notice(Some(&notice))).await
            }
        }
    }
}
