//! What a rule requires: one function a key.

use kie_schema::spec::{Count, Literal, Path, Range, Requirement, SumLimit, Term};

use crate::diagnostic::Code;
use crate::leak;
use crate::reader::{self, Mapping};
use crate::schema::condition;
use crate::schema::path::{FieldScope, Need};
use crate::yaml::{Data, Node};

type Read = fn(&Node, &str, &FieldScope<'_>) -> Vec<Requirement>;

/// The words of a rule and what reads them.
pub(super) const KEYS: &[(&str, Read)] = &[
    ("require", |node, key, scope| vec![Requirement::Require(scope.paths(node, key, Need::Any))]),
    ("at_least_one", |node, key, scope| groups(node, key, 1, None, scope)),
    ("exactly_one", |node, key, scope| groups(node, key, 1, Some(1), scope)),
    ("at_most_one", |node, key, scope| groups(node, key, 0, Some(1), scope)),
    ("forbid", |node, key, scope| vec![Requirement::Forbid(scope.paths(node, key, Need::Any))]),
    ("ignored", |node, key, scope| vec![Requirement::Ignored(scope.paths(node, key, Need::Any))]),
    ("allow", |node, key, scope| by_values(node, key, Requirement::Allow, scope)),
    ("refuse", |node, key, scope| by_values(node, key, Requirement::Refuse, scope)),
    ("length", |node, key, scope| by_range(node, key, Need::Text, Requirement::Length, scope)),
    ("within", |node, key, scope| by_range(node, key, Need::Number, Requirement::Within, scope)),
    ("count", |node, key, scope| by_range(node, key, Need::List, Requirement::Count, scope)),
    ("seconds", |node, key, scope| by_range(node, key, Need::File, Requirement::Seconds, scope)),
    ("sum", sum),
    ("difference", difference),
    ("same_count", |node, key, scope| two_or_more(node, key, Need::List, Requirement::SameCount, scope)),
    ("same_size", |node, key, scope| {
        let paths = scope.paths(node, key, Need::Picture);
        if paths.is_empty() { Vec::new() } else { vec![Requirement::SameSize(paths)] }
    }),
    ("unique", |node, _, scope| scope.path(node, Need::List).map(Requirement::Unique).into_iter().collect()),
    ("refers", refers),
    ("images_or_videos", images_or_videos),
];

fn groups(node: &Node, key: &str, min: u32, max: Option<u32>, scope: &FieldScope<'_>) -> Vec<Requirement> {
    let Some(items) = reader::items(node, key, scope.env.out) else { return Vec::new() };
    if items.is_empty() {
        scope.env.out.error(Code::Empty, node.span, format!("`{key}` is empty"), "");
        return Vec::new();
    }
    let of = leak::list(items.iter().map(|item| scope.paths(item, key, Need::Any)));
    vec![Requirement::Groups { of, min, max }]
}

fn by_values(
    node: &Node,
    key: &str,
    requirement: fn(Path, &'static [Literal]) -> Requirement,
    scope: &FieldScope<'_>,
) -> Vec<Requirement> {
    let entries = reader::entries(node, key, scope.env.out).unwrap_or_default();
    let mut requirements = Vec::new();
    for entry in entries {
        if let Some(target) = scope.named(&entry.name, entry.key.span, Need::Value) {
            requirements.push(requirement(target.path, condition::values(&entry.value, &target, scope)));
        }
    }
    requirements
}

fn by_range(
    node: &Node,
    key: &str,
    need: Need,
    requirement: fn(Path, Range) -> Requirement,
    scope: &FieldScope<'_>,
) -> Vec<Requirement> {
    let entries = reader::entries(node, key, scope.env.out).unwrap_or_default();
    let mut requirements = Vec::new();
    for entry in entries {
        let target = scope.named(&entry.name, entry.key.span, need);
        let range = reader::range(&entry.value, &entry.name, scope.env.out);
        requirements.extend(target.zip(range).map(|(target, range)| requirement(target.path, range)));
    }
    requirements
}

fn two_or_more(
    node: &Node,
    key: &str,
    need: Need,
    requirement: fn(&'static [Path]) -> Requirement,
    scope: &FieldScope<'_>,
) -> Vec<Requirement> {
    let Some(items) = reader::items(node, key, scope.env.out) else { return Vec::new() };
    if items.len() < 2 {
        scope.env.out.error(Code::BadLimit, node.span, format!("`{key}` compares at least two fields"), "");
        return Vec::new();
    }
    vec![requirement(scope.paths(node, key, need))]
}

const COUNTS: &[(&str, Count, Need)] = &[
    ("value", Count::Value, Need::Number),
    ("items", Count::Items, Need::List),
    ("presence", Count::Presence, Need::Any),
    ("seconds", Count::Seconds, Need::File),
    ("characters", Count::Characters, Need::Text),
    ("megabytes", Count::Megabytes, Need::File),
];

fn sum(node: &Node, key: &str, scope: &FieldScope<'_>) -> Vec<Requirement> {
    let out = scope.env.out;
    let Some(mut object) = Mapping::open(node, node.span, key, out) else { return Vec::new() };
    let list = object.need("of").and_then(|node| reader::items(node, "of", out).map(|items| (node, items)));
    let max = object.need("max").and_then(|node| limit(node, scope));
    let exact = object.flag("exact");
    object.finish();
    let (Some((node, items)), Some(max)) = (list, max) else { return Vec::new() };
    if items.is_empty() {
        out.error(Code::Empty, node.span, "`of` is empty", "");
    }
    let of = leak::list(items.iter().filter_map(|item| term(item, scope)));
    vec![Requirement::Sum { of, max, exact }]
}

fn limit(node: &Node, scope: &FieldScope<'_>) -> Option<SumLimit> {
    match node.data {
        Data::Text(_) => scope.path(node, Need::Number).map(SumLimit::Field),
        _ => reader::number(node, "max", scope.env.out).map(SumLimit::Number),
    }
}

fn term(node: &Node, scope: &FieldScope<'_>) -> Option<Term> {
    let mut object = Mapping::open(node, node.span, "a term", scope.env.out)?;
    let weight = object.number("weight").unwrap_or(1.0);
    let mut found = Vec::new();
    for (key, count, need) in COUNTS {
        if let Some(node) = object.take(key) {
            found.push((*key, node, *count, *need));
        }
    }
    for pair in found.windows(2) {
        object.conflict(pair[0].0, pair[1].0);
    }
    if found.is_empty() {
        object.missing("value");
    }
    object.finish();
    let (_, node, count, need) = *found.first()?;
    Some(Term { field: scope.path(node, need)?, count, weight })
}

fn difference(node: &Node, key: &str, scope: &FieldScope<'_>) -> Vec<Requirement> {
    let Some(mut object) = Mapping::open(node, node.span, key, scope.env.out) else { return Vec::new() };
    let greater = object.need("greater").and_then(|node| scope.path(node, Need::Number));
    let smaller = object.need("smaller").and_then(|node| scope.path(node, Need::Number));
    let range = object.range("range").unwrap_or(Range { min: None, max: None });
    object.finish();
    let requirement =
        greater.zip(smaller).map(|(greater, smaller)| Requirement::Difference { greater, smaller, range });
    requirement.into_iter().collect()
}

fn refers(node: &Node, key: &str, scope: &FieldScope<'_>) -> Vec<Requirement> {
    let out = scope.env.out;
    let Some(items) = reader::items(node, key, out) else { return Vec::new() };
    let [from, to] = items else {
        out.error(Code::WrongType, node.span, format!("`{key}` takes two fields `[from, to]`"), "");
        return Vec::new();
    };
    let (from, to) = (scope.path(from, Need::Value), scope.path(to, Need::Value));
    from.zip(to).map(|(from, to)| Requirement::Refers(from, to)).into_iter().collect()
}

fn images_or_videos(node: &Node, key: &str, scope: &FieldScope<'_>) -> Vec<Requirement> {
    let Some(mut object) = Mapping::open(node, node.span, key, scope.env.out) else { return Vec::new() };
    let of = object.need("of").and_then(|node| scope.path(node, Need::Picture));
    let mut range = |key: &'static str| match object.range(key) {
        None if !object.has(key) => {
            object.missing(key);
            None
        }
        range => range,
    };
    let (images, videos) = (range("images"), range("videos"));
    object.finish();
    match (of, images, videos) {
        (Some(of), Some(images), Some(videos)) => vec![Requirement::ImagesOrVideos { of, images, videos }],
        _ => Vec::new(),
    }
}
