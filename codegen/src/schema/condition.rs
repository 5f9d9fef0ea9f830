//! `when`: what a rule or a price row looks at.

use kie_schema::spec::{ChoiceSpec, Condition, Kind, ListSpec, Literal};

use crate::diagnostic::{Code, Diagnostic};
use crate::kind;
use crate::leak;
use crate::reader::{self, Mapping};
use crate::schema::path::{FieldScope, Need, PathTarget, describe};
use crate::yaml::{Data, Entry, Node};

/// Reads `when`; absent means always.
pub(super) fn read(node: Option<&Node>, scope: &FieldScope<'_>) -> &'static [Condition] {
    let Some(node) = node else { return &[] };
    let entries = reader::entries(node, "when", scope.env.out).unwrap_or_default();
    leak::list(entries.iter().filter_map(|entry| condition(entry, scope)))
}

fn condition(entry: &Entry, scope: &FieldScope<'_>) -> Option<Condition> {
    let node = &entry.value;
    let target = scope.named(&entry.name, entry.key.span, Need::Any)?;
    match &node.data {
        Data::Text(word) if word == "present" => Some(Condition::Present(target.path)),
        Data::Text(word) if word == "absent" => Some(Condition::Absent(target.path)),
        Data::Map(_) => {
            let mut object = Mapping::open(node, node.span, &entry.name, scope.env.out)?;
            object.conflict("not", "items");
            let not = object.take("not");
            let items = object.take("items");
            if not.is_none() && items.is_none() {
                object.missing("not");
            }
            object.finish();
            if let Some(node) = not {
                return Some(Condition::IsNot(target.path, values(node, &target, scope)));
            }
            let count = reader::count(items?, "items", scope.env.out)?;
            let list = scope.named(&entry.name, entry.key.span, Need::List)?;
            if let Kind::List(ListSpec { min, max, .. }) = list.kind
                && (max.is_some_and(|max| count > max) || (count > 0 && count < *min))
            {
                let title = format!("`{}` cannot have {count} items", entry.name);
                let most = max.map_or(String::new(), |max| format!(", at most {max}"));
                scope.env.out.error(Code::UnknownValue, items?.span, title, format!("at least {min}{most}"));
            }
            Some(Condition::Items(list.path, count))
        }
        _ => Some(Condition::Is(target.path, values(node, &target, scope))),
    }
}

/// The values that a condition or rule names, each one that the field can have.
pub(super) fn values(node: &Node, target: &PathTarget, scope: &FieldScope<'_>) -> &'static [Literal] {
    let items = reader::one_or_many(node);
    if items.is_empty() {
        scope.env.out.error(Code::Empty, node.span, format!("no values for `{}`", target.path), "");
    }
    leak::list(items.iter().filter_map(|item| value(item, target, scope)))
}

/// One value that the field can have.
pub(super) fn value(node: &Node, target: &PathTarget, scope: &FieldScope<'_>) -> Option<Literal> {
    let out = scope.env.out;
    let kind = kind::leaf(target.kind);
    if kind::is_broken(kind) {
        return kind::literal(node);
    }
    if matches!(kind, Kind::Media(_) | Kind::Object(_) | Kind::Task(_)) {
        let title = format!("`{}` is {} and has no value to compare", target.path, describe(target.kind));
        out.hint(Code::RequirementMisfit, node.span, title, "", "ask whether it is `present` or `absent`");
        return None;
    }
    let misfits = match kind::fit(*kind, node, "value") {
        Ok(_) => {
            let literal = kind::literal(node)?;
            return Some(match (kind, literal) {
                (Kind::Decimal(_), Literal::Integer(whole)) => Literal::Decimal(whole as f64),
                (Kind::Choice(ChoiceSpec { options, .. }), Literal::Integer(whole))
                    if matches!(options.first().map(|option| &option.value), Some(Literal::Decimal(_))) =>
                {
                    Literal::Decimal(whole as f64)
                }
                (_, literal) => literal,
            });
        }
        Err(misfits) => misfits,
    };
    for misfit in misfits {
        let title = format!("`{}` cannot be {}", target.path, node.describe());
        let mistake =
            Diagnostic { code: Code::UnknownValue, span: misfit.span, title, label: misfit.label, help: misfit.help };
        out.push(mistake);
    }
    None
}
