//! The type of a file by its first bytes. What a file is called, and what its sender calls it, is often wrong.

use std::borrow::Cow;

use crate::mime;

/// How many first bytes are enough.
pub const SNIFFED: usize = 8192;

/// The type that the first bytes of a file show, under its usual name; `None` when they show none. `told` is the type that the
/// sender or the name tells (empty if none does): it decides where several types begin alike.
pub fn sniff(start: &[u8], told: &str) -> Option<Cow<'static, str>> {
    let found = shown_type(start)?;
    let told = mime::usual(told);
    let is_told = !told.is_empty() && told != mime::UNKNOWN;
    if is_told && is_wrapping(found) {
        return None;
    }
    if is_told && begin_alike(found, told) {
        return Some(Cow::Owned(told.to_owned()));
    }
    Some(Cow::Borrowed(found))
}

/// The type that the first bytes of a file show, whatever its sender says.
pub fn shown_type(start: &[u8]) -> Option<&'static str> {
    let found = mime::usual(infer::get(start)?.mime_type());
    (found == "application/pdf" || found.starts_with("text/") || !is_text(start)).then_some(found)
}

/// Whether these are words. Some types are known by two or three letters, with which a text may begin as well.
fn is_text(start: &[u8]) -> bool {
    let is_control = |byte: &u8| *byte < b' ' && !byte.is_ascii_whitespace();
    let is_utf8 = std::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true);
    is_utf8 && !start.iter().any(is_control)
}

/// Types that hold others: an office document is a ZIP archive, a picture may be XML.
fn is_wrapping(mime: &str) -> bool {
    let archives = ["application/zip", "application/x-ole-storage", "application/gzip", mime::UNKNOWN];
    // The older office documents differ far behind their beginnings.
    let office = ["application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"];
    mime.starts_with("text/") || archives.contains(&mime) || office.contains(&mime)
}

/// Whether a file of the type that was told may begin as one of the type that was found.
fn begin_alike(found: &str, told: &str) -> bool {
    match found {
        // Containers of sound as well as of pictures.
        "video/mp4" | "video/webm" | "video/x-matroska" => told.starts_with("audio/"),
        "audio/ogg" => told == "video/ogg",
        "video/x-m4v" => matches!(told, "video/mp4" | "audio/mp4"),
        "image/heif" => told == "image/heic",
        // A tag that stands before sound of several types.
        "audio/mpeg" => matches!(told, "audio/aac" | "audio/flac"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
    const OGG: &[u8] = b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead";
    const MP4: &[u8] = b"\0\0\0\x18ftypisom\0\0\0\0";
    const WAV: &[u8] = b"RIFF\0\0\0\0WAVEfmt ";
    const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0";

    #[test]
    fn the_bytes_decide_and_types_have_their_usual_names() {
        for (start, told, seen) in [
            (JPEG, "image/png", Some("image/jpeg")),
            (JPEG, "", Some("image/jpeg")),
            (OGG, "audio/ogg", Some("audio/ogg")),
            (OGG, "application/octet-stream", Some("audio/ogg")),
            (WAV, "audio/mpeg", Some("audio/wav")),
            (MP4, "video/quicktime", Some("video/mp4")),
            (b"\0\0\0\x18ftypM4A \0\0\0\0", "video/mp4", Some("audio/mp4")),
            (b"%PDF-1.7\nwords", "text/plain", Some("application/pdf")),
            (b"no type at all", "image/png", None),
            (b"", "", None),
        ] {
            assert_eq!(sniff(start, told).as_deref(), seen, "{told} {}", start.escape_ascii());
        }
    }

    #[test]
    fn where_types_begin_alike_the_sender_decides() {
        assert_eq!(sniff(MP4, "audio/x-m4a").as_deref(), Some("audio/mp4"));
        assert_eq!(sniff(MP4, "").as_deref(), Some("video/mp4"));
        assert_eq!(sniff(b"ID3\x04\0\0", "audio/aac").as_deref(), Some("audio/aac"));
        let document = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        assert_eq!((sniff(ZIP, document), sniff(ZIP, "").as_deref()), (None, Some("application/zip")));
        assert_eq!(sniff(b"<?xml version='1.0'?><svg/>", "image/svg+xml"), None);
    }

    #[test]
    fn words_are_no_picture() {
        for words in ["BMW is a car", "GIF is a format", "II*\n", "BM"] {
            assert_eq!(sniff(words.as_bytes(), "text/plain"), None, "{words}");
        }
        assert_eq!(sniff("BMW – ещё".as_bytes().split_last().unwrap().1, ""), None, "cut off in a letter");
        assert_eq!(sniff(b"BM\x46\0\0\0\0\0\0\0", "").as_deref(), Some("image/bmp"));
    }
}
