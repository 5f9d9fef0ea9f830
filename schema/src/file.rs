//! What is known of the files of an input.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// What is known of the files of an input, by URL.
pub type Files = HashMap<String, FileFacts>;

/// What is known of a file. `None` is not known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FileFacts {
    /// Name with its extension.
    pub name: Option<String>,
    /// MIME type, by content where possible.
    pub mime: Option<String>,
    /// Bytes.
    pub bytes: Option<u64>,
    /// Length.
    pub seconds: Option<f64>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
}
