//! The kinds of failures of Bot API calls.

use std::time::Duration;

use teloxide::{ApiError, RequestError};

/// How the descriptions of errors begin that are about the server and not about the request.
const TEMPORARY: [&str; 6] = [
    "Internal Server Error",
    "Bad Gateway",
    "Service Unavailable",
    "Gateway Timeout",
    // Without the time to wait.
    "Too Many Requests",
    // A server of one's own, while the bot moves between it and Telegram's.
    "Logged out",
];

/// The kinds of errors that callers handle differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SendErrorKind {
    /// The chat cannot be reached any more.
    Unreachable,
    /// Flood control: no further call before this time has passed.
    RateLimited(Duration),
    /// The network or Telegram fails; a later attempt may succeed.
    Temporary,
    /// Telegram refuses the token, which may be valid: at times it does so with a call or two.
    InvalidToken,
    /// Telegram rejects this request; the same one will be rejected again.
    Rejected,
}

impl SendErrorKind {
    /// Whether a later attempt of the same call may succeed without anything being changed.
    pub(crate) const fn is_temporary(self) -> bool {
        match self {
            Self::Temporary | Self::InvalidToken => true,
            Self::Unreachable | Self::RateLimited(_) | Self::Rejected => false,
        }
    }

    /// The kind of an error.
    pub(crate) fn of(error: &RequestError) -> Self {
        match error {
            RequestError::Api(error) => match error {
                ApiError::BotBlocked
                | ApiError::ChatNotFound
                | ApiError::UserNotFound
                | ApiError::UserDeactivated
                | ApiError::BotKicked
                | ApiError::BotKickedFromSupergroup
                | ApiError::BotKickedFromChannel
                | ApiError::GroupDeactivated
                | ApiError::CantInitiateConversation
                | ApiError::CantTalkWithBots
                | ApiError::NotEnoughRightsToPostMessages => Self::Unreachable,
                ApiError::InvalidToken => Self::InvalidToken,
                ApiError::Unknown(text) if text.starts_with("Forbidden:") => Self::Unreachable,
                ApiError::Unknown(text) if TEMPORARY.iter().any(|start| text.starts_with(start)) => Self::Temporary,
                _ => Self::Rejected,
            },
            RequestError::RetryAfter(wait) => Self::RateLimited(wait.duration()),
            // The move is noted when it is reported; the next attempt goes to the new chat.
            RequestError::MigrateToChatId(_) | RequestError::Network(_) | RequestError::InvalidJson { .. } => {
                Self::Temporary
            }
            RequestError::Io(_) => Self::Rejected,
        }
    }
}

/// Whether an edit was refused because the message no longer exists, or has no text.
pub(super) fn is_message_gone(error: &RequestError) -> bool {
    match error {
        RequestError::Api(
            ApiError::MessageToEditNotFound | ApiError::MessageCantBeEdited | ApiError::MessageIdInvalid,
        ) => true,
        RequestError::Api(ApiError::Unknown(text)) => text.contains("no text in the message to edit"),
        _ => false,
    }
}

/// A network error as a text that does not contain the URL.
pub(super) fn describe_network(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "it took too long"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_body() || error.is_decode() {
        "the transfer broke off"
    } else {
        "the request failed"
    };
    // The text of reqwest's error may contain the URL, and the URL the token; the innermost cause does not.
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if cause.is::<reqwest::Error>() { what.to_owned() } else { format!("{what} ({cause})") }
}
