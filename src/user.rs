//! What the bot remembers about a person between messages: the language and the unfinished conversation.

use std::collections::BTreeSet;

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

/// A person, as the bot knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Telegram's user id.
    pub id: UserId,
    /// What they call themselves, which proves nothing; empty when Telegram has not told it yet.
    pub name: String,
    /// The user name, without `@`.
    pub user_name: Option<String>,
    /// Language code.
    pub language: String,
    /// Time of the first message.
    pub created_at: Timestamp,
    /// When they were there last, to the hour.
    pub seen_at: Option<Timestamp>,
}

impl Person {
    /// Most words by which a person is found.
    const MAX_WORDS: usize = 10;

    /// The words by which a person of these names is found: those of the name, and the user name with and without `@`.
    pub fn search_words(name: &str, user_name: Option<&str>) -> BTreeSet<String> {
        let user_name = user_name.map(str::to_lowercase);
        let user_names = user_name.into_iter().flat_map(|name| [format!("@{name}"), name]);
        user_names.chain(Self::query(name)).take(Self::MAX_WORDS).collect()
    }

    /// The words of a search in small letters; none in a text without letters and digits.
    pub fn query(text: &str) -> Vec<String> {
        let is_between = |c: char| !c.is_alphanumeric() && c != '@' && c != '_';
        let words = text.split(is_between).map(str::to_lowercase);
        words
            .filter(|word| word.chars().any(char::is_alphanumeric))
            .map(|word| word.chars().take(64).collect())
            .collect()
    }

    /// Whether each word of a search begins one of theirs.
    pub fn is_found_by(&self, query: &[String]) -> bool {
        let own = Self::search_words(&self.name, self.user_name.as_deref());
        query.iter().all(|word| own.iter().any(|own| own.starts_with(word.as_str())))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_found_by_the_beginnings_of_words() {
        let ann = Person {
            id: UserId(1),
            name: "Анна-Мария O'Neil".to_owned(),
            user_name: Some("Anna_M".to_owned()),
            language: "ru".to_owned(),
            created_at: Timestamp::from_millis(0),
            seen_at: None,
        };
        for text in ["анна", "Мар", "@anna_m", "anna", "neil АННА", " o "] {
            let query = Person::query(text);
            assert!(!query.is_empty() && ann.is_found_by(&query), "{text}");
        }
        for text in ["нна", "@neil", "анна пётр"] {
            assert!(!ann.is_found_by(&Person::query(text)), "{text}");
        }
        assert!(Person::query(" @ -- _").is_empty());
    }
}
