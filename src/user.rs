//! What the bot remembers about a person between messages: the language and the unfinished conversation.

use serde_json::Value;

use crate::clock::Timestamp;
use crate::job::{ChatId, TopicId, UserId};

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

/// Whose draft it is: each person has one in each topic of each chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DraftKey {
    /// The chat.
    pub chat: ChatId,
    /// The topic of the chat.
    pub topic: Option<TopicId>,
    /// The person.
    pub user: UserId,
}

/// A person's unfinished conversation. Only the bot knows the form of the body; the store keeps it as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Where and whose.
    pub key: DraftKey,
    /// The bot's own record.
    pub body: Value,
    /// Time of the last change.
    pub updated_at: Timestamp,
}
