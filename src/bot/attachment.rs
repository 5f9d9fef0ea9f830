//! Users' files: fetched from Telegram to the disk, piece by piece, and passed to the service, which uploads them to the
//! vendor. Telegram's link goes to no other system, because it contains the token.

use std::borrow::Cow;
use std::path::Path;

use async_trait::async_trait;
use teloxide::net::Download;
use teloxide::types::FileId;
use teloxide::{DownloadError, RequestError};
use tempfile::TempPath;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::OwnedSemaphorePermit;

use super::telegram::{SendErrorKind, Telegram};
use crate::mime;
use crate::probe::Probe;
use crate::schema::FileFacts;
use crate::service::{Attachments, FetchError, FileOnDisk, IncomingFile};
use crate::sniff::{SNIFFED, sniff};

/// Why a file could not be fetched from Telegram.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// It is larger than the Bot API server gives.
    #[error("the file is too big for the Bot API server")]
    TooBig,
    /// A local Bot API server names a path that cannot be read here; the text does not contain the token.
    #[error(
        "the Bot API server keeps the file on its own disk, and it cannot be read here ({0}): mount the server's folder here \
         under the same path, and let this program read it"
    )]
    NotOnDisk(String),
    /// Telegram does not give it; the text does not contain the token.
    #[error("{0}")]
    Refused(String),
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
        file.map_err(|error| match error {
            FileError::TooBig | FileError::Refused(_) => FetchError::Gone(error.to_string()),
            FileError::NotOnDisk(_) | FileError::Unreachable(_) => FetchError::Unreachable(error.to_string()),
        })
    }
}

/// Fetches a file by its Telegram id. Its MIME type, dimensions and length come from the content, where they can be
/// detected, else from `facts`: what Telegram tells is rounded, what a client tells may be wrong, and prices count them.
///
/// # Errors
/// [`FileError::TooBig`] above the server's limit, [`FileError::Refused`] for a file that Telegram does not have,
/// [`FileError::NotOnDisk`] for a file of a local server that cannot be read, else [`FileError::Unreachable`].
pub(crate) async fn fetch(telegram: &Telegram, file_id: &str, facts: &FileFacts) -> Result<IncomingFile, FileError> {
    let limit = telegram.server.download_limit();
    if facts.bytes.is_some_and(|bytes| bytes > limit) {
        return Err(FileError::TooBig);
    }
    let file = telegram.file(&FileId(file_id.to_owned())).await;
    let file = file.map_err(|error| match &error {
        RequestError::Api(api) if api.to_string().contains("file is too big") => FileError::TooBig,
        _ if SendErrorKind::of(&error) == SendErrorKind::Rejected => FileError::Refused(telegram.describe(&error)),
        _ => FileError::Unreachable(telegram.describe(&error)),
    })?;
    // A server with `--local` names the file on its disk (Bot API, "Using a Local Bot API Server").
    let content = if Path::new(&file.path).is_absolute() {
        FileOnDisk::new(&file.path)
    } else {
        let size = Some(u64::from(file.size)).filter(|bytes| *bytes <= limit).unwrap_or(limit);
        download(telegram, &file.path, size).await?
    };
    let (start, bytes) = begin(content.path()).await.map_err(|error| {
        let why = telegram.redact(&format!("{}: {error}", content.path().display()));
        FileError::NotOnDisk(why)
    })?;
    if bytes > limit {
        return Err(FileError::TooBig);
    }
    let told = facts.mime.as_deref().or_else(|| mime::of_path(&file.path)).unwrap_or(mime::UNKNOWN);
    let mime = sniff(&start, told).map_or_else(|| mime::usual(told).to_owned(), Cow::into_owned);
    let name = facts.name.clone().unwrap_or_else(|| file_name(&file.path, &mime));
    let measured = measure(content.path()).await;
    let facts = FileFacts {
        name: Some(name.clone()),
        mime: Some(mime.clone()),
        bytes: Some(bytes),
        width: measured.and_then(|facts| facts.width).or(facts.width),
        height: measured.and_then(|facts| facts.height).or(facts.height),
        seconds: measured.and_then(|facts| facts.seconds).or(facts.seconds),
    };
    Ok(IncomingFile { name, mime, content, facts, source: Some(file_id.to_owned()) })
}

/// A downloaded file, and the permit for the space that it takes.
struct TemporaryFile {
    _path: TempPath,
    _permit: Option<OwnedSemaphorePermit>,
}

async fn download(telegram: &Telegram, path: &str, bytes: u64) -> Result<FileOnDisk, FileError> {
    let fail = |error: &std::io::Error| FileError::Unreachable(telegram.redact(&error.to_string()));
    // Bounds the space that the files of all users take together.
    let permit = telegram.reserve_space(bytes).await;
    let file = match &telegram.scratch {
        Some(folder) => tempfile::NamedTempFile::new_in(folder),
        None => tempfile::NamedTempFile::new(),
    };
    let (file, to) = file.map_err(|error| fail(&error))?.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    telegram.files().download_file(path, &mut file).await.map_err(|error| match error {
        DownloadError::Network(error) => FileError::Unreachable(telegram.describe(&RequestError::Network(error))),
        DownloadError::Io(error) => fail(&error),
    })?;
    file.flush().await.map_err(|error| fail(&error))?;
    Ok(FileOnDisk::new(to.to_path_buf()).with_guard(TemporaryFile { _path: to, _permit: permit }))
}

/// The first bytes of a file, and its size.
async fn begin(path: &Path) -> std::io::Result<(Vec<u8>, u64)> {
    let file = tokio::fs::File::open(path).await?;
    let facts = file.metadata().await?;
    if !facts.is_file() {
        return Err(std::io::ErrorKind::InvalidInput.into());
    }
    let mut start = Vec::new();
    file.take(SNIFFED as u64).read_to_end(&mut start).await?;
    Ok((start, facts.len()))
}

/// What the content of a file tells of it. A library may meet a file that it was not made for; nothing is known then.
async fn measure(path: &Path) -> Option<Probe> {
    let path = path.to_owned();
    let measured = tokio::task::spawn_blocking(move || std::fs::File::open(path).map(Probe::read).ok()).await;
    measured.inspect_err(|error| tracing::warn!(%error, "a user's file could not be measured")).ok().flatten()
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
