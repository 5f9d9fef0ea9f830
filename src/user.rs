//! What the bot remembers about a person between messages: the language and the unfinished conversation.

use serde_json::Value;

use crate::clock::Timestamp;
use crate::job::{ChatId, UserId};

/// A person who has written to the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Telegram's user id.
    pub id: UserId,
    /// Language code, chosen or guessed: `en`, `ru`.
    pub language: String,
    /// Time of the first message.
    pub created_at: Timestamp,
}

/// The unfinished conversation of a chat. Only the bot knows the form of the body; the store keeps it as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The chat; each has at most one draft.
    pub chat: ChatId,
    /// The bot's own record.
    pub body: Value,
    /// Time of the last change.
    pub updated_at: Timestamp,
}
