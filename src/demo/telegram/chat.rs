//! The person's side of a chat.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::message::{Button, MediaKind, Message, User};
use super::world::{Callback, World, command_entity};

/// One person's chat with the bot, or a group in which one member speaks.
#[derive(Clone)]
pub struct Chat {
    world: Arc<World>,
    id: i64,
}

impl fmt::Debug for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chat").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why the person could not do, or did not see, something. Shows the transcript.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// No message has such a button.
    #[error("no button {label:?} in the chat:\n{view}")]
    NoButton {
        /// What was looked for.
        label: String,
        /// What there was.
        view: View,
    },
    /// The button opens a link and sends nothing.
    #[error("button {0:?} opens a link")]
    NotAPress(String),
    /// It did not happen in time.
    #[error("nothing of the kind within {limit:?}; the chat:\n{view}")]
    Timeout {
        /// How long was waited.
        limit: Duration,
        /// What there was.
        view: View,
    },
}

/// A chat as the person sees it at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Messages that are not deleted, oldest first, as they now stand.
    pub messages: Vec<Message>,
    /// Presses by this person, oldest first, with the bot's answers.
    pub callbacks: Vec<Callback>,
    /// What the bot says it is doing, e.g. `upload_photo`.
    pub action: Option<String>,
}

impl View {
    /// The newest message of the bot.
    pub fn last(&self) -> Option<&Message> {
        self.from_bot().next_back()
    }

    /// The bot's messages, oldest first.
    pub fn from_bot(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter().filter(|message| message.from_bot)
    }

    /// The newest message of the bot that contains this text.
    pub fn saying(&self, text: &str) -> Option<&Message> {
        self.from_bot().rev().find(|message| message.text.contains(text))
    }

    /// The newest message of the bot with a file of this kind.
    pub fn with(&self, kind: MediaKind) -> Option<&Message> {
        self.from_bot().rev().find(|message| message.media.as_ref().is_some_and(|media| media.kind == kind))
    }

    /// The newest message with this button. A button of just this label wins over one that contains it.
    pub fn button(&self, label: &str) -> Option<(&Message, &Button)> {
        let newest = || self.from_bot().rev();
        let exact = newest().find_map(|message| {
            let button = message.buttons.iter().flatten().find(|button| button.text == label)?;
            Some((message, button))
        });
        exact.or_else(|| newest().find_map(|message| Some((message, message.button(label)?))))
    }
}

/// The transcript.
impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for message in &self.messages {
            writeln!(f, "{message}")?;
        }
        Ok(())
    }
}

impl Chat {
    pub(super) fn new(world: Arc<World>, id: i64) -> Self {
        Self { world, id }
    }

    /// The chat's id; in a private chat it is the user's too.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The user.
    pub fn user(&self) -> User {
        self.world.state().rooms.get(&self.id).map_or_else(|| User::new(self.id), |room| room.user.clone())
    }

    /// Sends a text or a command and gives the message's number.
    pub fn say(&self, text: &str) -> i32 {
        self.world.hear(self.id, |message| {
            message.text = text.to_owned();
            message.entities = command_entity(text);
        })
    }

    /// Answers a message with a text.
    pub fn reply(&self, to: i32, text: &str) -> i32 {
        self.world.hear(self.id, |message| {
            message.text = text.to_owned();
            message.reply_to = Some(to);
        })
    }

    /// Sends a file as `kind`, as a phone would: photos lose their name.
    pub fn send(&self, kind: MediaKind, name: &str, body: impl Into<Bytes>, caption: &str) -> i32 {
        let media = self.world.store_file(kind, Some(name.to_owned()), None, body.into());
        self.world.hear(self.id, |message| {
            message.text = caption.to_owned();
            message.media = Some(media);
        })
    }

    /// Sends several files as one album: one message each, with a common group id.
    pub fn send_album(&self, kind: MediaKind, files: Vec<(&str, Bytes)>, caption: &str) -> Vec<i32> {
        let store = |(name, body): (&str, Bytes)| self.world.store_file(kind, Some(name.to_owned()), None, body);
        let media = files.into_iter().map(store).collect();
        self.world.album_from_user(self.id, media, caption)
    }

    /// Presses the newest button with this label (the very label, else one that contains it) and gives the press's id.
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
            Some(Button { data: Some(data), .. }) => self.press_data(message, &data),
            Some(_) => Err(ChatError::NotAPress(label.to_owned())),
        }
    }

    /// Sends a press with any data under any message: stale keyboards, forged data, deleted messages.
    ///
    /// # Errors
    /// When the chat is unknown, which cannot be: it has a handle.
    pub fn press_data(&self, message: i32, data: &str) -> Result<String, ChatError> {
        let pressed = self.world.press(self.id, message, data);
        pressed.ok_or_else(|| ChatError::NoButton { label: data.to_owned(), view: self.view() })
    }

    /// The group becomes a supergroup with this id, and counts its messages anew. The bot hears of it by
    /// [`Chat::announce_upgrade`], or when it writes to the old id.
    #[must_use]
    pub fn upgrade(&self, id: i64) -> Self {
        self.world.upgrade(self.id, id);
        Self::new(self.world.clone(), id)
    }

    /// Sends the service messages of an upgrade, in the old chat and in the new one.
    pub fn announce_upgrade(&self) {
        self.world.announce(self.id);
    }

    /// Blocks the bot, or lets it in again.
    pub fn block(&self, blocked: bool) {
        if let Some(room) = self.world.state().rooms.get_mut(&self.id) {
            room.blocked = blocked;
        }
    }

    /// The chat as it now stands.
    pub fn view(&self) -> View {
        let now = self.world.now();
        let state = self.world.state();
        let room = state.rooms.get(&self.id);
        View {
            messages: room.map(|r| r.messages.iter().filter(|m| !m.deleted).cloned().collect()).unwrap_or_default(),
            callbacks: state.callbacks.iter().filter(|query| query.chat == self.id).cloned().collect(),
            action: room.and_then(|r| r.action.clone()).filter(|(_, until)| *until > now).map(|(action, _)| action),
        }
    }

    /// The bytes of a file in a message.
    pub fn file(&self, file_id: &str) -> Option<Bytes> {
        self.world.state().files.get(file_id).map(|file| file.body.clone())
    }

    /// Waits until `look` finds something in the chat. It looks again whenever something happens, and never sleeps.
    ///
    /// # Errors
    /// With the transcript when `limit` passed.
    pub async fn wait_for<T>(&self, limit: Duration, look: impl Fn(&View) -> Option<T>) -> Result<T, ChatError> {
        let found = async {
            let mut changes = self.world.watch();
            loop {
                if let Some(found) = look(&self.view()) {
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

    /// Waits until the bot has said this text; gives the message.
    ///
    /// # Errors
    /// With the transcript when `limit` passed.
    pub async fn wait_text(&self, text: &str, limit: Duration) -> Result<Message, ChatError> {
        self.wait_for(limit, |view| view.saying(text).cloned()).await
    }

    /// Waits until there is such a button; gives the message that it stands under.
    ///
    /// # Errors
    /// With the transcript when `limit` passed.
    pub async fn wait_button(&self, label: &str, limit: Duration) -> Result<Message, ChatError> {
        self.wait_for(limit, |view| view.button(label).map(|(message, _)| message.clone())).await
    }

    /// Waits until the bot has sent a file of this kind; gives the message.
    ///
    /// # Errors
    /// With the transcript when `limit` passed.
    pub async fn wait_media(&self, kind: MediaKind, limit: Duration) -> Result<Message, ChatError> {
        self.wait_for(limit, |view| view.with(kind).cloned()).await
    }

    /// Waits until the bot has answered a press.
    ///
    /// # Errors
    /// With the transcript when `limit` passed.
    pub async fn wait_answer(&self, callback: &str, limit: Duration) -> Result<super::Answer, ChatError> {
        self.wait_for(limit, |view| view.callbacks.iter().find(|query| query.id == callback)?.answer.clone()).await
    }
}
