//! Styles of buttons, and disabled ones, as long as Telegram takes them.

use std::sync::atomic::Ordering;

use serde_json::Value;
use teloxide::requests::JsonRequest;
use teloxide::{ApiError, RequestError};

use super::payload::EditMessageReplyMarkup;
use super::retry::ONCE;
use super::{Destination, Telegram};
use crate::bot::screen::Screen;

impl Telegram {
    /// Makes a call that shows a screen, told whether the buttons have their styles. When Telegram refuses them, the
    /// call is made once more without; if that helps, no buttons have styles from now on.
    pub(super) async fn show_styled<T, F>(&self, screen: &Screen, call: impl Fn(bool) -> F) -> Result<T, RequestError>
    where
        F: Future<Output = Result<T, RequestError>>,
    {
        let is_styled = screen.has_styles() && !self.are_styles_refused.load(Ordering::Relaxed);
        let refused = match call(is_styled).await {
            Err(error) if is_styled && is_unknown_refusal(&error) => error,
            result => return result,
        };
        let plain = call(false).await;
        if matches!(plain, Ok(_) | Err(RequestError::Api(ApiError::MessageNotModified))) {
            tracing::warn!(why = self.describe(&refused), "the Bot API server refuses the styles of buttons");
            self.are_styles_refused.store(true, Ordering::Relaxed);
        }
        plain
    }

    /// Shows a message with the keyboard of a button that has done its work. That the button can still be pressed, on
    /// an older server, is no error.
    pub(crate) async fn show_used(&self, to: Destination, message: i32, keyboard: Value) {
        if self.are_disabled_refused.load(Ordering::Relaxed) {
            return;
        }
        let keyboard = &keyboard;
        let edited = self.in_chat(to.chat, ONCE, |now| async move {
            if now.0 != to.chat.0 {
                return Ok(());
            }
            let payload = EditMessageReplyMarkup { chat_id: now, message_id: message, reply_markup: keyboard.clone() };
            JsonRequest::new(self.calls.clone(), payload).await.map(drop)
        });
        if let Err(error) = edited.await {
            tracing::debug!(error = %self.describe(&error), "a used button could not be disabled");
            if is_unknown_refusal(&error) {
                self.are_disabled_refused.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// Whether a request was refused for a reason that has no name.
fn is_unknown_refusal(error: &RequestError) -> bool {
    matches!(error, RequestError::Api(ApiError::Unknown(text)) if text.starts_with("Bad Request"))
}
