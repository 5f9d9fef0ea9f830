//! Prices as descriptors.

use proc_macro2::TokenStream;
use quote::quote;

use super::literal::{Members, count, decimal, integer, literal, option, slice, text};
use super::path::Paths;
use super::requirement::condition;
use crate::resolved::{ExtraPrice, Factor, Price, PriceRow};

/// A `spec::PriceSpec`.
pub(super) fn spec(price: &Price, paths: Paths<'_>) -> TokenStream {
    let row = |one: &PriceRow| row(one, paths);
    let spec = Members::default().with("as_of", text(&price.as_of)).with("unit", text(&price.unit));
    let spec = spec.list("rows", &price.rows, row).list("times", &price.times, |one| factor(one, paths));
    let spec = spec.some("extra", price.extra.as_ref(), |one| extra(one, paths)).list(
        "assume",
        &price.assume,
        |(path, value)| {
            let (path, value) = (paths.of(path), literal(value));
            quote!((#path, #value))
        },
    );
    let spec = spec.flag("at_most", price.at_most).list("regular", &price.regular, row);
    spec.some("discount_until", price.discount_until.as_ref(), text).of("PriceSpec")
}

fn credits(milli: i64) -> TokenStream {
    let milli = integer(milli);
    quote!(s::Credits::from_milli(#milli))
}

fn row(row: &PriceRow, paths: Paths<'_>) -> TokenStream {
    if row.when.is_empty() {
        let milli = integer(row.millicredits);
        return quote!(s::spec::PriceRow::always(#milli));
    }
    let (when, credits) = (slice(&row.when, |when| condition(when, paths)), credits(row.millicredits));
    quote!(s::spec::PriceRow { when: #when, credits: #credits })
}

fn extra(extra: &ExtraPrice, paths: Paths<'_>) -> TokenStream {
    let (of, free, credits) = (paths.of(&extra.of), count(extra.free), credits(extra.millicredits));
    quote!(s::spec::ExtraPrice { of: #of, free: #free, credits: #credits })
}

fn factor(factor: &Factor, paths: Paths<'_>) -> TokenStream {
    let maybe = |path: Option<&String>| option(path, |path| paths.of(path));
    let inner = match factor {
        Factor::Value { field, or, or_when, zero_means, plus_seconds_of } => {
            let or = option(*or, decimal);
            let or_when = slice(or_when, |(when, value)| {
                let (when, value) = (condition(when, paths), decimal(*value));
                quote!((#when, #value))
            });
            let (field, zero, plus) = (paths.of(field), maybe(zero_means.as_ref()), maybe(plus_seconds_of.as_ref()));
            quote!(Value { field: #field, or: #or, or_when: #or_when, zero_means: #zero, plus_seconds_of: #plus })
        }
        Factor::Seconds { of, by, at_most } => {
            let (of, by, at_most) = (paths.of(of), decimal(*by), option(*at_most, decimal));
            quote!(Seconds { of: #of, by: #by, at_most: #at_most })
        }
        Factor::Minutes(path) => {
            let path = paths.of(path);
            quote!(Minutes(#path))
        }
        Factor::Megapixels(path) => {
            let path = paths.of(path);
            quote!(Megapixels(#path))
        }
        Factor::Ratio(above, below) => {
            let (above, below) = (paths.of(above), paths.of(below));
            quote!(Ratio(#above, #below))
        }
        Factor::Characters { of, step } => {
            let (of, step) = (paths.of(of), count(*step));
            quote!(Characters { of: #of, step: #step })
        }
    };
    quote!(s::spec::Factor::#inner)
}
