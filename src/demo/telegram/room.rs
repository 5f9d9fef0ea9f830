//! Where people and the bot meet: private chats, groups, and what becomes of groups.

use serde_json::{Value, json};

use super::message::{Message, User};
use super::world::World;
use crate::clock::Timestamp;

/// A private chat with one user, or a group in which one member speaks.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) user: User,
    pub(super) group: Option<Group>,
    pub(super) messages: Vec<Message>,
    pub(super) blocked: bool,
    /// What the bot says it is doing, until when.
    pub(super) action: Option<(String, Timestamp)>,
}

/// What makes a room a group.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) title: String,
    /// The newest message of a supergroup, which counts its own. Other chats share one count.
    pub(super) own_count: Option<i32>,
    /// The supergroup that it has become.
    pub(super) upgraded: Option<i64>,
}

impl Room {
    pub(super) fn new(user: User, group: Option<Group>) -> Self {
        Self { user, group, messages: Vec::new(), blocked: false, action: None }
    }

    /// The chat as the Bot API shows it.
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

impl World {
    /// Makes a group known, with the member who speaks in it.
    pub(super) fn gather(&self, id: i64, member: User) {
        let group = Group { title: format!("Group {id}"), own_count: None, upgraded: None };
        self.state().rooms.insert(id, Room::new(member, Some(group)));
    }

    /// A group becomes a supergroup with a number of its own, without a word about it.
    pub(super) fn upgrade(&self, chat: i64, id: i64) {
        let mut state = self.state();
        let Some(room) = state.rooms.get_mut(&chat) else { return };
        let Some(group) = &mut room.group else { return };
        let new = Group { own_count: Some(0), ..group.clone() };
        group.upgraded = Some(id);
        let new = Room::new(room.user.clone(), Some(new));
        state.rooms.insert(id, new);
        drop(state);
        self.touch();
    }

    /// The two service messages of an upgrade: the old chat names the new one, and the new one the old.
    pub(super) fn announce(&self, chat: i64) {
        let group = self.state().rooms.get(&chat).and_then(|room| room.group.clone());
        let Some(new) = group.and_then(|group| group.upgraded) else { return };
        let shown = self.state().rooms.get(&new).map(|room| room.to_api(new));
        // In the name of the group itself.
        let anonymous = json!({
            "id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot",
        });
        let here = json!({ "migrate_to_chat_id": new });
        let there = json!({ "migrate_from_chat_id": chat, "from": anonymous, "sender_chat": shown });
        for (chat, service) in [(chat, here), (new, there)] {
            self.hear(chat, |message| message.service = service.as_object().cloned());
        }
    }
}
