//! Users' files: read from a message, downloaded from Telegram, and passed to the service, which uploads them to the
//! vendor. Telegram's link goes to no other system, because it contains the token.

use std::borrow::Cow;

use async_trait::async_trait;
use bytes::Bytes;
use teloxide::net::Download;
use teloxide::types::{FileId, FileMeta, Message, Seconds};
use teloxide::{DownloadError, RequestError};
use tokio::sync::OwnedSemaphorePermit;

use super::draft::ReceivedFile;
use super::telegram::Telegram;
use crate::mime;
use crate::schema::FileFacts;
use crate::schema::spec::MediaKind;
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

/// The file in a message; of a photo, the largest size.
pub(crate) fn received(message: &Message) -> Option<ReceivedFile> {
    let mut found = file_in(message)?;
    found.caption = message.caption().map(ToOwned::to_owned).filter(|c| !c.trim().is_empty());
    Some(found)
}

fn file_in(message: &Message) -> Option<ReceivedFile> {
    if let Some(photo) = message.photo().and_then(|sizes| sizes.iter().max_by_key(|s| s.width * s.height)) {
        let facts = measured(Some(photo.width), Some(photo.height), None);
        return Some(of(&photo.file, MediaKind::Image, facts, None, Some("image/jpeg".into())));
    }
    if let Some(v) = message.video() {
        let facts = measured(Some(v.width), Some(v.height), Some(v.duration));
        return Some(of(&v.file, MediaKind::Video, facts, v.file_name.clone(), v.mime_type.as_ref().map(mime_text)));
    }
    // An animation also carries a document, for old clients, so it is tried first.
    if let Some(a) = message.animation() {
        let facts = measured(Some(a.width), Some(a.height), Some(a.duration));
        let mime = a.mime_type.as_ref().map(mime_text);
        let kind = mime.as_deref().map_or(MediaKind::Video, MediaKind::of_mime);
        return Some(of(&a.file, kind, facts, a.file_name.clone(), mime));
    }
    if let Some(a) = message.audio() {
        let facts = measured(None, None, Some(a.duration));
        return Some(of(&a.file, MediaKind::Audio, facts, a.file_name.clone(), a.mime_type.as_ref().map(mime_text)));
    }
    if let Some(v) = message.voice() {
        let facts = measured(None, None, Some(v.duration));
        let mime = v.mime_type.as_ref().map(mime_text).or_else(|| Some("audio/ogg".into()));
        return Some(of(&v.file, MediaKind::Audio, facts, None, mime));
    }
    if let Some(v) = message.video_note() {
        let facts = measured(Some(v.length), Some(v.length), Some(v.duration));
        return Some(of(&v.file, MediaKind::Video, facts, None, Some("video/mp4".into())));
    }
    let d = message.document()?;
    let mime = d.mime_type.as_ref().map(mime_text);
    let guessed = || d.file_name.as_deref().and_then(mime::of_path).map(str::to_owned);
    let mime = mime.filter(|m| m != "application/octet-stream").or_else(guessed);
    let kind = mime.as_deref().map_or(MediaKind::Document, MediaKind::of_mime);
    Some(of(&d.file, kind, FileFacts::default(), d.file_name.clone(), mime))
}

/// Adds the optional keys that teloxide's types require. Without this, a voice message without a MIME type would not be
/// recognised as one.
pub(crate) fn add_missing_keys(message: &mut serde_json::Value) {
    for kind in ["video", "animation", "audio", "voice"] {
        if let Some(file) = message.get_mut(kind).and_then(serde_json::Value::as_object_mut) {
            file.entry("mime_type").or_insert(serde_json::Value::Null);
        }
    }
}

fn mime_text(mime: &impl ToString) -> String {
    mime.to_string()
}

fn measured(width: Option<u32>, height: Option<u32>, length: Option<Seconds>) -> FileFacts {
    // Telegram sends 0 for what it does not know.
    let known = |n: &u32| *n > 0;
    let seconds = length.map(Seconds::seconds).filter(known).map(f64::from);
    FileFacts { width: width.filter(known), height: height.filter(known), seconds, ..FileFacts::default() }
}

fn of(file: &FileMeta, kind: MediaKind, facts: FileFacts, name: Option<String>, mime: Option<String>) -> ReceivedFile {
    // Telegram omits the size of some files; teloxide then sets u32::MAX.
    let bytes = Some(u64::from(file.size)).filter(|n| *n < u64::from(u32::MAX) && *n > 0);
    let facts = FileFacts { name, mime, bytes, ..facts };
    ReceivedFile { file_id: file.id.0.clone(), kind, facts, caption: None }
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
    use serde_json::json;

    use super::*;

    fn message(content: serde_json::Value) -> Message {
        let mut body = json!({"message_id": 5, "date": 1_700_000_000,
            "chat": {"id": 7, "type": "private", "first_name": "A"},
            "from": {"id": 7, "is_bot": false, "first_name": "A"},
        });
        body.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        add_missing_keys(&mut body);
        serde_json::from_value(body).unwrap()
    }

    fn file(id: &str) -> serde_json::Value {
        json!({"file_id": id, "file_unique_id": "u", "file_size": 1000})
    }

    fn with(mut base: serde_json::Value, more: serde_json::Value) -> serde_json::Value {
        base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        base
    }

    #[test]
    fn every_kind_of_file_message_is_understood() {
        let small = with(file("s"), json!({"width": 90, "height": 60}));
        let large = with(file("l"), json!({"width": 900, "height": 600}));
        let photo = received(&message(json!({"photo": [small, large], "caption": "a fox"}))).unwrap();
        assert_eq!((photo.file_id.as_str(), photo.kind, photo.facts.width), ("l", MediaKind::Image, Some(900)));
        assert_eq!(photo.caption.as_deref(), Some("a fox"));

        let moving = json!({"width": 640, "height": 360, "duration": 12, "mime_type": "video/mp4"});
        let video = received(&message(json!({"video": with(file("v"), moving.clone())}))).unwrap();
        assert_eq!((video.kind, video.facts.seconds), (MediaKind::Video, Some(12.0)));
        let animation = json!({"animation": with(file("a"), moving.clone()), "document": file("a")});
        assert_eq!(received(&message(animation)).unwrap().kind, MediaKind::Video);

        let voice = received(&message(json!({"voice": with(file("o"), json!({"duration": 3}))}))).unwrap();
        assert_eq!((voice.kind, voice.facts.mime.as_deref()), (MediaKind::Audio, Some("audio/ogg")));
        let audio = received(&message(json!({"audio": with(file("m"), json!({"duration": 0}))}))).unwrap();
        assert_eq!((audio.kind, audio.facts.seconds), (MediaKind::Audio, None));
        let note = json!({"video_note": with(file("n"), json!({"length": 240, "duration": 5}))});
        assert_eq!(received(&message(note)).unwrap().facts.width, Some(240));

        let picture = with(file("d"), json!({"file_name": "a.png", "mime_type": "image/png"}));
        assert_eq!(received(&message(json!({"document": picture}))).unwrap().kind, MediaKind::Image);
        let unknown = with(file("d"), json!({"file_name": "song.flac", "mime_type": "application/octet-stream"}));
        assert_eq!(received(&message(json!({"document": unknown}))).unwrap().kind, MediaKind::Audio);
        assert!(received(&message(json!({"text": "hello"}))).is_none());
    }

    #[test]
    fn a_file_without_a_name_is_called_as_at_telegram() {
        assert_eq!(file_name("photos/file_1.jpg", "image/jpeg"), "file_1.jpg");
        assert_eq!(file_name("voice/file_2", "audio/ogg"), "file_2.ogg");
    }
}
