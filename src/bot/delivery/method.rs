//! How a result file is sent: by its MIME type and within Telegram's limits.

use crate::service::{Body, ResultFile};

/// Most bytes of a photo (Bot API, `sendPhoto`).
const PHOTO_LIMIT: u64 = 10_000_000;
/// How many photos an album may have (Bot API, `sendMediaGroup`).
pub(super) const ALBUM: std::ops::RangeInclusive<usize> = 2..=10;

/// A way to send a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Photo,
    Video,
    Animation,
    Audio,
    Document,
    /// A message with the vendor's link.
    Link,
}

impl Method {
    const ALL: [Self; 6] = [Self::Photo, Self::Video, Self::Animation, Self::Audio, Self::Document, Self::Link];

    /// The name in the store.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Animation => "animation",
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Link => "link",
        }
    }

    /// The method with this name in the store.
    pub(crate) fn of_str(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.as_str() == name)
    }

    /// The method to try when Telegram refuses this one.
    pub(crate) const fn fallback(self) -> Self {
        match self {
            Self::Photo | Self::Video | Self::Animation | Self::Audio => Self::Document,
            Self::Document | Self::Link => Self::Link,
        }
    }
}

/// The best method for a file. The service makes a link of one that Telegram does not take.
pub(crate) fn choose(file: &ResultFile) -> Method {
    let bytes = match &file.body {
        Body::Link { .. } => return Method::Link,
        // A photo loses its file name and its transparency.
        Body::File { .. } if file.label.is_some() => return Method::Document,
        Body::File { bytes, .. } => *bytes,
    };
    match file.mime.as_str() {
        "image/jpeg" | "image/png" | "image/webp" if bytes <= PHOTO_LIMIT => Method::Photo,
        "image/gif" => Method::Animation,
        "video/mp4" | "video/quicktime" => Method::Video,
        // Telegram's player plays MP3 and M4A; other formats are sent as documents.
        "audio/mpeg" | "audio/mp3" | "audio/mp4" | "audio/x-m4a" | "audio/m4a" | "audio/aac" => Method::Audio,
        _ => Method::Document,
    }
}

/// The files, when they can be sent as one album: all are photos, and their number is in [`ALBUM`].
pub(crate) fn album<'a>(files: &[&'a ResultFile]) -> Option<Vec<&'a ResultFile>> {
    let all = ALBUM.contains(&files.len()) && files.iter().all(|f| choose(f) == Method::Photo);
    all.then(|| files.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::{LinkReason, ResultLink};

    fn file(mime: &str, bytes: u64) -> ResultFile {
        ResultFile {
            index: 0,
            url: "https://x/a".into(),
            name: "a".into(),
            label: None,
            mime: mime.into(),
            track: None,
            cover: None,
            body: Body::File { path: "/tmp/a".into(), bytes },
        }
    }

    #[test]
    fn the_type_and_the_size_decide() {
        for (mime, bytes, method) in [
            ("image/png", 10_000_000, Method::Photo),
            ("image/png", 10_000_001, Method::Document),
            ("image/jpeg", 5, Method::Photo),
            ("image/webp", 5, Method::Photo),
            ("image/svg+xml", 5, Method::Document),
            ("image/gif", 5, Method::Animation),
            ("video/mp4", 50_000_001, Method::Video),
            ("video/quicktime", 5, Method::Video),
            ("video/webm", 5, Method::Document),
            ("audio/mpeg", 5, Method::Audio),
            ("audio/mp4", 5, Method::Audio),
            ("audio/wav", 5, Method::Document),
            ("audio/flac", 5, Method::Document),
            ("application/zip", 5, Method::Document),
        ] {
            assert_eq!(choose(&file(mime, bytes)), method, "{mime} {bytes}");
        }
        assert_eq!(choose(&ResultFile { label: Some("Sky".into()), ..file("image/png", 5) }), Method::Document);
        let link = ResultLink { url: "https://x".into(), life: None };
        let link = Body::Link { link, reason: LinkReason::Unreachable };
        assert_eq!(choose(&ResultFile { body: link, ..file("video/mp4", 0) }), Method::Link);
    }

    #[test]
    fn only_photos_make_an_album() {
        let (photo, video) = (file("image/png", 5), file("video/mp4", 5));
        assert!(album(&[&photo]).is_none());
        assert_eq!(album(&[&photo, &photo]).unwrap().len(), 2);
        assert!(album(&[&photo, &video]).is_none());
        assert!(album(&[&photo; 11]).is_none());
        assert!(album(&[&photo; 10]).is_some());
    }

    #[test]
    fn every_refusal_ends_in_a_link() {
        for method in Method::ALL {
            assert_eq!(Method::of_str(method.as_str()), Some(method));
            assert_eq!(method.fallback().fallback(), Method::Link);
        }
    }
}
