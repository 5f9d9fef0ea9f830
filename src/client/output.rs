//! Reads the result of a task, in all the shapes that the vendor's models return.
//!
//! Order (vendor documentation, recorded traffic): `response` when it is an object, else the JSON text of `resultJson`;
//! media from `resultUrls`, else from `data[].audio_url`; extras apart, each with its role; `resultObject` whole, its
//! text as the text result. URLs inside `param` are inputs and are never read.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::client::envelope::{number, text};

/// The role of an extra file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// First frame of the video, as a picture.
    FirstFrame,
    /// Last frame of the video, as a picture.
    LastFrame,
    /// Mask of a detected subject.
    Mask,
    /// A picture that belongs to the media: a cover, a still.
    Picture,
    /// The same media with the vendor's watermark.
    Watermarked,
}

/// A file that comes with the media.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExtraFile {
    /// Its role.
    pub role: Role,
    /// Its URL, valid as long as those of the media.
    pub url: String,
}

/// A music track and its metadata.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Track {
    /// The URL of the audio file, which is also in the output.
    pub audio_url: String,
    /// The URL of a stream of it.
    pub stream_audio_url: Option<String>,
    /// The URL of its cover.
    pub image_url: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its length in seconds.
    pub duration: Option<f64>,
}

/// What a result has besides media and text.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Extras {
    /// Files that are not the media.
    pub files: Vec<ExtraFile>,
    /// Titles, covers and lengths of the media, for music.
    pub tracks: Vec<Track>,
    /// `resultObject` as received: words with times, languages, lyrics.
    pub object: Option<Value>,
}

/// The parts of a result.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ParsedResult {
    pub(crate) urls: Vec<String>,
    pub(crate) text: Option<String>,
    pub(crate) extras: Extras,
}

impl ParsedResult {
    pub(crate) fn is_empty(&self) -> bool {
        self.urls.is_empty() && self.text.is_none() && self.extras.files.is_empty() && self.extras.object.is_none()
    }
}

/// Reads the result of a task's record.
pub(crate) fn parse_result(record: &Map<String, Value>) -> ParsedResult {
    let parsed = record.get("response").and_then(Value::as_object).map(read).filter(|parts| !parts.is_empty());
    parsed.or_else(|| object(record.get("resultJson")?).map(|result| read(&result))).unwrap_or_default()
}

fn read(result: &Map<String, Value>) -> ParsedResult {
    let tracks: Vec<Track> = match result.get("data") {
        Some(Value::Array(items)) => items.iter().filter_map(track).collect(),
        _ => Vec::new(),
    };
    let mut urls = urls(result.get("resultUrls"));
    if urls.is_empty() {
        urls = tracks.iter().map(|track| track.audio_url.clone()).collect();
    }
    let whole = result.get("resultObject").filter(|value| has_content(value)).cloned();
    let mut files = Vec::new();
    let masks = whole.as_ref().and_then(|object| object.get("mask_urls"));
    for (role, value) in [
        (Role::FirstFrame, result.get("firstFrameUrl")),
        (Role::LastFrame, result.get("lastFrameUrl")),
        (Role::Mask, masks.or_else(|| result.get("mask_urls"))),
        (Role::Watermarked, result.get("resultWaterMarkUrls")),
    ] {
        files.extend(self::urls(value).into_iter().map(|url| ExtraFile { role, url }));
    }
    let text = whole.as_ref().and_then(|object| text_of(object, urls.is_empty() && files.is_empty()));
    ParsedResult { urls, text, extras: Extras { files, tracks, object: whole } }
}

/// The text of a `resultObject`: its own text, its lyrics or, if the result has nothing else, the object as JSON.
fn text_of(object: &Value, alone: bool) -> Option<String> {
    let own = match object {
        Value::String(_) => Some(object),
        _ => object.get("text").filter(|value| value.is_string()),
    };
    // An empty text is a valid result, e.g. of a silent recording; then the object is not shown instead.
    let is_all = alone && own.is_none() && object.is_object();
    own.and_then(text).or_else(|| lyrics(object.get("lyricsData")?)).or_else(|| is_all.then(|| format!("{object:#}")))
}

fn lyrics(data: &Value) -> Option<String> {
    let texts: Vec<String> = data.as_array()?.iter().filter_map(|item| text(item.get("text")?)).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

pub(crate) fn track(item: &Value) -> Option<Track> {
    let url_in = |key: &str| item.get(key).and_then(url);
    Some(Track {
        audio_url: url_in("audio_url")?,
        stream_audio_url: url_in("stream_audio_url"),
        image_url: url_in("image_url"),
        title: item.get("title").and_then(text),
        duration: item.get("duration").and_then(number),
    })
}

/// The URLs of a value: a URL, a list of URLs, a list of objects with a URL, or the JSON text of a list.
pub(crate) fn urls(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(url).collect(),
        Some(Value::String(json)) if json.trim_start().starts_with('[') => match serde_json::from_str(json) {
            Ok(Value::Array(items)) => items.iter().filter_map(url).collect(),
            _ => Vec::new(),
        },
        Some(other) => url(other).into_iter().collect(),
        None => Vec::new(),
    }
}

pub(crate) fn url(value: &Value) -> Option<String> {
    let words = match value {
        Value::Object(object) => object.get("resultUrl").or_else(|| object.get("url"))?.as_str()?,
        other => other.as_str()?,
    };
    let words = words.trim();
    let scheme = words.split_once("://")?.0;
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")).then(|| words.to_owned())
}

fn object(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object.clone()),
        Value::String(json) => serde_json::from_str(json).ok(),
        _ => None,
    }
}

fn has_content(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(words) => !words.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(object) => !object.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

#[cfg(test)]
mod tests;
