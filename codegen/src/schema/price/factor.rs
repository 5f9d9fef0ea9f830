//! What a price is multiplied by.

use kie_schema::spec::{Condition, Factor, Kind};

use crate::diagnostic::Code;
use crate::leak;
use crate::reader::{self, Mapping};
use crate::schema::condition;
use crate::schema::path::{FieldScope, Need};
use crate::yaml::{Data, Node};

pub(super) fn factors(node: &Node, scope: &FieldScope<'_>) -> Vec<Factor> {
    if reader::one_or_many(node).is_empty() {
        scope.env.out.error(Code::Empty, node.span, "`times` is empty", "");
    }
    reader::one_or_many(node).iter().filter_map(|item| factor(item, scope)).collect()
}

fn factor(node: &Node, scope: &FieldScope<'_>) -> Option<Factor> {
    let out = scope.env.out;
    let mut object = Mapping::open(node, node.span, "times", out)?;
    let words = ["value", "seconds", "minutes", "megapixels", "ratio", "characters", "outputs", "tokens"];
    let written: Vec<&'static str> = words.into_iter().filter(|word| object.has(word)).collect();
    for pair in written.windows(2) {
        object.conflict(pair[0], pair[1]);
    }
    let Some(word) = written.first().copied() else {
        for word in words {
            object.take(word);
        }
        object.missing("value");
        object.finish();
        return None;
    };
    for word in &written {
        object.take(word);
    }
    let of = object.take(word)?;
    let factor = match word {
        "value" => value(of, &mut object, scope),
        "seconds" => {
            let by = object.number("by").unwrap_or(1.0);
            let at_most = object.number("at_most");
            scope.path(of, Need::File).map(|of| Factor::Seconds { of, by, at_most })
        }
        "minutes" => scope.path(of, Need::File).map(Factor::Minutes),
        "megapixels" => scope.path(of, Need::Picture).map(Factor::Megapixels),
        "ratio" => ratio(of, scope),
        "outputs" => outputs(of, &mut object, scope),
        "tokens" => tokens(of, &mut object, scope),
        _ => characters(of, &mut object, scope),
    };
    object.finish();
    factor
}

fn value(of: &Node, object: &mut Mapping<'_>, scope: &FieldScope<'_>) -> Option<Factor> {
    let out = scope.env.out;
    let or = object.number("or");
    let spans = ["or", "or_when"].map(|key| object.entry(key).map(|entry| entry.key.span));
    let or_when = defaults_when(object, scope);
    let zero_means = object.take("zero_means").and_then(|node| scope.path(node, Need::File));
    let plus_seconds_of = object.take("plus_seconds_of").and_then(|node| scope.path(node, Need::File));
    let path = reader::text(of, "value", out)?;
    let target = scope.named(path, of.span, Need::Any)?;
    // A field of an item or object may be missing because the whole item or object is.
    if let (Some(field), false) = (target.field, path.contains(['.', '['])) {
        let reason = match &field.default {
            _ if field.required => Some(("is always given".to_owned(), &spans[..])),
            Some(default) => Some((format!("has the default {default}"), &spans[..1])),
            None => None,
        };
        if let Some((reason, spans)) = reason {
            for span in spans.iter().flatten() {
                out.error(Code::UselessDefault, *span, format!("`{path}` {reason}"), "never used");
            }
        }
    }
    let counted = matches!(target.kind, Kind::List(_));
    let field = if counted { target.path } else { scope.path(of, Need::Number)? };
    Some(Factor::Value { field, or, or_when: leak::list(or_when), zero_means, plus_seconds_of })
}

/// The numbers of `or_when`, with where they stand.
fn defaults_when(object: &mut Mapping<'_>, scope: &FieldScope<'_>) -> Vec<(Condition, f64)> {
    let items = object.take("or_when").and_then(|node| reader::items(node, "or_when", scope.env.out));
    items.unwrap_or_default().iter().filter_map(|item| default_when(item, scope)).collect()
}

fn default_when(node: &Node, scope: &FieldScope<'_>) -> Option<(Condition, f64)> {
    let out = scope.env.out;
    let mut object = Mapping::open(node, node.span, "or_when", out)?;
    let when_node = object.need("when");
    let when = condition::read(when_node, scope);
    let value = object.number("value");
    if !object.has("value") {
        object.missing("value");
    }
    object.finish();
    let several = when_node.is_some_and(|node| matches!(&node.data, Data::Map(entries) if entries.len() != 1));
    if let (true, Some(node)) = (several, when_node) {
        out.error(Code::WrongType, node.span, "`when` takes exactly one condition here", "");
    }
    Some((*when.first()?, value?))
}

fn ratio(node: &Node, scope: &FieldScope<'_>) -> Option<Factor> {
    let out = scope.env.out;
    let [above, below] = reader::items(node, "ratio", out)? else {
        out.error(Code::WrongType, node.span, "`ratio` takes two fields `[above, below]`", "");
        return None;
    };
    let (above, below) = (scope.path(above, Need::Number), scope.path(below, Need::Number));
    Some(Factor::Ratio(above?, below?))
}

fn characters(of: &Node, object: &mut Mapping<'_>, scope: &FieldScope<'_>) -> Option<Factor> {
    let step = object.count("step").unwrap_or(1);
    if step == 0 {
        let span = object.take("step").map_or(object.owner, |node| node.span);
        object.out.error(Code::BadLimit, span, "`step` must be at least 1", "");
    }
    scope.path(of, Need::Text).map(|of| Factor::Characters { of, step })
}

fn outputs(of: &Node, object: &mut Mapping<'_>, scope: &FieldScope<'_>) -> Option<Factor> {
    let out = scope.env.out;
    let most = reader::count(of, "outputs", out)?;
    if most == 0 {
        out.error(Code::BadLimit, of.span, "`outputs` must be at least 1", "");
    }
    let span = object.entry("or_when").map_or(of.span, |entry| entry.value.span);
    let most_when = defaults_when(object, scope);
    if most_when.iter().any(|(_, count)| count.fract() != 0.0 || *count < 1.0) {
        out.error(Code::BadLimit, span, "a largest count must be a whole number, at least 1", "");
    }
    Some(Factor::Outputs { most, most_when: leak::list(most_when) })
}

fn tokens(of: &Node, object: &mut Mapping<'_>, scope: &FieldScope<'_>) -> Option<Factor> {
    let mut each = |key: &'static str| {
        let node = object.take(key)?;
        let tokens = reader::number(node, key, scope.env.out)?;
        if tokens <= 0.0 {
            scope.env.out.error(Code::BadLimit, node.span, format!("`{key}` must be above 0"), "");
        }
        Some(tokens)
    };
    let (by, by_cjk) = (each("by"), each("by_cjk"));
    if !object.has("by") {
        object.missing("by");
    }
    let plus = object.count("plus").unwrap_or(0);
    let of = scope.paths(of, "tokens", Need::Text);
    Some(Factor::Tokens { of, by: by?, by_cjk: by_cjk.or(by)?, plus })
}
