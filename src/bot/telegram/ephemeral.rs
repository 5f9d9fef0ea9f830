//! Messages that one person of a group sees alone:
//! <https://core.telegram.org/bots/api#ephemeral-messages-and-commands>.
//!
//! A bot may send one within 15 seconds of the person's press, and edit it at any time. Clients may forget it, so it
//! shows only what can be asked for again.

use std::sync::atomic::Ordering;

use teloxide::requests::JsonRequest;
use teloxide::{ApiError, RequestError};

use super::payload::{EditEphemeralMessageText, SendMessage};
use super::retry::RetryPolicy;
use super::{Destination, SendErrorKind, Telegram};
use crate::bot::screen::Screen;

impl Telegram {
    /// Sends a screen that the person alone sees, in answer to their press. `false` when it was not sent: the server
    /// refuses it, or is known to show such a message to everybody.
    pub(crate) async fn send_ephemeral(
        &self,
        to: Destination,
        press: &str,
        screen: &Screen,
        policy: &RetryPolicy,
    ) -> Result<bool, RequestError> {
        if self.lacks_ephemeral.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let sent = self.in_chat(to.chat, policy, |now| async move {
            let target = Destination { reply_to: None, ..to }.target(now);
            let send = |is_styled: bool| {
                let payload = SendMessage::new(&target, screen, is_styled).for_one(to.user, press);
                async { JsonRequest::new(self.calls.clone(), payload).await }
            };
            self.show_styled(screen, send).await
        });
        match sent.await {
            Ok(message) => {
                if message.ephemeral_message_id.is_none() {
                    tracing::warn!("the Bot API server does not know ephemeral messages (Bot API 10.3)");
                    self.lacks_ephemeral.store(true, Ordering::Relaxed);
                }
                Ok(true)
            }
            Err(error) => self.not_shown(error),
        }
    }

    /// Edits such a message to show a screen. `false` when the server refuses it.
    pub(crate) async fn edit_ephemeral(
        &self,
        to: Destination,
        message: i64,
        screen: &Screen,
        policy: &RetryPolicy,
    ) -> Result<bool, RequestError> {
        let edited = self.in_chat(to.chat, policy, |now| async move {
            let edit = |is_styled: bool| {
                let payload = EditEphemeralMessageText::new(now, to.user, message, screen, is_styled);
                async { JsonRequest::new(self.calls.clone(), payload).await }
            };
            self.show_styled(screen, edit).await
        });
        match edited.await {
            Ok(_) | Err(RequestError::Api(ApiError::MessageNotModified)) => Ok(true),
            Err(error) => self.not_shown(error),
        }
    }

    /// A refusal means that the screen is not shown, another error that the call may be made again.
    fn not_shown(&self, error: RequestError) -> Result<bool, RequestError> {
        if SendErrorKind::of(&error) != SendErrorKind::Rejected {
            return Err(error);
        }
        tracing::debug!(error = %self.describe(&error), "an ephemeral message was refused");
        Ok(false)
    }
}
