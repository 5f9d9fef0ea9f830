//! Files in an input: where they came from, and for how long the vendor has them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::RESULT_LIFE;
use crate::clock::Timestamp;
use crate::schema::FileFacts;

/// An upload is used for this long. The vendor keeps it for at least 24 hours, and the job may wait in the queue.
const UPLOAD_LIFE: Duration = Duration::from_secs(12 * 3600);

/// A file that a user gave, or that an earlier job made, as it stands in a job's input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// The URL in the input.
    pub url: String,
    /// How the edge finds the file again (a Telegram file id); absent for a result of an earlier job that the chat does not
    /// have.
    pub source: Option<String>,
    /// When it was uploaded, or when the vendor began to make it.
    pub uploaded_at: Timestamp,
    /// What is known of the file.
    pub facts: FileFacts,
    /// It is a result of an earlier job, which the vendor keeps longer than an upload.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_result: bool,
}

impl Attachment {
    /// Whether the vendor may have deleted the file by now.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        // A result without a source is of a version that did not say what it is.
        let life = if self.is_result || self.source.is_none() { RESULT_LIFE } else { UPLOAD_LIFE };
        now.since(self.uploaded_at) >= life
    }
}

/// A checked input and the files in it, which only change together.
#[derive(Debug, Clone, PartialEq)]
pub struct JobInput {
    /// The input, as it goes on the wire.
    pub fields: Map<String, Value>,
    /// The files in it.
    pub attachments: Vec<Attachment>,
}
