//! Tells users that an update was not handled.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;

use super::conversation::{Conversation, HandlerError};
use crate::bot::Bot;
use crate::bot::incoming::{self, Incoming};
use crate::bot::screen::notice;
use crate::bot::telegram::{BRIEF, Destination, PERSISTENT, RetryPolicy, SendErrorKind};
use crate::inbox::Update;
use crate::l10n::Messages;

impl Bot {
    /// Tells the sender of an update that it was not handled. Needs nothing but the update. A panic is caught and
    /// logged: what broke the handler may break this too.
    pub(in crate::bot) async fn report_failure_to_user(&self, update: &Update, text: fn(&Messages) -> String) {
        let report = async {
            let (sender, topic) = match incoming::read(&update.body) {
                Some(Incoming::Message(message) | Incoming::Edit(message)) => (message.sender, message.topic),
                Some(Incoming::Press(press)) => (press.sender, press.topic),
                Some(Incoming::UploadEnd(_) | Incoming::Moved { .. }) | None => return,
            };
            let texts = self.texts(&sender).await;
            let to = Destination { chat: update.chat, topic, user: sender.id, reply_to: None };
            self.send_notice(to, &text(texts), texts, PERSISTENT).await;
        };
        if AssertUnwindSafe(report).catch_unwind().await.is_err() {
            tracing::error!(update = update.id, "reporting a failure to the user panicked");
        }
    }

    /// Logs why an update was not handled, and tells the user where the chat can still be reached.
    pub(super) async fn report_error(&self, update: &Update, conversation: &Conversation<'_>, error: &HandlerError) {
        let (why, is_reachable) = match error {
            HandlerError::Telegram(error) => {
                (self.telegram.describe(error), SendErrorKind::of(error) != SendErrorKind::Unreachable)
            }
            HandlerError::Store(error) => (error.to_string(), true),
            HandlerError::AlreadyHandled | HandlerError::NewerForm { .. } => return,
        };
        tracing::error!(update = update.id, chat = conversation.chat.0, why, "an update could not be handled");
        if is_reachable {
            let texts = conversation.texts;
            // The reply itself was already repeated.
            self.send_notice(conversation.destination(), &texts.broken(), texts, BRIEF).await;
        }
    }

    /// Tells a person whose form, or what else it is about, only a newer version of the bot can read that it will.
    pub(super) async fn report_newer(&self, conversation: &Conversation<'_>, text: fn(&Messages) -> String) {
        let texts = conversation.texts;
        self.send_notice(conversation.destination(), &text(texts), texts, PERSISTENT).await;
    }

    async fn send_notice(&self, to: Destination, text: &str, texts: &Messages, policy: &RetryPolicy) {
        let screen = notice::with_home(text, texts);
        if let Err(error) = self.telegram.send(to, &screen, policy).await {
            let error = self.telegram.describe(&error);
            tracing::error!(chat = to.chat.0, error, "a failure could not be reported to the user");
        }
    }
}
