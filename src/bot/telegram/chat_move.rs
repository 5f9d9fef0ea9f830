//! Groups that have become supergroups: the supergroup has an id of its own, and calls with the old id are refused.
//!
//! Telegram reports it in the refusal of a call (<https://core.telegram.org/bots/api#responseparameters>) and in a
//! service message in each of the two chats. Whichever arrives first is stored for all instances.

use super::Telegram;
use crate::job;
use crate::service::Service;

impl Telegram {
    /// The same account, with the service that stores which chats have moved.
    #[must_use]
    pub(crate) fn with_service(self, service: Service) -> Self {
        Self { service: Some(service), ..self }
    }

    /// The present id of a chat, as far as its move is stored.
    pub(crate) async fn chat_now(&self, chat: job::ChatId) -> job::ChatId {
        // A private chat has the id of its user, which is above 0, and never moves.
        let Some(service) = self.service.as_ref().filter(|_| chat.0 < 0) else { return chat };
        match service.chat_now(chat).await {
            Ok(now) => now,
            Err(error) => {
                tracing::debug!(chat = chat.0, %error, "the present id of a chat could not be read");
                chat
            }
        }
    }

    /// Stores the new id of a chat. A failure is only logged: Telegram reports the move again.
    pub(super) async fn note_move(&self, old: job::ChatId, new: job::ChatId) {
        tracing::info!(chat = old.0, new = new.0, "a group has become a supergroup");
        let Some(service) = &self.service else { return };
        if let Err(error) = service.move_chat(old, new).await {
            tracing::warn!(chat = old.0, new = new.0, %error, "the move of a chat could not be stored");
        }
    }
}
