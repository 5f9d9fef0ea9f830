//! Limits and conditions in short words, for tables.

use crate::schema::spec::{Condition, Kind, Literal, MediaKind, Range};

/// A kind and its limits: `text 1-1000`, `1-8 x image jpeg/png, to 30 MB`.
pub(super) fn describe(kind: &Kind) -> String {
    match kind {
        Kind::Text(t) => match t.max {
            Some(max) => format!("text {}-{max}", t.min),
            None => "text".to_owned(),
        },
        Kind::Integer(n) => join("integer", &span(n.min.map(|v| v as f64), n.max.map(|v| v as f64))),
        Kind::Decimal(n) => join("number", &span(n.min, n.max)),
        Kind::Boolean => "true, false".to_owned(),
        Kind::Choice(choice) => choice.options.iter().map(|o| literal(o.value)).collect::<Vec<_>>().join(", "),
        Kind::Media(media) => {
            let of: Vec<&str> = media.of.iter().map(|k| word(*k)).collect();
            let types: Vec<&str> = media.mime.iter().map(|m| m.rsplit('/').next().unwrap_or(m)).collect();
            let mut text = join(&of.join(" or "), &types.join("/"));
            if let Some(mb) = media.max_mb {
                text.push_str(&format!(", to {mb} MB"));
            }
            if let Some(Range { min, max }) = media.seconds {
                text.push_str(&format!(", {} s", span(min, max)));
            }
            text
        }
        Kind::Task(_) => "id of an earlier task".to_owned(),
        Kind::List(list) => {
            format!("{} x {}", span(Some(f64::from(list.min)), list.max.map(f64::from)), describe(list.item))
        }
        Kind::Object(_) => "group".to_owned(),
    }
}

/// A condition of a price row: `resolution = 4K`.
pub(super) fn condition(condition: &Condition) -> String {
    let list = |values: &[Literal]| values.iter().map(|v| literal(*v)).collect::<Vec<_>>().join(" or ");
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

fn literal(value: Literal) -> String {
    match value {
        Literal::Text(text) => text.to_owned(),
        Literal::Integer(number) => number.to_string(),
        Literal::Decimal(number) => number.to_string(),
        Literal::Boolean(flag) => flag.to_string(),
    }
}

fn word(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
        MediaKind::Audio => "audio",
        MediaKind::Document => "document",
    }
}
