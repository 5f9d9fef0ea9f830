//! Reads the result of a task, in all the shapes that the vendor's models return.
//!
//! A record may keep its result in one of several places, as an object, a list, a text or JSON text inside JSON text,
//! with keys in camel or snake case: `table.rs` lists them. The best place counts: one with media before one with other
//! files, and that before one with a text. What the task was given (`param`, `origin…`) is never read.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::client::task::TaskState;
use crate::job::TrackFacts;

mod parts;
mod table;

use parts::{Parts, get};
use table::{PLACES, Rank, is_reference, normalize};

/// The longest object that is shown as a text, in bytes of its indented JSON; a longer one is a document.
const MAX_OBJECT_TEXT: usize = 3500;

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
    /// The whole of which the media is a part, e.g. of an extended video.
    Whole,
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

/// A layer of a picture that was taken apart.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Layer {
    /// The URL of the layer's picture, which is also in the output.
    pub url: String,
    /// What it shows, in a word or two.
    pub name: Option<String>,
    /// What it shows, in a sentence.
    pub description: Option<String>,
    /// Its place in the stack; the lowest is at the back.
    pub z_index: Option<i64>,
    /// Width and height in pixels, as the vendor writes them: `640x480`.
    pub size: Option<String>,
    /// Where it lies in the picture, as received.
    pub bounding_box: Option<Value>,
}

/// What a result has besides media and text.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Extras {
    /// Files that are not the media.
    pub files: Vec<ExtraFile>,
    /// Titles, covers and lengths of the media, for music.
    pub tracks: Vec<Track>,
    /// The layers of a picture, from the back to the front.
    pub layers: Vec<Layer>,
    /// `resultObject` as received: words with times, languages, lyrics, notes.
    pub object: Option<Value>,
}

impl Extras {
    /// What is known of the music, as a job keeps it.
    pub fn track_facts(&self) -> Vec<TrackFacts> {
        let facts = |track: &Track| TrackFacts {
            url: track.audio_url.clone(),
            title: track.title.clone(),
            seconds: track.duration,
            cover: track.image_url.clone(),
        };
        self.tracks.iter().map(facts).collect()
    }
}

/// The parts of a result.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ParsedResult {
    pub(crate) urls: Vec<String>,
    pub(crate) text: Option<String>,
    /// Structured data that is a part of the result, or all of it.
    pub(crate) data: Option<Value>,
    pub(crate) extras: Extras,
}

impl ParsedResult {
    pub(crate) fn is_empty(&self) -> bool {
        self.urls.is_empty() && self.text.is_none() && self.data.is_none() && self.extras.files.is_empty()
    }

    /// How good a place is that has this result; 0 for an empty one.
    fn weight(&self) -> u8 {
        match self {
            result if !result.urls.is_empty() => 3,
            result if !result.extras.files.is_empty() => 2,
            result => u8::from(!result.is_empty()),
        }
    }
}

/// The values that may hold the result of a task's record, the best first.
pub(crate) fn places(record: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    PLACES.iter().filter_map(|place| get(record, place.key))
}

/// Reads the result of a task's record.
pub(crate) fn parse_result(record: &Map<String, Value>) -> ParsedResult {
    let mut best = ParsedResult::default();
    let mut bare = None;
    let mut offer = |result: ParsedResult| {
        if result.weight() > best.weight() || (best.is_empty() && best.extras.object.is_none()) {
            best = result;
        }
    };
    for place in PLACES {
        let Some(value) = get(record, place.key) else { continue };
        let mut parts = Parts::of_place(value);
        bare = bare.or_else(|| parts.bare.take().filter(|words| place.is_text && !TaskState::is_known_word(words)));
        offer(assemble(parts));
    }
    offer(assemble(Parts::of_record(record)));
    if best.is_empty() {
        best.text = bare;
    }
    best
}

fn assemble(Parts { media, mut files, tracks, texts, object, mut layers, .. }: Parts) -> ParsedResult {
    layers.sort_by_key(|layer| layer.z_index);
    let first = media.iter().map(|(rank, _)| *rank).min();
    let mut urls: Vec<String> = Vec::new();
    // What is no layer comes first: the picture without them.
    let is_layer = |url: &str| layers.iter().any(|layer| layer.url == url);
    for (rank, url) in media {
        if Some(rank) != first {
            files.extend(Rank::beside(rank).map(|role| ExtraFile { role, url }));
        } else if !urls.contains(&url) && !is_layer(&url) {
            urls.push(url);
        }
    }
    for layer in &layers {
        if !urls.contains(&layer.url) {
            urls.push(layer.url.clone());
        }
    }
    files.retain(|file| file.role != Role::Picture || !urls.contains(&file.url));
    let alone = urls.is_empty() && files.is_empty();
    let mut text = (!texts.is_empty()).then(|| texts.join("\n\n"));
    let mut data = object.clone().filter(|_| !layers.is_empty());
    if let Some(object) = object.as_ref().filter(|object| alone && text.is_none() && has_answer(object)) {
        let shown = format!("{object:#}");
        // An empty text is a valid result, e.g. of a silent recording.
        let has_text = object.get("text").is_some_and(Value::is_string);
        if has_text || shown.len() > MAX_OBJECT_TEXT {
            data = Some(object.clone());
        } else {
            text = Some(shown);
        }
    }
    ParsedResult { urls, text, data, extras: Extras { files, tracks, layers, object: object.filter(has_content) } }
}

/// Whether an object says more than where something else can be found.
fn has_answer(object: &Value) -> bool {
    match object {
        Value::Object(fields) => fields.iter().any(|(key, value)| {
            let key = normalize(key);
            !is_reference(&key) && (has_content(value) || (key == "text" && value.is_string()))
        }),
        other => has_content(other),
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
