//! Files at and just outside the limits of a field, for any field of the registry.

use kie::schema::FileFacts;
use kie::schema::Files;
use kie::schema::report::ViolationKind;
use kie::schema::spec::{Kind, MediaKind, MediaSpec, Range};
use serde_json::{Map, Value, json};

use crate::support::sample::{one, url};

/// A value with a file, the facts of the file, and whether one of them is refused.
pub(crate) struct Case {
    pub(crate) value: Value,
    pub(crate) files: Files,
    pub(crate) measure: &'static str,
    pub(crate) bites: bool,
}

/// Whether a fault is about this measure.
pub(crate) fn is(fault: &ViolationKind, measure: &str) -> bool {
    match fault {
        ViolationKind::WrongMedia { .. } => measure == "mime",
        ViolationKind::TooBig { .. } => measure == "max_mb",
        ViolationKind::Duration { .. } => measure == "seconds",
        ViolationKind::Sum { .. } => measure == "total_seconds",
        ViolationKind::Pixels { measure: own, .. } => *own == measure,
        _ => false,
    }
}

/// All limits of all files that a field of this kind takes.
pub(crate) fn cases(kind: &'static Kind) -> Vec<Case> {
    let mut cases = totals(kind);
    for (media, value, link) in places(kind) {
        for (facts, measure, bites) in facts(media) {
            let files = Files::from([(link.clone(), facts)]);
            cases.push(Case { value: value.clone(), files, measure, bites });
        }
    }
    cases
}

/// Every position of a file in a value, with a value that has a file there.
fn places(kind: &'static Kind) -> Vec<(&'static MediaSpec, Value, String)> {
    match kind {
        Kind::Media(media) => vec![(media, json!(url(media, 99)), url(media, 99))],
        Kind::List(list) => {
            let whole = |first: Value| {
                let others = (1..list.min).map(|index| match list.item {
                    Kind::Media(media) => json!(url(media, index)),
                    other => one(other),
                });
                std::iter::once(first).chain(others).collect()
            };
            places(list.item).into_iter().map(|(media, first, link)| (media, whole(first), link)).collect()
        }
        Kind::Object(fields) => {
            let all: Map<String, Value> = fields.iter().map(|f| (f.name.to_owned(), one(&f.kind))).collect();
            let inside =
                fields.iter().flat_map(|field| places(&field.kind).into_iter().map(move |place| (field.name, place)));
            let put = |(name, (media, value, link)): (&str, (&'static MediaSpec, Value, String))| {
                let mut object = all.clone();
                object.insert(name.to_owned(), value);
                (media, Value::Object(object), link)
            };
            inside.map(put).collect()
        }
        _ => Vec::new(),
    }
}

/// The facts of files at and outside a limit.
fn facts(media: &MediaSpec) -> Vec<(FileFacts, &'static str, bool)> {
    let mut all = Vec::new();
    let of = |mime: &str| FileFacts { mime: Some(mime.to_owned()), ..FileFacts::default() };
    for mime in media.mime {
        all.push((of(mime), "mime", false));
    }
    let sorts =
        [(MediaKind::Image, "image/x-new"), (MediaKind::Video, "video/x-new"), (MediaKind::Audio, "audio/x-new")];
    for (sort, mime) in sorts {
        all.push((of(mime), "mime", !media.mime.is_empty() || !media.of.contains(&sort)));
    }
    if let Some(max_mb) = media.max_mb {
        let bytes = (max_mb * 1e6) as u64;
        let of = |bytes: u64| FileFacts { bytes: Some(bytes), ..FileFacts::default() };
        all.extend([(of(bytes), "max_mb", false), (of(bytes + 1), "max_mb", true)]);
    }
    if let Some(range) = media.seconds {
        let of = |seconds: f64| FileFacts { seconds: Some(seconds), ..FileFacts::default() };
        // Lengths are rounded to a tenth of a second.
        all.extend(ends(range, 0.2).map(|(seconds, bites)| (of(seconds), "seconds", bites)));
    }
    let sized = |width: f64, height: f64| FileFacts {
        width: Some(width as u32),
        height: Some(height as u32),
        ..FileFacts::default()
    };
    for (range, measure) in [
        (media.side_px, "side"),
        (media.short_side_px, "short_side"),
        (media.long_side_px, "long_side"),
        (media.total_px, "total"),
        (media.ratio, "ratio"),
    ] {
        let Some(range) = range else { continue };
        if measure == "ratio" {
            let near = |end: f64, step: f64| sized(((end * 1e5).round() + step) * 1e3, 1e8);
            all.extend(
                range
                    .min
                    .into_iter()
                    .flat_map(|end| [(near(end, 1.0), measure, false), (near(end, -1.0), measure, true)]),
            );
            all.extend(
                range
                    .max
                    .into_iter()
                    .flat_map(|end| [(near(end, -1.0), measure, false), (near(end, 1.0), measure, true)]),
            );
            continue;
        }
        for (pixels, bites) in ends(range, 1.0) {
            let facts = match measure {
                "short_side" => sized(pixels, pixels.max(1.0) * 9.0),
                "long_side" => sized(1.0, pixels),
                "total" => sized(pixels, 1.0),
                _ => sized(pixels, pixels),
            };
            all.push((facts, measure, bites));
        }
    }
    all
}

/// The limits of a range, which are valid, and numbers that far outside, which are not.
fn ends(range: Range, beyond: f64) -> impl Iterator<Item = (f64, bool)> {
    let low = range.min.into_iter().flat_map(move |min| [(min, false), (min - beyond, true)]);
    let low = low.filter(|(value, _)| *value >= 0.0);
    low.chain(range.max.into_iter().flat_map(move |max| [(max, false), (max + beyond, true)]))
}

/// The total length of the files of a list.
fn totals(kind: &'static Kind) -> Vec<Case> {
    let Kind::List(list) = kind else { return Vec::new() };
    let (Some(total), Kind::Media(media)) = (list.total_seconds, list.item) else { return Vec::new() };
    let links: Vec<String> = (0..list.min.max(1)).map(|index| url(media, index)).collect();
    let of = |sum: f64, bites: bool| {
        let facts = FileFacts { seconds: Some(sum / links.len() as f64), ..FileFacts::default() };
        let files = links.iter().map(|link| (link.clone(), facts.clone())).collect();
        Case { value: json!(links), files, measure: "total_seconds", bites }
    };
    vec![of(total, false), of(total + 0.2, true)]
}
