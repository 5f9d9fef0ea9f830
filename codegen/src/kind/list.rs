//! `array`: several of the same.

use crate::diagnostic::Code;
use crate::env::Env;
use crate::kind::{self, Given, media};
use crate::reader::{self, Object};
use crate::resolved::Kind;
use crate::yaml::{Data, Node};

pub(super) fn read(object: &mut Object<'_>, required: bool, env: &Env<'_>) -> Option<Kind> {
    object.conflict("item", "item_type");
    let item = if let Some(node) = object.take("item") {
        object.take("item_type");
        let mut inner = Object::open(node, node.span, "item", env.out)?;
        let item = kind::read(&mut inner, false, env);
        if item.is_some() {
            inner.finish();
        } else {
            inner.abandon();
        }
        item?
    } else {
        let node = object.need("item_type")?;
        item_of_word(node, object, env)?
    };
    around(item, object, required, env)
}

/// An item whose keys are written among those of the list.
fn item_of_word(node: &Node, object: &mut Object<'_>, env: &Env<'_>) -> Option<Kind> {
    match &node.data {
        Data::Text(word) if word == "media" => media::read_one(object, env),
        Data::Text(word) if word == "array" => {
            env.out.hint(
                Code::KeyConflict,
                node.span,
                "`item_type` cannot be `array`",
                "",
                "write `item: { type: array, ... }`",
            );
            None
        }
        _ => kind::find(node, "item_type", env)?(object, false, env),
    }
}

/// Reads the keys of a list around its item.
pub(super) fn around(item: Kind, object: &mut Object<'_>, required: bool, env: &Env<'_>) -> Option<Kind> {
    let out = env.out;
    let total_node = object.take("total_seconds");
    let total_seconds = total_node.and_then(|node| media::positive(node, "total_seconds", out));
    if let (Some(node), false) = (total_node, matches!(item, Kind::Media(_))) {
        out.error(Code::KeyConflict, node.span, "`total_seconds` is for lists of files", "");
    }
    let (min, max) = match object.take("count") {
        Some(node) => counts(node, env)?,
        None => (u32::from(required), None),
    };
    Some(Kind::List { item: Box::new(item), min, max, total_seconds })
}

fn counts(node: &Node, env: &Env<'_>) -> Option<(u32, Option<u32>)> {
    let out = env.out;
    let items = reader::items(node, "count", out)?;
    let [low, high] = items else {
        out.error(Code::WrongType, node.span, "`count` must be `[min, max]` (max may be null)", "");
        return None;
    };
    let min = reader::count(low, "count", out)?;
    let max = match high.data {
        Data::Null => None,
        _ => Some(reader::count(high, "count", out)?),
    };
    if max == Some(0) {
        out.error(Code::BadLimit, high.span, "`count` allows no item at all", "");
        return None;
    }
    reader::ordered(Some(min), max, node.span, "count", out).then_some((min, max))
}

pub(super) fn check(item: &Kind, min: u32, max: Option<u32>, given: &mut Given<'_>) {
    let Data::List(items) = &given.node.data else { return given.wrong_type("a list") };
    let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
    if count < min {
        given.outside("has too few items", format!("{count}, at least {min}"));
    } else if let Some(max) = max.filter(|max| count > *max) {
        given.outside("has too many items", format!("{count}, at most {max}"));
    }
    for (index, node) in items.iter().enumerate() {
        let name = format!("{}[{index}]", given.name);
        given.inner(node, name, item);
    }
}
