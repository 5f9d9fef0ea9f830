//! What the operator has decided about one model.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use crate::job::UserId;
use crate::ledger::{Credits, Money};
use crate::schema::report::{Report, Violation, ViolationKind};
use crate::schema::spec::{FieldSpec, Kind, ModelSpec};
use crate::schema::value_ref::{AsValueRef, ObjectRef, ValueRef};
use crate::tariff::Markup;

/// The rule of one model. What is not decided, the registry and the settings decide.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelRule {
    /// Nobody may order the model; admins neither.
    pub is_off: bool,
    /// The people who may order it, besides admins; `None`: all.
    pub only_for: Option<BTreeSet<UserId>>,
    /// Values that nobody may order, by the field of the input; never an empty list.
    pub denied: BTreeMap<String, Vec<Value>>,
    /// What an order is taken to cost at the vendor, where the registry knows no price.
    pub credits: Option<Credits>,
    /// What people pay for an order, whatever it costs at the vendor, where they pay.
    pub price: Option<Money>,
    /// What is added to the price instead of the markup of the settings, where people pay.
    pub markup: Option<Markup>,
}

/// A value of an order that the operator has denied.
#[derive(Debug, Clone, PartialEq)]
pub struct DeniedOption {
    /// The field of the input.
    pub field: &'static str,
    /// The value, as text.
    pub value: String,
    /// The values of the field that are left, as text; empty where they cannot be listed.
    pub allowed: Vec<String>,
}

/// As what is wrong with an input.
impl From<DeniedOption> for Report {
    fn from(DeniedOption { field, value, allowed }: DeniedOption) -> Self {
        let kind = ViolationKind::NotAllowed { values: allowed };
        let violations = vec![Violation { field: field.into(), kind, given: Some(value) }];
        Self { violations, warnings: Vec::new() }
    }
}

/// As the options of the command line that decide so; `default` when nothing is decided.
impl fmt::Display for ModelRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { is_off, only_for, denied, credits, price, markup } = self;
        let people =
            |people: &BTreeSet<UserId>| people.iter().map(|user| user.0.to_string()).collect::<Vec<_>>().join(",");
        let denied = denied.iter().flat_map(|(field, values)| {
            values.iter().map(move |value| format!("deny {field}={}", value.as_value_ref()))
        });
        let parts: Vec<String> = is_off
            .then(|| "off".to_owned())
            .into_iter()
            .chain(only_for.as_ref().map(|all| format!("only {}", people(all))))
            .chain(denied)
            .chain(credits.map(|credits| format!("credits {credits}")))
            .chain(price.map(|price| format!("price {price}")))
            .chain(markup.map(|markup| format!("markup {}%", f64::from(markup.0) / 100.0)))
            .collect();
        if parts.is_empty() { f.write_str("default") } else { f.write_str(&parts.join("; ")) }
    }
}

impl ModelRule {
    /// Whether a value, or an item of a list, is denied in a field.
    pub fn denies(&self, field: &str, value: &Value) -> bool {
        self.denied_in(field, value.as_value_ref()).is_some()
    }

    /// The values denied in a field.
    pub fn denied_values(&self, field: &str) -> &[Value] {
        self.denied.get(field).map_or(&[], Vec::as_slice)
    }

    /// The first denied value of an input. A field that was not given has its default.
    pub fn denied_option(&self, spec: &'static ModelSpec, input: &dyn ObjectRef) -> Option<DeniedOption> {
        let fields = spec.fields.iter().filter(|field| self.denied.contains_key(field.name));
        fields.into_iter().find_map(|field| match input.field(field.name) {
            Some(value) => self.denied_option_of(field, value),
            None => self.denied_default(field),
        })
    }

    /// A denied value of a field, or the first denied item of a list.
    pub fn denied_value(&self, field: &'static FieldSpec, value: &Value) -> Option<DeniedOption> {
        self.denied_option_of(field, value.as_value_ref())
    }

    /// The default of a field, if it is denied: then somebody has to choose.
    pub fn denied_default(&self, field: &'static FieldSpec) -> Option<DeniedOption> {
        let default: Value = serde_json::from_str(field.default?).ok()?;
        self.denied_option_of(field, default.as_value_ref())
    }

    fn denied_option_of(&self, field: &'static FieldSpec, value: ValueRef<'_>) -> Option<DeniedOption> {
        let value = self.denied_in(field.name, value)?;
        Some(DeniedOption { field: field.name, value: value.as_value_ref().to_string(), allowed: self.allowed(field) })
    }

    /// The values that are left of a field with a list of values, as text.
    fn allowed(&self, field: &'static FieldSpec) -> Vec<String> {
        let left = values(&field.kind).into_iter().filter(|value| !self.denies(field.name, value));
        left.map(|value| value.as_value_ref().to_string()).collect()
    }

    fn denied_in(&self, field: &str, value: ValueRef<'_>) -> Option<&Value> {
        let denied = self.denied_values(field);
        match value {
            ValueRef::List(items) => (0..items.count()).find_map(|index| self.denied_in(field, items.item(index))),
            value => denied.iter().find(|denied| denied.as_value_ref() == value),
        }
    }
}

/// The values that a field of this kind lists; empty for other kinds.
pub(super) fn values(kind: &Kind) -> Vec<Value> {
    match kind {
        Kind::Choice(choice) => choice.options.iter().map(|option| option.value.to_json()).collect(),
        Kind::Boolean => vec![Value::Bool(true), Value::Bool(false)],
        Kind::List(list) => values(list.item),
        Kind::Text(_) | Kind::Integer(_) | Kind::Decimal(_) | Kind::Media(_) | Kind::Task(_) | Kind::Object(_) => {
            Vec::new()
        }
    }
}
