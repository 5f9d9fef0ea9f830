//! What a person may order and at what price: the models of the registry, under the rules of the operator.

mod change;
mod rule;

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::job::UserId;
use crate::ledger::Credits;
use crate::models;
use crate::schema::spec::{FieldSpec, ModelSpec, Status};
use crate::schema::value_ref::ObjectRef;
use crate::schema::{Certainty, Files, PriceError, Quote, price};
use crate::tariff::Tariff;

pub use change::{ModelOption, ModelOptionError, RuleChange, RuleChangeError};
pub use rule::{DeniedOption, ModelRule};

/// The rules of all models that have one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelRules {
    by_model: HashMap<&'static str, ModelRule>,
}

impl ModelRules {
    /// From rules by the ids of their models. One of an id that has become another name of a model counts for that model,
    /// unless it has a rule of its own; one of a model that is gone waits for its return.
    pub fn new(rules: impl IntoIterator<Item = (String, ModelRule)>) -> Self {
        let mut by_model = HashMap::new();
        for (id, rule) in rules {
            let Some(named) = models::find(&id) else { continue };
            if named.spec.id == id {
                by_model.insert(named.spec.id, rule);
            } else {
                by_model.entry(named.spec.id).or_insert(rule);
            }
        }
        Self { by_model }
    }

    /// The rule of a model.
    pub fn of(&self, spec: &ModelSpec) -> Option<&ModelRule> {
        self.by_model.get(spec.id)
    }
}

/// Why a person cannot order a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// It is withdrawn.
    Withdrawn,
    /// Its price is not known.
    NoPrice,
    /// The operator has switched it off.
    Off,
    /// Others alone may order it.
    ForOthers,
}

/// What a person may order; by default what anybody may without any rule, when the operator pays. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Assortment {
    rules: Arc<ModelRules>,
    /// What people pay where a rule says nothing else; `None`: the operator pays.
    tariff: Option<Tariff>,
    /// `None`: nobody whom a rule names.
    user: Option<UserId>,
    is_admin: bool,
}

impl Assortment {
    /// Of a person, when the operator pays.
    pub const fn new(rules: Arc<ModelRules>, user: UserId, is_admin: bool) -> Self {
        Self { rules, tariff: None, user: Some(user), is_admin }
    }

    /// The same, and people pay by this tariff; without one the operator pays.
    #[must_use]
    pub fn with_tariff(self, tariff: Option<Tariff>) -> Self {
        Self { tariff, ..self }
    }

    /// What the operator has decided about a model.
    pub fn rule(&self, spec: &ModelSpec) -> Option<&ModelRule> {
        self.rules.of(spec)
    }

    /// Why the person cannot order a model; `None`: they can.
    pub fn unavailable(&self, spec: &ModelSpec) -> Option<Unavailable> {
        let rule = self.rule(spec);
        let is_for_others = |rule: &ModelRule| {
            rule.only_for.as_ref().is_some_and(|people| self.user.is_none_or(|user| !people.contains(&user)))
        };
        if !spec.status.is_offered() {
            Some(Unavailable::Withdrawn)
        } else if rule.is_some_and(|rule| rule.is_off) {
            Some(Unavailable::Off)
        } else if !self.is_admin && rule.is_some_and(is_for_others) {
            Some(Unavailable::ForOthers)
        } else if spec.price.is_none() && rule.and_then(|rule| rule.credits).is_none() {
            Some(Unavailable::NoPrice)
        } else {
            None
        }
    }

    /// Whether the person can order a model, perhaps with a warning.
    pub fn offers(&self, spec: &ModelSpec) -> bool {
        self.unavailable(spec).is_none()
    }

    /// What an order costs at the vendor: what the registry says, or else the operator.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn quote(&self, spec: &ModelSpec, quote: Result<Quote, PriceError>) -> Result<Quote, PriceError> {
        match self.own_credits(spec) {
            Some(credits) => Ok(Quote { credits, certainty: Certainty::Exact }),
            None => quote,
        }
    }

    /// What the operator takes every order of a model to cost at the vendor; `None` where the registry has a price.
    pub fn own_credits(&self, spec: &ModelSpec) -> Option<Credits> {
        self.rule(spec).filter(|_| spec.price.is_none())?.credits
    }

    /// What people pay for a model; `None` when the operator pays.
    pub fn tariff(&self, spec: &ModelSpec) -> Option<Tariff> {
        let tariff = self.tariff?;
        let Some(rule) = self.rule(spec) else { return Some(tariff) };
        let markup = rule.markup.unwrap_or(tariff.markup);
        Some(Tariff { fixed: rule.price.or(tariff.fixed), markup, ..tariff })
    }

    /// A value, or an item of a list, that may not be ordered in a field.
    pub fn denied_value(&self, spec: &ModelSpec, field: &'static FieldSpec, value: &Value) -> Option<DeniedOption> {
        self.rule(spec)?.denied_value(field, value)
    }

    /// The default of a field, if it may not be ordered: somebody has to choose.
    pub fn denied_default(&self, spec: &ModelSpec, field: &'static FieldSpec) -> Option<DeniedOption> {
        self.rule(spec)?.denied_default(field)
    }

    /// The first value of an input that may not be ordered. A field that was not given has its default.
    pub fn denied_option(&self, spec: &'static ModelSpec, input: &dyn ObjectRef) -> Option<DeniedOption> {
        self.rule(spec)?.denied_option(spec, input)
    }

    /// The model that the registry names as nearest, if the person can order it. For one that the operator keeps from them
    /// any other of its type will do.
    pub fn nearest(&self, spec: &'static ModelSpec) -> Option<&'static ModelSpec> {
        match self.unavailable(spec) {
            Some(Unavailable::Off | Unavailable::ForOthers) => self.alternative(spec, |_| true),
            Some(Unavailable::Withdrawn | Unavailable::NoPrice) | None => self.named_nearest(spec),
        }
    }

    fn named_nearest(&self, spec: &ModelSpec) -> Option<&'static ModelSpec> {
        let named = spec.nearest.and_then(models::find).map(|named| named.spec);
        named.filter(|other| other.id != spec.id && self.offers(other))
    }

    /// The model that the registry names as nearest, or else the cheapest live one of the same main type. Preferred are
    /// models of other makers, because troubles are often those of a maker. Only such that `fits`.
    pub fn alternative(
        &self,
        spec: &'static ModelSpec,
        fits: impl Fn(&'static ModelSpec) -> bool,
    ) -> Option<&'static ModelSpec> {
        let task = spec.tasks.first()?;
        let fits = |other: &&'static ModelSpec| {
            other.id != spec.id && other.status == Status::Live && self.offers(other) && fits(other)
        };
        let alike = models::of_task(task.id).filter(|other| other.tasks.first().is_some_and(|own| own.id == task.id));
        let cost = |other: &&'static ModelSpec| (other.provider == spec.provider, self.cost(other));
        self.named_nearest(spec).filter(&fits).or_else(|| alike.filter(&fits).min_by_key(cost))
    }

    /// The price of the registry's example, with which models of one type can be compared whatever their unit is.
    fn cost(&self, spec: &'static ModelSpec) -> Credits {
        let example: Map<String, Value> = serde_json::from_str(spec.example).unwrap_or_default();
        let quote = self.quote(spec, price::quote(spec, &example, &Files::new()));
        quote.map_or(Credits::from_milli(i64::MAX), |quote| quote.credits)
    }
}

#[cfg(test)]
mod tests;
