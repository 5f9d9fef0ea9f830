//! The cases that the rows of a price distinguish, and which of them the rules of the model refuse.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::resolved::{Condition, Field, Kind, Literal, Model, Price, PriceRow, Requirement, Rule};

/// The state of a field, as far as rows and rules can distinguish it.
#[derive(Debug, Clone, PartialEq)]
enum Case {
    Absent,
    Is(Literal),
    Items(u32),
    /// Any value that no row or rule names.
    Other,
}

/// A field that the conditions of the rows read.
struct Domain<'a> {
    path: &'a str,
    cases: Vec<Case>,
    /// The value that counts when the field is absent.
    fallback: Option<Literal>,
    /// A value that no row or rule names, for a field whose values are listed.
    other: Option<String>,
}

/// A price table with all cases that it distinguishes.
pub(super) struct Table<'a> {
    pub(super) rows: &'a [PriceRow],
    domains: Vec<Domain<'a>>,
    /// Rules that refuse, and whose conditions look at fields of the table alone.
    rules: Vec<&'a Rule>,
}

/// One combination: for every field of the table the index of its case.
pub(super) type Input = Vec<usize>;

impl<'a> Table<'a> {
    pub(super) fn new(rows: &'a [PriceRow], price: &'a Price, model: &'a Model) -> Self {
        let mut named: BTreeMap<&str, Vec<&Condition>> = BTreeMap::new();
        for condition in rows.iter().flat_map(|row| &row.when) {
            named.entry(path(condition)).or_default().push(condition);
        }
        let looks = |rule: &&Rule| !rule.advisory && rule.when.iter().all(|when| named.contains_key(path(when)));
        let rules: Vec<&Rule> = model.rules.iter().filter(looks).collect();
        let domains =
            named.iter().map(|(path, conditions)| domain(path, conditions, &rules, price, &model.fields)).collect();
        Self { rows, domains, rules }
    }

    /// How many combinations there are; `None` for more than can be counted.
    pub(super) fn cases(&self) -> Option<usize> {
        self.domains.iter().try_fold(1_usize, |total, domain| total.checked_mul(domain.cases.len()))
    }

    /// The combination with a number.
    pub(super) fn case(&self, mut number: usize) -> Input {
        let digit = |domain: &Domain<'_>| {
            let index = number % domain.cases.len();
            number /= domain.cases.len();
            index
        };
        self.domains.iter().map(digit).collect()
    }

    /// The first row that fits.
    pub(super) fn winner(&self, input: &Input) -> Option<usize> {
        self.rows.iter().position(|row| row.when.iter().all(|condition| self.holds(condition, input) == Some(true)))
    }

    /// Whether a rule certainly refuses a combination.
    pub(super) fn is_refused(&self, input: &Input) -> bool {
        self.rules.iter().any(|rule| {
            rule.when.iter().all(|condition| self.holds(condition, input) == Some(true))
                && self.breaks(&rule.then, input)
        })
    }

    /// A combination in words.
    pub(super) fn words(&self, input: &Input) -> String {
        let word = |(domain, index): (&Domain<'_>, &usize)| {
            let path = domain.path;
            match &domain.cases[*index] {
                Case::Absent => format!("no `{path}`"),
                Case::Is(value) => format!("`{path}` {}", value.plain()),
                Case::Items(count) => format!("{count} of `{path}`"),
                Case::Other => match &domain.other {
                    Some(value) => format!("`{path}` {value}"),
                    None => format!("another `{path}`"),
                },
            }
        };
        self.domains.iter().zip(input).map(word).collect::<Vec<_>>().join(", ")
    }

    fn at(&self, path: &str, input: &Input) -> Option<(&Domain<'a>, &Case)> {
        let index = self.domains.iter().position(|domain| domain.path == path)?;
        let domain = &self.domains[index];
        Some((domain, &domain.cases[input[index]]))
    }

    /// Whether a condition holds; `None` when it looks at a field that the table does not know.
    fn holds(&self, condition: &Condition, input: &Input) -> Option<bool> {
        let (domain, case) = self.at(path(condition), input)?;
        Some(match condition {
            Condition::Is(_, values) => value(domain, case).is_some_and(|value| values.contains(value)),
            Condition::IsNot(_, values) => !value(domain, case).is_some_and(|value| values.contains(value)),
            Condition::Present(_) => is_given(case),
            Condition::Absent(_) => !is_given(case),
            Condition::Items(_, count) => match case {
                Case::Items(items) => items == count,
                Case::Absent => *count == 0,
                Case::Is(_) | Case::Other => false,
            },
        })
    }

    /// Whether a combination certainly breaks a requirement.
    fn breaks(&self, requirement: &Requirement, input: &Input) -> bool {
        let known = |path: &String| self.at(path, input);
        let given = |path: &String| known(path).is_some_and(|(_, case)| is_given(case));
        let missing =
            |path: &String| known(path).is_some_and(|(domain, case)| !is_given(case) && domain.fallback.is_none());
        match requirement {
            Requirement::Allow(path, values) => known(path).is_some_and(|(domain, case)| match value(domain, case) {
                Some(value) => !values.contains(value),
                None => *case == Case::Other,
            }),
            Requirement::Refuse(path, values) => {
                known(path).and_then(|(domain, case)| value(domain, case)).is_some_and(|value| values.contains(value))
            }
            Requirement::Require(paths) => paths.iter().any(missing),
            Requirement::Forbid(paths) => paths.iter().any(given),
            Requirement::Groups { of, min, max } => {
                let absent = of.iter().filter(|group| group.iter().all(|path| known(path).is_some() && !given(path)));
                let present = of.iter().filter(|group| group.iter().any(given)).count();
                of.len() - absent.count() < *min as usize || max.is_some_and(|max| present > max as usize)
            }
            _ => false,
        }
    }
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

fn is_given(case: &Case) -> bool {
    !matches!(case, Case::Absent | Case::Items(0))
}

fn value<'v>(domain: &'v Domain<'_>, case: &'v Case) -> Option<&'v Literal> {
    match case {
        Case::Is(value) => Some(value),
        Case::Absent => domain.fallback.as_ref(),
        Case::Items(_) | Case::Other => None,
    }
}

fn domain<'a>(
    path: &'a str,
    conditions: &[&Condition],
    rules: &[&Rule],
    price: &Price,
    fields: &[Field],
) -> Domain<'a> {
    // Fields of items are optional as far as this goes: a list may be short.
    let field = fields.iter().find(|field| field.name == path);
    let assumed = price.assume.iter().find(|(assumed, _)| assumed == path).map(|(_, value)| value.clone());
    let fallback = assumed.or_else(|| field.and_then(|field| field.default.as_ref()).and_then(literal));
    let mut cases = Vec::new();
    let mut asks_presence = false;
    let mut values: Vec<&Literal> = Vec::new();
    let of_rules = rules.iter().flat_map(|rule| &rule.when).filter(|when| self::path(when) == path);
    for condition in conditions.iter().copied().chain(of_rules) {
        match condition {
            Condition::Is(_, named) | Condition::IsNot(_, named) => values.extend(named),
            Condition::Items(_, count) => cases.push(Case::Items(*count)),
            Condition::Present(_) | Condition::Absent(_) => asks_presence = true,
        }
    }
    for rule in rules {
        match &rule.then {
            Requirement::Allow(own, named) | Requirement::Refuse(own, named) if own == path => values.extend(named),
            Requirement::Require(paths) | Requirement::Forbid(paths) => {
                asks_presence |= paths.iter().any(|own| own == path);
            }
            Requirement::Groups { of, .. } => asks_presence |= of.iter().flatten().any(|own| own == path),
            _ => {}
        }
    }
    // A default counts as one of the values, so that no case is left out when no condition asks whether the field is given.
    values.extend(&fallback);
    cases.extend(values.into_iter().cloned().map(Case::Is));
    let mut distinct: Vec<Case> = Vec::new();
    for case in cases {
        if !distinct.contains(&case) {
            distinct.push(case);
        }
    }
    if field.is_none_or(|field| !field.required) && (fallback.is_none() || asks_presence) {
        distinct.push(Case::Absent);
    }
    let all: Option<Vec<Literal>> = match field.map(|field| &field.kind) {
        Some(Kind::Choice { options }) => Some(options.iter().map(|option| option.value.clone()).collect()),
        Some(Kind::Boolean) => Some([true, false].map(Literal::Boolean).to_vec()),
        _ => None,
    };
    let unnamed =
        |all: &Vec<Literal>| all.iter().find(|value| !distinct.contains(&Case::Is((*value).clone()))).cloned();
    let other = all.as_ref().map(unnamed);
    if other.as_ref().is_none_or(Option::is_some) {
        distinct.push(Case::Other);
    }
    Domain { path, cases: distinct, fallback, other: other.flatten().map(|value| value.plain()) }
}

fn literal(value: &Value) -> Option<Literal> {
    match value {
        Value::String(text) => Some(Literal::Text(text.clone())),
        Value::Bool(flag) => Some(Literal::Boolean(*flag)),
        Value::Number(number) => {
            number.as_i64().map(Literal::Integer).or_else(|| number.as_f64().map(Literal::Decimal))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
