//! Groups that have become supergroups: a supergroup has a number of its own, and the old one takes no calls any more.
//!
//! Telegram says so with the refusal of a call (<https://core.telegram.org/bots/api#responseparameters>) and with a service
//! message in each of the two chats. Whichever comes first is noted down for all instances.

use teloxide::RequestError;
use teloxide::types::{ChatId, Message};

use super::Telegram;
use crate::job;
use crate::service::Service;

impl Telegram {
    /// With a memory for chats that move.
    #[must_use]
    pub(crate) fn with_service(self, service: Service) -> Self {
        Self { service: Some(service), ..self }
    }

    /// The number that a chat has by now, as far as anybody has noted it down.
    pub(crate) async fn chat_now(&self, chat: job::ChatId) -> job::ChatId {
        // A person's chat has the person's number, which is above 0, and never moves.
        let Some(service) = self.service.as_ref().filter(|_| chat.0 < 0) else { return chat };
        match service.chat_now(chat).await {
            Ok(now) => now,
            Err(error) => {
                tracing::debug!(chat = chat.0, %error, "it is not known whether a chat has moved; Telegram will say");
                chat
            }
        }
    }

    /// Makes a call about a chat, with the number that the chat has by now. Waits out what flood control asks for.
    pub(crate) async fn in_chat<T, F>(&self, chat: job::ChatId, call: impl Fn(ChatId) -> F) -> Result<T, RequestError>
    where
        F: Future<Output = Result<T, RequestError>>,
    {
        let now = self.chat_now(chat).await;
        match self.patiently(|| call(ChatId(now.0))).await {
            Err(RequestError::MigrateToChatId(new)) => {
                self.note_move(now, job::ChatId(new.0)).await;
                self.patiently(|| call(new)).await
            }
            other => other,
        }
    }

    /// Whoever asks later finds the new number. That it could not be noted down stops nothing: Telegram says it again.
    pub(super) async fn note_move(&self, old: job::ChatId, new: job::ChatId) {
        tracing::info!(chat = old.0, new = new.0, "a group has become a supergroup");
        let Some(service) = &self.service else { return };
        if let Err(error) = service.move_chat(old, new).await {
            tracing::warn!(chat = old.0, new = new.0, %error, "that a chat has moved could not be noted down");
        }
    }
}

/// The old and the new number, when a message says that a group has become a supergroup.
pub(crate) fn announced(message: &Message) -> Option<(job::ChatId, job::ChatId)> {
    let here = job::ChatId(message.chat.id.0);
    let to = message.migrate_to_chat_id().map(|new| (here, job::ChatId(new.0)));
    to.or_else(|| message.migrate_from_chat_id().map(|old| (job::ChatId(old.0), here)))
}
