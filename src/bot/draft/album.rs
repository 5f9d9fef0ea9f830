//! Albums: files that a user sends at once come as one message each, with a common id.

use serde::{Deserialize, Serialize};

use super::Form;
use crate::bot::field_path::FieldPath;

/// An album that is being received: nobody knows how many more of its messages come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Album {
    /// Telegram's `media_group_id`.
    pub(crate) id: String,
    /// The field that took its first file.
    pub(crate) at: Option<FieldPath>,
    /// Only that field is meant: it was the open one, or the only one that takes such files.
    pub(crate) is_bound: bool,
    /// How many files found no room.
    pub(crate) left_out: usize,
    /// What is wrong with others of its files.
    pub(crate) problems: Vec<String>,
}

impl Album {
    /// An album of which nothing is received yet.
    pub(crate) fn new(id: String) -> Self {
        Self { id, at: None, is_bound: false, left_out: 0, problems: Vec::new() }
    }
}

impl Form {
    /// Notes that files of the present album found no room.
    pub(crate) fn note_left_out(&mut self, count: usize) {
        if let Some(album) = &mut self.album {
            album.left_out += count;
        }
    }
}
