//! Styles of buttons, as long as Telegram takes them.

use std::sync::atomic::Ordering;

use teloxide::{ApiError, RequestError};

use super::Telegram;
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
}

/// Whether a request was refused for a reason that has no name.
fn is_unknown_refusal(error: &RequestError) -> bool {
    matches!(error, RequestError::Api(ApiError::Unknown(text)) if text.starts_with("Bad Request"))
}
