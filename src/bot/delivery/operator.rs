//! Tells those who run the bot what only they can see to.

use super::ChatDelivery;
use crate::bot::screen::Screen;
use crate::bot::telegram::{BRIEF, Destination};
use crate::job::{ChatId, UserId};
use crate::l10n::Messages;
use crate::service::DeliveryError;

impl ChatDelivery {
    /// The admins of the settings, or else the owner.
    async fn operators(&self) -> Result<Vec<UserId>, DeliveryError> {
        if !self.access.needs_owner() {
            return Ok(self.access.admins.iter().copied().collect());
        }
        let unknown =
            |error| DeliveryError::Retry { after: None, why: format!("who the owner is is not known: {error}") };
        Ok(self.service.owner().await.map_err(unknown)?.into_iter().collect())
    }

    /// Tells each operator, in their private chat.
    pub(super) async fn tell_operators(
        &self,
        screen: impl Fn(&'static Messages) -> Screen + Send,
    ) -> Result<(), DeliveryError> {
        let mut failed = None;
        let mut is_told = false;
        for user in self.operators().await? {
            let shown = screen(self.texts_of(user).await);
            let to = Destination { chat: ChatId(user.0), topic: None, user, reply_to: None };
            match self.telegram.send(to, &shown, BRIEF).await.map_err(|error| self.error(&error)) {
                Ok(_) => is_told = true,
                Err(error @ DeliveryError::Retry { .. }) => failed = Some(error),
                Err(error @ (DeliveryError::Refused(_) | DeliveryError::Gone(_))) => {
                    tracing::warn!(user = user.0, %error, "an operator of the bot cannot be told");
                }
            }
        }
        failed.filter(|_| !is_told).map_or(Ok(()), Err)
    }
}
