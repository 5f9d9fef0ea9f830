//! The file in a message.

use serde_json::Value;

use super::{id, text};
use crate::bot::draft::ReceivedFile;
use crate::mime;
use crate::schema::FileFacts;
use crate::schema::spec::MediaKind;

/// The file in a message, with its caption; of a photo, the largest size.
pub(super) fn of_message(message: &Value) -> Option<ReceivedFile> {
    let caption = text(message, "caption").filter(|caption| !caption.trim().is_empty());
    let album = text(message, "media_group_id");
    Some(ReceivedFile { caption, message: id(message), album, ..find(message)? })
}

fn find(message: &Value) -> Option<ReceivedFile> {
    let sizes = message.get("photo").and_then(Value::as_array);
    let area = |size: &&Value| number(size, "width").unwrap_or(0) * number(size, "height").unwrap_or(0);
    if let Some(photo) = sizes.and_then(|sizes| sizes.iter().max_by_key(area)) {
        return file(photo, |_| MediaKind::Image, Some("image/jpeg"));
    }
    // An animation also carries a document, for old clients, so it is tried first.
    let of_mime = |mime: Option<&str>| mime.map_or(MediaKind::Video, MediaKind::of_mime);
    let part = |key: &str| message.get(key).filter(|part| part.is_object());
    if let Some(video) = part("video") {
        return file(video, |_| MediaKind::Video, None);
    }
    if let Some(animation) = part("animation") {
        return file(animation, of_mime, None);
    }
    if let Some(audio) = part("audio") {
        return file(audio, |_| MediaKind::Audio, None);
    }
    if let Some(voice) = part("voice") {
        return file(voice, |_| MediaKind::Audio, Some("audio/ogg"));
    }
    if let Some(note) = part("video_note") {
        return file(note, |_| MediaKind::Video, Some("video/mp4"));
    }
    let by_name = |name: Option<&str>| name.and_then(mime::of_path);
    let document = part("document")?;
    let usual = by_name(document.get("file_name").and_then(Value::as_str));
    file(document, |mime| mime.map_or(MediaKind::Document, MediaKind::of_mime), usual)
}

/// A file of `usual` type, unless Telegram says another one.
fn file(part: &Value, kind: impl Fn(Option<&str>) -> MediaKind, usual: Option<&str>) -> Option<ReceivedFile> {
    let told = text(part, "mime_type").filter(|mime| mime != "application/octet-stream");
    let mime = told.or_else(|| usual.map(str::to_owned));
    // A round video has one length for both sides. Telegram sends 0 for what it does not know.
    let known = |key: &str| number(part, key).filter(|number| *number > 0);
    let side = |key: &str| known(key).or_else(|| known("length")).and_then(|side| u32::try_from(side).ok());
    let facts = FileFacts {
        name: text(part, "file_name"),
        mime: mime.clone(),
        bytes: known("file_size"),
        width: side("width"),
        height: side("height"),
        seconds: known("duration").map(|seconds| seconds as f64),
    };
    Some(ReceivedFile {
        file_id: text(part, "file_id")?,
        kind: kind(mime.as_deref()),
        facts,
        caption: None,
        unique_id: text(part, "file_unique_id"),
        message: None,
        album: None,
    })
}

fn number(part: &Value, key: &str) -> Option<u64> {
    part.get(key)?.as_u64()
}
