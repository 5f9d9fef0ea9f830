//! Every live model has a price or says that none is known, and every row of a price can win.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Collector};
use crate::resolved::{Condition, Field, Kind, Literal, Price, PriceRow, Status};
use crate::schema::{Document, Pricing};

/// Larger tables are not tried out; the largest known has a few hundred cases.
const MOST_CASES: usize = 50_000;

pub(super) fn check(document: &Document, out: &Collector) {
    for entry in &document.models {
        match &entry.pricing {
            Pricing::Missing if entry.model.status == Status::Live => {
                let help = "write `price: unknown` when the vendor names none";
                out.hint(Code::MissingPrice, entry.id, "the model has no price", "", help);
            }
            Pricing::Missing | Pricing::Unknown => {}
            Pricing::Known { rows, regular } => {
                let Some(price) = &entry.model.price else { continue };
                for (table, spans) in [(&price.rows, rows), (&price.regular, regular)] {
                    for index in unreachable(table, price, &entry.model.fields) {
                        if let Some(span) = spans.get(index) {
                            let help = "rows above it take every case that it could take";
                            out.hint(
                                Code::UnreachableRow,
                                *span,
                                "no input reaches this price row",
                                "never wins",
                                help,
                            );
                        }
                    }
                }
            }
        }
    }
}

/// What a field may be, as far as the rows can tell.
#[derive(Debug, Clone, PartialEq)]
enum Case {
    Absent,
    Is(Literal),
    Items(u32),
    /// Anything that no row names.
    Other,
}

/// The rows that never win: all combinations of what the rows tell apart are tried.
fn unreachable(rows: &[PriceRow], price: &Price, fields: &[Field]) -> Vec<usize> {
    let mut named: BTreeMap<&str, Vec<&Condition>> = BTreeMap::new();
    for condition in rows.iter().flat_map(|row| &row.when) {
        named.entry(path(condition)).or_default().push(condition);
    }
    let domains: Vec<(&str, Vec<Case>)> =
        named.into_iter().map(|(path, conditions)| (path, domain(path, &conditions, price, fields))).collect();
    let total = domains.iter().try_fold(1_usize, |total, (_, cases)| total.checked_mul(cases.len()));
    let Some(total) = total.filter(|total| *total <= MOST_CASES) else { return Vec::new() };
    let mut wins = vec![false; rows.len()];
    for number in 0..total {
        let mut rest = number;
        let input: BTreeMap<&str, &Case> = domains
            .iter()
            .map(|(path, cases)| {
                let case = &cases[rest % cases.len()];
                rest /= cases.len();
                (*path, case)
            })
            .collect();
        let holds = |row: &PriceRow| {
            row.when.iter().all(|condition| input.get(path(condition)).is_none_or(|case| met(condition, case)))
        };
        if let Some(winner) = rows.iter().position(holds) {
            wins[winner] = true;
        }
    }
    wins.iter().enumerate().filter(|(_, wins)| !**wins).map(|(index, _)| index).collect()
}

fn path(condition: &Condition) -> &str {
    match condition {
        Condition::Is(path, _)
        | Condition::IsNot(path, _)
        | Condition::Present(path)
        | Condition::Absent(path)
        | Condition::Items(path, _) => path,
    }
}

fn domain(path: &str, conditions: &[&Condition], price: &Price, fields: &[Field]) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |case: Case| {
        if !cases.contains(&case) {
            cases.push(case);
        }
    };
    let asks_presence =
        conditions.iter().any(|condition| matches!(condition, Condition::Present(_) | Condition::Absent(_)));
    for condition in conditions {
        match condition {
            Condition::Is(_, values) | Condition::IsNot(_, values) => {
                values.iter().cloned().map(Case::Is).for_each(&mut add);
            }
            Condition::Items(_, count) => add(Case::Items(*count)),
            Condition::Present(_) | Condition::Absent(_) => {}
        }
    }
    // Fields of items are optional as far as this goes: a list may be short.
    let field = fields.iter().find(|field| field.name == path);
    let assumed = price.assume.iter().any(|(assumed, _)| assumed == path);
    let always = field.is_some_and(|field| field.required || field.default.is_some());
    if !always && (!assumed || asks_presence) {
        add(Case::Absent);
    }
    let all = match field.map(|field| &field.kind) {
        Some(Kind::Choice { options }) => Some(options.len()),
        Some(Kind::Boolean) => Some(2),
        _ => None,
    };
    let known = cases.iter().filter(|case| matches!(case, Case::Is(_))).count();
    if all.is_none_or(|all| known < all) {
        cases.push(Case::Other);
    }
    cases
}

fn met(condition: &Condition, case: &Case) -> bool {
    match condition {
        Condition::Is(_, values) => matches!(case, Case::Is(value) if values.contains(value)),
        Condition::IsNot(_, values) => !matches!(case, Case::Is(value) if values.contains(value)),
        Condition::Present(_) => !matches!(case, Case::Absent | Case::Items(0)),
        Condition::Absent(_) => matches!(case, Case::Absent | Case::Items(0)),
        Condition::Items(_, count) => match case {
            Case::Items(items) => items == count,
            Case::Absent => *count == 0,
            Case::Is(_) | Case::Other => false,
        },
    }
}
