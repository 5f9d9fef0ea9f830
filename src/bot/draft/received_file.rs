//! A file that somebody has sent.

use serde::{Deserialize, Serialize};

use crate::schema::FileFacts;
use crate::schema::spec::MediaKind;

/// A file in a Telegram message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReceivedFile {
    /// Telegram's id of the file.
    pub(crate) file_id: String,
    /// What it is.
    pub(crate) kind: MediaKind,
    /// What the message says about it.
    pub(crate) facts: FileFacts,
    /// The caption.
    pub(crate) caption: Option<String>,
    /// Telegram's id of the content: the same in each message that has it.
    #[serde(default)]
    pub(crate) unique_id: Option<String>,
    /// The message that has it.
    #[serde(default)]
    pub(crate) message: Option<i32>,
    /// The album that the message belongs to.
    #[serde(default)]
    pub(crate) album: Option<String>,
}
