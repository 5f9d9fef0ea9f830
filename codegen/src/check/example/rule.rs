//! Whether an input breaks a rule: the verdict of `schema::rule` of the main package, as far as it does not depend on files.

use serde_json::{Map, Value};

use crate::resolved::{Condition, Count, Field, Kind, Literal, Range, Requirement, Rule, SumLimit, Term};

/// An input with the defaults of its absent fields; one item of one list may be in focus.
#[derive(Clone, Copy)]
struct Scope<'a> {
    input: &'a Map<String, Value>,
    fields: &'a [Field],
    at: Option<(&'a str, usize)>,
}

/// A value that a path leads to; `None` when there is neither a value nor a default.
#[derive(Clone, Copy)]
struct Found<'a> {
    value: Option<&'a Value>,
    given: bool,
}

impl Found<'_> {
    fn is_given(self) -> bool {
        self.given && self.value.is_some_and(is_present)
    }
}

/// Whether the input breaks the rule.
pub(super) fn is_broken(rule: &Rule, fields: &[Field], input: &Map<String, Value>) -> bool {
    let scope = Scope { input, fields, at: None };
    let breaks = |scope: Scope<'_>| rule.when.iter().all(|when| scope.holds(when)) && scope.breaks(&rule.then);
    let Some(list) = each_item_of(&rule.then) else { return breaks(scope) };
    let count = input.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count).any(|index| breaks(Scope { at: Some((list, index)), ..scope }))
}

/// The list whose items a requirement is made of, one by one.
fn each_item_of(requirement: &Requirement) -> Option<&str> {
    let paths: Vec<&String> = match requirement {
        Requirement::Require(paths)
        | Requirement::Forbid(paths)
        | Requirement::Ignored(paths)
        | Requirement::SameCount(paths) => paths.iter().collect(),
        Requirement::Groups { of, .. } => of.iter().flatten().collect(),
        Requirement::Allow(path, _)
        | Requirement::Refuse(path, _)
        | Requirement::Length(path, _)
        | Requirement::Within(path, _)
        | Requirement::Count(path, _)
        | Requirement::Seconds(path, _)
        | Requirement::ImagesOrVideos { of: path, .. } => vec![path],
        Requirement::Difference { greater, smaller, .. } => vec![greater, smaller],
        // These look at all items together.
        Requirement::Sum { .. } | Requirement::Unique(_) | Requirement::Refers(..) | Requirement::SameSize(_) => {
            return None;
        }
    };
    let list = |path: &String| path.split_once('[').map(|(list, _)| list.to_owned());
    let first = *paths.first()?;
    let same = paths.iter().all(|path| list(path) == list(first));
    first.split_once('[').filter(|_| same).map(|(list, _)| list)
}

impl<'a> Scope<'a> {
    fn find(&self, path: &str) -> Vec<Found<'a>> {
        let mut found = Vec::new();
        self.walk(self.input, self.fields, path, true, &mut found);
        found
    }

    fn walk(
        self,
        input: &'a Map<String, Value>,
        fields: &'a [Field],
        path: &str,
        outer: bool,
        found: &mut Vec<Found<'a>>,
    ) {
        let (head, tail) = path.split_once('.').map_or((path, None), |(head, tail)| (head, Some(tail)));
        let name = head.strip_suffix("[]").unwrap_or(head);
        let Some(field) = fields.iter().find(|field| field.name == name) else { return };
        let given = input.get(name).filter(|value| !value.is_null());
        if name == head {
            match (tail, given, &field.kind) {
                (None, ..) => found.push(Found { value: given.or(field.default.as_ref()), given: given.is_some() }),
                (Some(tail), Some(Value::Object(inner)), Kind::Object { fields }) => {
                    self.walk(inner, fields, tail, false, found);
                }
                _ => {}
            }
            return;
        }
        let (Some(Value::Array(items)), Kind::List { item, .. }) = (given, &field.kind) else { return };
        let focus = self.at.filter(|(list, _)| outer && *list == name).map(|(_, index)| index);
        for (_, value) in items.iter().enumerate().filter(|(index, _)| focus.is_none_or(|focus| focus == *index)) {
            match (tail, value, &**item) {
                (None, ..) => found.push(Found { value: Some(value), given: true }),
                (Some(tail), Value::Object(inner), Kind::Object { fields }) => {
                    self.walk(inner, fields, tail, false, found);
                }
                _ => {}
            }
        }
    }

    fn is_given(&self, path: &str) -> bool {
        self.find(path).into_iter().any(Found::is_given)
    }

    fn any(&self, path: &str, test: impl Fn(&Value) -> bool) -> bool {
        self.find(path).iter().filter_map(|found| found.value).any(test)
    }

    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Is(path, values) => self.any(path, |value| is_one_of(value, values)),
            Condition::IsNot(path, values) => !self.any(path, |value| is_one_of(value, values)),
            Condition::Present(path) => self.is_given(path),
            Condition::Absent(path) => !self.is_given(path),
            Condition::Items(path, count) => {
                self.any(path, |value| value.as_array().is_some_and(|items| items.len() == *count as usize))
            }
        }
    }

    fn breaks(&self, requirement: &Requirement) -> bool {
        match requirement {
            Requirement::Require(paths) => paths.iter().any(|path| !self.any(path, is_present)),
            Requirement::Forbid(paths) => paths.iter().any(|path| self.is_given(path)),
            Requirement::Groups { of, min, max } => {
                let present = of.iter().filter(|group| group.iter().any(|path| self.is_given(path))).count();
                present < *min as usize || max.is_some_and(|max| present > max as usize)
            }
            Requirement::Allow(path, values) => self.any(path, |value| is_present(value) && !is_one_of(value, values)),
            Requirement::Refuse(path, values) => self.any(path, |value| is_one_of(value, values)),
            Requirement::Length(path, range) => self
                .any(path, |value| value.as_str().is_some_and(|text| !contains(*range, text.chars().count() as f64))),
            Requirement::Within(path, range) => {
                self.any(path, |value| number(value).is_some_and(|number| !contains(*range, number)))
            }
            Requirement::Count(path, range) => {
                self.any(path, |value| value.as_array().is_some_and(|items| !contains(*range, items.len() as f64)))
            }
            Requirement::Sum { of, max, exact } => self.breaks_sum(of, max, *exact),
            Requirement::Difference { greater, smaller, range } => {
                let first = |path: &str| self.find(path).first().and_then(|found| found.value).and_then(number);
                first(greater).zip(first(smaller)).is_some_and(|(greater, smaller)| {
                    let difference = greater - smaller;
                    !contains(*range, difference) || (range.min.is_none() && difference <= 0.0)
                })
            }
            Requirement::SameCount(paths) => {
                let count = |path: &String| {
                    let found = self.find(path);
                    found.first().and_then(|found| found.value?.as_array()).map_or(0, Vec::len)
                };
                paths.windows(2).any(|pair| count(&pair[0]) != count(&pair[1]))
            }
            Requirement::Unique(path) => {
                let found = self.find(path);
                let repeats = |index: usize| found[..index].iter().any(|other| other.value == found[index].value);
                (0..found.len()).any(|index| found[index].is_given() && repeats(index))
            }
            Requirement::Refers(from, to) => {
                let known = self.find(to);
                let unmatched = |found: &Found<'_>| !known.iter().any(|target| target.value == found.value);
                self.find(from).iter().any(|found| found.is_given() && unmatched(found))
            }
            // Lengths, sizes and kinds of files are known from the file alone, and an example names none that exists.
            Requirement::Seconds(..) | Requirement::SameSize(_) | Requirement::ImagesOrVideos { .. } => false,
            Requirement::Ignored(_) => false,
        }
    }

    /// Facts of files are unknown and add nothing; a sum with such a term is not compared with an exact limit.
    fn breaks_sum(&self, terms: &[Term], max: &SumLimit, exact: bool) -> bool {
        let max = match max {
            SumLimit::Number(max) => Some(*max),
            SumLimit::Field(path) => {
                let found = self.find(path);
                found.first().and_then(|found| found.value).and_then(number).filter(|max| *max >= 0.0)
            }
        };
        let Some(max) = max else { return false };
        let (mut sum, mut is_known, mut is_given) = (0.0, true, false);
        for term in terms {
            for found in self.find(&term.field) {
                is_given |= found.is_given();
                is_known &= !matches!(term.count, Count::Seconds | Count::Megabytes);
                sum += term.weight * found.value.map_or(0.0, |value| measure(term.count, value, found.is_given()));
            }
        }
        is_given && (sum > max + 1e-6 || exact && is_known && (sum - max).abs() > 1e-6)
    }
}

fn measure(count: Count, value: &Value, given: bool) -> f64 {
    match (count, value) {
        (Count::Items, Value::Array(items)) => items.len() as f64,
        (Count::Items | Count::Presence, _) => f64::from(u8::from(given)),
        (Count::Value, Value::Array(items)) => items.iter().filter_map(number).sum(),
        (Count::Value, value) => number(value).unwrap_or(0.0),
        (Count::Characters, Value::Array(items)) => items.iter().map(|item| measure(count, item, given)).sum(),
        (Count::Characters, value) => value.as_str().map_or(0.0, |text| text.chars().count() as f64),
        (Count::Seconds | Count::Megabytes, _) => 0.0,
    }
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

/// Digits in a text count, because durations often are texts.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// Values are compared as text: `5` and `"5"` mean the same in rules.
fn is_one_of(value: &Value, values: &[Literal]) -> bool {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.to_string(),
            None => number.as_f64().map(|number| number.to_string()).unwrap_or_default(),
        },
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return false,
    };
    values.iter().any(|literal| literal.plain() == text)
}

fn contains(range: Range, number: f64) -> bool {
    range.min.is_none_or(|min| number >= min) && range.max.is_none_or(|max| number <= max)
}
