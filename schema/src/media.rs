//! Files, given as URLs, of a kind.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use super::deserialize::{self, Limit, Readable, Within};
use super::limit::bounded;
use super::report::ViolationKind;
use super::spec::{MediaKind, MediaSpec, Range};
use super::value_ref::{AsValueRef, ValueRef};
use crate::file::FileFacts;

/// What a [`Media`] may be: one of the kinds below, or several in a tuple.
pub trait Kinds: 'static {
    /// The kinds.
    const OF: &'static [MediaKind];
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident),+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $name {}

            impl Kinds for $name {
                const OF: &'static [MediaKind] = &[MediaKind::$name];
            }
        )+
    };
}

kinds! {
    /// A picture.
    Image,
    /// A clip.
    Video,
    /// A sound.
    Audio,
    /// Any other file.
    Document
}

impl<A: Kinds, B: Kinds> Kinds for (A, B) {
    const OF: &'static [MediaKind] = &[A::OF[0], B::OF[0]];
}

impl<A: Kinds, B: Kinds, C: Kinds> Kinds for (A, B, C) {
    const OF: &'static [MediaKind] = &[A::OF[0], B::OF[0], C::OF[0]];
}

impl<A: Kinds, B: Kinds, C: Kinds, D: Kinds> Kinds for (A, B, C, D) {
    const OF: &'static [MediaKind] = &[A::OF[0], B::OF[0], C::OF[0], D::OF[0]];
}

/// URL schemes that a field takes besides http and https.
pub trait Schemes: 'static {
    /// The schemes.
    const ALSO: &'static [&'static str];
}

/// http and https only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Web {}

impl Schemes for Web {
    const ALSO: &'static [&'static str] = &[];
}

/// The URL of a file of kind `K`, e.g. `Media<Image>`.
///
/// A URL says nothing sure about the file behind it: sizes, lengths and types are checked where the file itself is known
/// (see [`crate::form::check`]).
pub struct Media<K, S = Web>(String, PhantomData<fn() -> (K, S)>);

bounded!(Media<K, S>);

impl<K: Kinds, S: Schemes> Media<K, S> {
    /// Takes a URL that the vendor can fetch.
    ///
    /// # Errors
    /// [`ViolationKind::NotUrl`].
    pub fn new(url: impl Into<String>) -> Result<Self, ViolationKind> {
        let url = url.into();
        check_url(&url, S::ALSO)?;
        Ok(Self(url, PhantomData))
    }

    /// What the file may be.
    pub const fn kinds(&self) -> &'static [MediaKind] {
        K::OF
    }
}

impl<K, S> Media<K, S> {
    /// The URL.
    pub fn url(&self) -> &str {
        &self.0
    }
}

impl<K: Kinds, S: Schemes> FromStr for Media<K, S> {
    type Err = ViolationKind;
    fn from_str(url: &str) -> Result<Self, ViolationKind> {
        Self::new(url)
    }
}

impl<K: Kinds, S: Schemes> TryFrom<String> for Media<K, S> {
    type Error = ViolationKind;
    fn try_from(url: String) -> Result<Self, ViolationKind> {
        Self::new(url)
    }
}

impl<K, S> AsValueRef for Media<K, S> {
    fn as_value_ref(&self) -> ValueRef<'_> {
        ValueRef::Text(&self.0)
    }
}

impl<'de, K: Kinds, S: Schemes> Deserialize<'de> for Media<K, S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize::read(deserializer)
    }
}

/// The limits of a URL: schemes besides http and https.
pub struct Link(&'static [&'static str]);

impl<K: Kinds, S: Schemes> Readable<'_> for Media<K, S> {
    type Seed = Within<Link>;

    fn seed() -> Within<Link> {
        Within { limit: const { &Link(S::ALSO) } }
    }

    fn wrap(url: String) -> Result<Self, ViolationKind> {
        Ok(Self(url, PhantomData))
    }
}

impl Limit for Link {
    type Value = String;
    const NEEDED: &'static str = "a URL";

    fn text(&self, url: &str) -> Option<Result<String, ViolationKind>> {
        Some(check_url(url, self.0).map(|()| url.to_owned()))
    }
}

/// The one place where URLs are checked: a known scheme, something behind it, no white space.
fn check_url(url: &str, also: &[&str]) -> Result<(), ViolationKind> {
    let host = url.strip_prefix("https://").or_else(|| after_scheme(url, also));
    if host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) && !has_space(url) {
        return Ok(());
    }
    Err(ViolationKind::NotUrl { schemes: ["https", "http"].iter().chain(also).map(|&s| s.to_owned()).collect() })
}

/// What follows a known scheme, however it is written.
fn after_scheme<'a>(url: &'a str, also: &[&str]) -> Option<&'a str> {
    let (scheme, host) = url.split_once("://")?;
    ["https", "http"].iter().chain(also).any(|known| known.eq_ignore_ascii_case(scheme)).then_some(host)
}

fn has_space(url: &str) -> bool {
    // Nearly all URLs are ASCII. All bytes are looked at, without an early end: so the processor takes many at once.
    let (space, other) =
        url.bytes().fold((false, false), |(space, other), b| (space | (b <= b' ') | (b == 0x7f), other | (b >= 0x80)));
    space || other && url.contains(|c: char| c.is_whitespace() || c.is_control())
}

impl MediaKind {
    /// The word in MIME types and file names: `image`, `video`, `audio`, `document`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
        }
    }

    /// The kind that a MIME type belongs to.
    pub fn of_mime(mime: &str) -> Self {
        match mime.split('/').next() {
            Some("image") => Self::Image,
            Some("video") => Self::Video,
            Some("audio") => Self::Audio,
            _ => Self::Document,
        }
    }

    /// The kind that the end of a URL tells, where it tells one.
    pub fn of_url(url: &str) -> Option<Self> {
        let path = url.split(['?', '#']).next()?;
        let extension = path.rsplit('/').next()?.rsplit_once('.')?.1.to_ascii_lowercase();
        match extension.as_str() {
            "jpg" | "jpeg" | "png" | "webp" | "gif" | "bmp" | "heic" | "heif" | "avif" | "tiff" => Some(Self::Image),
            "mp4" | "mov" | "webm" | "mkv" | "avi" | "m4v" | "mpeg" | "mpg" => Some(Self::Video),
            "mp3" | "wav" | "aac" | "ogg" | "oga" | "m4a" | "flac" | "opus" => Some(Self::Audio),
            _ => None,
        }
    }
}

impl fmt::Display for MediaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One name for MIME types that have several.
fn canonical(mime: &str) -> &str {
    let mime = mime.split(';').next().unwrap_or(mime).trim();
    match mime {
        "image/jpg" | "image/pjpeg" => "image/jpeg",
        "audio/mp3" | "audio/x-mp3" | "audio/x-mpeg" => "audio/mpeg",
        "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => "audio/wav",
        "audio/x-m4a" | "audio/m4a" => "audio/mp4",
        "audio/x-aac" | "audio/aacp" => "audio/aac",
        "audio/opus" | "application/ogg" => "audio/ogg",
        "audio/x-flac" => "audio/flac",
        "video/x-quicktime" => "video/quicktime",
        "video/x-m4v" => "video/mp4",
        "video/mkv" | "video/matroska" => "video/x-matroska",
        other => other,
    }
}

impl Range {
    /// Whether a number lies within; both ends belong to the range.
    pub fn contains(self, value: f64) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }
}

/// Lengths that people and tools measure differ by a few frames; so much is forgiven.
pub(crate) const SECONDS_SLACK: f64 = 0.1;

impl MediaSpec {
    /// Whether a text is a URL that the vendor can fetch.
    ///
    /// # Errors
    /// [`ViolationKind::NotUrl`].
    pub fn check_url(&self, url: &str) -> Result<(), ViolationKind> {
        check_url(url, self.schemes)
    }

    /// Everything in a file that breaks these limits. What is not known of the file refuses nothing.
    pub fn check_facts(&self, facts: &FileFacts) -> Vec<ViolationKind> {
        let mut kinds = Vec::new();
        if let Some(mime) = facts.mime.as_deref() {
            let listed = self.mime.iter().any(|m| canonical(m) == canonical(mime));
            let of_kind = self.of.contains(&MediaKind::of_mime(canonical(mime)));
            if !(listed || self.mime.is_empty() && of_kind) {
                kinds.push(ViolationKind::WrongMedia { allowed: self.allowed() });
            }
        }
        if let (Some(max_mb), Some(bytes)) = (self.max_mb, facts.bytes) {
            let mb = bytes as f64 / 1e6;
            if mb > max_mb {
                kinds.push(ViolationKind::TooBig { max_mb, mb });
            }
        }
        if let (Some(range), Some(seconds)) = (self.seconds, facts.seconds) {
            let slack = Range { min: range.min.map(|n| n - SECONDS_SLACK), max: range.max.map(|n| n + SECONDS_SLACK) };
            if !slack.contains(seconds) {
                kinds.push(ViolationKind::Duration { min: range.min, max: range.max, seconds });
            }
        }
        if let (Some(width), Some(height)) = (facts.width, facts.height) {
            let (w, h) = (f64::from(width), f64::from(height));
            let (short, long) = (w.min(h), w.max(h));
            for (measure, range, values) in [
                ("side", self.side_px, [short, long]),
                ("short_side", self.short_side_px, [short; 2]),
                ("long_side", self.long_side_px, [long; 2]),
                ("total", self.total_px, [w * h; 2]),
                // A ratio is a quotient: the last digit of a limit such as 0.4 must not decide.
                ("ratio", self.ratio.map(widen), [w / h; 2]),
            ] {
                if let Some(range) = range
                    && !values.iter().all(|&v| range.contains(v))
                {
                    kinds.push(ViolationKind::Pixels { measure, min: range.min, max: range.max });
                }
            }
        }
        kinds
    }

    /// MIME types taken, or kinds where the vendor names no types.
    fn allowed(&self) -> Vec<String> {
        if self.mime.is_empty() {
            self.of.iter().map(MediaKind::to_string).collect()
        } else {
            self.mime.iter().map(|&m| m.to_owned()).collect()
        }
    }
}

fn widen(range: Range) -> Range {
    Range { min: range.min.map(|n| n - 1e-6), max: range.max.map(|n| n + 1e-6) }
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Asset {}
    impl Schemes for Asset {
        const ALSO: &'static [&'static str] = &["asset"];
    }

    fn range(min: f64, max: f64) -> Option<Range> {
        Some(Range { min: Some(min), max: Some(max) })
    }

    const ANY: MediaSpec = MediaSpec {
        of: &[MediaKind::Image],
        mime: &[],
        max_mb: None,
        seconds: None,
        ratio: None,
        side_px: None,
        short_side_px: None,
        long_side_px: None,
        total_px: None,
        fps: None,
        schemes: &[],
    };

    #[test]
    fn urls_need_a_scheme_that_the_vendor_fetches() {
        for good in ["https://e.com/a.png", "http://e.com", "HTTPS://e.com/a"] {
            assert!(good.parse::<Media<Image>>().is_ok(), "{good}");
        }
        for bad in ["", "e.com/a.png", "ftp://e.com/a", "https://", "https:///x", "https://e.com/a b", "asset://a"] {
            let schemes = vec!["https".to_owned(), "http".to_owned()];
            assert_eq!(bad.parse::<Media<Image>>(), Err(ViolationKind::NotUrl { schemes }), "{bad}");
        }
        assert!("asset://a".parse::<Media<Image, Asset>>().is_ok());
    }

    #[test]
    fn unknown_facts_refuse_nothing() {
        let spec = MediaSpec { max_mb: Some(1.0), seconds: range(1.0, 2.0), total_px: range(1.0, 2.0), ..ANY };
        assert_eq!(spec.check_facts(&FileFacts::default()), vec![]);
    }

    #[test]
    fn types_are_compared_by_their_one_name() {
        let spec = MediaSpec { mime: &["image/jpeg"], ..ANY };
        let of = |mime: &str| spec.check_facts(&FileFacts { mime: Some(mime.into()), ..Default::default() });
        assert_eq!(of("image/jpg"), vec![]);
        assert_eq!(of("image/png"), vec![ViolationKind::WrongMedia { allowed: vec!["image/jpeg".into()] }]);
        let video = FileFacts { mime: Some("video/mp4".into()), ..Default::default() };
        assert_eq!(ANY.check_facts(&video), vec![ViolationKind::WrongMedia { allowed: vec!["image".into()] }]);
    }

    #[test]
    fn sizes_lengths_and_pixels() {
        let spec = MediaSpec { max_mb: Some(10.0), seconds: range(2.0, 15.0), ..ANY };
        let of = |bytes: u64, seconds: f64| {
            spec.check_facts(&FileFacts { bytes: Some(bytes), seconds: Some(seconds), ..Default::default() })
        };
        assert_eq!(of(10_000_000, 15.04), vec![]);
        assert_eq!(
            of(10_500_000, 16.0),
            vec![
                ViolationKind::TooBig { max_mb: 10.0, mb: 10.5 },
                ViolationKind::Duration { min: Some(2.0), max: Some(15.0), seconds: 16.0 }
            ]
        );
        let measures = |spec: &MediaSpec, w, h| {
            let kinds = spec.check_facts(&FileFacts { width: Some(w), height: Some(h), ..Default::default() });
            let measure = |f| if let ViolationKind::Pixels { measure, .. } = f { measure } else { "?" };
            kinds.into_iter().map(measure).collect::<Vec<_>>()
        };
        assert_eq!(measures(&MediaSpec { side_px: range(300.0, 6000.0), ..ANY }, 299, 500), ["side"]);
        assert_eq!(measures(&MediaSpec { short_side_px: range(300.0, 600.0), ..ANY }, 300, 5000), [""; 0]);
        assert_eq!(measures(&MediaSpec { long_side_px: range(300.0, 600.0), ..ANY }, 300, 601), ["long_side"]);
        assert_eq!(measures(&MediaSpec { total_px: range(0.0, 100.0), ..ANY }, 11, 10), ["total"]);
        assert_eq!(measures(&MediaSpec { ratio: range(0.4, 2.5), ..ANY }, 40, 100), [""; 0]);
        assert_eq!(measures(&MediaSpec { ratio: range(0.4, 2.5), ..ANY }, 39, 100), ["ratio"]);
    }

    #[test]
    fn the_end_of_a_url_tells_the_kind() {
        assert_eq!(MediaKind::of_url("https://e.com/a.b/C.MP4?x=1.png"), Some(MediaKind::Video));
        assert_eq!(MediaKind::of_url("https://e.com/a"), None);
    }
}
