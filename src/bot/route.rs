//! The handlers of updates. Each returns [`Replied`], the proof that the user got a reply.

mod answer;
mod button;
mod command;
mod conversation;
mod follow_up;
mod form_button;
mod health;
mod input;
mod job;
mod media;
mod next_step;
mod order;
mod report;
mod user;

use teloxide::types::{Message, Update as TelegramUpdate, UpdateKind};

use self::conversation::{Conversation, HandlerError, Replied};
use self::user::user_id;
use super::callback::ButtonData;
use super::draft::Form;
use super::telegram::announced;
use super::{Bot, attachment};
use crate::inbox::{Fence, Update};
use crate::job::ChatId;

/// How the handling of an update ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handled {
    /// It is finished, with success or not.
    Done,
    /// The database does not answer, or another worker has claimed the chat: it is handled again, before all later
    /// updates of the chat.
    NotNow,
}

impl Bot {
    /// Handles one stored update. Errors are logged and reported to the user, and the update counts as handled, unless
    /// the database is unavailable. `is_retry`: a handler was started for it before, and may have had its effect.
    /// `worker_id`: the worker that has claimed the chat.
    pub(super) async fn handle(&self, update: &Update, is_retry: bool, worker_id: &str) -> Handled {
        let Some(kind) = read(update) else {
            tracing::warn!(update = update.id, "an update of an unknown kind is ignored");
            return Handled::Done;
        };
        if let UpdateKind::Message(message) = &kind
            && let Some((old, new)) = announced(message)
        {
            return self.move_chat(old, new).await;
        }
        let fence = Fence { worker_id, chat: update.chat };
        let Some(conversation) = self.conversation(update.id, &kind, is_retry, fence).await else {
            return Handled::Done;
        };
        let done = match &kind {
            UpdateKind::Message(message) => {
                self.redeliver_undeliverable(conversation.chat).await;
                conversation.on_message(message).await
            }
            UpdateKind::CallbackQuery(query) => conversation.on_button(query.data.as_deref().unwrap_or_default()).await,
            _ => return Handled::Done,
        };
        match done {
            Ok(_) => Handled::Done,
            Err(HandlerError::AlreadyHandled) => {
                tracing::info!(update = update.id, "an update was handled before; it is not handled again");
                Handled::Done
            }
            Err(HandlerError::Store(error)) if error.is_unavailable() => {
                tracing::warn!(update = update.id, %error, "an update waits for the database");
                Handled::NotNow
            }
            Err(HandlerError::Store(error)) if error.is_fenced() => {
                tracing::warn!(update = update.id, %error, "an update is left to the worker that has claimed its chat");
                Handled::NotNow
            }
            Err(failure) => {
                self.report_error(update, &conversation, &failure).await;
                Handled::Done
            }
        }
    }

    /// Moves everything of a group to the supergroup that it has become.
    async fn move_chat(&self, old: ChatId, new: ChatId) -> Handled {
        match self.service.move_chat(old, new).await {
            Ok(()) => {
                self.redeliver_undeliverable(new).await;
                Handled::Done
            }
            Err(error) if error.is_unavailable() => {
                tracing::warn!(chat = old.0, new = new.0, %error, "the move of a chat waits for the database");
                Handled::NotNow
            }
            Err(error) => {
                tracing::error!(chat = old.0, new = new.0, %error, "the move of a chat could not be stored");
                Handled::Done
            }
        }
    }

    /// Delivers the results that could not be delivered before: a user who writes can be reached again.
    async fn redeliver_undeliverable(&self, chat: ChatId) {
        if let Err(error) = self.service.job_admin().redeliver_undeliverable(chat).await {
            tracing::warn!(chat = chat.0, %error, "undeliverable results could not be queued again");
        }
    }

    /// Answers a pressed button at once, before the chat's earlier updates are handled: a user who sees a spinner
    /// presses again.
    pub(super) fn acknowledge(&self, update: &Update) {
        if update.body.get("callback_query").is_none() {
            return;
        }
        let (bot, update) = (self.clone(), update.clone());
        // The update is read in the task, so that a panic there affects nothing else.
        tokio::spawn(async move {
            let Some(UpdateKind::CallbackQuery(query)) = read(&update) else { return };
            let chat = update.chat;
            let stale = match query.data.as_deref().unwrap_or_default().parse() {
                Err(_) => true,
                Ok(ButtonData::Form { nonce, .. }) => bot.is_stale(chat, &nonce).await,
                Ok(_) => false,
            };
            let text = if stale { Some(bot.texts(&query.from).await.old_button()) } else { None };
            bot.telegram.answer(&query.id, text.as_deref()).await;
        });
    }

    /// Whether a form's button belongs neither to the chat's form nor to the last order made from it.
    async fn is_stale(&self, chat: ChatId, nonce: &str) -> bool {
        let Ok(Some(draft)) = self.service.draft(self.telegram.chat_now(chat).await).await else { return true };
        let Ok((form, _)) = Form::read(&draft.body) else { return true };
        form.nonce != nonce && form.ordered.is_none_or(|ordered| ordered.nonce != nonce)
    }

    async fn conversation<'a>(
        &'a self,
        update: i64,
        kind: &UpdateKind,
        is_retry: bool,
        fence: Fence<'a>,
    ) -> Option<Conversation<'a>> {
        let mut pressed_seconds = None;
        let (from, chat, user_message, pressed) = match kind {
            UpdateKind::Message(m) => (m.from.as_ref()?, m.chat.id, Some(m.id.0), None),
            UpdateKind::CallbackQuery(q) => {
                let chat = q.message.as_ref().map(|m| m.chat().id);
                let pressed = q.message.as_ref().map(|m| m.id().0);
                pressed_seconds =
                    q.regular_message().and_then(attachment::received).and_then(|file| file.facts.seconds);
                (&q.from, chat.unwrap_or(q.from.id.into()), None, pressed)
            }
            _ => return None,
        };
        let sent_in = ChatId(chat.0);
        let (texts, chat) = (self.texts(from).await, self.telegram.chat_now(sent_in).await);
        let in_chat = |message: Option<i32>| message.filter(|_| chat == sent_in);
        let (user_message, pressed) = (in_chat(user_message), in_chat(pressed));
        Some(Conversation {
            bot: self,
            update,
            is_retry,
            fence,
            chat,
            user: user_id(from),
            texts,
            user_message,
            pressed,
            pressed_seconds,
        })
    }
}

impl Conversation<'_> {
    /// Handles a message. A command comes before everything that a form asks for.
    async fn on_message(&self, message: &Message) -> Result<Replied, HandlerError> {
        let text = message.text();
        if let Some(command) = text.filter(|t| t.starts_with('/')) {
            return self.on_command(command).await;
        }
        if !message.chat.is_private() && self.load_form().await?.is_none() {
            // In a group most messages are not meant for the bot.
            return Ok(Replied::nothing_to_do());
        }
        if let Some(file) = attachment::received(message) {
            return self.on_file(file).await;
        }
        match text {
            Some(text) => self.on_text(text).await,
            None => self.on_other().await,
        }
    }
}

/// An update as teloxide's type; `None` when teloxide does not know its kind.
fn read(update: &Update) -> Option<UpdateKind> {
    let mut body = update.body.clone();
    for pointer in ["/message", "/callback_query/message"] {
        if let Some(message) = body.pointer_mut(pointer) {
            attachment::add_missing_keys(message);
        }
    }
    // By way of text: teloxide's type borrows the keys, which is not possible from a `Value`.
    let update: TelegramUpdate = serde_json::from_str(&body.to_string()).ok()?;
    match update.kind {
        UpdateKind::Error(_) => None,
        kind => Some(kind),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn update(body: serde_json::Value) -> Update {
        Update { id: 5, chat: ChatId(7), body }
    }

    #[test]
    fn stored_updates_are_read_back() {
        let from = json!({"id": 7, "is_bot": false, "first_name": "A", "language_code": "ru"});
        let message = json!({
            "message_id": 1, "date": 1_700_000_000, "from": from, "text": "/start",
            "chat": {"id": 7, "type": "private", "first_name": "A"},
        });
        let heard = read(&update(json!({"update_id": 5, "message": message})));
        assert!(matches!(heard, Some(UpdateKind::Message(m)) if m.text() == Some("/start")));
        let query = json!({"id": "1", "from": from, "chat_instance": "x", "data": "1h", "message": message});
        let pressed = read(&update(json!({"update_id": 6, "callback_query": query})));
        assert!(matches!(pressed, Some(UpdateKind::CallbackQuery(q)) if q.data.as_deref() == Some("1h")));
        assert!(read(&update(json!({"update_id": 7, "something_new": {"x": 1}}))).is_none());
        assert!(read(&update(json!({"update_id": 8, "message": {"x": 1}}))).is_none());
    }
}
