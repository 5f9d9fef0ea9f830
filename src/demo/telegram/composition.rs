//! What a person writes: texts, replies, files, albums, and edits of them.

use bytes::Bytes;
use serde_json::{Value, json};

use super::chat::ChatHandle;
use super::chat_file::{ChatFile, ChatFileKind};
use super::message::Message;
use super::simulator::command_entity;

/// The most UTF-16 units of one message; clients split longer texts.
const MAX_UNITS: usize = 4096;

/// An album that a person sends file by file; other messages may come between.
#[derive(Debug)]
pub struct Album {
    chat: ChatHandle,
    id: String,
}

impl Album {
    /// Sends the next file, with its own caption; returns the message's id.
    pub fn send(&self, kind: ChatFileKind, name: &str, body: impl Into<Bytes>, caption: &str) -> i32 {
        let media = self.chat.store(kind, name, body.into());
        self.chat.post_album_file(&self.id, media, caption, None)
    }
}

impl ChatHandle {
    /// Adds a message of the person, in the topic of this handle; returns its id.
    pub(super) fn post(&self, fill: impl FnOnce(&mut Message)) -> i32 {
        let sender = self.user().id;
        self.sim.post_user_message(self.id(), |message| {
            (message.sender, message.is_anonymous, message.topic) = (sender, self.is_anonymous, self.topic);
            fill(message);
        })
    }

    fn store(&self, kind: ChatFileKind, name: &str, body: Bytes) -> ChatFile {
        self.sim.store_file(kind, Some(name.to_owned()), None, body)
    }

    /// Sends a text or a command; returns the message's id.
    pub fn send_text(&self, text: &str) -> i32 {
        self.post(|message| {
            message.text = text.to_owned();
            message.entities = command_entity(text);
        })
    }

    /// Types a text as into a client: into the reply line that the bot's newest message has opened for this person, else
    /// as a message of its own. Returns the message's id.
    pub fn answer(&self, text: &str) -> i32 {
        let view = self.view();
        match view.last().filter(|message| self.is_asked(&view.messages, message)) {
            Some(asked) => self.reply(asked.id, text),
            None => self.send_text(text),
        }
    }

    /// Whether a message of the bot opens the reply line for the person.
    fn is_asked(&self, messages: &[Message], asked: &Message) -> bool {
        let Some(line) = &asked.force_reply else { return false };
        let user = self.user();
        let answered = asked.reply_to.and_then(|id| messages.iter().find(|message| message.id == id));
        let is_mentioned = || user.username.as_ref().is_some_and(|name| asked.text.contains(&format!("@{name}")));
        !line.selective || self.id() > 0 || answered.is_some_and(|m| m.sender == user.id) || is_mentioned()
    }

    /// Sends a text as clients do: in parts of at most 4096 UTF-16 units, cut at white space where there is some.
    /// Returns the messages' ids.
    pub fn send_long_text(&self, text: &str) -> Vec<i32> {
        split(text).into_iter().map(|part| self.send_text(part)).collect()
    }

    /// Replies to a message with a text; returns the message's id.
    pub fn reply(&self, to: i32, text: &str) -> i32 {
        self.post(|message| {
            message.text = text.to_owned();
            message.entities = command_entity(text);
            message.reply_to = Some(to);
        })
    }

    /// Replies to a part of a message; returns the message's id.
    pub fn reply_to_quote(&self, to: i32, quote: &str, text: &str) -> i32 {
        self.post(|message| {
            message.text = text.to_owned();
            (message.reply_to, message.quote) = (Some(to), Some(quote.to_owned()));
        })
    }

    /// Replies here to a message of another chat ("Reply in another chat"), or to a part of it; returns the message's
    /// id.
    pub fn reply_to_other(&self, other: &ChatHandle, to: i32, quote: Option<&str>, text: &str) -> i32 {
        let external = {
            let state = self.sim.state();
            let found = state.chats.get(&other.id()).and_then(|chat| chat.message(to));
            found.map(|message| external_reply(&self.sim.message_json(&state, message)))
        };
        self.post(|message| {
            message.text = text.to_owned();
            (message.external_reply, message.quote) = (external, quote.map(str::to_owned));
        })
    }

    /// Sends a file as `kind`; a photo has no file name, as in a real client. Returns the message's id.
    pub fn send(&self, kind: ChatFileKind, name: &str, body: impl Into<Bytes>, caption: &str) -> i32 {
        let media = self.store(kind, name, body.into());
        self.post(|message| (message.text, message.media) = (caption.to_owned(), Some(media)))
    }

    /// The same as a reply to a message.
    pub fn reply_with(&self, to: i32, kind: ChatFileKind, name: &str, body: impl Into<Bytes>, caption: &str) -> i32 {
        let media = self.store(kind, name, body.into());
        self.post(|message| {
            (message.text, message.media, message.reply_to) = (caption.to_owned(), Some(media), Some(to));
        })
    }

    /// Sends a document with the type that the person's client gives it, whatever its bytes are. Returns the message's
    /// id.
    pub fn send_document(&self, name: &str, mime: &str, body: impl Into<Bytes>, caption: &str) -> i32 {
        let mut media = self.store(ChatFileKind::Document, name, body.into());
        mime.clone_into(&mut media.mime);
        if let Some(file) = self.sim.state().files.get_mut(&media.file_id) {
            mime.clone_into(&mut file.media.mime);
        }
        self.post(|message| (message.text, message.media) = (caption.to_owned(), Some(media)))
    }

    /// Sends files as one album: one message for each, with a common group id. Returns the messages' ids.
    pub fn send_album(&self, kind: ChatFileKind, files: Vec<(&str, Bytes)>, caption: &str) -> Vec<i32> {
        let media = files.into_iter().map(|(name, body)| self.store(kind, name, body)).collect();
        self.post_album(media, caption, None)
    }

    /// Begins an album whose files are sent one by one.
    pub fn begin_album(&self) -> Album {
        Album { chat: self.clone(), id: self.sim.new_album() }
    }

    /// Sends stored files as one album, the caption on the first; as a reply, each file replies.
    pub(super) fn post_album(&self, files: Vec<ChatFile>, caption: &str, reply_to: Option<i32>) -> Vec<i32> {
        let id = self.sim.new_album();
        let mut caption = Some(caption);
        let mut send = |media| self.post_album_file(&id, media, caption.take().unwrap_or_default(), reply_to);
        files.into_iter().map(&mut send).collect()
    }

    fn post_album_file(&self, album: &str, media: ChatFile, caption: &str, reply_to: Option<i32>) -> i32 {
        self.post(|message| {
            (message.text, message.media, message.reply_to) = (caption.to_owned(), Some(media), reply_to);
            message.album = Some(album.to_owned());
        })
    }

    /// Edits the text, or the caption, of a message of the person; the bot gets an `edited_message` if it asks for
    /// them. Does nothing for another message.
    pub fn edit(&self, message: i32, text: &str) {
        self.change(message, |message| {
            message.text = text.to_owned();
            message.entities = command_entity(text);
        });
    }

    /// Replaces the file of a message of the person, and its caption.
    pub fn edit_file(&self, message: i32, kind: ChatFileKind, name: &str, body: impl Into<Bytes>, caption: &str) {
        let media = self.store(kind, name, body.into());
        self.change(message, |message| (message.text, message.media) = (caption.to_owned(), Some(media)));
    }

    fn change(&self, id: i32, change: impl FnOnce(&mut Message)) {
        let (now, user) = (self.sim.now().millis() / 1000, self.user().id);
        let mut state = self.sim.state();
        let revision = state.change();
        let chat = state.chats.get_mut(&self.id());
        let found = chat.and_then(|chat| chat.messages.iter_mut().find(|m| m.id == id && !m.deleted));
        let Some(message) = found.filter(|message| !message.from_bot && message.sender == user) else { return };
        change(message);
        message.edits += 1;
        (message.edited, message.revision) = (Some(now), revision);
        let message = message.clone();
        self.sim.tell_bot(&mut state, "edited_message", &message);
        drop(state);
        self.sim.notify_changed();
    }
}

/// `ExternalReplyInfo` of a message in the Bot API's form.
fn external_reply(message: &Value) -> Value {
    let mut external = json!({
        "origin": { "type": "user", "sender_user": message["from"], "date": message["date"] },
    });
    // Bot API: the chat and the id only of supergroups and channels.
    if message["chat"]["type"] == "supergroup" {
        external["chat"] = message["chat"].clone();
        external["message_id"] = message["message_id"].clone();
    }
    for kind in ["photo", "video", "animation", "audio", "voice", "document"] {
        if let Some(file) = message.get(kind) {
            external[kind] = file.clone();
        }
    }
    external
}

/// Cuts a text into parts of at most [`MAX_UNITS`], in the second half of each after a line or else after a word, and
/// trims them.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let mut units = 0;
        let end = rest.char_indices().find_map(|(at, c)| {
            units += c.len_utf16();
            (units > MAX_UNITS).then_some(at)
        });
        let Some(end) = end else {
            if !rest.is_empty() {
                parts.push(rest);
            }
            return parts;
        };
        let half = rest.char_indices().map(|(at, _)| at).find(|at| *at >= end / 2).unwrap_or(0);
        let late = &rest[half..end];
        let cut = late.rfind('\n').or_else(|| late.rfind(char::is_whitespace)).map_or(end, |at| half + at);
        parts.push(rest[..cut].trim_end());
        rest = rest[cut..].trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_at_white_space() {
        assert_eq!(split("short"), ["short"]);
        let words = "слово ".repeat(1500);
        let parts = split(&words);
        assert_eq!((parts.len(), parts.join(" ")), (3, words.trim().to_owned()));
        assert!(parts.iter().all(|part| part.encode_utf16().count() <= MAX_UNITS && !part.ends_with(' ')));
        let lines = format!("{}\n{}", "a ".repeat(1500), "b ".repeat(1500));
        assert_eq!(split(&lines)[1], "b ".repeat(1500).trim());
        let solid = "🚀".repeat(3000);
        assert_eq!(split(&solid).iter().map(|part| part.chars().count()).collect::<Vec<_>>(), [2048, 952]);
    }
}
