//! `string`: free text. Lengths are in characters.

use kie_schema::spec::{Kind, TextFormat, TextSpec};

use crate::diagnostic::Code;
use crate::env::Env;
use crate::reader::{self, Mapping};

const FORMATS: &[(&str, TextFormat)] = &[
    ("speaker", TextFormat::Speaker),
    ("hex_color", TextFormat::HexColor),
    ("percent", TextFormat::Percent),
    ("seconds_range", TextFormat::SecondsRange),
];

pub(super) fn read(object: &mut Mapping<'_>, required: bool, env: &Env<'_>) -> Option<Kind> {
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
        .then_some(Kind::Text(TextSpec { min, max, max_cjk, format }))
}
