//! Private chats and groups, and the upgrade of a group to a supergroup.

use serde_json::{Value, json};

use super::message::{Message, User};
use super::simulator::Simulator;
use crate::clock::Timestamp;

/// A private chat with a user, or a group with one member who writes.
#[derive(Debug)]
pub(super) struct ChatState {
    pub(super) user: User,
    pub(super) group: Option<GroupState>,
    pub(super) messages: Vec<Message>,
    pub(super) blocked: bool,
    /// The bot's chat action, and until when it is shown.
    pub(super) action: Option<(String, Timestamp)>,
}

/// What a group has in addition.
#[derive(Debug, Clone)]
pub(super) struct GroupState {
    pub(super) title: String,
    /// The id of the newest message of a supergroup, which has message ids of its own. Other chats share one sequence.
    pub(super) own_count: Option<i32>,
    /// The supergroup that it was upgraded to.
    pub(super) upgraded: Option<i64>,
}

impl ChatState {
    pub(super) fn new(user: User, group: Option<GroupState>) -> Self {
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

impl Simulator {
    /// Adds a group with one member.
    pub(super) fn add_group(&self, id: i64, member: User) {
        let group = GroupState { title: format!("Group {id}"), own_count: None, upgraded: None };
        self.state().chats.insert(id, ChatState::new(member, Some(group)));
    }

    /// Upgrades a group to a supergroup with this id, without telling the bot.
    pub(super) fn upgrade(&self, chat: i64, id: i64) {
        let mut state = self.state();
        let Some(chat) = state.chats.get_mut(&chat) else { return };
        let Some(group) = &mut chat.group else { return };
        let new = GroupState { own_count: Some(0), ..group.clone() };
        group.upgraded = Some(id);
        let new = ChatState::new(chat.user.clone(), Some(new));
        state.chats.insert(id, new);
        drop(state);
        self.notify_changed();
    }

    /// Sends the two service messages of an upgrade: the old chat names the new one, and the new one the old one.
    pub(super) fn announce_upgrade(&self, chat: i64) {
        let group = self.state().chats.get(&chat).and_then(|chat| chat.group.clone());
        let Some(new) = group.and_then(|group| group.upgraded) else { return };
        let shown = self.state().chats.get(&new).map(|chat| chat.to_api(new));
        // The sender of messages in the name of the group itself.
        let anonymous = json!({
            "id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot",
        });
        let here = json!({ "migrate_to_chat_id": new });
        let there = json!({ "migrate_from_chat_id": chat, "from": anonymous, "sender_chat": shown });
        for (chat, service) in [(chat, here), (new, there)] {
            self.post_user_message(chat, |message| message.service = service.as_object().cloned());
        }
    }
}
