//! Values for mutated inputs: other values of a field, lists of a length, and numbers at and outside limits.

use kie::schema::spec::{Kind, Literal, Range};
use serde_json::{Value, json};

use crate::support::sample::{self, fitting, one};

pub(crate) fn json(literal: Literal) -> Value {
    match literal {
        Literal::Text(text) => json!(text),
        Literal::Integer(n) => json!(n),
        Literal::Decimal(n) => json!(n),
        Literal::Boolean(flag) => json!(flag),
    }
}

/// A value of a field that is not one of these.
pub(crate) fn other_than(kind: &Kind, values: &[Literal]) -> Option<Value> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    fitting(kind).into_iter().find(|v| values.iter().all(|no| no.to_string() != text(v)))
}

/// A list of this number of different items.
pub(crate) fn list_of(kind: &Kind, count: usize) -> Value {
    let Kind::List(list) = kind else { panic!("{kind:?} is no list") };
    let item = |index: usize| match list.item {
        Kind::Media(media) => json!(sample::url(media, index as u32)),
        other => one(other),
    };
    (0..count).map(item).collect()
}

/// A number just outside a range: first above its upper limit, then below its lower limit.
pub(crate) fn outside(range: Range, way: usize) -> Option<f64> {
    let ends = range.max.map(|max| max + 1.0).into_iter().chain(range.min.map(|min| min - 1.0));
    ends.filter(|end| *end >= 0.0).nth(way)
}

/// A limit of a range: first the upper one.
pub(crate) fn end(range: Range, way: usize) -> Option<f64> {
    range.max.into_iter().chain(range.min).nth(way)
}

pub(crate) fn number(kind: &Kind, n: f64) -> Value {
    match kind {
        Kind::Choice(_) => json!(n.to_string()),
        Kind::Integer(_) => json!(n as i64),
        _ => json!(n),
    }
}
