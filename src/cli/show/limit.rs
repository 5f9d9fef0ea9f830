//! Limits and conditions in short words, for tables.

use crate::bot::texts::Texts;
use crate::schema::spec::{Condition, Kind, ListSpec, Literal, MediaKind, MediaSpec, Range};
use crate::schema::view::View;

/// A kind and its limits: `text 1-1000`, `1-8 x image jpeg/png, to 30 MB`, `TURBO (Fast), QUALITY (Best quality)`.
pub(super) fn describe(kind: &Kind, texts: &Texts) -> String {
    match kind {
        Kind::Text(t) => {
            let length = match t.max {
                Some(max) => format!("text {}-{max}", t.min),
                None if t.min > 1 => format!("text from {}", t.min),
                None => "text".to_owned(),
            };
            let format = t.format.map(|format| format!("like {}", format.example()));
            let cjk = t.max_cjk.map(|max| format!("to {max} in Chinese, Japanese or Korean"));
            commas([Some(length), cjk, format])
        }
        Kind::Integer(n) => {
            let also = numbers("also", n.also);
            let step = n.step.filter(|step| *step != 1).map(|step| format!("in steps of {step}"));
            let range = join("integer", &span(n.min.map(|v| v as f64), n.max.map(|v| v as f64)));
            commas([Some(range), step, also, numbers("not", n.except)])
        }
        Kind::Decimal(n) => {
            let range = match (n.above_min, n.min) {
                (true, Some(min)) => join(&format!("number above {min}"), &span(None, n.max)),
                _ => join("number", &span(n.min, n.max)),
            };
            commas([Some(range), n.step.map(|step| format!("in steps of {step}"))])
        }
        Kind::Boolean => "true, false".to_owned(),
        Kind::Choice(choice) => {
            let option = |option: &crate::schema::spec::OptionSpec| {
                let value = texts.option_typed(option);
                if option.discontinued { format!("{value} [ends soon]") } else { value }
            };
            choice.options.iter().map(option).collect::<Vec<_>>().join(", ")
        }
        Kind::Media(media) => self::media(media),
        Kind::Task(_) => "id of an earlier task".to_owned(),
        Kind::List(list) => items(list, texts),
        Kind::Object(_) => "group".to_owned(),
    }
}

fn items(list: &ListSpec, texts: &Texts) -> String {
    let count = span(Some(f64::from(list.min)), list.max.map(f64::from));
    let total = list.total_seconds.map(|most| format!("to {most} s together"));
    commas([Some(format!("{count} x {}", describe(list.item, texts))), total])
}

fn media(media: &MediaSpec) -> String {
    let of: Vec<&str> = media.of.iter().map(|kind| word(*kind)).collect();
    let types: Vec<&str> = media.mime.iter().map(|m| m.rsplit('/').next().unwrap_or(m)).collect();
    let within = |range: Option<Range>, unit: &str| {
        let span = range.map(|range| span(range.min, range.max)).filter(|span| !span.is_empty())?;
        Some(format!("{span}{unit}"))
    };
    commas([
        Some(join(&of.join(" or "), &types.join("/"))),
        media.max_mb.map(|mb| format!("to {mb} MB")),
        within(media.seconds, " s"),
        within(media.ratio, " wide by high"),
        within(media.side_px, " px a side"),
        within(media.short_side_px, " px the shorter side"),
        within(media.long_side_px, " px the longer side"),
        within(media.total_px, " px altogether"),
        within(media.fps, " frames a second"),
        (!media.schemes.is_empty()).then(|| format!("also {} links", media.schemes.join(", "))),
    ])
}

fn commas<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn numbers(word: &str, all: &[i64]) -> Option<String> {
    let all: Vec<String> = all.iter().map(i64::to_string).collect();
    (!all.is_empty()).then(|| format!("{word} {}", all.join(", ")))
}

/// A condition of a price row: `resolution = 4K`.
pub(super) fn condition(condition: &Condition) -> String {
    let list = |values: &[Literal]| values.iter().map(|v| View::from(*v).to_string()).collect::<Vec<_>>().join(" or ");
    match condition {
        Condition::Is(path, values) => format!("{path} = {}", list(values)),
        Condition::IsNot(path, values) => format!("{path} is not {}", list(values)),
        Condition::Present(path) => format!("with {path}"),
        Condition::Absent(path) => format!("without {path}"),
        Condition::Items(path, count) => format!("{count} x {path}"),
    }
}

fn join(head: &str, tail: &str) -> String {
    if tail.is_empty() { head.to_owned() } else { format!("{head} {tail}") }
}

fn span(min: Option<f64>, max: Option<f64>) -> String {
    match (min, max) {
        (None, None) => String::new(),
        (Some(min), None) => format!("from {min}"),
        (None, Some(max)) => format!("to {max}"),
        (Some(min), Some(max)) if min == max => min.to_string(),
        (Some(min), Some(max)) => format!("{min}-{max}"),
    }
}

/// The registry's word for a sort of file.
pub(super) fn word(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
        MediaKind::Audio => "audio",
        MediaKind::Document => "document",
    }
}
