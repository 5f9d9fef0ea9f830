//! Sums over fields.

use super::super::file::Files;
use super::super::path::Scope;
use super::super::report::{Violation, ViolationKind};
use super::super::spec::{Count, SumLimit, Term};
use super::super::value_ref::ValueRef;

/// Whether the terms add up to at most the limit, or to exactly the limit. A part that is not known counts as nothing,
/// and then the sum is not held against an exact limit.
pub(super) fn check(
    terms: &[Term],
    limit: &SumLimit,
    exact: bool,
    scope: Scope<'_>,
    files: &Files,
) -> Option<Violation> {
    let max = match limit {
        SumLimit::Number(n) => *n,
        // A negative number stands for "the model decides".
        SumLimit::Field(path) => scope.one(*path)?.value.number().filter(|n| *n >= 0.0)?,
    };
    let mut sum = 0.0;
    let mut is_known = true;
    let mut is_given = false;
    for term in terms {
        for node in scope.find(term.field).iter() {
            is_given |= node.is_given();
            let (part, known) = measure(term.count, node.value, node.is_given(), files);
            sum += part * term.weight;
            is_known &= known;
        }
    }
    // Parts come from measuring and dividing: a hair's breadth does not decide.
    let over = sum > max + 1e-6;
    let off = exact && is_known && (sum - max).abs() > 1e-6;
    if !is_given || !(over || off) {
        return None;
    }
    let first = terms.first()?;
    let fields = terms.iter().map(|t| t.field.to_string()).collect();
    let violation = ViolationKind::Sum { fields, count: word(first.count), max, exact, sum };
    Some(Violation { field: scope.fields.get(first.field.root())?.name.into(), kind: violation, given: None })
}

/// How much one value adds, and whether that is all of it.
fn measure(count: Count, value: ValueRef<'_>, given: bool, files: &Files) -> (f64, bool) {
    match count {
        Count::Value => (value.numbers(), true),
        Count::Presence => (f64::from(u8::from(given)), true),
        Count::Items => match value {
            ValueRef::List(items) => (items.count() as f64, true),
            _ => (f64::from(u8::from(given)), true),
        },
        Count::Characters => (value.characters() as f64, true),
        Count::Seconds => total(value, |url| files.get(url)?.seconds),
        Count::Megabytes => total(value, |url| Some(files.get(url)?.bytes? as f64 / 1e6)),
    }
}

fn total(value: ValueRef<'_>, of: impl Fn(&str) -> Option<f64>) -> (f64, bool) {
    value.files().map(of).fold((0.0, true), |(sum, known), part| (sum + part.unwrap_or(0.0), known && part.is_some()))
}

const fn word(count: Count) -> &'static str {
    match count {
        Count::Value => "value",
        Count::Items => "items",
        Count::Presence => "presence",
        Count::Seconds => "seconds",
        Count::Characters => "characters",
        Count::Megabytes => "megabytes",
    }
}
