//! Stored forms of any version: what can be read of them, and why not all.

use serde_json::Value;

use super::VERSION;

/// A stored form of which only some parts are read: whoever wrote it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoredForm<'a>(pub(crate) &'a Value);

impl StoredForm<'_> {
    /// Whether a button with this nonce belongs to the form, or to the last order made from it.
    pub(crate) fn has_nonce(self, nonce: &str) -> bool {
        self.0["nonce"] == nonce || self.0["ordered"]["nonce"] == nonce
    }

    /// Whether a field of the form is open.
    pub(crate) fn has_open_field(self) -> bool {
        !self.0["at"].is_null()
    }

    /// Whether the message shows the form, or asks for an answer to it.
    pub(crate) fn is_shown_in(self, message: i32) -> bool {
        self.0["message"] == message || self.0["question"] == message
    }
}

/// Why a stored form cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DraftError {
    /// Another version of the bot wrote it.
    #[error("the draft has version {0}")]
    Version(u64),
    /// It is not a form.
    #[error("the draft is malformed: {0}")]
    Broken(String),
    /// The registry no longer has its model.
    #[error("the model of the draft no longer exists")]
    Model,
}

impl DraftError {
    /// A newer version of the bot may be able to read it: it may have values, or a model, that are unknown here.
    pub(crate) const fn may_be_newer(&self) -> bool {
        match self {
            Self::Version(version) => *version > VERSION as u64,
            Self::Broken(_) | Self::Model => true,
        }
    }
}
