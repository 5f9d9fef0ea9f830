//! Topics of a forum, which is a supergroup, or of a private chat.

use serde_json::json;

use super::chat::ChatHandle;
use super::chat_state::SimChat;
use super::error::ApiError;
use super::message::Message;

/// A topic. Its thread has the id of the message that created it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SimTopic {
    pub(super) name: String,
    pub(super) is_closed: bool,
}

impl SimChat {
    /// Whether the bot may write to a thread; `None` is the general topic, and the whole of a chat without topics.
    ///
    /// # Errors
    /// The Bot API's error when the topic is closed or there is no such one.
    pub(super) fn check_topic(&self, thread: Option<i32>) -> Result<(), ApiError> {
        let is_closed = match thread {
            None => self.is_general_closed,
            Some(id) => self.topics.get(&id).ok_or_else(|| ApiError::bad("message thread not found"))?.is_closed,
        };
        // Only those who may manage topics write to a closed one.
        if is_closed && !self.is_bot_admin() { Err(ApiError::bad("TOPIC_CLOSED")) } else { Ok(()) }
    }

    /// What a message says of its thread, in the Bot API's form.
    ///
    /// A reply outside topics also has a thread in a supergroup: that of the first message in the chain of replies.
    pub(super) fn thread_of(&self, message: &Message) -> Option<(i32, bool)> {
        if let Some(topic) = message.topic {
            return Some((topic, true));
        }
        let is_supergroup = self.group.as_ref().is_some_and(|group| group.is_supergroup());
        let answered = |id: i32| self.messages.iter().find(|m| m.id == id)?.reply_to;
        let mut root = message.reply_to.filter(|_| is_supergroup)?;
        while let Some(earlier) = answered(root) {
            root = earlier;
        }
        Some((root, false))
    }

    /// The message that a message is shown as a reply to. In a forum, what is no reply is shown as one to the message
    /// that created the topic.
    pub(super) fn answered(&self, message: &Message) -> Option<&Message> {
        let is_forum = self.group.as_ref().is_some_and(|group| group.is_forum);
        let creation = message.topic.filter(|topic| is_forum && *topic != message.id);
        message.reply_to.or(creation).and_then(|id| self.message(id))
    }
}

impl ChatHandle {
    /// Creates a topic; returns the id of its thread. The bot gets the service message.
    pub fn create_topic(&self, name: &str) -> i32 {
        let service = json!({ "forum_topic_created": { "name": name, "icon_color": 7_322_096 } });
        self.general().send_service(service)
    }

    /// The same chat, where this person writes to a topic, and sees the topic alone.
    #[must_use]
    pub fn in_topic(&self, thread: i32) -> Self {
        Self { topic: Some(thread), ..self.clone() }
    }

    /// The same chat without a topic: its view is the whole chat, and messages go to the general topic.
    #[must_use]
    pub fn general(&self) -> Self {
        Self { topic: None, ..self.clone() }
    }

    /// Closes this handle's topic, or opens it again.
    pub fn close_topic(&self, is_closed: bool) {
        let mut state = self.sim.state();
        let Some(chat) = state.chats.get_mut(&self.id()) else { return };
        match self.topic {
            None => chat.is_general_closed = is_closed,
            Some(thread) => {
                let Some(topic) = chat.topics.get_mut(&thread) else { return };
                topic.is_closed = is_closed;
            }
        }
        drop(state);
        let word = if is_closed { "forum_topic_closed" } else { "forum_topic_reopened" };
        self.send_service(json!({ word: {} }));
    }

    /// Deletes this handle's topic with its messages. The bot is not told.
    pub fn delete_topic(&self) {
        let Some(thread) = self.topic else { return };
        let mut state = self.sim.state();
        let revision = state.change();
        let Some(chat) = state.chats.get_mut(&self.id()) else { return };
        chat.topics.remove(&thread);
        for message in chat.messages.iter_mut().filter(|message| message.topic == Some(thread)) {
            message.deleted = true;
            message.revision = revision;
        }
        drop(state);
        self.sim.notify_changed();
    }

    /// The name of a topic, if there is one with this thread.
    pub fn topic_name(&self, thread: i32) -> Option<String> {
        let state = self.sim.state();
        state.chats.get(&self.id())?.topics.get(&thread).map(|topic| topic.name.clone())
    }
}
