//! What a run costs, from the registry's price table.

mod factor;

use super::input::Files;
use super::path::Scope;
use super::spec::{FieldSpec, ModelSpec, PriceRow, PriceSpec};
use super::view::{Fields, View};
use crate::job::{Certainty, Quote};
use crate::ledger::Credits;

/// What a run of a model costs, rounded up to a thousandth of a credit.
///
/// `None` when it cannot be said: the registry has no price, no row fits, or the price depends on a file whose measures
/// are neither known nor limited. A price that stands on the limit of an unknown measure is a ceiling, and so is one whose
/// discount may have ended: then the regular rows count.
pub fn quote(spec: &'static ModelSpec, input: &dyn Fields, files: &Files) -> Option<Quote> {
    quote_fields(spec.fields, spec.price?, input, files)
}

pub(crate) fn quote_fields(
    fields: &'static [FieldSpec],
    price: &'static PriceSpec,
    input: &dyn Fields,
    files: &Files,
) -> Option<Quote> {
    let scope = Scope { input, fields, assume: price.assume, at: None };
    let row = |rows: &'static [PriceRow]| rows.iter().find(|r| r.when.iter().all(|c| c.holds(&scope)));
    let regular = row(price.regular);
    let unit = match regular {
        Some(regular) => regular.credits.max(row(price.rows).map_or(Credits::ZERO, |r| r.credits)),
        None => row(price.rows)?.credits,
    };
    let mut amount = Amount::exact(1.0);
    for one in price.times {
        amount = amount.times(factor::amount(one, scope, files)?);
    }
    let extra = price.extra.as_ref().map_or(Credits::ZERO, |extra| {
        let items = scope.one(extra.of).filter(|n| n.is_given()).map_or(0, |node| match node.view {
            View::List(items) => items.count(),
            _ => 1,
        });
        extra.credits.times(items.saturating_sub(extra.free as usize) as f64)
    });
    let is_exact = amount.is_exact && !price.at_most && regular.is_none();
    let certainty = if is_exact { Certainty::Exact } else { Certainty::AtMost };
    Some(Quote { credits: unit.times(amount.value) + extra, certainty })
}

/// How many units are billed, or at most are.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Amount {
    value: f64,
    is_exact: bool,
}

impl Amount {
    fn exact(value: f64) -> Self {
        Self { value, is_exact: true }
    }

    fn at_most(value: f64) -> Self {
        Self { value, is_exact: false }
    }

    fn times(self, other: Self) -> Self {
        Self { value: self.value * other.value, is_exact: self.is_exact && other.is_exact }
    }

    fn plus(self, other: Self) -> Self {
        Self { value: self.value + other.value, is_exact: self.is_exact && other.is_exact }
    }
}

#[cfg(test)]
mod tests;
