//! The known places and keys of a result.
//!
//! Source: vendor documentation of the market and of the older routes, recorded traffic, and what public clients had to
//! read (2025 and 2026). A key stands for its camel case and its snake case: both are compared by [`normalize`].

use super::Role;

/// Where a record keeps its result. The record itself comes last.
pub(super) const PLACES: &[ResultPlace] = &[
    place("response", true),
    place("resultjson", true),
    place("resultinfojson", false),
    place("resultinfo", false),
    place("info", false),
    place("videoinfo", false),
    place("vocalremovalinfo", false),
    place("result", true),
    place("data", false),
];

/// A key of a record that leads to a result.
pub(super) struct ResultPlace {
    pub(super) key: &'static str,
    /// Whether a text that is neither JSON nor a URL is the result itself.
    pub(super) is_text: bool,
}

const fn place(key: &'static str, is_text: bool) -> ResultPlace {
    ResultPlace { key, is_text }
}

/// What the URLs of a key are, the best first. The URLs of the best rank are the media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Named as the result.
    Result,
    /// A whole of which the result is a part.
    Whole,
    Video,
    Audio,
    /// Any other key that ends in `url`, e.g. of a stem.
    Other,
    /// A picture: the media if there are no better, otherwise a cover.
    Image,
    /// Plain `url`.
    Plain,
}

impl Rank {
    /// The role of such files beside media of a better rank; `None` when they are left out.
    pub(super) const fn beside(self) -> Option<Role> {
        match self {
            Self::Image => Some(Role::Picture),
            Self::Whole => Some(Role::Whole),
            Self::Result | Self::Video | Self::Audio | Self::Other | Self::Plain => None,
        }
    }
}

/// What a key of a result means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Its value is URLs of media.
    Media(Rank),
    /// Its value is URLs of files of this role.
    File(Role),
    /// Its value is a text.
    Text,
    /// Its value holds parts of the result.
    Nested,
    /// Its value is kept whole, and holds parts of the result.
    Object,
    /// Its value is a list of layers.
    Layers,
}

const KEYS: &[(&str, Meaning)] = &[
    ("resulturls", Meaning::Media(Rank::Result)),
    ("resulturl", Meaning::Media(Rank::Result)),
    ("fullresulturls", Meaning::Media(Rank::Whole)),
    ("resultvideourl", Meaning::Media(Rank::Video)),
    ("resultvideourls", Meaning::Media(Rank::Video)),
    ("videourl", Meaning::Media(Rank::Video)),
    ("videourls", Meaning::Media(Rank::Video)),
    ("resultaudiourl", Meaning::Media(Rank::Audio)),
    ("resultaudiourls", Meaning::Media(Rank::Audio)),
    ("audiourl", Meaning::Media(Rank::Audio)),
    ("audiourls", Meaning::Media(Rank::Audio)),
    ("audiowavurl", Meaning::Media(Rank::Audio)),
    ("resultimageurl", Meaning::Media(Rank::Image)),
    ("resultimageurls", Meaning::Media(Rank::Image)),
    ("imageurl", Meaning::Media(Rank::Image)),
    ("imageurls", Meaning::Media(Rank::Image)),
    ("images", Meaning::Media(Rank::Image)),
    ("url", Meaning::Media(Rank::Plain)),
    ("urls", Meaning::Media(Rank::Plain)),
    ("firstframeurl", Meaning::File(Role::FirstFrame)),
    ("lastframeurl", Meaning::File(Role::LastFrame)),
    ("maskurl", Meaning::File(Role::Mask)),
    ("maskurls", Meaning::File(Role::Mask)),
    ("resultwatermarkurl", Meaning::File(Role::Watermarked)),
    ("resultwatermarkurls", Meaning::File(Role::Watermarked)),
    ("coverurl", Meaning::File(Role::Picture)),
    ("thumbnailurl", Meaning::File(Role::Picture)),
    ("text", Meaning::Text),
    ("lyrics", Meaning::Text),
    ("transcript", Meaning::Text),
    ("data", Meaning::Nested),
    ("sunodata", Meaning::Nested),
    ("lyricsdata", Meaning::Nested),
    ("info", Meaning::Nested),
    ("videoinfo", Meaning::Nested),
    ("vocalremovalinfo", Meaning::Nested),
    ("resultjson", Meaning::Nested),
    ("response", Meaning::Nested),
    ("resultobject", Meaning::Object),
    ("mididata", Meaning::Object),
    ("layersdata", Meaning::Layers),
];

/// How keys begin that name what the task was given, or a stream that ends with it.
const INPUTS: &[&str] =
    &["param", "origin", "source", "input", "reference", "prompt", "callback", "calback", "webhook", "stream"];

/// Keys that only point to something else at the vendor.
const REFERENCES: &[&str] = &["id", "taskid", "parenttaskid", "recordid", "midiid", "musicid", "model", "modelname"];

/// The key in lower case, without `_` and `-`.
pub(super) fn normalize(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

/// What a normalized key of a result means; `None` for inputs and for everything unknown.
pub(super) fn meaning(key: &str) -> Option<Meaning> {
    if INPUTS.iter().any(|input| key.starts_with(input)) {
        return None;
    }
    let known = KEYS.iter().find(|(known, _)| *known == key).map(|(_, meaning)| *meaning);
    known.or_else(|| (key.ends_with("url") || key.ends_with("urls")).then_some(Meaning::Media(Rank::Other)))
}

/// What a normalized key of the record itself means. A record has keys of other kinds too, so only keys that cannot
/// mean anything else count.
pub(super) fn meaning_in_record(key: &str) -> Option<Meaning> {
    match meaning(key)? {
        Meaning::Media(Rank::Other | Rank::Plain) | Meaning::Text | Meaning::Nested => None,
        other => Some(other),
    }
}

/// Whether a normalized key only points to something else at the vendor.
pub(super) fn is_reference(key: &str) -> bool {
    REFERENCES.contains(&key)
}
