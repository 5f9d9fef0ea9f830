//! An admin cancels a person's subscription.

use crate::bot::route::conversation::{Conversation, HandlerError, Replied};
use crate::job::UserId;
use crate::service::CancelError;

impl Conversation<'_> {
    pub(super) async fn cancel_subscriptions_of(&self, user: UserId) -> Result<Replied, HandlerError> {
        let admin = self.bot.service.payment_admin(self.user);
        let notice = match admin.cancel_subscriptions(user, &self.bot.telegram).await {
            Ok(_) => self.texts.admin_subscription_canceled(),
            Err(CancelError::Store(error)) => return Err(error.into()),
            Err(CancelError::Telegram(error)) => self.texts.admin_subscription_unchanged(&error.to_string()),
        };
        self.edit_or_reply(&self.person_screen(user).await?.with_notice(Some(&notice))).await
    }
}
