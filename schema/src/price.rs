//! What a run costs, from the registry's price table.

mod factor;

use super::file::Files;
use super::path::Scope;
use super::spec::{ExtraPrice, Factor, FieldSpec, ModelSpec, PriceRow, PriceSpec};
use super::value_ref::{ObjectRef, ValueRef};
use crate::credits::Credits;
use crate::quote::{Certainty, Quote};

/// Why the price of a run is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// The registry has no price for the model: the vendor's is not known.
    #[error("the vendor's price is not known")]
    Unknown,
    /// The vendor's price list has no price for these values together.
    #[error("the vendor's price list has no price for these values")]
    NotCovered,
    /// It depends on the measures of a file, which are neither known nor limited.
    #[error("the price depends on the file in `{field}`, of which too little is known")]
    NeedsFile {
        /// The field of the file, as a path of the registry.
        field: &'static str,
    },
    /// It depends on a number that was left to the model, and nothing limits what the model may choose.
    #[error("the price depends on `{field}`, which is left to the model")]
    NeedsNumber {
        /// The field, as a path of the registry.
        field: &'static str,
    },
}

/// What a run of a model costs, rounded up to a thousandth of a credit.
///
/// A price computed from the limit of an unknown measure is a ceiling, and so are one by what the model decides or by an
/// estimate, and one whose discount may have ended: then the regular rows count.
///
/// # Errors
/// Why the price is not known.
pub fn quote(spec: &'static ModelSpec, input: &dyn ObjectRef, files: &Files) -> Result<Quote, PriceError> {
    quote_fields(spec.fields, spec.price.ok_or(PriceError::Unknown)?, input, files, None)
}

/// The same on a day, `YYYY-MM-DD`: once the discount has ended the regular rows are the price and no ceiling. For showing
/// prices; spending is guarded by [`quote`], which does not trust the clock.
///
/// # Errors
/// Why the price is not known.
pub fn quote_on(
    spec: &'static ModelSpec,
    input: &dyn ObjectRef,
    files: &Files,
    day: &str,
) -> Result<Quote, PriceError> {
    quote_fields(spec.fields, spec.price.ok_or(PriceError::Unknown)?, input, files, Some(day))
}

/// Position of the row of a table of `price` that an input gets: the first whose conditions hold.
pub fn row_of(
    rows: &[PriceRow],
    price: &'static PriceSpec,
    fields: &'static [FieldSpec],
    input: &dyn ObjectRef,
) -> Option<usize> {
    let scope = Scope { input, fields, assume: price.assume, at: None };
    rows.iter().position(|row| row.when.iter().all(|condition| condition.holds(&scope)))
}

fn quote_fields(
    fields: &'static [FieldSpec],
    price: &'static PriceSpec,
    input: &dyn ObjectRef,
    files: &Files,
    day: Option<&str>,
) -> Result<Quote, PriceError> {
    let scope = Scope { input, fields, assume: price.assume, at: None };
    let row = |rows: &'static [PriceRow]| Some(&rows[row_of(rows, price, fields, input)?]);
    let has_ended = day.is_some_and(|day| price.discount_has_ended(day));
    let (unit, may_be_less) = match row(price.regular) {
        Some(regular) if has_ended => (regular.credits, false),
        Some(regular) => (regular.credits.max(row(price.rows).map_or(Credits::ZERO, |r| r.credits)), true),
        None => (row(price.rows).ok_or(PriceError::NotCovered)?.credits, false),
    };
    let amount = product(price.times, scope, files)?;
    let extra = match &price.extra {
        None => Amount::exact(0.0),
        Some(ExtraPrice::Items { of, free, .. }) => {
            let items = scope.one(*of).filter(|n| n.is_given()).map_or(0, |node| match node.value {
                ValueRef::List(items) => items.count(),
                _ => 1,
            });
            Amount::exact(items.saturating_sub(*free as usize) as f64)
        }
        Some(ExtraPrice::Units { times, .. }) => product(times, scope, files)?,
    };
    let on_top = price.extra.as_ref().map_or(Credits::ZERO, |price| price.credits().times(extra.value));
    let is_exact = amount.is_exact && extra.is_exact && !price.at_most && !may_be_less;
    let certainty = if is_exact { Certainty::Exact } else { Certainty::AtMost };
    Ok(Quote { credits: unit.times(amount.value) + on_top, certainty })
}

/// Everything that a price is multiplied by, together.
fn product(times: &'static [Factor], scope: Scope<'_>, files: &Files) -> Result<Amount, PriceError> {
    let mut amount = Amount::exact(1.0);
    for one in times {
        amount = amount.times(factor::amount(one, scope, files)?);
    }
    Ok(amount)
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
