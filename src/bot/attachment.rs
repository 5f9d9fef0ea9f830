//! A user's file on its way to the vendor: Telegram hands it to us, we hand it on. Nobody else sees Telegram's link,
//! because it holds the token.

use async_trait::async_trait;
use bytes::Bytes;
use teloxide::net::Download;
use teloxide::types::{FileId, FileMeta, Message, Seconds};
use teloxide::{DownloadError, RequestError};
use tokio::sync::OwnedSemaphorePermit;

use super::draft::Received;
use super::telegram::Telegram;
use crate::mime;
use crate::schema::FileFacts;
use crate::schema::spec::MediaKind;
use crate::service::{Attachments, FetchError, IncomingFile};

/// What a bot may fetch from Telegram (Bot API, `getFile`): 20 MB, binary.
pub(crate) const FETCH_LIMIT: u64 = 20 << 20;

/// A file could not be had from Telegram.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchFailure {
    /// More than Telegram hands to a bot.
    #[error("the file has more than 20 MB")]
    TooBig,
    /// Anything else, in words without the token.
    #[error("{0}")]
    Unreachable(String),
}

/// Fetches users' files again by their Telegram ids, when an upload to the vendor has expired.
#[derive(Debug, Clone)]
pub struct TelegramFiles {
    telegram: Telegram,
}

impl TelegramFiles {
    /// Over a Telegram account.
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

/// The file in a message, if there is one. Of a photo it is the largest size.
pub(crate) fn received(message: &Message) -> Option<Received> {
    let mut found = file_in(message)?;
    found.caption = message.caption().map(ToOwned::to_owned).filter(|c| !c.trim().is_empty());
    Some(found)
}

fn file_in(message: &Message) -> Option<Received> {
    if let Some(photo) = message.photo().and_then(|sizes| sizes.iter().max_by_key(|s| s.width * s.height)) {
        let facts = sized(Some(photo.width), Some(photo.height), None);
        return Some(of(&photo.file, MediaKind::Image, facts, None, Some("image/jpeg".into())));
    }
    if let Some(v) = message.video() {
        let facts = sized(Some(v.width), Some(v.height), Some(v.duration));
        return Some(of(&v.file, MediaKind::Video, facts, v.file_name.clone(), v.mime_type.as_ref().map(text)));
    }
    // An animation also carries a document for old clients: it comes first.
    if let Some(a) = message.animation() {
        let facts = sized(Some(a.width), Some(a.height), Some(a.duration));
        let mime = a.mime_type.as_ref().map(text);
        let kind = mime.as_deref().map_or(MediaKind::Video, MediaKind::of_mime);
        return Some(of(&a.file, kind, facts, a.file_name.clone(), mime));
    }
    if let Some(a) = message.audio() {
        let facts = sized(None, None, Some(a.duration));
        return Some(of(&a.file, MediaKind::Audio, facts, a.file_name.clone(), a.mime_type.as_ref().map(text)));
    }
    if let Some(v) = message.voice() {
        let facts = sized(None, None, Some(v.duration));
        let mime = v.mime_type.as_ref().map(text).or_else(|| Some("audio/ogg".into()));
        return Some(of(&v.file, MediaKind::Audio, facts, None, mime));
    }
    if let Some(v) = message.video_note() {
        let facts = sized(Some(v.length), Some(v.length), Some(v.duration));
        return Some(of(&v.file, MediaKind::Video, facts, None, Some("video/mp4".into())));
    }
    let d = message.document()?;
    let mime = d.mime_type.as_ref().map(text);
    let guessed = || d.file_name.as_deref().and_then(mime::of_path).map(str::to_owned);
    let mime = mime.filter(|m| m != "application/octet-stream").or_else(guessed);
    let kind = mime.as_deref().map_or(MediaKind::Document, MediaKind::of_mime);
    Some(of(&d.file, kind, FileFacts::default(), d.file_name.clone(), mime))
}

/// Writes out what Telegram may leave out of a message and teloxide's types insist on: without it a voice message whose
/// type is not told would not be seen as one.
pub(crate) fn complete(message: &mut serde_json::Value) {
    for kind in ["video", "animation", "audio", "voice"] {
        if let Some(file) = message.get_mut(kind).and_then(serde_json::Value::as_object_mut) {
            file.entry("mime_type").or_insert(serde_json::Value::Null);
        }
    }
}

fn text(mime: &impl ToString) -> String {
    mime.to_string()
}

fn sized(width: Option<u32>, height: Option<u32>, length: Option<Seconds>) -> FileFacts {
    // Telegram writes 0 for what it does not know.
    let known = |n: &u32| *n > 0;
    let seconds = length.map(Seconds::seconds).filter(known).map(f64::from);
    FileFacts { width: width.filter(known), height: height.filter(known), seconds, ..FileFacts::default() }
}

fn of(file: &FileMeta, kind: MediaKind, facts: FileFacts, name: Option<String>, mime: Option<String>) -> Received {
    // Telegram leaves the size out for some files; teloxide then says u32::MAX.
    let bytes = Some(u64::from(file.size)).filter(|n| *n < u64::from(u32::MAX) && *n > 0);
    let facts = FileFacts { name, mime, bytes, ..facts };
    Received { file_id: file.id.0.clone(), kind, facts, caption: None }
}

/// Downloads a file by its Telegram id. Its type is told from its content; what the content does not tell comes from
/// `facts`.
pub(crate) async fn fetch(telegram: &Telegram, file_id: &str, facts: &FileFacts) -> Result<IncomingFile, FetchFailure> {
    if facts.bytes.is_some_and(|bytes| bytes > FETCH_LIMIT) {
        return Err(FetchFailure::TooBig);
    }
    let file = telegram.file(&FileId(file_id.to_owned())).await;
    let file = file.map_err(|error| match &error {
        RequestError::Api(api) if api.to_string().contains("file is too big") => FetchFailure::TooBig,
        _ => FetchFailure::Unreachable(telegram.describe(&error)),
    })?;
    // Many may send files at once, and all of them together must not fill the memory.
    let room =
        telegram.reserve_memory(Some(u64::from(file.size)).filter(|n| *n <= FETCH_LIMIT).unwrap_or(FETCH_LIMIT)).await;
    let mut bytes = Vec::new();
    telegram.files().download_file(&file.path, &mut bytes).await.map_err(|error| {
        FetchFailure::Unreachable(match error {
            DownloadError::Network(error) => telegram.describe(&RequestError::Network(error)),
            DownloadError::Io(error) => telegram.redact(&error.to_string()),
        })
    })?;
    let mime = infer::get(&bytes)
        .map(|kind| kind.mime_type().to_owned())
        .or_else(|| facts.mime.clone())
        .or_else(|| mime::of_path(&file.path).map(str::to_owned))
        .unwrap_or_else(|| mime::UNKNOWN.to_owned());
    let mime = spelled(mime, facts.mime.as_deref());
    let name = facts.name.clone().unwrap_or_else(|| path_name(&file.path, &mime));
    let facts = FileFacts {
        name: Some(name.clone()),
        mime: Some(mime.clone()),
        bytes: Some(bytes.len() as u64),
        ..facts.clone()
    };
    let bytes = Bytes::from_owner(Kept { bytes, _room: room });
    Ok(IncomingFile { name, mime, bytes, facts, source: Some(file_id.to_owned()) })
}

/// A file in memory, and the room that it takes.
struct Kept {
    bytes: Vec<u8>,
    _room: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Kept {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// The usual spelling of a MIME type that content sniffers spell in their own way, or cannot tell apart.
fn spelled(sniffed: String, told: Option<&str>) -> String {
    match (sniffed.as_str(), told) {
        ("audio/x-wav", _) => "audio/wav".to_owned(),
        ("audio/x-flac", _) => "audio/flac".to_owned(),
        ("audio/m4a" | "audio/x-m4a", _) => "audio/mp4".to_owned(),
        // One container for sound and moving pictures: the sender knows which it is.
        ("video/mp4" | "application/ogg" | "video/ogg" | "video/webm", Some(told)) if told.starts_with("audio/") => {
            told.to_owned()
        }
        ("application/ogg", None) => "audio/ogg".to_owned(),
        _ => sniffed,
    }
}

fn path_name(path: &str, mime: &str) -> String {
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
        complete(&mut body);
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
    fn types_have_one_spelling() {
        assert_eq!(spelled("audio/x-wav".into(), None), "audio/wav");
        assert_eq!(spelled("video/mp4".into(), Some("audio/mp4")), "audio/mp4");
        assert_eq!(spelled("video/mp4".into(), Some("video/mp4")), "video/mp4");
        assert_eq!(path_name("photos/file_1.jpg", "image/jpeg"), "file_1.jpg");
    }
}
