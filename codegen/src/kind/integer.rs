//! `integer`: a whole number.

use crate::diagnostic::Code;
use crate::env::Env;
use crate::kind::Given;
use crate::reader::{self, Object};
use crate::resolved::Kind;
use crate::yaml::Data;

pub(super) fn read(object: &mut Object<'_>, _: bool, env: &Env<'_>) -> Option<Kind> {
    let out = env.out;
    let min = object.integer("min");
    let max_node = object.take("max");
    let max = max_node.and_then(|node| reader::integer(node, "max", out));
    if !reader::ordered(min, max, max_node.map_or(object.owner, |node| node.span), "min, max", out) {
        return None;
    }
    let inside = |value: i64| min.is_none_or(|min| value >= min) && max.is_none_or(|max| value <= max);
    let step = step(object, env);
    let also = values(object, "also", "is inside the range already", |value| !inside(value), env);
    let except = values(object, "except", "is outside the range anyway", inside, env);
    let number_or_string = object
        .take("accepts")
        .and_then(|node| reader::word(node, "accepts", &[("number_or_string", true)], out))
        .unwrap_or(false);
    Some(Kind::Integer { min, max, step, also, except, number_or_string })
}

fn step(object: &mut Object<'_>, env: &Env<'_>) -> Option<i64> {
    let node = object.take("step")?;
    let step = reader::integer(node, "step", env.out)?;
    if step < 1 {
        env.out.error(Code::BadLimit, node.span, format!("`step` cannot be {step}"), "at least 1");
        return None;
    }
    Some(step)
}

fn values(
    object: &mut Object<'_>,
    key: &'static str,
    useless: &str,
    useful: impl Fn(i64) -> bool,
    env: &Env<'_>,
) -> Vec<i64> {
    let Some(node) = object.take(key) else { return Vec::new() };
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
    values
}

/// The same verdict as `IntegerSpec::check` of the main package; a test there compares them.
pub(super) fn check(
    min: Option<i64>,
    max: Option<i64>,
    step: Option<i64>,
    also: &[i64],
    except: &[i64],
    given: &mut Given<'_>,
) {
    let Data::Integer(value) = given.node.data else { return given.wrong_type("a whole number") };
    if also.contains(&value) {
        return;
    }
    if except.contains(&value) {
        return given.outside("is not allowed", "one of `except`");
    }
    if let Some(min) = min.filter(|min| value < *min) {
        return given.outside("is too small", format!("at least {min}"));
    }
    if let Some(max) = max.filter(|max| value > *max) {
        return given.outside("is too large", format!("at most {max}"));
    }
    if let Some(step) = step.filter(|step| value.wrapping_sub(min.unwrap_or(0)) % step != 0) {
        given.outside("is between two steps", format!("steps of {step} from {}", min.unwrap_or(0)));
    }
}
