//! Prices as descriptors.

use kie_schema::Credits;
use kie_schema::spec::{Condition, ExtraPrice, Factor, Path, PriceRow, PriceSpec};
use proc_macro2::TokenStream;
use quote::quote;

use super::literal::{SpecMembers, count, decimal, integer, literal, option, slice, text};
use super::path;
use super::requirement::condition;

/// A `spec::PriceSpec`.
pub(super) fn spec(price: &PriceSpec) -> TokenStream {
    let spec = SpecMembers::default().with("as_of", text(&price.as_of)).with("unit", text(&price.unit));
    let spec = spec.list("rows", price.rows, row).list("times", price.times, factor);
    let spec = spec.some("extra", price.extra.as_ref(), extra).list("assume", price.assume, |(path, value)| {
        let (path, value) = (path::of(path), literal(value));
        quote!((#path, #value))
    });
    let spec = spec.flag("at_most", price.at_most).list("regular", price.regular, row);
    spec.some("discount_until", price.discount_until.as_ref(), text).of("PriceSpec")
}

fn credits(credits: Credits) -> TokenStream {
    let milli = integer(credits.milli());
    quote!(s::Credits::from_milli(#milli))
}

fn row(row: &PriceRow) -> TokenStream {
    if row.when.is_empty() {
        let milli = integer(row.credits.milli());
        return quote!(s::spec::PriceRow::always(#milli));
    }
    let (when, credits) = (slice(row.when, condition), credits(row.credits));
    quote!(s::spec::PriceRow { when: #when, credits: #credits })
}

fn extra(extra: &ExtraPrice) -> TokenStream {
    let amount = credits(extra.credits());
    let inner = match extra {
        ExtraPrice::Items { of, free, .. } => {
            let (of, free) = (path::of(of), count(*free));
            quote!(Items { of: #of, free: #free, credits: #amount })
        }
        ExtraPrice::Units { times, .. } => {
            let times = slice(times, factor);
            quote!(Units { times: #times, credits: #amount })
        }
    };
    quote!(s::spec::ExtraPrice::#inner)
}

fn factor(factor: &Factor) -> TokenStream {
    let maybe = |path: Option<&Path>| option(path, path::of);
    let inner = match factor {
        Factor::Value { field, or, or_when, zero_means, plus_seconds_of } => {
            let or = option(*or, decimal);
            let or_when = slice(or_when, number_when);
            let (field, zero, plus) = (path::of(field), maybe(zero_means.as_ref()), maybe(plus_seconds_of.as_ref()));
            quote!(Value { field: #field, or: #or, or_when: #or_when, zero_means: #zero, plus_seconds_of: #plus })
        }
        Factor::Seconds { of, by, at_most } => {
            let (of, by, at_most) = (path::of(of), decimal(*by), option(*at_most, decimal));
            quote!(Seconds { of: #of, by: #by, at_most: #at_most })
        }
        Factor::Minutes(path) => {
            let path = path::of(path);
            quote!(Minutes(#path))
        }
        Factor::Megapixels(path) => {
            let path = path::of(path);
            quote!(Megapixels(#path))
        }
        Factor::Ratio(above, below) => {
            let (above, below) = (path::of(above), path::of(below));
            quote!(Ratio(#above, #below))
        }
        Factor::Characters { of, step } => {
            let (of, step) = (path::of(of), count(*step));
            quote!(Characters { of: #of, step: #step })
        }
        Factor::Outputs { most, most_when } => {
            let (most, most_when) = (count(*most), slice(most_when, number_when));
            quote!(Outputs { most: #most, most_when: #most_when })
        }
        Factor::Tokens { of, by, by_cjk, plus } => {
            let (of, by, by_cjk, plus) = (slice(of, path::of), decimal(*by), decimal(*by_cjk), count(*plus));
            quote!(Tokens { of: #of, by: #by, by_cjk: #by_cjk, plus: #plus })
        }
    };
    quote!(s::spec::Factor::#inner)
}

/// A number that holds under a condition.
fn number_when((when, number): &(Condition, f64)) -> TokenStream {
    let (when, number) = (condition(when), decimal(*number));
    quote!((#when, #number))
}
