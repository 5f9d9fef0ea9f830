//! `array`: several of the same.

use kie_schema::spec::{Kind, ListSpec};

use crate::diagnostic::Code;
use crate::env::Env;
use crate::kind::{self, media};
use crate::leak;
use crate::reader::{self, Mapping};
use crate::yaml::{Data, Node};

pub(super) fn read(object: &mut Mapping<'_>, required: bool, env: &Env<'_>) -> Option<Kind> {
    object.conflict("item", "item_type");
    let item = if let Some(node) = object.take("item") {
        object.take("item_type");
        let mut inner = Mapping::open(node, node.span, "item", env.out)?;
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
fn item_of_word(node: &Node, object: &mut Mapping<'_>, env: &Env<'_>) -> Option<Kind> {
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
pub(super) fn around(item: Kind, object: &mut Mapping<'_>, required: bool, env: &Env<'_>) -> Option<Kind> {
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
    Some(Kind::List(ListSpec { item: leak::one(item), min, max, total_seconds }))
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
