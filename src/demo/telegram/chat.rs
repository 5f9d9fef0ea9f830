//! A chat from the user's side.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::message::{ChatFileKind, InlineButton, Message, TelegramUser};
use super::simulator::{TelegramSimulator, command_entity};
use super::state::CallbackQuery;

/// A user's private chat with the bot, or a group with one member who writes.
#[derive(Clone)]
pub struct ChatHandle {
    sim: Arc<TelegramSimulator>,
    id: i64,
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
    /// The button opens a link and sends nothing.
    #[error("button {0:?} opens a link")]
    NotAPress(String),
    /// It did not happen within the time limit.
    #[error("not seen within {limit:?}; the chat:\n{view}")]
    Timeout {
        /// The time limit.
        limit: Duration,
        /// The chat.
        view: ChatView,
    },
}

/// A snapshot of a chat as the user sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatView {
    /// The messages that are not deleted, oldest first.
    pub messages: Vec<Message>,
    /// The user's presses, oldest first, with the bot's answers.
    pub callbacks: Vec<CallbackQuery>,
    /// The bot's chat action, e.g. `upload_photo`.
    pub action: Option<String>,
}

impl ChatView {
    /// The newest message of the bot.
    pub fn last(&self) -> Option<&Message> {
        self.from_bot().next_back()
    }

    /// The bot's messages, oldest first.
    pub fn from_bot(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter().filter(|message| message.from_bot)
    }

    /// The newest message of the bot that contains this text.
    pub fn with_text(&self, text: &str) -> Option<&Message> {
        self.from_bot().rev().find(|message| message.text.contains(text))
    }

    /// The newest message of the bot with a file of this kind.
    pub fn with_attachment(&self, kind: ChatFileKind) -> Option<&Message> {
        self.from_bot().rev().find(|message| message.media.as_ref().is_some_and(|media| media.kind == kind))
    }

    /// The newest message with this button. An equal label is preferred to one that contains the text.
    pub fn button(&self, label: &str) -> Option<(&Message, &InlineButton)> {
        let newest = || self.from_bot().rev();
        let exact = newest().find_map(|message| {
            let button = message.buttons.iter().flatten().find(|button| button.text == label)?;
            Some((message, button))
        });
        exact.or_else(|| newest().find_map(|message| Some((message, message.button(label)?))))
    }
}

/// The transcript.
impl fmt::Display for ChatView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for message in &self.messages {
            writeln!(f, "{message}")?;
        }
        Ok(())
    }
}

impl ChatHandle {
    pub(super) fn new(sim: Arc<TelegramSimulator>, id: i64) -> Self {
        Self { sim, id }
    }

    /// The chat's id; in a private chat it is the user's too.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The user.
    pub fn user(&self) -> TelegramUser {
        self.sim.state().chats.get(&self.id).map_or_else(|| TelegramUser::new(self.id), |chat| chat.user.clone())
    }

    /// Sends a text or a command; returns the message's id.
    pub fn send_text(&self, text: &str) -> i32 {
        self.sim.post_user_message(self.id, |message| {
            message.text = text.to_owned();
            message.entities = command_entity(text);
        })
    }

    /// Replies to a message with a text; returns the message's id.
    pub fn reply(&self, to: i32, text: &str) -> i32 {
        self.sim.post_user_message(self.id, |message| {
            message.text = text.to_owned();
            message.reply_to = Some(to);
        })
    }

    /// Sends a file as `kind`; a photo has no file name, as in a real client. Returns the message's id.
    pub fn send(&self, kind: ChatFileKind, name: &str, body: impl Into<Bytes>, caption: &str) -> i32 {
        let media = self.sim.store_file(kind, Some(name.to_owned()), None, body.into());
        self.sim.post_user_message(self.id, |message| {
            message.text = caption.to_owned();
            message.media = Some(media);
        })
    }

    /// Sends files as one album: one message for each, with a common group id. Returns the messages' ids.
    pub fn send_album(&self, kind: ChatFileKind, files: Vec<(&str, Bytes)>, caption: &str) -> Vec<i32> {
        let store = |(name, body): (&str, Bytes)| self.sim.store_file(kind, Some(name.to_owned()), None, body);
        let media = files.into_iter().map(store).collect();
        self.sim.album_from_user(self.id, media, caption)
    }

    /// Presses the newest button whose label equals, or else contains, this text; returns the press's id.
    ///
    /// # Errors
    /// When there is no such button, or it opens a link.
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
    /// When there is no such button, or it opens a link.
    pub fn press_on(&self, message: i32, label: &str) -> Result<String, ChatError> {
        let view = self.view();
        let found = view.messages.iter().find(|m| m.id == message).and_then(|m| m.button(label)).cloned();
        match found {
            None => Err(ChatError::NoButton { label: label.to_owned(), view }),
            Some(InlineButton { data: Some(data), .. }) => self.press_data(message, &data),
            Some(_) => Err(ChatError::NotAPress(label.to_owned())),
        }
    }

    /// Sends a press with any data for any message: of an old keyboard, with forged data, of a deleted message. Returns
    /// its id.
    ///
    /// # Errors
    /// When the chat is unknown, which does not happen: this is a handle of it.
    pub fn press_data(&self, message: i32, data: &str) -> Result<String, ChatError> {
        let pressed = self.sim.press(self.id, message, data);
        pressed.ok_or_else(|| ChatError::NoButton { label: data.to_owned(), view: self.view() })
    }

    /// Upgrades the group to a supergroup with this id and new message ids. The bot is told by
    /// [`ChatHandle::announce_upgrade`], or when it writes to the old id.
    #[must_use]
    pub fn upgrade(&self, id: i64) -> Self {
        self.sim.upgrade(self.id, id);
        Self::new(self.sim.clone(), id)
    }

    /// Sends the service messages of an upgrade, in the old chat and in the new one.
    pub fn announce_upgrade(&self) {
        self.sim.announce_upgrade(self.id);
    }

    /// Blocks or unblocks the bot.
    pub fn block(&self, blocked: bool) {
        if let Some(chat) = self.sim.state().chats.get_mut(&self.id) {
            chat.blocked = blocked;
        }
    }

    /// A snapshot of the chat.
    pub fn view(&self) -> ChatView {
        let now = self.sim.now();
        let state = self.sim.state();
        let chat = state.chats.get(&self.id);
        ChatView {
            messages: chat.map(|r| r.messages.iter().filter(|m| !m.deleted).cloned().collect()).unwrap_or_default(),
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
