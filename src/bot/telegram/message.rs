//! Calls about a chat: sending, editing and removing messages, answering buttons.

use teloxide::payloads::{
    AnswerCallbackQuerySetters, EditMessageTextSetters, SendChatActionSetters, SendMessageSetters,
};
use teloxide::requests::Requester;
use teloxide::types::{
    CallbackQueryId, ChatAction, ChatId, File, FileId, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ParseMode,
    ThreadId,
};
use teloxide::{ApiError, RequestError};

use super::error::is_message_gone;
use super::retry::{BRIEF, Repeats, Rule};
use super::{Destination, Recipient, Telegram};
use crate::bot::html::clip;
use crate::bot::screen::Screen;
use crate::job;
use crate::service::MessageRef;

/// Most characters of the box that answers a pressed button (Bot API, `answerCallbackQuery`).
const ANSWER_LIMIT: usize = 200;

impl Telegram {
    /// Sends a screen as a new message.
    pub(crate) async fn send(
        &self,
        to: Destination,
        screen: &Screen,
        rules: &[Rule],
    ) -> Result<MessageRef, RequestError> {
        self.send_to(to, rules, |target| self.send_screen(target, screen)).await
    }

    /// Sends a screen with one call.
    pub(super) async fn send_screen(&self, target: Recipient, screen: &Screen) -> Result<MessageRef, RequestError> {
        let mut request = self
            .calls
            .send_message(target.chat, screen.page.html())
            .parse_mode(ParseMode::Html)
            .link_preview_options(no_preview());
        if let Some(markup) = screen.reply_markup() {
            request = request.reply_markup(markup);
        }
        if let Some(thread) = target.thread {
            request = request.message_thread_id(thread);
        }
        if let Some(reply) = target.reply() {
            request = request.reply_parameters(reply);
        }
        let message = request.await?;
        Ok(MessageRef { chat: job::ChatId(message.chat.id.0), message: message.id.0 })
    }

    /// Edits a message of the chat to show a screen, and returns it. Sends a new message when the old one is gone, or its
    /// chat has moved: there the message id belongs to another message.
    pub(crate) async fn edit(
        &self,
        to: Destination,
        message: i32,
        screen: &Screen,
        rules: &[Rule],
    ) -> Result<MessageRef, RequestError> {
        let chat = to.chat;
        let is_edited = self
            .in_chat(chat, rules, |now| async move {
                if now.0 != chat.0 {
                    return Ok(false);
                }
                let request = self
                    .calls
                    .edit_message_text(now, MessageId(message), screen.page.html())
                    .parse_mode(ParseMode::Html)
                    .link_preview_options(no_preview())
                    .reply_markup(screen.markup().unwrap_or_else(no_buttons));
                match request.await {
                    Ok(_) | Err(RequestError::Api(ApiError::MessageNotModified)) => Ok(true),
                    Err(error) if is_message_gone(&error) => Ok(false),
                    Err(error) => Err(error),
                }
            })
            .await?;
        if is_edited { Ok(MessageRef { chat, message }) } else { self.send(to, screen, rules).await }
    }

    /// Makes a call about a chat, with the chat's present id, and repeats it as the rules say.
    pub(crate) async fn in_chat<T, F>(
        &self,
        chat: job::ChatId,
        rules: &[Rule],
        call: impl Fn(ChatId) -> F,
    ) -> Result<T, RequestError>
    where
        F: Future<Output = Result<T, RequestError>>,
    {
        let mut repeats = Repeats::new(rules, self.clock.now());
        let mut now = self.chat_now(chat).await;
        loop {
            let error = match call(ChatId(now.0)).await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let Some(pause) = repeats.next_pause(&error, self.clock.now()) else { return Err(error) };
            tracing::debug!(chat = now.0, error = %self.describe(&error), ?pause, "a call is repeated");
            if let RequestError::MigrateToChatId(new) = error {
                let new = job::ChatId(new.0);
                self.note_move(now, new).await;
                now = new;
            }
            self.clock.sleep(pause).await;
        }
    }

    /// Where a file can be downloaded, by its Telegram id.
    pub(crate) async fn file(&self, id: &FileId) -> Result<File, RequestError> {
        let mut repeats = Repeats::new(BRIEF, self.clock.now());
        loop {
            let error = match self.calls.get_file(id.clone()).await {
                Ok(file) => return Ok(file),
                Err(error) => error,
            };
            let Some(pause) = repeats.next_pause(&error, self.clock.now()) else { return Err(error) };
            self.clock.sleep(pause).await;
        }
    }

    /// Removes a message. A message that cannot be removed (too old, gone, or left in a chat that has moved) is no
    /// error.
    pub(crate) async fn delete(&self, chat: job::ChatId, message: i32) {
        if self.chat_now(chat).await != chat {
            return;
        }
        let deleted = self.calls.delete_message(ChatId(chat.0), MessageId(message)).await;
        if let Err(error) = deleted {
            tracing::debug!(chat = chat.0, message, error = %self.describe(&error), "a message could not be removed");
        }
    }

    /// Answers a pressed button, with a box when there is a text.
    pub(crate) async fn answer(&self, query: String, text: Option<&str>) {
        let mut request = self.calls.answer_callback_query(CallbackQueryId(query));
        if let Some(text) = text {
            request = request.text(clip(text, ANSWER_LIMIT)).show_alert(true);
        }
        if let Err(error) = request.await {
            // Telegram refuses an answer to a button that was pressed long ago.
            tracing::debug!(error = %self.describe(&error), "a button could not be answered");
        }
    }

    /// Shows what the bot is doing in the chat's header, e.g. "sending a photo".
    pub(crate) async fn show_action(&self, to: Destination, action: ChatAction) {
        let mut request = self.calls.send_chat_action(ChatId(to.chat.0), action);
        if let Some(topic) = to.topic {
            request = request.message_thread_id(ThreadId(MessageId(topic.0)));
        }
        if let Err(error) = request.await {
            tracing::debug!(chat = to.chat.0, error = %self.describe(&error), "a chat action was not shown");
        }
    }
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

/// An edit without a keyboard would keep the old one.
fn no_buttons() -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new(Vec::<Vec<_>>::new())
}
