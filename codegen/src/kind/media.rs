//! `media`: a file, given as a URL; with `count` a list of files.

use kie_schema::spec::{Kind, MediaKind, MediaSpec, Range};

use crate::diagnostic::{Code, Collector};
use crate::env::Env;
use crate::kind::list;
use crate::leak;
use crate::reader::{self, Mapping};
use crate::yaml::Node;

const KINDS: &[(&str, MediaKind)] = &[
    ("image", MediaKind::Image),
    ("video", MediaKind::Video),
    ("audio", MediaKind::Audio),
    ("document", MediaKind::Document),
];

pub(super) fn read(object: &mut Mapping<'_>, required: bool, env: &Env<'_>) -> Option<Kind> {
    let file = read_one(object, env);
    if object.has("count") {
        return list::around(file?, object, required, env);
    }
    object.goes_with("total_seconds", "count");
    object.take("total_seconds");
    file
}

/// A single file, without the keys of a list.
pub(super) fn read_one(object: &mut Mapping<'_>, env: &Env<'_>) -> Option<Kind> {
    let out = env.out;
    let of = object.need("of").map(|node| kinds(node, out));
    let mime = object.take("mime").map(|node| mimes(node, of.as_deref().unwrap_or_default(), env)).unwrap_or_default();
    let max_mb = object.take("max_mb").and_then(|node| positive(node, "max_mb", out));
    let spec = MediaSpec {
        mime: leak::list(mime),
        max_mb,
        seconds: limit(object, "seconds"),
        ratio: limit(object, "ratio"),
        side_px: limit(object, "side_px"),
        short_side_px: limit(object, "short_side_px"),
        long_side_px: limit(object, "long_side_px"),
        total_px: limit(object, "total_px"),
        fps: limit(object, "fps"),
        schemes: schemes(object, env),
        of: leak::list(of.filter(|of| !of.is_empty())?),
    };
    Some(Kind::Media(spec))
}

fn limit(object: &mut Mapping<'_>, key: &'static str) -> Option<Range> {
    let range = object.range(key)?;
    if range.min.is_some_and(|min| min < 0.0) {
        let span = object.take(key).map_or(object.owner, |node| node.span);
        object.out.error(Code::BadLimit, span, format!("`{key}` cannot be below 0"), "");
    }
    Some(range)
}

pub(super) fn positive(node: &Node, what: &str, out: &Collector) -> Option<f64> {
    let number = reader::number(node, what, out)?;
    if number <= 0.0 {
        out.error(Code::BadLimit, node.span, format!("`{what}` cannot be {number}"), "must be above 0");
        return None;
    }
    Some(number)
}

fn kinds(node: &Node, out: &Collector) -> Vec<MediaKind> {
    let mut kinds = Vec::new();
    if reader::one_or_many(node).is_empty() {
        out.error(Code::Empty, node.span, "`of` is empty", "");
    }
    for item in reader::one_or_many(node) {
        let Some(kind) = reader::word(item, "of", KINDS, out) else { continue };
        if kinds.contains(&kind) {
            out.error(Code::DuplicateValue, item.span, "a sort of file is listed twice", "");
        } else {
            kinds.push(kind);
        }
    }
    kinds
}

fn top_level(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
        MediaKind::Audio => "audio",
        MediaKind::Document => "application",
    }
}

/// MIME types; a word without a slash gets the part before it from `of`.
fn mimes(node: &Node, of: &[MediaKind], env: &Env<'_>) -> Vec<&'static str> {
    let out = env.out;
    let mut mimes: Vec<&'static str> = Vec::new();
    let Some(items) = env.sets.values(node, "mime", out) else { return mimes };
    if items.is_empty() {
        out.error(Code::Empty, node.span, "`mime` is empty", "");
    }
    for item in items.iter().map(|value| value.node) {
        let Some(word) = reader::text(item, "mime", out) else { continue };
        let whole = match (word.split_once('/'), of) {
            (Some((before, after)), _) if before.is_empty() || after.is_empty() || after.contains('/') => {
                out.error(Code::BadMime, item.span, format!("`{word}` is no MIME type"), "");
                continue;
            }
            (Some((before, _)), _) => {
                // A document may be anything, text/plain among it.
                if !of.is_empty() && !of.iter().any(|kind| top_level(*kind) == before || *kind == MediaKind::Document) {
                    out.error(Code::BadMime, item.span, format!("`{word}` is not what `of` says"), "");
                }
                word.to_owned()
            }
            (None, [kind]) => format!("{}/{word}", top_level(*kind)),
            (None, []) => continue,
            (None, _) => {
                let title = format!("`{word}` could be any of the sorts in `of`");
                let help = format!("write it whole, e.g. `{}/{word}`", top_level(of[0]));
                out.hint(Code::BadMime, item.span, title, "", help);
                continue;
            }
        };
        if mimes.contains(&whole.as_str()) {
            out.error(Code::DuplicateValue, item.span, format!("`{word}` is listed twice"), "");
        } else {
            mimes.push(leak::text(whole));
        }
    }
    mimes
}

fn schemes(object: &mut Mapping<'_>, env: &Env<'_>) -> &'static [&'static str] {
    let Some(node) = object.take("schemes") else { return &[] };
    let mut schemes = Vec::new();
    for (scheme, span) in reader::texts(node, "schemes", env.out) {
        if !scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
            env.out.error(Code::BadName, span, format!("`{scheme}` is no URL scheme"), "small letters and digits");
        } else {
            schemes.push(leak::text(scheme));
        }
    }
    leak::list(schemes)
}
