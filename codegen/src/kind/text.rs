//! `string`: free text. Lengths are in characters.

use crate::diagnostic::Code;
use crate::env::Env;
use crate::kind::Given;
use crate::reader::{self, Object};
use crate::resolved::{Kind, TextFormat};
use crate::yaml::Data;

const FORMATS: &[(&str, TextFormat)] = &[
    ("speaker", TextFormat::Speaker),
    ("hex_color", TextFormat::HexColor),
    ("percent", TextFormat::Percent),
    ("seconds_range", TextFormat::SecondsRange),
];

pub(super) fn read(object: &mut Object<'_>, required: bool, env: &Env<'_>) -> Option<Kind> {
    let out = env.out;
    let min = object.count("min").unwrap_or(u32::from(required));
    let max_node = object.take("max");
    let max = max_node.and_then(|node| reader::count(node, "max", out));
    let max_cjk = object.count("max_cjk");
    let format = object.take("format").and_then(|node| reader::word(node, "format", FORMATS, out));
    if let (Some(0), Some(node)) = (max, max_node) {
        out.error(Code::BadLimit, node.span, "`max` 0 allows no text at all", "");
        return None;
    }
    if let Some(node) = object.take("max_cjk") {
        if max_cjk == Some(0) {
            out.error(Code::BadLimit, node.span, "`max_cjk` 0 allows no such text at all", "");
        }
        reader::ordered(Some(min), max_cjk.filter(|cjk| *cjk > 0), node.span, "min, max_cjk", out);
    }
    reader::ordered(Some(min), max, max_node.map_or(object.owner, |node| node.span), "min, max", out)
        .then_some(Kind::Text { min, max, max_cjk, format })
}

/// The same verdict as `TextSpec::check` of the main package; a test there compares them.
pub(super) fn check(
    min: u32,
    max: Option<u32>,
    max_cjk: Option<u32>,
    format: Option<TextFormat>,
    given: &mut Given<'_>,
) {
    let Data::Text(text) = &given.node.data else { return given.wrong_type("a text") };
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let max = match (max, max_cjk) {
        (max, Some(cjk)) if text.chars().any(is_cjk) => Some(max.map_or(cjk, |max| max.min(cjk))),
        (max, _) => max,
    };
    if min > 0 && text.chars().all(char::is_whitespace) {
        given.outside("is empty", format!("at least {min} needed"));
    } else if length < min {
        given.outside("is too short", format!("{length} characters, at least {min}"));
    } else if let Some(max) = max.filter(|max| length > *max) {
        given.outside("is too long", format!("{length} characters, at most {max}"));
    }
    if let Some((form, example)) = format.filter(|format| !has_form(text, *format)).map(looks_like) {
        given.outside(&format!("is not {form}"), format!("looks like `{example}`"));
    }
}

fn is_cjk(symbol: char) -> bool {
    matches!(u32::from(symbol),
        0x1100..=0x11FF | 0x2E80..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}

fn looks_like(format: TextFormat) -> (&'static str, &'static str) {
    let form = match format {
        TextFormat::Speaker => "a speaker",
        TextFormat::HexColor => "a colour",
        TextFormat::Percent => "a percentage",
        TextFormat::SecondsRange => "a range of seconds",
    };
    (form, format.example())
}

fn has_form(text: &str, format: TextFormat) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = |part: &str| match part.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(part),
    };
    match format {
        TextFormat::Speaker => text.strip_prefix("Speaker ").is_some_and(digits),
        TextFormat::HexColor => {
            text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        }
        TextFormat::Percent => text
            .strip_suffix('%')
            .and_then(|number| number.split_once('.'))
            .is_some_and(|(whole, part)| whole.len() <= 3 && part.len() == 2 && digits(whole) && digits(part)),
        TextFormat::SecondsRange => text.split_once(',').is_some_and(|(from, to)| seconds(from) && seconds(to)),
    }
}
