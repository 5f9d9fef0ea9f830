//! `string`: free text. Lengths are in characters.

use crate::diagnostic::Code;
use crate::kind::Given;
use crate::reader::{self, Object};
use crate::resolved::{Kind, TextFormat};
use crate::schema::Env;
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
    reader::ordered(Some(min), max, max_node.map_or(object.owner, |node| node.span), "min, max", out)
        .then_some(Kind::Text { min, max, max_cjk, format })
}

pub(super) fn check(
    min: u32,
    max: Option<u32>,
    max_cjk: Option<u32>,
    format: Option<TextFormat>,
    given: &mut Given<'_>,
) {
    let Data::Text(text) = &given.node.data else { return given.wrong_type("a text") };
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let max = if text.chars().any(is_cjk) { max_cjk.or(max) } else { max };
    if length < min {
        given.outside("is too short", format!("{length} characters, at least {min}"));
    } else if let Some(max) = max.filter(|max| length > *max) {
        given.outside("is too long", format!("{length} characters, at most {max}"));
    }
    if let Some((form, example)) = format.filter(|format| !has_form(text, *format)).map(looks_like) {
        given.outside(&format!("is not {form}"), format!("looks like `{example}`"));
    }
}

fn is_cjk(symbol: char) -> bool {
    matches!(u32::from(symbol), 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF)
}

fn looks_like(format: TextFormat) -> (&'static str, &'static str) {
    match format {
        TextFormat::Speaker => ("a speaker", "Speaker 1"),
        TextFormat::HexColor => ("a colour", "#1A2B3C"),
        TextFormat::Percent => ("a percentage", "12.50%"),
        TextFormat::SecondsRange => ("a range of seconds", "1.5,12"),
    }
}

fn has_form(text: &str, format: TextFormat) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match format {
        TextFormat::Speaker => text.strip_prefix("Speaker ").is_some_and(digits),
        TextFormat::HexColor => {
            text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        }
        TextFormat::Percent => text
            .strip_suffix('%')
            .and_then(|number| number.split_once('.'))
            .is_some_and(|(whole, part)| whole.len() <= 3 && part.len() == 2 && digits(whole) && digits(part)),
        TextFormat::SecondsRange => text.split_once(',').is_some_and(|(from, to)| {
            let number =
                |part: &str| part.trim().parse::<f64>().is_ok_and(|seconds| seconds.is_finite() && seconds >= 0.0);
            number(from) && number(to)
        }),
    }
}
