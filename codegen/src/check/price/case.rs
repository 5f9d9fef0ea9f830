//! The cases that the rows of a price distinguish, and which of them the rules of the model refuse.

use std::collections::BTreeMap;

use kie_schema::spec::{
    ChoiceSpec, Condition, Kind, Literal, ModelSpec, Path, PriceRow, PriceSpec, Requirement, RuleSpec,
};
use kie_schema::value_ref::ValueRef;
use kie_schema::{price, rule};
use serde_json::{Map, Value, json};

use crate::leak;

/// A value that no row and no rule names.
const OTHER: &str = "\u{0}";

/// The state of a field, as far as rows and rules can distinguish it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Case {
    Absent,
    Is(Literal),
    Items(u32),
    /// Any value that no row or rule names; the value itself where the field has a list of values.
    Other(Option<Literal>),
}

/// A field that the conditions of the rows read.
struct Domain {
    path: Path,
    cases: Vec<Case>,
}

/// A price table with all cases that it distinguishes.
pub(super) struct PriceTable {
    pub(super) rows: &'static [PriceRow],
    price: &'static PriceSpec,
    model: &'static ModelSpec,
    domains: Vec<Domain>,
    /// What the rules of the model certainly refuse, judged by the fields of the table alone.
    rules: &'static [RuleSpec],
}

/// One combination: for every field of the table its case.
pub(super) type Cases = Vec<Case>;

impl PriceTable {
    pub(super) fn new(rows: &'static [PriceRow], price: &'static PriceSpec, model: &'static ModelSpec) -> Self {
        let mut named: BTreeMap<&str, (Path, Vec<&Condition>)> = BTreeMap::new();
        for condition in rows.iter().flat_map(|row| row.when) {
            let path = condition.path();
            named.entry(path.as_str()).or_insert_with(|| (path, Vec::new())).1.push(condition);
        }
        let is_known = |path: &Path| named.contains_key(path.as_str());
        let looks = |rule: &&RuleSpec| !rule.advisory && rule.when.iter().all(|when| is_known(&when.path()));
        let rules: Vec<&RuleSpec> = model.rules.iter().filter(looks).collect();
        let domains =
            named.values().map(|(path, conditions)| domain(*path, conditions, &rules, price, model)).collect();
        let known = rules
            .iter()
            .flat_map(|rule| within(&rule.then, &is_known).into_iter().map(|then| RuleSpec { then, ..**rule }));
        Self { rows, price, model, domains, rules: leak::list(known) }
    }

    /// How many combinations there are; `None` for more than can be counted.
    pub(super) fn count(&self) -> Option<usize> {
        self.domains.iter().try_fold(1_usize, |total, domain| total.checked_mul(domain.cases.len()))
    }

    /// The combination with a number.
    pub(super) fn cases(&self, mut number: usize) -> Cases {
        let digit = |domain: &Domain| {
            let index = number % domain.cases.len();
            number /= domain.cases.len();
            domain.cases[index]
        };
        self.domains.iter().map(digit).collect()
    }

    /// A combination as an input of the model.
    pub(super) fn input(&self, cases: &Cases) -> Map<String, Value> {
        let mut input = Value::Object(Map::new());
        for (domain, case) in self.domains.iter().zip(cases) {
            if let Some(value) = case.value() {
                put(&mut input, &domain.path, value);
            }
        }
        if let Value::Object(input) = input { input } else { Map::new() }
    }

    /// The first row that fits.
    pub(super) fn winner(&self, input: &Map<String, Value>) -> Option<usize> {
        price::row_of(self.rows, self.price, self.model.fields, input)
    }

    /// Whether a rule certainly refuses an input.
    pub(super) fn is_refused(&self, input: &Map<String, Value>) -> bool {
        self.rules.iter().any(|rule| rule::is_broken(rule, self.model.fields, input))
    }

    /// A combination in words.
    pub(super) fn describe(&self, cases: &Cases) -> String {
        let word = |(domain, case): (&Domain, &Case)| {
            let path = domain.path;
            match case {
                Case::Absent => format!("no `{path}`"),
                Case::Is(value) | Case::Other(Some(value)) => format!("`{path}` {value}"),
                Case::Items(count) => format!("{count} of `{path}`"),
                Case::Other(None) => format!("another `{path}`"),
            }
        };
        self.domains.iter().zip(cases).map(word).collect::<Vec<_>>().join(", ")
    }
}

impl Case {
    /// A value of the case; none when the field is absent.
    fn value(self) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Is(value) | Self::Other(Some(value)) => Some(value.to_json()),
            Self::Items(count) => Some((0..count).map(|_| json!({})).collect()),
            Self::Other(None) => Some(OTHER.into()),
        }
    }
}

/// Puts a value under a path, into the first item of each list on the way.
fn put(at: &mut Value, path: &str, value: Value) {
    let (head, tail) = path.split_once('.').map_or((path, None), |(head, tail)| (head, Some(tail)));
    let (name, is_list) = head.strip_suffix("[]").map_or((head, false), |name| (name, true));
    let mut inner = &mut at[name];
    if is_list {
        if !inner.is_array() {
            *inner = json!([{}]);
        }
        inner = &mut inner[0];
    }
    match tail {
        Some(tail) => put(inner, tail, value),
        None => *inner = value,
    }
}

/// The part of a requirement that can be judged by known fields alone: what it certainly refuses, the whole does too.
fn within(requirement: &Requirement, is_known: &dyn Fn(&Path) -> bool) -> Vec<Requirement> {
    let known = |paths: &[Path]| leak::list(paths.iter().copied().filter(|path| is_known(path)));
    match requirement {
        Requirement::Allow(path, _) | Requirement::Refuse(path, _) if is_known(path) => vec![*requirement],
        Requirement::Require(paths) => vec![Requirement::Require(known(paths))],
        Requirement::Forbid(paths) => vec![Requirement::Forbid(known(paths))],
        Requirement::Groups { of, min, max } => {
            let whole = leak::list(of.iter().copied().filter(|group| group.iter().all(is_known)));
            // Each group that is not known may be present.
            let unknown = u32::try_from(of.len() - whole.len()).unwrap_or(u32::MAX);
            let parts = leak::list(of.iter().map(|group| known(group)));
            vec![
                Requirement::Groups { of: whole, min: min.saturating_sub(unknown), max: None },
                Requirement::Groups { of: parts, min: 0, max: *max },
            ]
        }
        _ => Vec::new(),
    }
}

fn domain(path: Path, conditions: &[&Condition], rules: &[&RuleSpec], price: &PriceSpec, model: &ModelSpec) -> Domain {
    // Fields of items are optional as far as this goes: a list may be short.
    let field = model.fields.iter().find(|field| field.name == path.as_str());
    let assumed = price.assume.iter().find(|(assumed, _)| *assumed == path).map(|(_, value)| *value);
    let fallback = assumed.or_else(|| literal(ValueRef::of_default(field?.default?)?));
    let mut cases = Vec::new();
    let mut asks_presence = false;
    let mut values: Vec<Literal> = Vec::new();
    let of_rules = rules.iter().flat_map(|rule| rule.when).filter(|when| when.path() == path);
    for condition in conditions.iter().copied().chain(of_rules) {
        match condition {
            Condition::Is(_, named) | Condition::IsNot(_, named) => values.extend(*named),
            Condition::Items(_, count) => cases.push(Case::Items(*count)),
            Condition::Present(_) | Condition::Absent(_) => asks_presence = true,
        }
    }
    for rule in rules {
        match &rule.then {
            Requirement::Allow(own, named) | Requirement::Refuse(own, named) if *own == path => values.extend(*named),
            Requirement::Require(paths) | Requirement::Forbid(paths) => asks_presence |= paths.contains(&path),
            Requirement::Groups { of, .. } => asks_presence |= of.iter().any(|group| group.contains(&path)),
            _ => {}
        }
    }
    // A default counts as one of the values, so that no case is left out when no condition asks whether the field is given.
    values.extend(fallback);
    cases.extend(values.into_iter().map(Case::Is));
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
        Some(Kind::Choice(ChoiceSpec { options, .. })) => Some(options.iter().map(|option| option.value).collect()),
        Some(Kind::Boolean) => Some([true, false].map(Literal::Boolean).to_vec()),
        _ => None,
    };
    match all {
        Some(all) => {
            let unnamed = all.into_iter().find(|value| !distinct.contains(&Case::Is(*value)));
            distinct.extend(unnamed.map(|value| Case::Other(Some(value))));
        }
        None => distinct.push(Case::Other(None)),
    }
    Domain { path, cases: distinct }
}

fn literal(value: ValueRef<'static>) -> Option<Literal> {
    match value {
        ValueRef::Text(text) => Some(Literal::Text(text)),
        ValueRef::Integer(number) => Some(Literal::Integer(number)),
        ValueRef::Decimal(number) => Some(Literal::Decimal(number)),
        ValueRef::Boolean(flag) => Some(Literal::Boolean(flag)),
        ValueRef::Null | ValueRef::List(_) | ValueRef::Object(_) => None,
    }
}
