//! The data of private chats and groups.

use serde_json::{Value, json};

use super::message::{Message, TelegramUser};
use crate::clock::Timestamp;

/// A private chat with a user, or a group with one member who writes.
#[derive(Debug)]
pub(super) struct SimChat {
    pub(super) user: TelegramUser,
    pub(super) group: Option<SimGroup>,
    pub(super) messages: Vec<Message>,
    pub(super) blocked: bool,
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
}

impl SimChat {
    pub(super) fn new(user: TelegramUser, group: Option<SimGroup>) -> Self {
        Self { user, group, messages: Vec::new(), blocked: false, action: None }
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
        let kind = if group.own_count.is_some() { "supergroup" } else { "group" };
        json!({ "id": id, "type": kind, "title": group.title })
    }
}
