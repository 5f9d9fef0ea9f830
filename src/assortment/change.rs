//! Changes of a model's rule, checked against the registry.

use std::collections::BTreeSet;

use serde_json::Value;

use super::ModelRule;
use super::rule::values;
use crate::form::{self, Origin};
use crate::job::UserId;
use crate::ledger::{Credits, Money};
use crate::schema::Files;
use crate::schema::spec::{FieldSpec, Kind, ModelSpec};
use crate::schema::value_ref::{AsValueRef, ValueRef};
use crate::tariff::Markup;

/// The least likeness of two values, from 0 to 1, that is worth a suggestion.
const ALIKE: f64 = 0.4;

/// One change of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleChange {
    /// Nobody may order the model.
    Off,
    /// It may be ordered again.
    On,
    /// These people alone may order it.
    OnlyFor(BTreeSet<UserId>),
    /// All may order it.
    ForAll,
    /// A value may not be ordered.
    Deny(ModelOption),
    /// It may be ordered again.
    Allow(ModelOption),
    /// What an order is taken to cost at the vendor; `None`: what the registry says.
    Credits(Option<Credits>),
    /// What people pay for an order; `None`: what the settings say.
    Price(Option<Money>),
    /// What is added to the price; `None`: what the settings say.
    Markup(Option<Markup>),
}

/// A value that a field of a model takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelOption {
    field: &'static FieldSpec,
    value: Value,
}

/// A text that is no value of a model's field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelOptionError {
    /// The model has no such field.
    #[error("no such field")]
    UnknownField {
        /// The name that was probably meant.
        nearest: Option<String>,
    },
    /// The field takes what people write or send: it has no values to choose from.
    #[error("the field has no values to choose from")]
    NoValues {
        /// The field.
        field: &'static str,
    },
    /// The field has no such value.
    #[error("no such value")]
    UnknownValue {
        /// The field.
        field: &'static str,
        /// The value that was probably meant.
        nearest: Option<String>,
        /// All values, as text; empty where they cannot be listed.
        values: Vec<String>,
    },
}

/// Why a change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleChangeError {
    /// The registry knows what the model costs.
    #[error("the registry has a price of the model")]
    Priced,
    /// No value of the field would be left.
    #[error("no value of the field {field} would be left")]
    NothingLeft {
        /// The field.
        field: &'static str,
    },
    /// Nobody was named who may order it.
    #[error("nobody is named")]
    Nobody,
}

impl ModelOption {
    /// The value that a text means in a field, by the names that people use.
    ///
    /// # Errors
    /// [`ModelOptionError`].
    pub fn find(spec: &'static ModelSpec, field: &str, text: &str) -> Result<Self, ModelOptionError> {
        let unknown = || ModelOptionError::UnknownField { nearest: form::nearest_field(spec, field) };
        let field = spec.fields.iter().find(|known| known.is_called(field)).ok_or_else(unknown)?;
        if !has_values(&field.kind) {
            return Err(ModelOptionError::NoValues { field: field.name });
        }
        let checked = form::check_field(field, &Value::from(text), &Files::new(), Origin::Text);
        let checked = checked.ok().filter(|value| !value.is_null());
        // A value of a list comes back in one.
        let value = match checked {
            Some(Value::Array(items)) => <[Value; 1]>::try_from(items).ok().map(|[only]| only),
            other => other,
        };
        let value = value.or_else(|| named(&field.kind, text)).ok_or_else(|| unknown_value(field, text))?;
        Ok(Self { field, value })
    }

    /// The field.
    pub const fn field(&self) -> &'static FieldSpec {
        self.field
    }

    /// The value.
    pub const fn value(&self) -> &Value {
        &self.value
    }
}

/// Whether a field of this kind has values that can be denied: of a list or a number.
fn has_values(kind: &Kind) -> bool {
    match kind {
        Kind::Choice(_) | Kind::Boolean | Kind::Integer(_) => true,
        Kind::List(list) => has_values(list.item),
        Kind::Text(_) | Kind::Decimal(_) | Kind::Media(_) | Kind::Task(_) | Kind::Object(_) => false,
    }
}

/// The option that has this name, or reads so in another case.
fn named(kind: &Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Choice(choice) => {
            let called = choice.called(text);
            let alike = || {
                let mut all = choice.options.iter().map(|option| option.value);
                all.find(|value| ValueRef::from(*value).to_string().eq_ignore_ascii_case(text.trim()))
            };
            called.or_else(alike).map(crate::schema::spec::Literal::to_json)
        }
        Kind::List(list) => named(list.item, text),
        Kind::Text(_)
        | Kind::Integer(_)
        | Kind::Decimal(_)
        | Kind::Boolean
        | Kind::Media(_)
        | Kind::Task(_)
        | Kind::Object(_) => None,
    }
}

fn unknown_value(field: &'static FieldSpec, text: &str) -> ModelOptionError {
    let values: Vec<String> = values(&field.kind).iter().map(|value| value.as_value_ref().to_string()).collect();
    let scored = values.iter().map(|value| {
        (strsim::normalized_damerau_levenshtein(&value.to_lowercase(), &text.trim().to_lowercase()), value)
    });
    let best = scored.filter(|(score, _)| *score >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0));
    let nearest = best.map(|(_, value)| value.clone());
    ModelOptionError::UnknownValue { field: field.name, nearest, values }
}

impl ModelRule {
    /// Makes a change. On an error, nothing is changed.
    ///
    /// # Errors
    /// [`RuleChangeError`].
    pub fn apply(&mut self, spec: &'static ModelSpec, change: RuleChange) -> Result<(), RuleChangeError> {
        match change {
            RuleChange::Off => self.is_off = true,
            RuleChange::On => self.is_off = false,
            RuleChange::OnlyFor(people) if people.is_empty() => return Err(RuleChangeError::Nobody),
            RuleChange::OnlyFor(people) => self.only_for = Some(people),
            RuleChange::ForAll => self.only_for = None,
            RuleChange::Deny(ModelOption { field, value }) => {
                let all = values(&field.kind);
                let is_left =
                    |other: &Value| other.as_value_ref() != value.as_value_ref() && !self.denies(field.name, other);
                if !all.is_empty() && !all.iter().any(is_left) {
                    return Err(RuleChangeError::NothingLeft { field: field.name });
                }
                if !self.denies(field.name, &value) {
                    self.denied.entry(field.name.to_owned()).or_default().push(value);
                }
            }
            RuleChange::Allow(ModelOption { field, value }) => {
                if let Some(denied) = self.denied.get_mut(field.name) {
                    denied.retain(|other| other.as_value_ref() != value.as_value_ref());
                }
                self.denied.retain(|_, values| !values.is_empty());
            }
            RuleChange::Credits(Some(_)) if spec.price.is_some() => return Err(RuleChangeError::Priced),
            RuleChange::Credits(credits) => self.credits = credits,
            RuleChange::Price(price) => self.price = price,
            RuleChange::Markup(markup) => self.markup = markup,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
