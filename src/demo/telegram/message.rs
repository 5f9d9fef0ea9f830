//! Messages and users.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::chat_file::{ChatFile, ChatFileKind};
use super::markup::{ForceReply, InlineButton};

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

/// What an ephemeral message has in addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ephemeral {
    /// The person who sees it.
    pub receiver: i64,
    /// `ephemeral_message_id`.
    pub id: i32,
    /// The message in whose place it is shown.
    pub replaces: Option<i32>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// Its id in the chat.
    pub id: i32,
    /// The chat.
    pub chat: i64,
    /// Written by the bot, not by a person.
    pub from_bot: bool,
    /// The id of the person who wrote it; 0 for the bot.
    pub sender: i64,
    /// Written in the name of the group, as anonymous administrators do.
    pub is_anonymous: bool,
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
    /// The reply line that it opens in the person's client.
    pub force_reply: Option<ForceReply>,
    /// The message that it answers.
    pub reply_to: Option<i32>,
    /// The part of that message that it quotes.
    pub quote: Option<String>,
    /// The thread of its topic.
    pub topic: Option<i32>,
    /// The only person who sees it, and its id in the Bot API. Its own id is not told to the bot.
    pub ephemeral: Option<Ephemeral>,
    /// Deleted; kept so that the page can remove it.
    pub deleted: bool,
    #[serde(skip)]
    pub(super) edited: Option<i64>,
    #[serde(skip)]
    pub(super) markup: Option<Value>,
    /// The message of another chat that it answers (`ExternalReplyInfo`).
    #[serde(skip)]
    pub(super) external_reply: Option<Value>,
    /// The fields of a service message, in the Bot API's form.
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

    /// Whether a person sees it.
    pub fn is_shown_to(&self, user: i64) -> bool {
        self.ephemeral.is_none_or(|ephemeral| ephemeral.receiver == user)
    }

    /// The message in the Bot API's form, without what depends on the chat's other messages.
    pub(super) fn to_api(&self, bot: &Value, user: &TelegramUser, chat: &Value) -> Value {
        let mut message = json!({
            // An ephemeral message has an id of its own kind.
            "message_id": if self.ephemeral.is_some() { 0 } else { self.id },
            "from": if self.from_bot { bot.clone() } else { user.to_api() },
            "chat": chat,
            "date": self.date,
        });
        if self.is_anonymous {
            message["from"] = anonymous();
            message["sender_chat"] = chat.clone();
        }
        if let Some(ephemeral) = self.ephemeral {
            message["ephemeral_message_id"] = json!(ephemeral.id);
            message["receiver_user"] = user.to_api();
        }
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
            ("external_reply", self.external_reply.clone()),
            ("quote", self.quote.as_ref().map(|text| json!({ "text": text, "position": 0, "is_manual": true }))),
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

/// The sender of messages in the name of a group.
pub(super) fn anonymous() -> Value {
    json!({ "id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot" })
}

/// The message as lines of a transcript.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from_bot, self.chat < 0) {
            (true, _) => write!(f, "bot:")?,
            (false, false) => write!(f, "you:")?,
            (false, true) => write!(f, "user {}:", self.sender)?,
        }
        for (name, _) in self.service.iter().flatten() {
            write!(f, " ({name})")?;
        }
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
