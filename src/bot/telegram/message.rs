//! Calls about a chat: sending, editing and removing messages, answering buttons.

use std::time::Duration;

use teloxide::payloads::{AnswerCallbackQuerySetters, SendChatActionSetters};
use teloxide::requests::{JsonRequest, Requester};
use teloxide::types::{CallbackQueryId, ChatAction, ChatId, File, FileId, MessageId, Seconds, ThreadId};
use teloxide::{ApiError, RequestError};

use super::error::is_message_gone;
use super::payload::{EditMessageText, SendMessage};
use super::retry::{BRIEF, PERSISTENT, Repeats, RetryPolicy};
use super::{Destination, Recipient, SendErrorKind, Telegram};
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
        policy: &RetryPolicy,
    ) -> Result<MessageRef, RequestError> {
        self.send_to(to, policy, |target| self.send_screen(target, screen)).await
    }

    /// Sends a screen with one call.
    pub(super) async fn send_screen(&self, target: Recipient, screen: &Screen) -> Result<MessageRef, RequestError> {
        let send = |is_styled: bool| {
            let payload = SendMessage::new(&target, screen, is_styled);
            async { JsonRequest::new(self.calls.clone(), payload).await }
        };
        let message = self.show_styled(screen, send).await?;
        Ok(MessageRef { chat: job::ChatId(message.chat.id), message: message.message_id })
    }

    /// Edits a message of the chat to show a screen, and returns it. Sends a new message when the old one is gone, or its
    /// chat has moved: there the message id belongs to another message.
    pub(crate) async fn edit(
        &self,
        to: Destination,
        message: i32,
        screen: &Screen,
        policy: &RetryPolicy,
    ) -> Result<MessageRef, RequestError> {
        let chat = to.chat;
        let is_edited = self
            .in_chat(chat, policy, |now| async move {
                if now.0 != chat.0 {
                    return Ok(false);
                }
                let edit = |is_styled: bool| {
                    let payload = EditMessageText::new(now, message, screen, is_styled);
                    async { JsonRequest::new(self.calls.clone(), payload).await }
                };
                match self.show_styled(screen, edit).await {
                    Ok(_) | Err(RequestError::Api(ApiError::MessageNotModified)) => Ok(true),
                    Err(error) if is_message_gone(&error) => Ok(false),
                    Err(error) => Err(error),
                }
            })
            .await?;
        if is_edited { Ok(MessageRef { chat, message }) } else { self.send(to, screen, policy).await }
    }

    /// Makes a call that sends or changes a message of a chat, with the chat's present id: as soon as the limits allow it,
    /// and again as the policy says.
    pub(crate) async fn in_chat<T, F>(
        &self,
        chat: job::ChatId,
        policy: &RetryPolicy,
        call: impl Fn(ChatId) -> F,
    ) -> Result<T, RequestError>
    where
        F: Future<Output = Result<T, RequestError>>,
    {
        self.repeat(chat, policy, true, call).await
    }

    /// As [`in_chat`](Self::in_chat); `is_counted`: the call counts as a message.
    async fn repeat<T, F>(
        &self,
        chat: job::ChatId,
        policy: &RetryPolicy,
        is_counted: bool,
        call: impl Fn(ChatId) -> F,
    ) -> Result<T, RequestError>
    where
        F: Future<Output = Result<T, RequestError>>,
    {
        let longest = policy.longest_pause();
        let mut repeats = Repeats::new(policy);
        let mut now = self.chat_now(chat).await;
        loop {
            let admitted = if is_counted {
                self.throttle.admit(now, policy.priority, longest).await
            } else {
                self.throttle.wait_for_pause(now, longest).await
            };
            admitted.map_err(flood)?;
            repeats.begin(self.clock.now());
            let error = match call(ChatId(now.0)).await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            if let RequestError::RetryAfter(wait) = &error {
                tracing::warn!(chat = now.0, seconds = wait.seconds(), "a chat is under flood control");
                self.throttle.pause(now, wait.duration());
            }
            let Some(pause) = repeats.next_pause(&error, self.clock.now()) else { return Err(error) };
            tracing::debug!(chat = now.0, error = %self.describe(&error), ?pause, "a call is repeated");
            match error {
                RequestError::MigrateToChatId(new) => {
                    let new = job::ChatId(new.0);
                    self.note_move(now, new).await;
                    now = new;
                }
                // It waits with all other calls of the chat.
                RequestError::RetryAfter(_) => {}
                _ => self.clock.sleep(pause).await,
            }
        }
    }

    /// Where a file can be downloaded, by its Telegram id.
    pub(crate) async fn file(&self, id: &FileId) -> Result<File, RequestError> {
        let mut repeats = Repeats::new(BRIEF);
        loop {
            repeats.begin(self.clock.now());
            let error = match self.calls.get_file(id.clone()).await {
                Ok(file) => return Ok(file),
                Err(error) => error,
            };
            let Some(pause) = repeats.next_pause(&error, self.clock.now()) else { return Err(error) };
            self.clock.sleep(pause).await;
        }
    }

    /// Removes a message, as soon as the chat is not under flood control. A message that cannot be removed (too old, gone,
    /// or left in a chat that has moved) is no error.
    pub(crate) async fn delete(&self, chat: job::ChatId, message: i32) {
        if let Err(error) = self.try_delete(chat, message, PERSISTENT).await {
            tracing::debug!(chat = chat.0, message, error = %self.describe(&error), "a message could not be removed");
        }
    }

    /// As [`delete`](Self::delete), by another policy.
    ///
    /// # Errors
    /// When a later attempt may succeed.
    pub(crate) async fn try_delete(
        &self,
        chat: job::ChatId,
        message: i32,
        policy: &RetryPolicy,
    ) -> Result<(), RequestError> {
        let deleted = self.repeat(chat, policy, false, |now| async move {
            if now.0 == chat.0 {
                self.calls.delete_message(now, MessageId(message)).await?;
            }
            Ok(())
        });
        match deleted.await {
            Err(error) if matches!(SendErrorKind::of(&error), SendErrorKind::Rejected | SendErrorKind::Unreachable) => {
                tracing::debug!(chat = chat.0, message, error = %self.describe(&error), "a message stays");
                Ok(())
            }
            other => other,
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

    /// Shows that a file is coming, to see whether Telegram answers for the chat: unlike a message it leaves nothing behind.
    ///
    /// # Errors
    /// When the call fails.
    pub(crate) async fn try_action(&self, to: Destination) -> Result<(), RequestError> {
        self.repeat(to.chat, BRIEF, false, |now| async move {
            self.calls.send_chat_action(now, ChatAction::UploadDocument).await.map(drop)
        })
        .await
    }

    /// Shows what the bot is doing in the chat's header, e.g. "sending a photo". Left out while the chat is under flood control.
    pub(crate) async fn show_action(&self, to: Destination, action: ChatAction) {
        if self.throttle.pause_of(to.chat).is_some() {
            return;
        }
        let mut request = self.calls.send_chat_action(ChatId(to.chat.0), action);
        if let Some(topic) = to.topic {
            request = request.message_thread_id(ThreadId(MessageId(topic.0)));
        }
        if let Err(error) = request.await {
            tracing::debug!(chat = to.chat.0, error = %self.describe(&error), "a chat action was not shown");
        }
    }
}

/// The error of a call that is not made because its chat is under flood control.
fn flood(rest: Duration) -> RequestError {
    let seconds = u32::try_from(rest.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
    RequestError::RetryAfter(Seconds::from_seconds(seconds))
}
