//! Rules across fields, over inputs of any shape.

mod demand;
mod term;

use super::input::Files;
use super::path::{Scope, list_of};
use super::report::{Report, Violation};
use super::spec::{Condition, Demand, FieldSpec, ModelSpec, Path, RuleSpec, SumLimit};
use super::view::{Fields, View};

/// Checks every rule of a model. What is not known of a file refuses nothing.
///
/// `broken` names the fields whose values were refused already: a rule that looks at one of them says nothing, since its
/// verdict would be about a value that nobody can send.
pub fn check(spec: &'static ModelSpec, input: &dyn Fields, files: &Files, broken: &[String]) -> Report {
    check_rules(spec.fields, spec.rules, input, files, broken)
}

pub(crate) fn check_rules(
    fields: &'static [FieldSpec],
    rules: &'static [RuleSpec],
    input: &dyn Fields,
    files: &Files,
    broken: &[String],
) -> Report {
    let mut report = Report::default();
    let scope = Scope { input, fields, assume: &[], at: None };
    for rule in rules {
        if !broken.is_empty() && rule.paths().iter().any(|p| broken.iter().any(|b| b == super::path::root(p))) {
            continue;
        }
        let found = check_rule(rule, scope, files);
        if rule.advisory || matches!(rule.then, Demand::Ignored(_)) {
            report.warnings.extend(found);
        } else {
            report.violations.extend(found);
        }
    }
    report
}

/// One rule. A demand on fields of list items is made of each item by itself.
fn check_rule(rule: &RuleSpec, scope: Scope<'_>, files: &Files) -> Vec<Violation> {
    let Some(list) = rule.then.each_item_of() else { return check_at(rule, scope, files) };
    let count = scope.one(list).map_or(0, |node| if let View::List(items) = node.view { items.count() } else { 0 });
    (0..count).flat_map(|index| check_at(rule, scope.focus(Some((list, index))), files)).collect()
}

fn check_at(rule: &RuleSpec, scope: Scope<'_>, files: &Files) -> Vec<Violation> {
    if !rule.when.iter().all(|condition| condition.holds(&scope)) {
        return Vec::new();
    }
    demand::check(rule, scope, files)
}

impl Condition {
    /// Whether the condition holds. Values are compared as text.
    pub(crate) fn holds(&self, scope: &Scope<'_>) -> bool {
        match self {
            Self::Is(path, values) => {
                scope.find(path).iter().any(|n| values.iter().any(|&v| n.view.same_text(v.into())))
            }
            Self::IsNot(path, values) => {
                !scope.find(path).iter().any(|n| values.iter().any(|&v| n.view.same_text(v.into())))
            }
            Self::Present(path) => scope.is_given(path),
            Self::Absent(path) => !scope.is_given(path),
            Self::Items(path, count) => {
                scope.find(path).iter().any(|n| matches!(n.view, View::List(items) if items.count() == *count as usize))
            }
        }
    }

    /// The field that is looked at.
    pub(crate) fn path(&self) -> Path {
        match self {
            Self::Is(path, _)
            | Self::IsNot(path, _)
            | Self::Present(path)
            | Self::Absent(path)
            | Self::Items(path, _) => path,
        }
    }
}

impl RuleSpec {
    /// Every field that the rule looks at.
    fn paths(&self) -> Vec<Path> {
        self.when.iter().map(Condition::path).chain(self.then.paths()).collect()
    }
}

impl Demand {
    /// Every field that the demand speaks of.
    fn paths(&self) -> Vec<Path> {
        match self {
            Self::Require(paths) | Self::Forbid(paths) | Self::Ignored(paths) => paths.to_vec(),
            Self::SameCount(paths) | Self::SameSize(paths) => paths.to_vec(),
            Self::Groups { of, .. } => of.concat(),
            Self::Allow(path, _) | Self::Refuse(path, _) | Self::Unique(path) => vec![path],
            Self::Length(path, _) | Self::Within(path, _) | Self::Count(path, _) | Self::Seconds(path, _) => vec![path],
            Self::Sum { of, max, .. } => {
                let limit = if let SumLimit::Field(path) = max { Some(*path) } else { None };
                of.iter().map(|term| term.field).chain(limit).collect()
            }
            Self::Difference { greater, smaller, .. } => vec![greater, smaller],
            Self::Refers(from, to) => vec![from, to],
            Self::ImagesOrVideos { of, .. } => vec![of],
        }
    }

    /// The first field that the demand speaks of.
    fn first_path(&self) -> Option<Path> {
        match self {
            Self::Require(paths) | Self::Forbid(paths) | Self::Ignored(paths) => paths.first().copied(),
            Self::Groups { of, .. } => of.first()?.first().copied(),
            Self::Allow(path, _)
            | Self::Refuse(path, _)
            | Self::Length(path, _)
            | Self::Within(path, _)
            | Self::Count(path, _)
            | Self::Seconds(path, _) => Some(path),
            Self::Difference { greater: path, .. } | Self::ImagesOrVideos { of: path, .. } => Some(path),
            _ => self.paths().first().copied(),
        }
    }

    /// The list whose items the demand is made of, one by one. Sums and comparisons among items look at all together.
    fn each_item_of(&self) -> Option<&'static str> {
        match self {
            Self::Sum { .. } | Self::Unique(_) | Self::Refers(..) | Self::SameSize(_) => None,
            _ => {
                let list = list_of(self.first_path()?)?;
                let paths = self.paths();
                paths.iter().all(|path| list_of(path) == Some(list)).then_some(list)
            }
        }
    }
}

#[cfg(test)]
mod tests;
