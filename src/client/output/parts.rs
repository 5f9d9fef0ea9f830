//! Collects the parts of a result from a value of any shape, by the [`table`](super::table).

use serde_json::{Map, Value};

use super::table::{Meaning, Rank, meaning, meaning_in_record, normalize};
use super::{ExtraFile, Layer, Track};
use crate::client::envelope::{integer, number, text};

/// How deep values are read; JSON text inside JSON text counts as well.
const MAX_DEPTH: u32 = 8;

/// The parts as they were found.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) media: Vec<(Rank, String)>,
    pub(super) files: Vec<ExtraFile>,
    pub(super) tracks: Vec<Track>,
    pub(super) texts: Vec<String>,
    /// A text without a key.
    pub(super) bare: Option<String>,
    pub(super) object: Option<Value>,
    pub(super) layers: Vec<Layer>,
}

impl Parts {
    /// Of the value of a place.
    pub(super) fn of_place(value: &Value) -> Self {
        let mut parts = Self::default();
        match unfold(value, MAX_DEPTH) {
            Some(Value::String(words)) => match urls_in(&words) {
                none if none.is_empty() => parts.bare = text(&Value::String(words)),
                urls => parts.add_media(Rank::Result, urls),
            },
            Some(other) => parts.walk(&other, Rank::Result, MAX_DEPTH),
            None => {}
        }
        parts
    }

    /// Of the record itself.
    pub(super) fn of_record(record: &Map<String, Value>) -> Self {
        let mut parts = Self::default();
        for (key, value) in record {
            if let Some(meaning) = meaning_in_record(&normalize(key)) {
                parts.take(meaning, value, MAX_DEPTH);
            }
        }
        parts
    }

    /// Reads an object, or a list of objects and URLs; `rank` is that of URLs in a list.
    fn walk(&mut self, value: &Value, rank: Rank, depth: u32) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match unfold(value, depth) {
            Some(Value::Array(items)) => items.iter().for_each(|item| match item {
                Value::Object(fields) => self.walk_object(fields, rank, depth),
                other => self.walk(other, rank, depth),
            }),
            Some(Value::String(words)) => self.add_media(rank, urls_in(&words)),
            Some(Value::Object(fields)) => self.walk_object(&fields, Rank::Plain, depth),
            Some(_) | None => {}
        }
    }

    /// Reads an object; `plain` is the rank of its `url`.
    fn walk_object(&mut self, fields: &Map<String, Value>, plain: Rank, depth: u32) {
        if is_track(fields) {
            return self.add_track(fields);
        }
        for (key, value) in fields {
            match meaning(&normalize(key)) {
                Some(Meaning::Media(Rank::Plain)) => self.add_media(plain, urls(value, depth)),
                Some(meaning) => self.take(meaning, value, depth),
                None => {}
            }
        }
    }

    fn take(&mut self, meaning: Meaning, value: &Value, depth: u32) {
        match meaning {
            Meaning::Media(rank) => self.add_media(rank, urls(value, depth)),
            Meaning::File(role) => {
                self.files.extend(urls(value, depth).into_iter().map(|url| ExtraFile { role, url }));
            }
            Meaning::Text => self.texts.extend(value.as_str().and_then(|_| text(value))),
            Meaning::Nested => self.walk(value, Rank::Result, depth),
            Meaning::Object => self.add_object(value, depth),
            Meaning::Layers => {
                if let Some(Value::Array(items)) = unfold(value, depth) {
                    self.layers.extend(items.iter().filter_map(layer));
                }
            }
        }
    }

    fn add_media(&mut self, rank: Rank, urls: Vec<String>) {
        self.media.extend(urls.into_iter().map(|url| (rank, url)));
    }

    /// A track without a file yet is left out, its cover too.
    fn add_track(&mut self, fields: &Map<String, Value>) {
        let url_of = |key: &str| urls(get(fields, key)?, 2).into_iter().next();
        let Some(audio_url) = url_of("audiourl") else { return };
        self.media.push((Rank::Audio, audio_url.clone()));
        let title = get(fields, "title").and_then(text);
        let (stream_audio_url, image_url) = (url_of("streamaudiourl"), url_of("imageurl"));
        let duration = get(fields, "duration").and_then(number);
        self.tracks.push(Track { audio_url, stream_audio_url, image_url, title, duration });
    }

    fn add_object(&mut self, value: &Value, depth: u32) {
        let Some(object) = unfold(value, depth) else { return };
        match &object {
            Value::String(words) => match urls_in(words) {
                none if none.is_empty() => self.texts.extend(text(&object)),
                urls => self.add_media(Rank::Result, urls),
            },
            Value::Object(_) | Value::Array(_) => self.walk(&object, Rank::Result, depth),
            _ => {}
        }
        self.object.get_or_insert(object);
    }
}

/// Whether an object is a music track: it has an audio file, and nothing better.
fn is_track(fields: &Map<String, Value>) -> bool {
    let rank = |key: &String| match meaning(&normalize(key)) {
        Some(Meaning::Media(rank)) => Some(rank),
        _ => None,
    };
    get(fields, "audiourl").is_some() && fields.keys().filter_map(rank).min() == Some(Rank::Audio)
}

/// The value of the key with this normalized name.
pub(super) fn get<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.iter().find(|(key, _)| normalize(key) == name).map(|(_, value)| value)
}

/// The value; a text that is JSON is read, also several times. `None` for nothing: null, an empty text, broken JSON.
fn unfold(value: &Value, depth: u32) -> Option<Value> {
    let Value::String(words) = value else { return (!value.is_null()).then(|| value.clone()) };
    let words = words.trim();
    match words.chars().next()? {
        '{' | '[' | '"' => {
            let inner: Value = serde_json::from_str(words).ok()?;
            unfold(&inner, depth.checked_sub(1)?)
        }
        _ if words == "null" => None,
        _ => Some(Value::String(words.to_owned())),
    }
}

/// The URLs of a value: a URL, a list of URLs, objects with URLs, or JSON text of these.
fn urls(value: &Value, depth: u32) -> Vec<String> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    match unfold(value, depth) {
        Some(Value::Array(items)) => items.iter().flat_map(|item| urls(item, depth)).collect(),
        Some(Value::String(words)) => urls_in(&words),
        Some(Value::Object(fields)) => {
            let mut parts = Parts::default();
            parts.walk_object(&fields, Rank::Plain, depth);
            let best = parts.media.iter().map(|(rank, _)| *rank).min();
            parts.media.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, url)| url).collect()
        }
        Some(_) | None => Vec::new(),
    }
}

/// The URLs of a text: one, or several with commas or spaces between.
fn urls_in(words: &str) -> Vec<String> {
    let pieces: Vec<&str> = words.split(|c: char| c == ',' || c.is_whitespace()).filter(|s| !s.is_empty()).collect();
    if pieces.len() > 1 && pieces.iter().all(|piece| is_url(piece)) {
        return pieces.into_iter().map(str::to_owned).collect();
    }
    let words = words.trim();
    is_url(words).then(|| words.to_owned()).into_iter().collect()
}

fn is_url(words: &str) -> bool {
    let scheme = words.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| ["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known)))
}

fn layer(item: &Value) -> Option<Layer> {
    let fields = item.as_object()?;
    let words = |key: &str| get(fields, key).and_then(text);
    Some(Layer {
        url: urls(get(fields, "url")?, 2).into_iter().next()?,
        name: words("name"),
        description: words("description"),
        z_index: get(fields, "zindex").and_then(integer),
        size: words("size"),
        bounding_box: get(fields, "boundingbox").filter(|value| !value.is_null()).cloned(),
    })
}
