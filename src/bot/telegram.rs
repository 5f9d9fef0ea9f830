//! The Bot API client: its time limits, its retry policy, and error texts without the token.

mod chat_move;
mod destination;
mod ephemeral;
mod error;
mod identity;
mod invoice;
mod message;
mod payload;
mod retry;
mod server;
mod style;
mod throttle;

use std::fmt;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use teloxide::{Bot, RequestError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

pub(crate) use self::destination::{Destination, Recipient};
pub(crate) use self::error::SendErrorKind;
use self::identity::{AdminCache, Identity};
pub(crate) use self::retry::{BRIEF, LAST, ONCE, PERSISTENT, RetryPolicy};
pub(crate) use self::server::ServerKind;
use self::throttle::Throttle;
use crate::clock::Clock;
use crate::service::Service;

/// Time limit of a call without a file.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);
/// The host of Telegram's own Bot API server.
const PUBLIC_HOST: &str = "api.telegram.org";

/// Most of users' files on disk at a time, in megabytes (2^20 bytes). A larger file waits until it is alone.
const FILES_MB: usize = 1000;

/// The Bot API client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The token does not have the form `123456:ABC...`.
    #[error("the bot token does not look like 123456:ABC-DEF")]
    Token,
    /// No HTTP client could be built on this machine.
    #[error("the HTTP client for Telegram cannot be built: {0}")]
    Client(String),
}

/// A Bot API account. Neither its `Debug` nor its error texts contain the token.
#[derive(Clone)]
pub struct Telegram {
    /// For calls without files.
    calls: Bot,
    /// For calls that carry files.
    files: Bot,
    token: Arc<SecretString>,
    throttle: Arc<Throttle>,
    /// Public, or one of the operator's own.
    pub(crate) server: ServerKind,
    /// One permit for each megabyte that users' files may take on disk.
    space: Arc<Semaphore>,
    /// The folder of users' files; the system's temporary folder when absent.
    pub(crate) scratch: Option<Arc<Path>>,
    /// Who the bot is, once Telegram has told it.
    identity: Arc<OnceLock<Identity>>,
    /// Who is an admin of which chat.
    admins: Arc<AdminCache>,
    /// Whether the server has refused styles of buttons.
    are_styles_refused: Arc<AtomicBool>,
    /// Whether the server has refused a disabled button.
    are_disabled_refused: Arc<AtomicBool>,
    /// Whether the server has shown to everybody what was meant for one.
    lacks_ephemeral: Arc<AtomicBool>,
    /// Stores which chats have moved.
    service: Option<Service>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl fmt::Debug for Telegram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telegram").field("api_url", &self.calls.api_url().as_str()).finish_non_exhaustive()
    }
}

impl Telegram {
    /// A client for the token; of the public Bot API when `api_url` is absent. Makes no call.
    ///
    /// # Errors
    /// When the token is malformed, or no HTTP client can be built.
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
        let bot = |timeout: Duration| -> Result<Bot, ConnectError> {
            let bot = Bot::with_client(text, http_client(timeout)?);
            Ok(match &api_url {
                Some(url) => bot.set_api_url(url.clone()),
                None => bot,
            })
        };
        let server = ServerKind::Public;
        let (calls, files) = (bot(CALL_TIMEOUT)?, bot(server.file_timeout())?);
        Ok(Self {
            calls,
            files,
            token: Arc::new(token),
            throttle: Arc::new(Throttle::new(clock.clone())),
            server,
            space: Arc::new(Semaphore::new(FILES_MB)),
            scratch: None,
            identity: Arc::default(),
            admins: Arc::default(),
            are_styles_refused: Arc::default(),
            are_disabled_refused: Arc::default(),
            lacks_ephemeral: Arc::default(),
            service: None,
            clock,
        })
    }

    /// The same account with another limit for all chats together, in messages a second; without one, there is none for
    /// the single chat either.
    #[must_use]
    pub fn with_rate(self, rate: Option<u32>) -> Self {
        Self { throttle: Arc::new(Throttle::with_rate(self.clock.clone(), rate)), ..self }
    }

    /// The same account, with another folder for users' files on their way.
    #[must_use]
    pub fn with_scratch(self, folder: impl Into<Arc<Path>>) -> Self {
        Self { scratch: Some(folder.into()), ..self }
    }

    /// Whether it talks to Telegram's own Bot API server.
    pub(crate) fn is_at_telegram(&self) -> bool {
        self.calls.api_url().host_str() == Some(PUBLIC_HOST)
    }

    /// The same account at a Bot API server that runs with `--local`.
    ///
    /// # Errors
    /// When no HTTP client can be built.
    pub fn with_local_server(self) -> Result<Self, ConnectError> {
        let server = ServerKind::Local;
        let files = Bot::with_client(self.token.expose_secret(), http_client(server.file_timeout())?);
        Ok(Self { files: files.set_api_url(self.calls.api_url().clone()), server, ..self })
    }

    /// Most bytes of a file that the server takes from a bot.
    pub fn upload_limit(&self) -> u64 {
        self.server.upload_limit()
    }

    /// The client for calls without files.
    pub(crate) fn calls(&self) -> &Bot {
        &self.calls
    }

    /// The client for calls that carry files.
    pub(crate) fn files(&self) -> &Bot {
        &self.files
    }

    /// Reserves space on disk for a file of this size, until the permit is dropped. Waits while other files take it.
    pub(crate) async fn reserve_space(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let megabytes = u32::try_from(bytes.div_ceil(1 << 20)).unwrap_or(u32::MAX).min(FILES_MB as u32);
        // The semaphore is never closed; without a permit one file too many would be on disk.
        self.space.clone().acquire_many_owned(megabytes).await.ok()
    }

    /// An error as a text for logs, without the token.
    pub(crate) fn describe(&self, error: &RequestError) -> String {
        let text = match error {
            RequestError::Api(error) => error.to_string(),
            RequestError::MigrateToChatId(chat) => format!("the group has become the supergroup {chat}"),
            RequestError::RetryAfter(wait) => format!("flood control for {} s", wait.seconds()),
            RequestError::Network(error) => error::describe_network(error),
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

fn http_client(timeout: Duration) -> Result<reqwest::Client, ConnectError> {
    let builder = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .timeout(timeout)
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_secs(30))
        // A redirect would carry the path, and so the token, to another host.
        .redirect(reqwest::redirect::Policy::none());
    builder.build().map_err(|e| ConnectError::Client(e.to_string()))
}

#[cfg(test)]
mod tests {
    use teloxide::ApiError;
    use teloxide::requests::Requester;
    use teloxide::types::ChatId;

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
        let text = telegram.describe(&error);
        assert!(!text.contains("AAExample"), "{text}");
        assert!(text.starts_with("no connection"), "{text}");
        assert_eq!(SendErrorKind::of(&error), SendErrorKind::Temporary);
        assert_eq!(telegram.redact(&format!("/bot{TOKEN}/GetMe")), "/bot[token]/GetMe");
    }

    #[test]
    fn telegrams_own_server_is_known() {
        assert!(telegram("https://api.telegram.org/").is_at_telegram());
        assert!(!telegram("https://proxy.example.com/api.telegram.org").is_at_telegram());
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
        for text in ["Gateway Timeout", "Service Unavailable: restart", "Too Many Requests", "Logged out"] {
            let error = RequestError::Api(ApiError::Unknown(text.into()));
            assert_eq!(SendErrorKind::of(&error), SendErrorKind::Temporary, "{text}");
        }
        let wait = RequestError::RetryAfter(teloxide::types::Seconds::from_seconds(7));
        assert_eq!(SendErrorKind::of(&wait), SendErrorKind::RateLimited(Duration::from_secs(7)));
        assert_eq!(
            SendErrorKind::of(&RequestError::MigrateToChatId(ChatId(-100))),
            SendErrorKind::Temporary,
            "a chat that moves is not gone"
        );
    }
}
