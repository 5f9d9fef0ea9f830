//! From an update to an answer. Every path ends in a [`Replied`]: a handler without one does not compile.

mod button;
mod command;
mod conversation;
mod follow_up;
mod generate;
mod input;
mod job;
mod media;

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use teloxide::types::{Message, Update as TelegramUpdate, UpdateKind, User as TelegramUser};

use self::conversation::{Conversation, HandlerError, Replied};
use super::callback::ButtonData;
use super::draft::Form;
use super::screen::notice;
use super::telegram::{BRIEF, PERSISTENT, Rule, SendErrorKind, announced};
use super::{Bot, attachment};
use crate::inbox::{Fence, Update};
use crate::job::{ChatId, UserId};
use crate::l10n::{Lang, Messages};
use crate::store_error::StoreError;
use crate::user::User;

/// How the handling of an update ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handled {
    /// It is finished, with success or not.
    Done,
    /// The database does not answer, or another process holds the chat: it is handled again, before all later updates of
    /// the chat.
    NotNow,
}

impl Bot {
    /// Handles one stored update. Errors are logged and reported to the user, and the update counts as handled, unless the
    /// database is out of reach. `again`: it may have been handled before by a process that ended without recording it.
    /// `worker_id`: the worker that holds the chat.
    pub(super) async fn handle(&self, update: &Update, again: bool, worker_id: &str) -> Handled {
        let Some(kind) = read(update) else {
            tracing::warn!(update = update.id, "an update of an unknown kind is ignored");
            return Handled::Done;
        };
        if let UpdateKind::Message(message) = &kind
            && let Some((old, new)) = announced(message)
        {
            return self.follow(old, new).await;
        }
        let fence = Fence { worker_id, chat: update.chat };
        let Some(conversation) = self.conversation(update.id, &kind, again, fence).await else { return Handled::Done };
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
                tracing::warn!(update = update.id, %error, "an update is left to another process");
                Handled::NotNow
            }
            Err(failure) => {
                self.report_error(update, &conversation, &failure).await;
                Handled::Done
            }
        }
    }

    /// Moves everything of a group to the supergroup that it has become.
    async fn follow(&self, old: ChatId, new: ChatId) -> Handled {
        match self.service.move_chat(old, new).await {
            Ok(()) => {
                self.redeliver_undeliverable(new).await;
                Handled::Done
            }
            Err(error) if error.is_unavailable() => {
                tracing::warn!(chat = old.0, new = new.0, %error, "a chat that has moved waits for the database");
                Handled::NotNow
            }
            Err(error) => {
                tracing::error!(chat = old.0, new = new.0, %error, "the move of a chat could not be stored");
                Handled::Done
            }
        }
    }

    /// Delivers what could not be delivered before: a user who writes can be reached again.
    async fn redeliver_undeliverable(&self, chat: ChatId) {
        if let Err(error) = self.service.job_admin().redeliver_undeliverable(chat).await {
            tracing::warn!(chat = chat.0, %error, "undeliverable results could not be queued again");
        }
    }

    /// Answers a pressed button at once, before the chat's queued updates: a user who sees a spinner presses again.
    pub(super) fn acknowledge(&self, update: &Update) {
        if update.body.get("callback_query").is_none() {
            return;
        }
        let (bot, update) = (self.clone(), update.clone());
        // The update is read in the task too, so that a panic there affects nothing else.
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

    /// Whether a form's button belongs to no form that the chat still has.
    async fn is_stale(&self, chat: ChatId, nonce: &str) -> bool {
        let Ok(Some(draft)) = self.service.draft(self.telegram.chat_now(chat).await).await else { return true };
        let Ok((form, _)) = Form::read(&draft.body) else { return true };
        form.nonce != nonce && form.ordered.is_none_or(|ordered| ordered.nonce != nonce)
    }

    async fn conversation<'a>(
        &'a self,
        update: i64,
        kind: &UpdateKind,
        again: bool,
        fence: Fence<'a>,
    ) -> Option<Conversation<'a>> {
        let mut seconds = None;
        let (from, chat, heard, pressed) = match kind {
            UpdateKind::Message(m) => (m.from.as_ref()?, m.chat.id, Some(m.id.0), None),
            UpdateKind::CallbackQuery(q) => {
                let chat = q.message.as_ref().map(|m| m.chat().id);
                let pressed = q.message.as_ref().map(|m| m.id().0);
                seconds = q.regular_message().and_then(attachment::received).and_then(|file| file.facts.seconds);
                (&q.from, chat.unwrap_or(q.from.id.into()), None, pressed)
            }
            _ => return None,
        };
        let said_in = ChatId(chat.0);
        let (texts, chat) = (self.texts(from).await, self.telegram.chat_now(said_in).await);
        let here = |message: Option<i32>| message.filter(|_| chat == said_in);
        let (heard, pressed) = (here(heard), here(pressed));
        Some(Conversation {
            bot: self,
            update,
            again,
            fence,
            chat,
            user: user_id(from),
            texts,
            heard,
            pressed,
            seconds,
        })
    }

    /// The person's language: the chosen one, else a guess, which is remembered.
    async fn texts(&self, from: &TelegramUser) -> &'static Messages {
        let lang = match self.known_language(from).await {
            Ok(lang) => lang,
            Err(error) => {
                tracing::error!(user = from.id.0, %error, "a user could not be read");
                Lang::guess(from.language_code.as_deref())
            }
        };
        Messages::of(lang)
    }

    async fn known_language(&self, from: &TelegramUser) -> Result<Lang, StoreError> {
        let id = user_id(from);
        if let Some(user) = self.service.user(id).await? {
            return Ok(Lang::from_code(&user.language).unwrap_or(Lang::En));
        }
        let lang = Lang::guess(from.language_code.as_deref());
        let created_at = self.service.now();
        self.service.put_user(&User { id, language: lang.code().to_owned(), created_at }).await?;
        Ok(lang)
    }

    /// Tells the sender of an update that it was not handled. Needs nothing but the update. A panic is caught and logged:
    /// what broke the handler may break this too.
    pub(super) async fn report_failure_to_user(&self, update: &Update, text: fn(&Messages) -> String) {
        let report = async {
            let texts = match read(update) {
                Some(UpdateKind::Message(message)) => match &message.from {
                    Some(from) => self.texts(from).await,
                    None => return,
                },
                Some(UpdateKind::CallbackQuery(query)) => self.texts(&query.from).await,
                _ => return,
            };
            self.send_notice(update.chat, &text(texts), texts, PERSISTENT).await;
        };
        if AssertUnwindSafe(report).catch_unwind().await.is_err() {
            tracing::error!(update = update.id, "reporting a failure to the user panicked");
        }
    }

    /// Logs why an update was not handled, and tells the user where the chat can still be reached.
    async fn report_error(&self, update: &Update, conversation: &Conversation<'_>, error: &HandlerError) {
        let (why, is_reachable) = match error {
            HandlerError::Telegram(error) => {
                let kind = SendErrorKind::of(error);
                (
                    self.telegram.describe(error),
                    !matches!(kind, SendErrorKind::Unreachable | SendErrorKind::InvalidToken),
                )
            }
            HandlerError::Store(error) => (error.to_string(), true),
            HandlerError::AlreadyHandled => return,
        };
        tracing::error!(update = update.id, chat = conversation.chat.0, why, "an update could not be handled");
        if is_reachable {
            let texts = conversation.texts;
            // The reply itself was already repeated.
            self.send_notice(conversation.chat, &texts.broken(), texts, BRIEF).await;
        }
    }

    async fn send_notice(&self, chat: ChatId, text: &str, texts: &Messages, rules: &[Rule]) {
        let screen = notice::with_home(text, texts);
        if let Err(error) = self.telegram.send(chat, &screen, rules).await {
            let error = self.telegram.describe(&error);
            tracing::error!(chat = chat.0, error, "a failure could not be reported to the user");
        }
    }
}

impl Conversation<'_> {
    /// A message: commands win, whatever the form asks for.
    async fn on_message(&self, message: &Message) -> Result<Replied, HandlerError> {
        let text = message.text();
        if let Some(command) = text.filter(|t| t.starts_with('/')) {
            return self.on_command(command).await;
        }
        if !message.chat.is_private() && self.form().await?.is_none() {
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

/// An update as teloxide's types have it; `None` when they do not know its kind.
fn read(update: &Update) -> Option<UpdateKind> {
    let mut body = update.body.clone();
    for pointer in ["/message", "/callback_query/message"] {
        if let Some(message) = body.pointer_mut(pointer) {
            attachment::add_missing_keys(message);
        }
    }
    // Through text: the reader of updates borrows its keys, which a value cannot lend.
    let update: TelegramUpdate = serde_json::from_str(&body.to_string()).ok()?;
    match update.kind {
        UpdateKind::Error(_) => None,
        kind => Some(kind),
    }
}

fn user_id(from: &TelegramUser) -> UserId {
    // Telegram's ids have at most 52 bits.
    UserId(from.id.0 as i64)
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
