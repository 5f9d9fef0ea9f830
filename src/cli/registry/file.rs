//! JSON files that a person names: read with a limit, and refused with the reason.

use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::cli::CliError;
use crate::l10n::CliMessages;

/// The largest file that is read, in bytes. All answers of the vendor have about 10 MB.
const MAX_FILE: u64 = 100_000_000;

/// Why a file holds no JSON.
#[derive(Debug)]
pub(super) enum JsonFileError {
    /// It cannot be read.
    Unreadable(std::io::Error),
    /// It is larger than [`MAX_FILE`].
    TooLarge,
    /// It is HTML.
    WebPage,
    /// It ends too early.
    Truncated(serde_json::Error),
    /// It is something else.
    NotJson(serde_json::Error),
}

impl JsonFileError {
    /// The reason as a sentence.
    pub(super) fn sentence(&self, messages: &CliMessages) -> String {
        match self {
            Self::Unreadable(error) => error.to_string(),
            Self::TooLarge => messages.file_too_large(&messages.size(MAX_FILE)),
            Self::WebPage => messages.file_web_page(),
            Self::Truncated(error) => messages.file_truncated(&error.to_string()),
            Self::NotJson(error) => messages.not_json(&error.to_string()),
        }
    }

    /// Whether there is no such file.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Unreadable(error) if error.kind() == std::io::ErrorKind::NotFound)
    }
}

/// Reads a JSON file of at most [`MAX_FILE`] bytes.
///
/// # Errors
/// Why not.
pub(super) fn read(path: &Path) -> Result<Value, JsonFileError> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(JsonFileError::Unreadable)?;
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(JsonFileError::Unreadable)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(JsonFileError::TooLarge);
    }
    serde_json::from_slice(&bytes).map_err(|error| {
        if bytes.trim_ascii_start().starts_with(b"<") {
            JsonFileError::WebPage
        } else if error.is_eof() {
            JsonFileError::Truncated(error)
        } else {
            JsonFileError::NotJson(error)
        }
    })
}

/// Reads a JSON file that a person named.
///
/// # Errors
/// When it cannot be read or is not JSON.
pub(super) fn json(path: &Path, messages: &CliMessages) -> Result<Value, CliError> {
    read(path).map_err(|error| {
        CliError::BadInput(messages.cannot_read(&path.display().to_string(), &error.sentence(messages)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_larger_than_the_limit_is_not_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(MAX_FILE + 1).unwrap();
        assert!(matches!(read(file.path()), Err(JsonFileError::TooLarge)));
        assert!(read(Path::new("/none/such")).unwrap_err().is_missing());
    }
}
