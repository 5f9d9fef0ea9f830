//! Files in messages.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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
    /// The thumbnail that was sent with it.
    #[serde(skip)]
    pub thumbnail: Option<Bytes>,
}

impl ChatFile {
    /// Length in whole seconds, as in the Bot API.
    fn duration(&self) -> u64 {
        self.seconds.unwrap_or(0.0).round() as u64
    }

    pub(super) fn to_api(&self) -> Value {
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
