//! Rules across fields. A rule with several requirements, or with a requirement on several fields, becomes one rule each.

use kie_schema::spec::{Requirement, RuleSpec};

use crate::diagnostic::Code;
use crate::reader::{self, Mapping};
use crate::schema::path::FieldScope;
use crate::schema::{condition, requirement};
use crate::yaml::Node;

pub(super) fn read_all(node: &Node, scope: &FieldScope<'_>) -> Vec<RuleSpec> {
    let items = reader::items(node, "rules", scope.env.out).unwrap_or_default();
    items.iter().flat_map(|item| read(item, scope)).collect()
}

fn read(node: &Node, scope: &FieldScope<'_>) -> Vec<RuleSpec> {
    let out = scope.env.out;
    let Some(mut object) = Mapping::open(node, node.span, "a rule", out) else { return Vec::new() };
    let before = out.count();
    let when = condition::read(object.take("when"), scope);
    let advisory = object.flag("advisory");
    let written = requirement::KEYS.iter().filter(|(key, _)| object.has(key)).count();
    let requirements: Vec<Requirement> = requirement::KEYS
        .iter()
        .filter_map(|(key, read)| object.take(key).map(|node| read(node, key, scope)))
        .flatten()
        .collect();
    object.finish();
    if written == 0 {
        out.error(Code::EmptyRule, node.span, "the rule demands nothing", "");
    }
    if out.count() > before {
        // A rule of which only a part was read would cause mistakes that are not the author's.
        return Vec::new();
    }
    let line = node.span.line;
    requirements
        .into_iter()
        .map(|then| RuleSpec { when, advisory: advisory || matches!(then, Requirement::Ignored(_)), then, line })
        .collect()
}
