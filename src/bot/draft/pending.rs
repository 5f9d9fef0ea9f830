//! What was sent and has no field yet, because several could take it.

use serde::{Deserialize, Serialize};

use super::{Form, ReceivedFile};

/// Something sent whose field is not known yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Pending {
    Text(String),
    /// One file, as earlier versions stored it.
    File(ReceivedFile),
    Files(Vec<ReceivedFile>),
    /// The user is asked about the text first.
    Both {
        text: String,
        files: Vec<ReceivedFile>,
    },
}

impl Pending {
    fn of(text: Option<String>, files: Vec<ReceivedFile>) -> Option<Self> {
        match (text, files.is_empty()) {
            (Some(text), true) => Some(Self::Text(text)),
            (Some(text), false) => Some(Self::Both { text, files }),
            (None, false) => Some(Self::Files(files)),
            (None, true) => None,
        }
    }

    fn into_parts(self) -> (Option<String>, Vec<ReceivedFile>) {
        match self {
            Self::Text(text) => (Some(text), Vec::new()),
            Self::File(file) => (None, vec![file]),
            Self::Files(files) => (None, files),
            Self::Both { text, files } => (Some(text), files),
        }
    }

    /// The text, if there is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Both { text, .. } => Some(text),
            Self::File(_) | Self::Files(_) => None,
        }
    }

    /// The files, in the order in which they came.
    pub(crate) fn files(&self) -> &[ReceivedFile] {
        match self {
            Self::Text(_) => &[],
            Self::File(file) => std::slice::from_ref(file),
            Self::Files(files) | Self::Both { files, .. } => files,
        }
    }
}

impl Form {
    /// Takes the text out of what has no field yet.
    pub(crate) fn take_pending_text(&mut self) -> Option<String> {
        let (text, files) = self.pending.take()?.into_parts();
        self.pending = Pending::of(None, files);
        text
    }

    /// Takes the files out of what has no field yet.
    pub(crate) fn take_pending_files(&mut self) -> Vec<ReceivedFile> {
        let Some(pending) = self.pending.take() else { return Vec::new() };
        let (text, files) = pending.into_parts();
        self.pending = Pending::of(text, Vec::new());
        files
    }

    /// The user is asked where a text belongs; it replaces the one that waits.
    pub(crate) fn ask_for_text(&mut self, text: String) {
        let files = self.take_pending_files();
        self.pending = Pending::of(Some(text), files);
    }

    /// The user is asked where files belong, after those that wait.
    pub(crate) fn ask_for_files(&mut self, more: Vec<ReceivedFile>) {
        let (text, mut files) = self.pending.take().map(Pending::into_parts).unwrap_or_default();
        files.extend(more);
        self.pending = Pending::of(text, files);
    }
}
