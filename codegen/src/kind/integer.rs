//! `integer`: a whole number.

use kie_schema::spec::{IntegerSpec, Kind, NumberForm};

use crate::diagnostic::Code;
use crate::env::Env;
use crate::leak;
use crate::reader::{self, Mapping};

pub(super) fn read(object: &mut Mapping<'_>, _: bool, env: &Env<'_>) -> Option<Kind> {
    let out = env.out;
    let min = object.integer("min");
    let max_node = object.take("max");
    let max = max_node.and_then(|node| reader::integer(node, "max", out));
    if !reader::ordered(min, max, max_node.map_or(object.owner, |node| node.span), "min, max", out) {
        return None;
    }
    let inside = |value: i64| min.is_none_or(|min| value >= min) && max.is_none_or(|max| value <= max);
    let step = step(object, env);
    let extra_values = values(object, "also", "is inside the range already", |value| !inside(value), env);
    let excluded = values(object, "except", "is outside the range anyway", inside, env);
    let form = object
        .take("accepts")
        .and_then(|node| reader::word(node, "accepts", &[("number_or_string", NumberForm::NumberOrString)], out))
        .unwrap_or(NumberForm::Number);
    Some(Kind::Integer(IntegerSpec { min, max, step, extra_values, excluded, form }))
}

fn step(object: &mut Mapping<'_>, env: &Env<'_>) -> Option<i64> {
    let node = object.take("step")?;
    let step = reader::integer(node, "step", env.out)?;
    if step < 1 {
        env.out.error(Code::BadLimit, node.span, format!("`step` cannot be {step}"), "at least 1");
        return None;
    }
    Some(step)
}

fn values(
    object: &mut Mapping<'_>,
    key: &'static str,
    useless: &str,
    useful: impl Fn(i64) -> bool,
    env: &Env<'_>,
) -> &'static [i64] {
    let Some(node) = object.take(key) else { return &[] };
    let mut values = Vec::new();
    for item in reader::one_or_many(node) {
        let Some(value) = reader::integer(item, key, env.out) else { continue };
        if !useful(value) {
            env.out.error(Code::BadLimit, item.span, format!("`{key}`: {value} {useless}"), "");
        } else if values.contains(&value) {
            env.out.error(Code::DuplicateValue, item.span, format!("{value} is listed twice"), "");
        } else {
            values.push(value);
        }
    }
    leak::list(values)
}
