//! Prices as descriptors.

use proc_macro2::TokenStream;
use quote::quote;

use super::demand::condition;
use super::literal::{Members, count, decimal, integer, literal, option, slice, text};
use crate::resolved::{ExtraPrice, Factor, Price, PriceRow};

/// A `spec::PriceSpec`.
pub(super) fn spec(price: &Price) -> TokenStream {
    let spec = Members::default().with("as_of", text(&price.as_of)).with("unit", text(&price.unit));
    let spec = spec.list("rows", &price.rows, row).list("times", &price.times, factor);
    let spec = spec.some("extra", price.extra.as_ref(), extra).list("assume", &price.assume, |(path, value)| {
        let value = literal(value);
        quote!((#path, #value))
    });
    let spec = spec.flag("at_most", price.at_most).list("regular", &price.regular, row);
    spec.some("discount_until", price.discount_until.as_ref(), text).of("PriceSpec")
}

fn credits(milli: i64) -> TokenStream {
    let milli = integer(milli);
    quote!(crate::ledger::Credits::from_milli(#milli))
}

fn row(row: &PriceRow) -> TokenStream {
    if row.when.is_empty() {
        let milli = integer(row.millicredits);
        return quote!(s::spec::PriceRow::always(#milli));
    }
    let (when, credits) = (slice(&row.when, condition), credits(row.millicredits));
    quote!(s::spec::PriceRow { when: #when, credits: #credits })
}

fn extra(extra: &ExtraPrice) -> TokenStream {
    let (of, free, credits) = (&extra.of, count(extra.free), credits(extra.millicredits));
    quote!(s::spec::ExtraPrice { of: #of, free: #free, credits: #credits })
}

fn factor(factor: &Factor) -> TokenStream {
    let inner = match factor {
        Factor::Value { field, or, or_when, zero_means, plus_seconds_of } => {
            let or = option(*or, decimal);
            let or_when = slice(or_when, |(when, value)| {
                let (when, value) = (condition(when), decimal(*value));
                quote!((#when, #value))
            });
            let (zero, plus) = (path(zero_means.as_ref()), path(plus_seconds_of.as_ref()));
            quote!(Value { field: #field, or: #or, or_when: #or_when, zero_means: #zero, plus_seconds_of: #plus })
        }
        Factor::Seconds { of, by, at_most } => {
            let (by, at_most) = (decimal(*by), option(*at_most, decimal));
            quote!(Seconds { of: #of, by: #by, at_most: #at_most })
        }
        Factor::Minutes(path) => quote!(Minutes(#path)),
        Factor::Megapixels(path) => quote!(Megapixels(#path)),
        Factor::Ratio(above, below) => quote!(Ratio(#above, #below)),
        Factor::Characters { of, step } => {
            let step = count(*step);
            quote!(Characters { of: #of, step: #step })
        }
    };
    quote!(s::spec::Factor::#inner)
}

fn path(path: Option<&String>) -> TokenStream {
    option(path, |path| quote!(#path))
}
