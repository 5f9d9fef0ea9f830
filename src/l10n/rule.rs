//! Sentences for the registry's rules and conditions.

use super::Messages;
use crate::schema::spec::{Condition, Literal, Path, Range, Requirement, RuleSpec, SumLimit, Term};
use crate::schema::value_ref::ValueRef;

impl Messages {
    /// A rule in one line, with the vendor's names: `if resolution is 4K: aspect_ratio must not be 1:1 or auto`.
    pub fn rule(&self, rule: &RuleSpec) -> String {
        let requirement = self.requirement(&rule.then);
        let whole = match self.conditions(rule.when) {
            None => requirement,
            Some(conditions) => self.rule_when(&conditions, &requirement),
        };
        // A rule about ignored fields is advice anyway.
        let advice = rule.advisory && !matches!(rule.then, Requirement::Ignored(_));
        if advice { self.rule_advice(&whole) } else { whole }
    }

    /// The text of conditions; `None` if there are none.
    pub fn conditions(&self, all: &[Condition]) -> Option<String> {
        let all: Vec<String> = all.iter().map(|condition| self.condition(condition)).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Is(path, values) => self.condition_is(path, &self.literals(values)),
            Condition::IsNot(path, values) => self.condition_is_not(path, &self.literals(values)),
            Condition::Present(path) => self.condition_present(path),
            Condition::Absent(path) => self.condition_absent(path),
            Condition::Items(path, count) => self.condition_items(path, *count),
        }
    }

    fn requirement(&self, requirement: &Requirement) -> String {
        let span = |range: &Range| self.range(range.min, range.max);
        match requirement {
            Requirement::Require(paths) => self.rule_require(&joined(paths)),
            Requirement::Groups { of, min, max } => {
                let groups: Vec<String> = of.iter().map(|group| plus(group)).collect();
                let fields = self.one_of(&groups);
                match (*min, *max) {
                    (1, None) | (0 | 1, Some(1)) => self.violation_one_of(&fields, *min, max.unwrap_or(u32::MAX)),
                    (min, max) => {
                        let min = (min > 0).then_some(f64::from(min));
                        self.rule_groups(&fields, &self.range(min, max.map(f64::from)))
                    }
                }
            }
            Requirement::Forbid(paths) => self.rule_forbid(&joined(paths)),
            Requirement::Ignored(paths) => self.rule_ignored(&joined(paths)),
            Requirement::Allow(path, values) => self.rule_allow(path, &self.literals(values)),
            Requirement::Refuse(path, values) => self.rule_refuse(path, &self.literals(values)),
            Requirement::Length(path, range) => self.rule_length(path, &span(range)),
            Requirement::Within(path, range) => self.rule_within(path, &span(range)),
            Requirement::Count(path, range) => self.rule_count(path, &span(range)),
            Requirement::Seconds(path, range) => self.rule_seconds(path, &span(range)),
            Requirement::Sum { of, max, exact } => {
                let terms: Vec<String> = of.iter().map(|term| self.term(term)).collect();
                let most = match max {
                    SumLimit::Number(most) => self.number(*most),
                    SumLimit::Field(path) => path.to_string(),
                };
                self.rule_sum(&terms.join(" + "), &if *exact { format!("= {most}") } else { self.range_to(&most) })
            }
            Requirement::Difference { greater, smaller, range } => match (range.min, range.max) {
                (None, None) => self.rule_difference(greater, smaller),
                (min, max) => self.rule_difference_range(greater, smaller, &self.range(min, max)),
            },
            Requirement::SameCount(paths) => self.rule_same_count(&joined(paths)),
            Requirement::SameSize(paths) => self.rule_same_size(&joined(paths)),
            Requirement::Unique(path) => self.rule_unique(path),
            Requirement::Refers(path, target) => self.rule_refers(path, target),
            Requirement::ImagesOrVideos { of, images, videos } => self.rule_either(of, &span(images), &span(videos)),
        }
    }

    fn term(&self, term: &Term) -> String {
        let one = self.rule_term(&term.field, term.count.as_str());
        if (term.weight - 1.0).abs() < 1e-9 { one } else { format!("{} × {one}", self.number(term.weight)) }
    }

    fn literals(&self, values: &[Literal]) -> String {
        let all: Vec<String> = values.iter().map(|value| ValueRef::from(*value).to_string()).collect();
        self.one_of(&all)
    }
}

fn joined(paths: &[Path]) -> String {
    paths.iter().map(|path| path.as_str()).collect::<Vec<_>>().join(", ")
}

fn plus(paths: &[Path]) -> String {
    paths.iter().map(|path| path.as_str()).collect::<Vec<_>>().join(" + ")
}
