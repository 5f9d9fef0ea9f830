//! Groups: their members, privacy mode, service messages and upgrades.

use serde_json::{Value, json};

use super::args::Args;
use super::chat::ChatHandle;
use super::chat_state::{ChatMemberStatus, SimChat, SimGroup, SimMember};
use super::error::{ApiError, ApiResult};
use super::message::{Message, TelegramUser, anonymous};
use super::simulator::TelegramSimulator;

impl SimChat {
    /// Whether privacy mode keeps a person's message from the bot: <https://core.telegram.org/bots/features#privacy-mode>.
    /// The bot gets commands, replies to its messages and service messages; as an administrator everything.
    pub(super) fn is_private_to(&self, message: &Message, bot: &str) -> bool {
        let is_open = self.group.is_none() || self.is_bot_admin() || message.service.is_some();
        let answers_bot = || message.reply_to.and_then(|id| self.message(id)).is_some_and(|m| m.from_bot);
        !is_open && !answers_bot() && !is_command_for(bot, &message.text)
    }
}

/// Whether a text begins with a command that is not addressed to another bot.
fn is_command_for(bot: &str, text: &str) -> bool {
    let Some(word) = text.strip_prefix('/').and_then(|rest| rest.split(char::is_whitespace).next()) else {
        return false;
    };
    !word.is_empty() && word.split_once('@').is_none_or(|(_, name)| name.eq_ignore_ascii_case(bot))
}

impl TelegramSimulator {
    /// Adds a group with one member. `own_count` makes it a supergroup.
    pub(super) fn add_group(&self, id: i64, member: TelegramUser, change: impl FnOnce(&mut SimGroup)) {
        let mut group = SimGroup::new(format!("Group {id}"), &member);
        change(&mut group);
        self.state().chats.insert(id, SimChat::new(member, Some(group)));
    }

    /// Adds a member to a group; a known one gets the new name and language.
    fn add_member(&self, chat: i64, user: TelegramUser) {
        let mut state = self.state();
        let Some(group) = state.chats.get_mut(&chat).and_then(|chat| chat.group.as_mut()) else { return };
        let status = group.members.get(&user.id).map_or(ChatMemberStatus::Member, |member| member.status);
        group.members.insert(user.id, SimMember { user, status });
    }
}

impl ChatHandle {
    /// The same group, where this person writes, presses and looks: a member from now on, who speaks in the topic of
    /// this handle. In a private chat nothing changes.
    #[must_use]
    pub fn as_member(&self, user: TelegramUser) -> Self {
        let member = Some(user.id);
        self.sim.add_member(self.id(), user);
        Self { member, is_anonymous: false, ..self.clone() }
    }

    /// The same group, where the person writes in its name, as anonymous administrators do. Presses are their own.
    #[must_use]
    pub fn anonymously(&self) -> Self {
        Self { is_anonymous: true, ..self.clone() }
    }

    /// Sets what a person or, with its id, the bot is in the group.
    pub fn set_status(&self, user: i64, status: ChatMemberStatus) {
        let mut state = self.sim.state();
        let Some(group) = state.chats.get_mut(&self.id()).and_then(|chat| chat.group.as_mut()) else { return };
        if user == self.sim.bot_id() {
            group.bot_status = status;
        } else {
            let user = group.members.get(&user).map_or_else(|| TelegramUser::new(user), |member| member.user.clone());
            group.members.insert(user.id, SimMember { user, status });
        }
    }

    /// Writes a service message with these keys of the Bot API's `Message`; returns its id.
    pub fn send_service(&self, keys: Value) -> i32 {
        self.post(|message| message.service = keys.as_object().cloned())
    }

    /// Pins a message; returns the id of the service message.
    pub fn pin_message(&self, message: i32) -> i32 {
        let pinned = {
            let state = self.sim.state();
            let found = state.chats.get(&self.id()).and_then(|chat| chat.message(message));
            found.map_or(Value::Null, |message| self.sim.message_json(&state, message))
        };
        self.send_service(json!({ "pinned_message": pinned }))
    }

    /// The person adds another one to the group; returns the id of the service message.
    pub fn add_member(&self, user: TelegramUser) -> i32 {
        let shown = user.to_api();
        self.sim.add_member(self.id(), user);
        self.send_service(json!({ "new_chat_members": [shown] }))
    }

    /// Removes a member from the group, who may be the person; returns the id of the service message.
    pub fn remove_member(&self, user: i64) -> i32 {
        let shown = self.sim.state().chats.get(&self.id()).map(|chat| chat.person(user).to_api());
        self.set_status(user, ChatMemberStatus::Left);
        self.send_service(json!({ "left_chat_member": shown }))
    }

    /// Renames the group; returns the id of the service message.
    pub fn set_title(&self, title: &str) -> i32 {
        if let Some(group) = self.sim.state().chats.get_mut(&self.id()).and_then(|chat| chat.group.as_mut()) {
            title.clone_into(&mut group.title);
        }
        self.send_service(json!({ "new_chat_title": title }))
    }

    /// Upgrades the group to a supergroup with this id and new message ids. The bot is told by
    /// [`ChatHandle::announce_upgrade`], or when it writes to the old id.
    #[must_use]
    pub fn upgrade(&self, id: i64) -> Self {
        let mut state = self.sim.state();
        if let Some(chat) = state.chats.get_mut(&self.id())
            && let Some(group) = &mut chat.group
        {
            let new = SimGroup { own_count: Some(0), ..group.clone() };
            group.upgraded = Some(id);
            let new = SimChat::new(chat.user.clone(), Some(new));
            state.chats.insert(id, new);
        }
        drop(state);
        self.sim.notify_changed();
        Self { member: self.member, ..Self::new(self.sim.clone(), id) }
    }

    /// Sends the service messages of an upgrade: the old chat names the new one, and the new one the old one.
    pub fn announce_upgrade(&self) {
        let group = self.sim.state().chats.get(&self.id()).and_then(|chat| chat.group.clone());
        let Some(new) = group.and_then(|group| group.upgraded) else { return };
        let shown = self.sim.state().chats.get(&new).map(|chat| chat.to_api(new));
        let here = json!({ "migrate_to_chat_id": new });
        let there = json!({ "migrate_from_chat_id": self.id(), "from": anonymous(), "sender_chat": shown });
        for (chat, service) in [(self.id(), here), (new, there)] {
            self.sim.post_user_message(chat, |message| message.service = service.as_object().cloned());
        }
    }
}

fn member_json(user: Value, status: ChatMemberStatus) -> Value {
    let mut member = json!({ "status": status, "user": user });
    match status {
        ChatMemberStatus::Creator => member["is_anonymous"] = json!(false),
        ChatMemberStatus::Administrator => {
            for right in [
                "can_be_edited",
                "is_anonymous",
                "can_manage_chat",
                "can_delete_messages",
                "can_manage_video_chats",
                "can_restrict_members",
                "can_promote_members",
                "can_change_info",
                "can_invite_users",
                "can_post_stories",
                "can_edit_stories",
                "can_delete_stories",
                "can_pin_messages",
                "can_manage_topics",
            ] {
                let is_given = !["can_be_edited", "is_anonymous", "can_promote_members"].contains(&right);
                member[right] = json!(is_given);
            }
        }
        ChatMemberStatus::Kicked => member["until_date"] = json!(0),
        ChatMemberStatus::Member | ChatMemberStatus::Left => {}
    }
    member
}

/// `getChatMember`: of a person who was never in the group, that they have left.
pub(super) fn get_member(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let (id, user) = (args.chat()?, args.int("user_id").ok_or_else(|| ApiError::bad("invalid user_id specified"))?);
    let state = sim.state();
    let chat = state.chats.get(&id).ok_or_else(|| ApiError::bad("chat not found"))?;
    let Some(group) = &chat.group else {
        let is_there = user == chat.user.id;
        return if is_there {
            Ok(member_json(chat.user.to_api(), ChatMemberStatus::Member))
        } else {
            Err(ApiError::bad("user not found"))
        };
    };
    if user == sim.bot_id() {
        return Ok(member_json(sim.bot(), group.bot_status));
    }
    let known = group.members.get(&user).map(|member| (member.user.to_api(), member.status));
    let elsewhere = || state.chats.get(&user).map(|chat| (chat.user.to_api(), ChatMemberStatus::Left));
    let (user, status) = known.or_else(elsewhere).ok_or_else(|| ApiError::bad("PARTICIPANT_ID_INVALID"))?;
    Ok(member_json(user, status))
}

/// `getChatAdministrators`: without other bots.
pub(super) fn get_administrators(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let id = args.chat()?;
    let state = sim.state();
    let chat = state.chats.get(&id).ok_or_else(|| ApiError::bad("chat not found"))?;
    let Some(group) = &chat.group else {
        return Err(ApiError::bad("there are no administrators in the private chat"));
    };
    let admins = group.members.values().filter(|member| member.status.is_admin());
    let mut shown: Vec<Value> = admins.map(|member| member_json(member.user.to_api(), member.status)).collect();
    if group.bot_status.is_admin() {
        shown.push(member_json(sim.bot(), group.bot_status));
    }
    Ok(Value::Array(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_for_the_bot() {
        for text in ["/start", "/start now", "/start@KIE_bot", "/start@kie_bot now"] {
            assert!(is_command_for("kie_bot", text), "{text}");
        }
        for text in ["start", "a /start", "/start@other", "/", "/ start", ""] {
            assert!(!is_command_for("kie_bot", text), "{text}");
        }
    }
}
