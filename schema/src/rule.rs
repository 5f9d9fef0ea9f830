//! Rules across fields, over inputs of any shape.

mod requirement;
mod term;

use super::file::Files;
use super::path::{Scope, list_of};
use super::report::{Report, Violation};
use super::spec::{Condition, FieldSpec, ModelSpec, Path, Requirement, RuleSpec, SumLimit};
use super::value_ref::{ObjectRef, ValueRef};

/// Checks every rule of a model. What is not known of a file refuses nothing.
///
/// `broken` holds the positions of the fields whose values are refused already. A rule that looks at one of them is skipped: it would
/// judge a value that cannot be sent.
pub fn check(spec: &'static ModelSpec, input: &dyn ObjectRef, files: &Files, broken: &[usize]) -> Report {
    check_rules(spec.fields, spec.rules, input, files, broken)
}

/// Whether an input breaks one rule. Advice cannot be broken, and what is not known of a file breaks nothing.
pub fn is_broken(rule: &'static RuleSpec, fields: &'static [FieldSpec], input: &dyn ObjectRef) -> bool {
    !check_rules(fields, std::slice::from_ref(rule), input, &Files::new(), &[]).is_valid()
}

pub(crate) fn check_rules(
    fields: &'static [FieldSpec],
    rules: &'static [RuleSpec],
    input: &dyn ObjectRef,
    files: &Files,
    broken: &[usize],
) -> Report {
    let mut report = Report::default();
    let scope = Scope { input, fields, assume: &[], at: None };
    for rule in rules {
        if !broken.is_empty() && rule.looks_at(broken) {
            continue;
        }
        // Most rules end here: conditions on plain fields are the same for every item.
        if !rule.when.iter().filter(|condition| condition.path().is_plain()).all(|condition| condition.holds(&scope)) {
            continue;
        }
        let is_advice = rule.advisory || matches!(rule.then, Requirement::Ignored(_));
        check_rule(rule, scope, files, if is_advice { &mut report.warnings } else { &mut report.violations });
    }
    report
}

/// One rule. A requirement on fields of list items is made of each item by itself.
fn check_rule(rule: &RuleSpec, scope: Scope<'_>, files: &Files, found: &mut Vec<Violation>) {
    let Some(list) = rule.then.each_item_of() else { return check_at(rule, scope, files, found) };
    let count =
        scope.input.field(list).map_or(0, |value| if let ValueRef::List(items) = value { items.count() } else { 0 });
    (0..count).for_each(|index| check_at(rule, scope.focus(Some((list, index))), files, found));
}

fn check_at(rule: &RuleSpec, scope: Scope<'_>, files: &Files, found: &mut Vec<Violation>) {
    if rule.when.iter().filter(|condition| !condition.path().is_plain()).all(|condition| condition.holds(&scope)) {
        requirement::check(rule, scope, files, found);
    }
}

impl Condition {
    /// Whether the condition holds. Values are compared as text.
    pub(crate) fn holds(&self, scope: &Scope<'_>) -> bool {
        match self {
            Self::Is(path, values) => scope.any(*path, |value| values.iter().any(|&v| value.same_text(v.into()))),
            Self::IsNot(path, values) => !scope.any(*path, |value| values.iter().any(|&v| value.same_text(v.into()))),
            Self::Present(path) => scope.is_given(*path),
            Self::Absent(path) => !scope.is_given(*path),
            Self::Items(path, count) => {
                scope.any(*path, |value| matches!(value, ValueRef::List(items) if items.count() == *count as usize))
            }
        }
    }

    /// The field that is looked at.
    pub fn path(&self) -> Path {
        *match self {
            Self::Is(path, _)
            | Self::IsNot(path, _)
            | Self::Present(path)
            | Self::Absent(path)
            | Self::Items(path, _) => path,
        }
    }
}

impl RuleSpec {
    /// Whether the rule looks at one of the fields of the input at these positions.
    fn looks_at(&self, fields: &[usize]) -> bool {
        let is_one = |path: Path| fields.contains(&path.root());
        let mut looks = self.when.iter().any(|condition| is_one(condition.path()));
        self.then.each_path(&mut |path| looks |= is_one(path));
        looks
    }
}

impl Requirement {
    /// Every field that the requirement names.
    fn each_path(&self, visit: &mut dyn FnMut(Path)) {
        match self {
            Self::Require(paths) | Self::Forbid(paths) | Self::Ignored(paths) => paths.iter().for_each(|p| visit(*p)),
            Self::SameCount(paths) | Self::SameSize(paths) => paths.iter().for_each(|p| visit(*p)),
            Self::Groups { of, .. } => of.iter().copied().flatten().for_each(|p| visit(*p)),
            Self::Allow(path, _) | Self::Refuse(path, _) | Self::Unique(path) => visit(*path),
            Self::Length(path, _) | Self::Within(path, _) | Self::Count(path, _) | Self::Seconds(path, _) => {
                visit(*path);
            }
            Self::Sum { of, max, .. } => {
                of.iter().for_each(|term| visit(term.field));
                if let SumLimit::Field(path) = max {
                    visit(*path);
                }
            }
            Self::Difference { greater, smaller, .. } => [greater, smaller].into_iter().for_each(|p| visit(*p)),
            Self::Refers(from, to) => [from, to].into_iter().for_each(|p| visit(*p)),
            Self::ImagesOrVideos { of, .. } => visit(*of),
        }
    }

    /// Whether the requirement is about one plain field first, and so about no list, as nearly all are.
    fn is_plain(&self) -> bool {
        match self {
            Self::Require(paths) | Self::Forbid(paths) | Self::Ignored(paths) | Self::SameCount(paths) => {
                paths.first().is_some_and(|path| path.is_plain())
            }
            Self::Groups { of, .. } => of.iter().copied().flatten().next().is_some_and(|path| path.is_plain()),
            Self::Allow(path, _)
            | Self::Refuse(path, _)
            | Self::Length(path, _)
            | Self::Within(path, _)
            | Self::Count(path, _)
            | Self::Seconds(path, _) => path.is_plain(),
            _ => false,
        }
    }

    /// The list whose items the requirement is made of, one by one. Sums and comparisons among items look at all together.
    fn each_item_of(&self) -> Option<&'static str> {
        match self {
            Self::Sum { .. } | Self::Unique(_) | Self::Refers(..) | Self::SameSize(_) => None,
            _ if self.is_plain() => None,
            _ => {
                let (mut first, mut same) = (None, true);
                self.each_path(&mut |path| {
                    let list = list_of(path);
                    same &= *first.get_or_insert(list) == list;
                });
                first.flatten().filter(|_| same)
            }
        }
    }
}

#[cfg(test)]
mod tests;
