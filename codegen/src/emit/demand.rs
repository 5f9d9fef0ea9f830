//! Rules as descriptors.

use proc_macro2::TokenStream;
use quote::quote;

use super::literal::{count, decimal, ident, integer, literal, option, range, slice, texts};
use crate::resolved::{Condition, Count, Demand, Rule, SumLimit, Term};

/// A `spec::RuleSpec`.
pub(super) fn rule(rule: &Rule) -> TokenStream {
    let (when, then) = (slice(&rule.when, condition), demand(&rule.then));
    let (advisory, line) = (rule.advisory, integer(rule.line.into()));
    quote!(s::spec::RuleSpec { when: #when, then: #then, advisory: #advisory, line: #line })
}

/// A `spec::Condition`.
pub(super) fn condition(condition: &Condition) -> TokenStream {
    match condition {
        Condition::Is(path, values) => {
            let values = slice(values, literal);
            quote!(s::spec::Condition::Is(#path, #values))
        }
        Condition::IsNot(path, values) => {
            let values = slice(values, literal);
            quote!(s::spec::Condition::IsNot(#path, #values))
        }
        Condition::Present(path) => quote!(s::spec::Condition::Present(#path)),
        Condition::Absent(path) => quote!(s::spec::Condition::Absent(#path)),
        Condition::Items(path, items) => {
            let items = count(*items);
            quote!(s::spec::Condition::Items(#path, #items))
        }
    }
}

fn demand(demand: &Demand) -> TokenStream {
    let inner = match demand {
        Demand::Require(paths) => list("Require", paths),
        Demand::Forbid(paths) => list("Forbid", paths),
        Demand::Ignored(paths) => list("Ignored", paths),
        Demand::SameCount(paths) => list("SameCount", paths),
        Demand::SameSize(paths) => list("SameSize", paths),
        Demand::Groups { of, min, max } => {
            let (of, min, max) = (slice(of, |group| texts(group)), count(*min), option(*max, count));
            quote!(Groups { of: #of, min: #min, max: #max })
        }
        Demand::Allow(path, values) => {
            let values = slice(values, literal);
            quote!(Allow(#path, #values))
        }
        Demand::Refuse(path, values) => {
            let values = slice(values, literal);
            quote!(Refuse(#path, #values))
        }
        Demand::Length(path, limits) => ranged("Length", path, limits),
        Demand::Within(path, limits) => ranged("Within", path, limits),
        Demand::Count(path, limits) => ranged("Count", path, limits),
        Demand::Seconds(path, limits) => ranged("Seconds", path, limits),
        Demand::Sum { of, max, exact } => {
            let of = slice(of, term);
            let max = match max {
                SumLimit::Number(n) => {
                    let n = decimal(*n);
                    quote!(s::spec::SumLimit::Number(#n))
                }
                SumLimit::Field(path) => quote!(s::spec::SumLimit::Field(#path)),
            };
            quote!(Sum { of: #of, max: #max, exact: #exact })
        }
        Demand::Difference { greater, smaller, range: limits } => {
            let limits = range(limits);
            quote!(Difference { greater: #greater, smaller: #smaller, range: #limits })
        }
        Demand::Unique(path) => quote!(Unique(#path)),
        Demand::Refers(from, to) => quote!(Refers(#from, #to)),
        Demand::ImagesOrVideos { of, images, videos } => {
            let (images, videos) = (range(images), range(videos));
            quote!(ImagesOrVideos { of: #of, images: #images, videos: #videos })
        }
    };
    quote!(s::spec::Demand::#inner)
}

fn list(name: &str, paths: &[String]) -> TokenStream {
    let (name, paths) = (ident(name), texts(paths));
    quote!(#name(#paths))
}

fn ranged(name: &str, path: &str, limits: &crate::resolved::Range) -> TokenStream {
    let (name, limits) = (ident(name), range(limits));
    quote!(#name(#path, #limits))
}

fn term(term: &Term) -> TokenStream {
    let (field, weight) = (&term.field, decimal(term.weight));
    let counted = ident(match term.count {
        Count::Value => "Value",
        Count::Items => "Items",
        Count::Presence => "Presence",
        Count::Seconds => "Seconds",
        Count::Characters => "Characters",
        Count::Megabytes => "Megabytes",
    });
    quote!(s::spec::Term { field: #field, count: s::spec::Count::#counted, weight: #weight })
}
