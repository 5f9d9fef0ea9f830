//! The data of private chats and groups.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::message::{Message, TelegramUser};
use super::topic::SimTopic;
use crate::clock::Timestamp;

/// What a person or the bot is in a group, in the Bot API's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the words are Telegram's")]
pub enum ChatMemberStatus {
    Creator,
    Administrator,
    Member,
    Left,
    Kicked,
}

impl ChatMemberStatus {
    /// Whether it has an administrator's rights.
    pub fn is_admin(self) -> bool {
        matches!(self, Self::Creator | Self::Administrator)
    }

    /// Whether one with this status sees the group.
    pub fn is_inside(self) -> bool {
        !matches!(self, Self::Left | Self::Kicked)
    }
}

/// A private chat with a user, or a group.
#[derive(Debug)]
pub(super) struct SimChat {
    /// The user; in a group the one who writes when nobody else is named.
    pub(super) user: TelegramUser,
    pub(super) group: Option<SimGroup>,
    pub(super) messages: Vec<Message>,
    /// Topics by the id of their thread.
    pub(super) topics: BTreeMap<i32, SimTopic>,
    /// Whether the topic without a thread is closed.
    pub(super) is_general_closed: bool,
    pub(super) blocked: bool,
    /// Whether the bot may be in the chat but not write.
    pub(super) restricted: bool,
    /// Until when sending and editing is answered with code 429.
    pub(super) flooded_until: Option<Timestamp>,
    /// The bot's chat action, and until when it is shown.
    pub(super) action: Option<(String, Timestamp)>,
}

/// What a group has in addition.
#[derive(Debug, Clone)]
pub(super) struct SimGroup {
    pub(super) title: String,
    /// The id of the newest message of a supergroup, which has message ids of its own. Other chats share one sequence.
    pub(super) own_count: Option<i32>,
    /// The supergroup that it was upgraded to.
    pub(super) upgraded: Option<i64>,
    pub(super) is_forum: bool,
    pub(super) members: BTreeMap<i64, SimMember>,
    pub(super) bot_status: ChatMemberStatus,
}

/// A person in a group.
#[derive(Debug, Clone)]
pub(super) struct SimMember {
    pub(super) user: TelegramUser,
    pub(super) status: ChatMemberStatus,
}

impl SimGroup {
    pub(super) fn new(title: String, member: &TelegramUser) -> Self {
        let first = SimMember { user: member.clone(), status: ChatMemberStatus::Member };
        Self {
            title,
            own_count: None,
            upgraded: None,
            is_forum: false,
            members: BTreeMap::from([(member.id, first)]),
            bot_status: ChatMemberStatus::Member,
        }
    }

    pub(super) fn is_supergroup(&self) -> bool {
        self.own_count.is_some()
    }
}

impl SimChat {
    pub(super) fn new(user: TelegramUser, group: Option<SimGroup>) -> Self {
        Self {
            user,
            group,
            messages: Vec::new(),
            topics: BTreeMap::new(),
            is_general_closed: false,
            blocked: false,
            restricted: false,
            flooded_until: None,
            action: None,
        }
    }

    /// The person with this id who writes or has written here.
    pub(super) fn person(&self, id: i64) -> TelegramUser {
        let member = self.group.as_ref().and_then(|group| group.members.get(&id)).map(|member| &member.user);
        member.unwrap_or(&self.user).clone()
    }

    /// A message that is not deleted.
    pub(super) fn message(&self, id: i32) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id && !message.deleted)
    }

    /// Whether the bot has an administrator's rights here.
    pub(super) fn is_bot_admin(&self) -> bool {
        self.group.as_ref().is_some_and(|group| group.bot_status.is_admin())
    }

    /// Whether the bot may write.
    ///
    /// # Errors
    /// The Bot API's error when the chat was upgraded, has blocked the bot or lets it only read.
    pub(super) fn check_writable(&self) -> Result<(), ApiError> {
        if let Some(new) = self.group.as_ref().and_then(|group| group.upgraded) {
            return Err(ApiError::upgraded(new));
        }
        let is_inside = self.group.as_ref().is_none_or(|group| group.bot_status.is_inside());
        if self.blocked || !is_inside {
            let what = match &self.group {
                None => "bot was blocked by the user",
                Some(group) if group.is_supergroup() => "bot was kicked from the supergroup chat",
                Some(_) => "bot was kicked from the group chat",
            };
            return Err(ApiError::new(403, format!("Forbidden: {what}")));
        }
        if self.restricted {
            return Err(ApiError::bad("not enough rights to send text messages to the chat"));
        }
        Ok(())
    }

    /// The chat in the Bot API's form.
    pub(super) fn to_api(&self, id: i64) -> Value {
        let Some(group) = &self.group else {
            let mut chat = json!({ "id": id, "type": "private", "first_name": self.user.first_name });
            if let Some(name) = &self.user.username {
                chat["username"] = json!(name);
            }
            return chat;
        };
        let kind = if group.is_supergroup() { "supergroup" } else { "group" };
        let mut chat = json!({ "id": id, "type": kind, "title": group.title });
        if group.is_forum {
            chat["is_forum"] = json!(true);
        }
        chat
    }
}
