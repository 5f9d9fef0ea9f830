//! Checked and priced answers: the single source of the prices that users see.

use serde_json::{Map, Value};

use super::{GroupPayer, PoorHealth};
use crate::assortment::Assortment;
use crate::form::{self, Origin};
use crate::job::Attachment;
use crate::schema::report::{Report, Violation};
use crate::schema::spec::{FieldSpec, ModelRef};
use crate::schema::value_ref::{AsValueRef, ObjectRef, ValueRef};
use crate::schema::{Certainty, PriceError, Quote, price, rule};
use crate::schema::{Files, Request};
use crate::tariff::{Amount, FreeCount, Price, Tariff};

/// An order that is checked and priced, but not submitted.
#[derive(Debug, Clone)]
pub struct PricedOrder {
    /// The checked input.
    pub request: Request,
    /// The price, or why it is not known.
    pub quote: Result<Quote, PriceError>,
    /// Advice that does not prevent the order.
    pub warnings: Vec<Violation>,
    /// The model is known to do poorly now.
    pub poor_health: Option<PoorHealth>,
    /// What people pay; `None` when the operator pays.
    pub tariff: Option<Tariff>,
    /// It is free for its person, who has so many free orders left, this one included; `None` when it is not.
    pub free: Option<FreeCount>,
    /// Who pays for it in a group; `None` elsewhere, and where nobody pays.
    pub payer: Option<GroupPayer>,
    /// What is known of the files in the input, by URL.
    files: Files,
    /// What the person may order.
    assortment: Assortment,
}

impl PricedOrder {
    /// Checks and prices answers of a person. Pure: nothing is stored, and no other system is asked. Values that they may
    /// not order are no mistakes here.
    ///
    /// # Errors
    /// All that is wrong with the answers.
    pub fn of(
        model: impl Into<ModelRef>,
        answers: &Map<String, Value>,
        attachments: &[Attachment],
        assortment: &Assortment,
    ) -> Result<Self, Report> {
        let files = facts(attachments);
        let accepted = form::check(model, answers, &files, Origin::Json)?;
        let spec = accepted.request.spec();
        let quote = assortment.quote(spec, accepted.request.price(&files));
        Ok(Self {
            quote,
            warnings: accepted.warnings,
            poor_health: None,
            free: None,
            payer: None,
            tariff: assortment.tariff(spec),
            request: accepted.request,
            files,
            assortment: assortment.clone(),
        })
    }

    /// The price as people see it.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn price(&self) -> Result<Price, PriceError> {
        self.quote.map(|quote| Price::of(quote, self.tariff.as_ref()))
    }

    /// The price as people see it; `None` when it is unknown or only a ceiling.
    pub fn exact(&self) -> Option<Amount> {
        self.exact_of(self.quote)
    }

    /// The price of the same order with another value, in the vendor's JSON type, in one field of the input. Only that
    /// field and the rules across fields are checked again. `None` when the value or its combination with the others is
    /// refused or denied, and when the price is unknown or only a ceiling.
    pub fn exact_with(&self, field: &'static FieldSpec, value: &Value) -> Option<Amount> {
        let value = form::check_field(field, value, &self.files, Origin::Json).ok().filter(|value| !value.is_null())?;
        let input = Replaced { input: self.request.input(), name: field.name, value: &value };
        let spec = self.request.spec();
        let is_denied = self.assortment.rule(spec).is_some_and(|rule| rule.denies(field.name, &value));
        if is_denied || !rule::check(spec, &input, &self.files, &[]).is_valid() {
            return None;
        }
        self.exact_of(self.assortment.quote(spec, price::quote(spec, &input, &self.files)))
    }

    fn exact_of(&self, quote: Result<Quote, PriceError>) -> Option<Amount> {
        let price = Price::of(quote.ok()?, self.tariff.as_ref());
        match price.certainty() {
            Certainty::Exact => Some(price.amount()),
            Certainty::AtMost => None,
        }
    }
}

/// An input with another value in the field `name`.
struct Replaced<'a> {
    input: &'a Map<String, Value>,
    name: &'static str,
    value: &'a Value,
}

impl ObjectRef for Replaced<'_> {
    fn field(&self, name: &str) -> Option<ValueRef<'_>> {
        if name == self.name { Some(self.value.as_value_ref()) } else { self.input.field(name) }
    }

    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, ValueRef<'a>)) {
        visit(self.name, self.value.as_value_ref());
        for (name, value) in self.input.iter().filter(|(name, _)| *name != self.name) {
            visit(name, value.as_value_ref());
        }
    }
}

/// What is known about the files, by their links.
pub(super) fn facts(attachments: &[Attachment]) -> Files {
    attachments.iter().map(|a| (a.url.clone(), a.facts.clone())).collect()
}
