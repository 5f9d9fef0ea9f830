//! A chat from a person's side.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::chat_file::ChatFileKind;
use super::chat_state::SimChat;
use super::markup::InlineButton;
use super::message::{Message, TelegramUser};
use super::simulator::TelegramSimulator;
use super::view::ChatView;

/// A private chat with the bot or a group, and a person in it: who writes, presses and looks.
#[derive(Clone)]
pub struct ChatHandle {
    pub(super) sim: Arc<TelegramSimulator>,
    pub(super) id: i64,
    /// Another person than the one with whom the chat began.
    pub(super) member: Option<i64>,
    /// Whether they write in the name of the group.
    pub(super) is_anonymous: bool,
    /// The topic that they are in.
    pub(super) topic: Option<i32>,
}

impl fmt::Debug for ChatHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatHandle").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why the user could not do or see something, with the transcript of the chat.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// No message has such a button.
    #[error("no button {label:?} in the chat:\n{view}")]
    NoButton {
        /// The label.
        label: String,
        /// The chat.
        view: ChatView,
    },
    /// The button opens a link, copies a text or is disabled, and sends nothing.
    #[error("button {0:?} sends nothing")]
    NotAPress(String),
    /// The button copies nothing.
    #[error("button {0:?} copies nothing")]
    NotACopy(String),
    /// It did not happen within the time limit.
    #[error("not seen within {limit:?}; the chat:\n{view}")]
    Timeout {
        /// The time limit.
        limit: Duration,
        /// The chat.
        view: ChatView,
    },
}

impl ChatHandle {
    pub(super) fn new(sim: Arc<TelegramSimulator>, id: i64) -> Self {
        Self { sim, id, member: None, is_anonymous: false, topic: None }
    }

    /// The chat's id; in a private chat it is the user's too.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The person.
    pub fn user(&self) -> TelegramUser {
        let state = self.sim.state();
        let Some(chat) = state.chats.get(&self.id) else { return TelegramUser::new(self.id) };
        self.member.map_or_else(|| chat.user.clone(), |id| chat.person(id))
    }

    /// Presses the newest button whose label equals, or else contains, this text; returns the press's id.
    ///
    /// # Errors
    /// When there is no such button, or it sends nothing.
    pub fn press(&self, label: &str) -> Result<String, ChatError> {
        let view = self.view();
        let found = view.button(label).map(|(message, button)| (message.id, button.data.clone()));
        match found {
            None => Err(ChatError::NoButton { label: label.to_owned(), view }),
            Some((message, Some(data))) => self.press_data(message, &data),
            Some((_, None)) => Err(ChatError::NotAPress(label.to_owned())),
        }
    }

    /// Presses a button of this message.
    ///
    /// # Errors
    /// When there is no such button, or it sends nothing.
    pub fn press_on(&self, message: i32, label: &str) -> Result<String, ChatError> {
        let view = self.view();
        let found = view.messages.iter().find(|m| m.id == message).and_then(|m| m.button(label)).cloned();
        match found {
            None => Err(ChatError::NoButton { label: label.to_owned(), view }),
            Some(InlineButton { data: Some(data), .. }) => self.press_data(message, &data),
            Some(_) => Err(ChatError::NotAPress(label.to_owned())),
        }
    }

    /// Presses the newest button with this label, which copies a text; returns the text. The bot is not told.
    ///
    /// # Errors
    /// When there is no such button, or it copies nothing.
    pub fn copy(&self, label: &str) -> Result<String, ChatError> {
        let view = self.view();
        match view.button(label).map(|(_, button)| button.copy_text.clone()) {
            None => Err(ChatError::NoButton { label: label.to_owned(), view }),
            Some(copied) => copied.ok_or_else(|| ChatError::NotACopy(label.to_owned())),
        }
    }

    /// Sends a press with any data for any message: of an old keyboard, with forged data, of a deleted message. Returns
    /// its id.
    ///
    /// # Errors
    /// When the chat is unknown, which does not happen: this is a handle of it.
    pub fn press_data(&self, message: i32, data: &str) -> Result<String, ChatError> {
        let pressed = self.sim.press(self.id, &self.user(), message, data);
        pressed.ok_or_else(|| ChatError::NoButton { label: data.to_owned(), view: self.view() })
    }

    /// Blocks or unblocks the bot; a group throws it out or takes it back.
    pub fn block(&self, blocked: bool) {
        self.change_chat(|chat| chat.blocked = blocked);
    }

    /// Lets the bot only read, or write again.
    pub fn restrict(&self, restricted: bool) {
        self.change_chat(|chat| chat.restricted = restricted);
    }

    /// Answers what the bot sends to this chat or edits in it with code 429, until this time has passed.
    pub fn flood(&self, time: Duration) {
        let until = self.sim.now() + time;
        self.change_chat(|chat| chat.flooded_until = Some(until));
    }

    fn change_chat(&self, change: impl FnOnce(&mut SimChat)) {
        if let Some(chat) = self.sim.state().chats.get_mut(&self.id) {
            change(chat);
        }
    }

    /// A snapshot of the chat, or of the topic, as the person sees it.
    pub fn view(&self) -> ChatView {
        let (now, user) = (self.sim.now(), self.user().id);
        let state = self.sim.state();
        let chat = state.chats.get(&self.id);
        let seen = |m: &&Message| !m.deleted && m.is_shown_to(user) && (self.topic.is_none() || m.topic == self.topic);
        let mut messages: Vec<Message> =
            chat.map(|chat| chat.messages.iter().filter(seen).cloned().collect()).unwrap_or_default();
        let replaced: Vec<i32> = messages.iter().filter_map(|m| m.ephemeral?.replaces).collect();
        messages.retain(|message| !replaced.contains(&message.id));
        ChatView {
            messages,
            callbacks: state.callbacks.iter().filter(|query| query.chat == self.id).cloned().collect(),
            action: chat.and_then(|r| r.action.clone()).filter(|(_, until)| *until > now).map(|(action, _)| action),
        }
    }

    /// The content of a file in a message.
    pub fn file(&self, file_id: &str) -> Option<Bytes> {
        self.sim.state().files.get(file_id).map(|file| file.body.clone())
    }

    /// Waits until `find` finds something in the chat; it is called again after every change.
    ///
    /// # Errors
    /// [`ChatError::Timeout`] when `limit` has passed.
    pub async fn wait_for<T>(&self, limit: Duration, find: impl Fn(&ChatView) -> Option<T>) -> Result<T, ChatError> {
        let found = async {
            let mut changes = self.sim.subscribe();
            loop {
                if let Some(found) = find(&self.view()) {
                    return Some(found);
                }
                if changes.changed().await.is_err() {
                    return None;
                }
            }
        };
        match tokio::time::timeout(limit, found).await {
            Ok(Some(found)) => Ok(found),
            _ => Err(ChatError::Timeout { limit, view: self.view() }),
        }
    }

    /// Waits for a message of the bot that contains this text; returns it.
    ///
    /// # Errors
    /// [`ChatError::Timeout`] when `limit` has passed.
    pub async fn wait_text(&self, text: &str, limit: Duration) -> Result<Message, ChatError> {
        self.wait_for(limit, |view| view.with_text(text).cloned()).await
    }

    /// Waits for a button with this label; returns its message.
    ///
    /// # Errors
    /// [`ChatError::Timeout`] when `limit` has passed.
    pub async fn wait_button(&self, label: &str, limit: Duration) -> Result<Message, ChatError> {
        self.wait_for(limit, |view| view.button(label).map(|(message, _)| message.clone())).await
    }

    /// Waits for a message of the bot with a file of this kind; returns it.
    ///
    /// # Errors
    /// [`ChatError::Timeout`] when `limit` has passed.
    pub async fn wait_media(&self, kind: ChatFileKind, limit: Duration) -> Result<Message, ChatError> {
        self.wait_for(limit, |view| view.with_attachment(kind).cloned()).await
    }

    /// Waits until the bot has answered a press; returns the answer.
    ///
    /// # Errors
    /// [`ChatError::Timeout`] when `limit` has passed.
    pub async fn wait_answer(&self, callback: &str, limit: Duration) -> Result<super::CallbackAnswer, ChatError> {
        self.wait_for(limit, |view| view.callbacks.iter().find(|query| query.id == callback)?.answer.clone()).await
    }
}
