//! Messages, users, and files in messages.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TelegramUser {
    /// Also the id of the private chat.
    pub id: i64,
    /// The displayed name.
    pub first_name: String,
    /// The user name without the `@`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// IETF tag of the user's client, e.g. `ru`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
}

impl TelegramUser {
    /// A user with a generated name and English as the language.
    pub fn new(id: i64) -> Self {
        Self { id, first_name: format!("User {id}"), username: None, language_code: Some("en".to_owned()) }
    }

    /// Sets the language.
    #[must_use]
    pub fn speaking(mut self, language: &str) -> Self {
        self.language_code = Some(language.to_owned());
        self
    }

    pub(super) fn to_api(&self) -> Value {
        let mut user = json!(self);
        user["is_bot"] = json!(false);
        user
    }
}

/// A formatted range of a text; offsets count UTF-16 units, as in the Bot API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// `bold`, `code`, `text_link`, ...
    #[serde(rename = "type")]
    pub kind: String,
    /// Its start.
    pub offset: usize,
    /// Its length.
    pub length: usize,
    /// Target of a `text_link`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Language of a `pre`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InlineButton {
    /// Its label.
    pub text: String,
    /// `callback_data`: what a press sends to the bot.
    pub data: Option<String>,
    /// The link that a press opens.
    pub url: Option<String>,
}

/// The kind of message that a file is sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the words are Telegram's")]
pub enum ChatFileKind {
    Photo,
    Video,
    Animation,
    Audio,
    Voice,
    Document,
}

impl ChatFileKind {
    /// The Bot API's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Animation => "animation",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Document => "document",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Photo, Self::Video, Self::Animation, Self::Audio, Self::Voice, Self::Document]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// A file in a message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChatFile {
    /// How it was sent.
    pub kind: ChatFileKind,
    /// Telegram's id of the file.
    pub file_id: String,
    /// The same for the same content.
    pub unique_id: String,
    /// File name, if one was given.
    pub name: Option<String>,
    /// MIME type.
    pub mime: String,
    /// Size in bytes.
    pub bytes: usize,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Length in seconds.
    pub seconds: Option<f64>,
}

impl ChatFile {
    /// Length in whole seconds, as in the Bot API.
    fn duration(&self) -> u64 {
        self.seconds.unwrap_or(0.0).round() as u64
    }

    fn to_api(&self) -> Value {
        let mut value = json!({
            "file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.bytes, "mime_type": self.mime,
        });
        if let (Some(name), false) = (&self.name, self.kind == ChatFileKind::Voice) {
            value["file_name"] = json!(name);
        }
        match self.kind {
            ChatFileKind::Photo => return self.sizes(),
            ChatFileKind::Video | ChatFileKind::Animation => {
                value["width"] = json!(self.width.unwrap_or(320));
                value["height"] = json!(self.height.unwrap_or(240));
                value["duration"] = json!(self.duration());
            }
            ChatFileKind::Audio | ChatFileKind::Voice => value["duration"] = json!(self.duration()),
            ChatFileKind::Document => {}
        }
        value
    }

    /// A small and a full size of a photo. The small one has its own id but, in the simulator, the same content.
    fn sizes(&self) -> Value {
        let (w, h) = (self.width.unwrap_or(1), self.height.unwrap_or(1));
        let full = json!({
            "file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.bytes, "width": w, "height": h,
        });
        let long = w.max(h);
        if long <= 320 {
            return json!([full]);
        }
        let small = |side: u32| (side * 320 / long).max(1);
        let id = small_id(&self.file_id);
        json!([
            { "file_id": id, "file_unique_id": small_id(&self.unique_id), "width": small(w), "height": small(h), "file_size": self.bytes / 8 },
            full,
        ])
    }
}

/// The id of a photo's smaller size.
pub(super) fn small_id(id: &str) -> String {
    format!("{id}-m")
}

/// A message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// Its id in the chat.
    pub id: i32,
    /// The chat.
    pub chat: i64,
    /// Written by the bot, not by the user.
    pub from_bot: bool,
    /// When it was sent, in Unix seconds.
    pub date: i64,
    /// How often it was edited.
    pub edits: u32,
    /// Text, or the caption of a file.
    pub text: String,
    /// Formatting of the text.
    pub entities: Vec<Entity>,
    /// The file.
    pub media: Option<ChatFile>,
    /// Messages of one album share this.
    pub album: Option<String>,
    /// The keyboard under it.
    pub buttons: Vec<Vec<InlineButton>>,
    /// The message that it answers.
    pub reply_to: Option<i32>,
    /// Deleted; kept so that the page can remove it.
    pub deleted: bool,
    #[serde(skip)]
    pub(super) edited: Option<i64>,
    #[serde(skip)]
    pub(super) markup: Option<Value>,
    /// The fields of a service message, in the Bot API's form.
    #[serde(skip)]
    pub(super) service: Option<Map<String, Value>>,
    /// Number of the last change to it.
    #[serde(skip)]
    pub(super) revision: u64,
}

impl Message {
    /// The button whose label equals, or else contains, this text.
    pub fn button(&self, label: &str) -> Option<&InlineButton> {
        let all = || self.buttons.iter().flatten();
        all().find(|button| button.text == label).or_else(|| all().find(|button| button.text.contains(label)))
    }

    /// The message in the Bot API's form.
    pub(super) fn to_api(&self, bot: &Value, user: &TelegramUser, chat: &Value) -> Value {
        let mut message = json!({
            "message_id": self.id,
            "from": if self.from_bot { bot.clone() } else { user.to_api() },
            "chat": chat,
            "date": self.date,
        });
        let (text, entities) = match &self.media {
            None => ("text", "entities"),
            Some(media) => {
                message[media.kind.word()] = media.to_api();
                if media.kind == ChatFileKind::Animation {
                    message["document"] = ChatFile { kind: ChatFileKind::Document, ..media.clone() }.to_api();
                }
                ("caption", "caption_entities")
            }
        };
        if !self.text.is_empty() {
            message[text] = json!(self.text);
        }
        if !self.entities.is_empty() {
            message[entities] = json!(self.entities);
        }
        for (name, value) in [
            ("edit_date", self.edited.map(|at| json!(at))),
            ("media_group_id", self.album.as_ref().map(|id| json!(id))),
            ("reply_markup", self.markup.clone()),
        ] {
            if let Some(value) = value {
                message[name] = value;
            }
        }
        for (name, value) in self.service.iter().flatten() {
            message[name] = value.clone();
        }
        message
    }
}

/// The message as lines of a transcript.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = if self.from_bot { "bot" } else { "you" };
        write!(f, "{who}:")?;
        if let Some(media) = &self.media {
            write!(f, " <{} {} {} bytes", media.kind.word(), media.mime, media.bytes)?;
            if let (Some(w), Some(h)) = (media.width, media.height) {
                write!(f, " {w}x{h}")?;
            }
            if let Some(seconds) = media.seconds {
                write!(f, " {seconds:.1}s")?;
            }
            write!(f, ">")?;
        }
        for (number, line) in self.text.lines().enumerate() {
            let gap = if number == 0 { " " } else { "\n     " };
            write!(f, "{gap}{line}")?;
        }
        for row in &self.buttons {
            write!(f, "\n    ")?;
            for button in row {
                write!(f, " [{}]", button.text)?;
            }
        }
        Ok(())
    }
}
