//! Users' files: downloaded from Telegram, and passed to the service, which uploads them to the
//! vendor. Telegram's link goes to no other system, because it contains the token.

use std::borrow::Cow;

use async_trait::async_trait;
use bytes::Bytes;
use teloxide::net::Download;
use teloxide::types::FileId;
use teloxide::{DownloadError, RequestError};
use tokio::sync::OwnedSemaphorePermit;

use super::telegram::Telegram;
use crate::mime;
use crate::schema::FileFacts;
use crate::service::{Attachments, FetchError, IncomingFile};
use crate::sniff::sniff;

/// Most bytes of a file that a bot can download (Bot API, `getFile`): 20 MB, binary.
pub(crate) const DOWNLOAD_LIMIT: u64 = 20 << 20;

/// Why a file could not be downloaded from Telegram.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// It is larger than [`DOWNLOAD_LIMIT`].
    #[error("the file has more than 20 MB")]
    TooBig,
    /// Anything else; the text does not contain the token.
    #[error("{0}")]
    Unreachable(String),
}

/// Downloads users' files again by their Telegram ids, when an upload to the vendor has expired.
#[derive(Debug, Clone)]
pub struct TelegramFiles {
    telegram: Telegram,
}

impl TelegramFiles {
    /// For a Telegram account.
    pub const fn new(telegram: Telegram) -> Self {
        Self { telegram }
    }
}

#[async_trait]
impl Attachments for TelegramFiles {
    async fn fetch(&self, source: &str) -> Result<IncomingFile, FetchError> {
        let file = fetch(&self.telegram, source, &FileFacts::default()).await;
        file.map_err(|error| FetchError(error.to_string()))
    }
}

/// Downloads a file by its Telegram id. The MIME type comes from the content, where it can be detected, else from
/// `facts`; all other facts but the size come from `facts`.
///
/// # Errors
/// [`FileError::TooBig`] above [`DOWNLOAD_LIMIT`], else [`FileError::Unreachable`].
pub(crate) async fn fetch(telegram: &Telegram, file_id: &str, facts: &FileFacts) -> Result<IncomingFile, FileError> {
    if facts.bytes.is_some_and(|bytes| bytes > DOWNLOAD_LIMIT) {
        return Err(FileError::TooBig);
    }
    let file = telegram.file(&FileId(file_id.to_owned())).await;
    let file = file.map_err(|error| match &error {
        RequestError::Api(api) if api.to_string().contains("file is too big") => FileError::TooBig,
        _ => FileError::Unreachable(telegram.describe(&error)),
    })?;
    // Bounds the memory that the files of all users take together.
    let permit = telegram
        .reserve_memory(Some(u64::from(file.size)).filter(|n| *n <= DOWNLOAD_LIMIT).unwrap_or(DOWNLOAD_LIMIT))
        .await;
    let mut bytes = Vec::new();
    telegram.files().download_file(&file.path, &mut bytes).await.map_err(|error| {
        FileError::Unreachable(match error {
            DownloadError::Network(error) => telegram.describe(&RequestError::Network(error)),
            DownloadError::Io(error) => telegram.redact(&error.to_string()),
        })
    })?;
    let told = facts.mime.as_deref().or_else(|| mime::of_path(&file.path)).unwrap_or(mime::UNKNOWN);
    let mime = sniff(&bytes, told).map_or_else(|| mime::usual(told).to_owned(), Cow::into_owned);
    let name = facts.name.clone().unwrap_or_else(|| file_name(&file.path, &mime));
    let facts = FileFacts {
        name: Some(name.clone()),
        mime: Some(mime.clone()),
        bytes: Some(bytes.len() as u64),
        ..facts.clone()
    };
    let bytes = Bytes::from_owner(InMemory { bytes, _permit: permit });
    Ok(IncomingFile { name, mime, bytes, facts, source: Some(file_id.to_owned()) })
}

/// A file in memory, and the permit for the memory that it takes.
struct InMemory {
    bytes: Vec<u8>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for InMemory {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

fn file_name(path: &str, mime: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.contains('.') {
        return name.to_owned();
    }
    let extension = mime::extension(mime).unwrap_or("bin");
    format!("{name}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_name_is_called_as_at_telegram() {
        assert_eq!(file_name("photos/file_1.jpg", "image/jpeg"), "file_1.jpg");
        assert_eq!(file_name("voice/file_2", "audio/ogg"), "file_2.ogg");
    }
}
