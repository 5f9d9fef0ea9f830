//! The Bot API client: our own time limits, patience with flood control, and errors without the token.

mod error;
mod upgrade;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use teloxide::payloads::{
    AnswerCallbackQuerySetters, EditMessageTextSetters, SendMessageSetters, SetMyCommandsSetters,
};
use teloxide::requests::Requester;
use teloxide::types::{
    BotCommand, CallbackQueryId, ChatAction, ChatId, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ParseMode,
};
use teloxide::{ApiError, Bot, RequestError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

pub(crate) use self::error::SendErrorKind;
pub(crate) use self::upgrade::announced;
use super::screen::Screen;
use crate::clock::Clock;
use crate::job;
use crate::l10n::{Lang, Messages};
use crate::service::{MessageRef, Service};

/// An ordinary call ends after this long.
const CALL_LIMIT: Duration = Duration::from_secs(60);
/// A call that carries a file: 50 MB at 100 kB/s.
const FILE_LIMIT: Duration = Duration::from_secs(600);
/// Flood control is waited out in the call up to this long, so often.
const PATIENCE: (Duration, u32) = (Duration::from_secs(30), 3);

/// Users' files in memory at a time, in megabytes.
const FILES_MB: usize = 200;

/// Telegram could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The token has not the form `123456:ABC...`.
    #[error("the bot token does not look like 123456:ABC-DEF")]
    Token,
    /// No HTTP client could be built on this machine.
    #[error("the HTTP client for Telegram cannot be built: {0}")]
    Client(String),
}

/// A Bot API with a token. Its `Debug` and all its error texts keep the token to themselves.
#[derive(Clone)]
pub struct Telegram {
    calls: Bot,
    files: Bot,
    token: Arc<SecretString>,
    room: Arc<Semaphore>,
    /// Knows which chats have moved.
    service: Option<Service>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl fmt::Debug for Telegram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telegram").field("api_url", &self.calls.api_url().as_str()).finish_non_exhaustive()
    }
}

impl Telegram {
    /// A client for the token; without `api_url` it is the public Bot API.
    ///
    /// # Errors
    /// When the token cannot be one, or no HTTP client can be built.
    pub fn connect(token: SecretString, api_url: Option<Url>, clock: Arc<dyn Clock>) -> Result<Self, ConnectError> {
        let text = token.expose_secret();
        let valid = text.split_once(':').is_some_and(|(id, key)| {
            !id.is_empty()
                && id.bytes().all(|b| b.is_ascii_digit())
                && !key.is_empty()
                && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        });
        if !valid {
            return Err(ConnectError::Token);
        }
        let bot = |limit: Duration| -> Result<Bot, ConnectError> {
            let client = reqwest::Client::builder()
                .connect_timeout(Duration::from_secs(10))
                .timeout(limit)
                .tcp_nodelay(true)
                .tcp_keepalive(Duration::from_secs(30))
                // A redirect would carry the path, and so the token, to another host.
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .map_err(|e| ConnectError::Client(e.to_string()))?;
            let bot = Bot::with_client(text, client);
            Ok(match &api_url {
                Some(url) => bot.set_api_url(url.clone()),
                None => bot,
            })
        };
        let (calls, files) = (bot(CALL_LIMIT)?, bot(FILE_LIMIT)?);
        Ok(Self {
            calls,
            files,
            token: Arc::new(token),
            room: Arc::new(Semaphore::new(FILES_MB)),
            service: None,
            clock,
        })
    }

    /// For short calls.
    pub(crate) fn calls(&self) -> &Bot {
        &self.calls
    }

    /// For calls that carry files.
    pub(crate) fn files(&self) -> &Bot {
        &self.files
    }

    /// Waits for room for a file of so many bytes; it is taken until the permit is dropped.
    pub(crate) async fn room_for(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let megabytes = u32::try_from(bytes.div_ceil(1 << 20)).unwrap_or(u32::MAX).min(FILES_MB as u32);
        // It is never closed; a refusal would only mean a file too many.
        self.room.clone().acquire_many_owned(megabytes).await.ok()
    }

    /// Sends a screen.
    pub(crate) async fn send(&self, chat: job::ChatId, screen: &Screen) -> Result<MessageRef, RequestError> {
        let message = self
            .in_chat(chat, |chat| async move {
                let mut request = self
                    .calls
                    .send_message(chat, screen.page.html())
                    .parse_mode(ParseMode::Html)
                    .link_preview_options(no_preview());
                if let Some(keyboard) = screen.markup() {
                    request = request.reply_markup(keyboard);
                }
                request.await
            })
            .await?;
        Ok(MessageRef { chat: job::ChatId(message.chat.id.0), message: message.id.0 })
    }

    /// Puts a screen in the place of a message; sends it anew when the message is gone, or its chat has moved: there its
    /// number is another message's. Returns where it stands.
    pub(crate) async fn edit(
        &self,
        chat: job::ChatId,
        message: i32,
        screen: &Screen,
    ) -> Result<MessageRef, RequestError> {
        let now = self.chat_now(chat).await;
        if now != chat {
            return self.send(now, screen).await;
        }
        let edited = self
            .patiently(|| async {
                self.calls
                    .edit_message_text(ChatId(chat.0), MessageId(message), screen.page.html())
                    .parse_mode(ParseMode::Html)
                    .link_preview_options(no_preview())
                    .reply_markup(screen.markup().unwrap_or_else(|| InlineKeyboardMarkup::new(no_buttons())))
                    .await
            })
            .await;
        match edited {
            Ok(_) | Err(RequestError::Api(ApiError::MessageNotModified)) => Ok(MessageRef { chat, message }),
            Err(error) if is_message_gone(&error) => self.send(chat, screen).await,
            Err(RequestError::MigrateToChatId(new)) => {
                let new = job::ChatId(new.0);
                self.note_move(chat, new).await;
                self.send(new, screen).await
            }
            Err(error) => Err(error),
        }
    }

    /// Removes a message; that it cannot be removed (too old, gone, left behind in a chat that has moved) is no error.
    pub(crate) async fn delete(&self, chat: job::ChatId, message: i32) {
        if self.chat_now(chat).await != chat {
            return;
        }
        let deleted = self.calls.delete_message(ChatId(chat.0), MessageId(message)).await;
        if let Err(error) = deleted {
            tracing::debug!(chat = chat.0, message, error = %self.words(&error), "a message stays");
        }
    }

    /// Answers a pressed button, with a box when there is a text.
    pub(crate) async fn answer(&self, query: &CallbackQueryId, text: Option<&str>) {
        let mut request = self.calls.answer_callback_query(query.clone());
        if let Some(text) = text {
            request = request.text(super::html::clip(text, 200)).show_alert(true);
        }
        if let Err(error) = request.await {
            // The button was pressed long ago: nobody waits for the answer.
            tracing::debug!(error = %self.words(&error), "a button could not be answered");
        }
    }

    /// Shows that something is being done.
    pub(crate) async fn busy(&self, chat: job::ChatId, action: ChatAction) {
        if let Err(error) = self.calls.send_chat_action(ChatId(chat.0), action).await {
            tracing::debug!(chat = chat.0, error = %self.words(&error), "a chat action was not shown");
        }
    }

    /// Tells Telegram the commands in every language, for its menu button.
    pub(crate) async fn publish_commands(&self) {
        for lang in Lang::ALL {
            let texts = Messages::of(lang);
            let commands = [
                BotCommand::new("start", texts.command_start()),
                BotCommand::new("jobs", texts.command_jobs()),
                BotCommand::new("cancel", texts.command_cancel()),
                BotCommand::new("language", texts.command_language()),
                BotCommand::new("help", texts.command_help()),
            ];
            let mut request = self.calls.set_my_commands(commands);
            if lang != Lang::En {
                request = request.language_code(lang.code());
            }
            if let Err(error) = request.await {
                tracing::debug!(error = %self.words(&error), "the command list was not taken");
            }
        }
    }

    /// Repeats a call while flood control asks for a short wait.
    pub(crate) async fn patiently<T, F>(&self, call: impl Fn() -> F) -> Result<T, RequestError>
    where
        F: Future<Output = Result<T, RequestError>>,
    {
        let mut left = PATIENCE.1;
        loop {
            match call().await {
                Err(RequestError::RetryAfter(wait)) if left > 0 && wait.duration() <= PATIENCE.0 => {
                    left -= 1;
                    self.clock.sleep(wait.duration()).await;
                }
                other => return other,
            }
        }
    }

    /// An error in words that hold neither the token nor an address with it.
    pub(crate) fn words(&self, error: &RequestError) -> String {
        let text = match error {
            RequestError::Api(error) => error.to_string(),
            RequestError::MigrateToChatId(chat) => format!("the group has become {chat}"),
            RequestError::RetryAfter(wait) => format!("flood control for {} s", wait.seconds()),
            RequestError::Network(error) => network_words(error),
            RequestError::InvalidJson { source, .. } => format!("the answer is not what the Bot API sends: {source}"),
            RequestError::Io(error) => format!("a file could not be read: {error}"),
        };
        self.redact(&text)
    }

    /// A text without the token.
    pub(crate) fn redact(&self, text: &str) -> String {
        text.replace(self.token.expose_secret(), "[token]")
    }
}

fn is_message_gone(error: &RequestError) -> bool {
    match error {
        RequestError::Api(
            ApiError::MessageToEditNotFound | ApiError::MessageCantBeEdited | ApiError::MessageIdInvalid,
        ) => true,
        RequestError::Api(ApiError::Unknown(text)) => text.contains("no text in the message to edit"),
        _ => false,
    }
}

fn network_words(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "it took too long"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_body() || error.is_decode() {
        "the transfer broke off"
    } else {
        "the request failed"
    };
    // The error's own text may hold the URL, and the URL the token; the innermost cause does not.
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if cause.is::<reqwest::Error>() { what.to_owned() } else { format!("{what} ({cause})") }
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

fn no_buttons() -> Vec<Vec<teloxide::types::InlineKeyboardButton>> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    const TOKEN: &str = "123456:AAExampleTokenForTests";

    fn telegram(url: &str) -> Telegram {
        Telegram::connect(TOKEN.to_owned().into(), Some(url.parse().unwrap()), Arc::new(SystemClock)).unwrap()
    }

    /// F41: errors of the HTTP library carried the token.
    #[tokio::test]
    async fn f41_neither_debug_nor_errors_hold_the_token() {
        // Port 9 (discard) is closed on every sane machine.
        let telegram = telegram("http://127.0.0.1:9/");
        assert!(!format!("{telegram:?}").contains("AAExample"));
        let error = telegram.calls().get_me().await.unwrap_err();
        let words = telegram.words(&error);
        assert!(!words.contains("AAExample"), "{words}");
        assert!(words.starts_with("no connection"), "{words}");
        assert_eq!(SendErrorKind::of(&error), SendErrorKind::Temporary);
        assert_eq!(telegram.redact(&format!("/bot{TOKEN}/GetMe")), "/bot[token]/GetMe");
    }

    #[test]
    fn tokens_have_a_form() {
        for bad in ["", "123456", ":abc", "abc:def", "123456:", "123456:a b", "123456:a/b"] {
            let made = Telegram::connect(bad.to_owned().into(), None, Arc::new(SystemClock));
            assert!(matches!(made, Err(ConnectError::Token)), "{bad}");
        }
    }

    #[test]
    fn errors_mean_something() {
        assert_eq!(SendErrorKind::of(&RequestError::Api(ApiError::BotBlocked)), SendErrorKind::Unreachable);
        assert_eq!(
            SendErrorKind::of(&RequestError::Api(ApiError::Unknown("Forbidden: user is deactivated".into()))),
            SendErrorKind::Unreachable
        );
        assert_eq!(
            SendErrorKind::of(&RequestError::Api(ApiError::Unknown("Bad Request: PHOTO_INVALID_DIMENSIONS".into()))),
            SendErrorKind::Rejected
        );
        let wait = RequestError::RetryAfter(teloxide::types::Seconds::from_seconds(7));
        assert_eq!(SendErrorKind::of(&wait), SendErrorKind::RateLimited(Duration::from_secs(7)));
        assert_eq!(
            SendErrorKind::of(&RequestError::MigrateToChatId(ChatId(-100))),
            SendErrorKind::Temporary,
            "a chat that moves is not gone"
        );
    }
}
