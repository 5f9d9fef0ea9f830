//! Rules as descriptors.

use kie_schema::spec::{Condition, Count, Path, Range, Requirement, RuleSpec, SumLimit, Term};
use proc_macro2::TokenStream;
use quote::quote;

use super::literal::{count, decimal, ident, integer, literal, option, range, slice};
use super::path;

/// A `spec::RuleSpec`.
pub(super) fn rule(rule: &RuleSpec) -> TokenStream {
    let (when, then) = (slice(rule.when, condition), requirement(&rule.then));
    let (advisory, line) = (rule.advisory, integer(rule.line.into()));
    quote!(s::spec::RuleSpec { when: #when, then: #then, advisory: #advisory, line: #line })
}

/// A `spec::Condition`.
pub(super) fn condition(condition: &Condition) -> TokenStream {
    match condition {
        Condition::Is(path, values) => {
            let (path, values) = (path::of(path), slice(values, literal));
            quote!(s::spec::Condition::Is(#path, #values))
        }
        Condition::IsNot(path, values) => {
            let (path, values) = (path::of(path), slice(values, literal));
            quote!(s::spec::Condition::IsNot(#path, #values))
        }
        Condition::Present(path) => {
            let path = path::of(path);
            quote!(s::spec::Condition::Present(#path))
        }
        Condition::Absent(path) => {
            let path = path::of(path);
            quote!(s::spec::Condition::Absent(#path))
        }
        Condition::Items(path, items) => {
            let (path, items) = (path::of(path), count(*items));
            quote!(s::spec::Condition::Items(#path, #items))
        }
    }
}

fn requirement(requirement: &Requirement) -> TokenStream {
    let list = |name: &str, of: &[Path]| {
        let (name, of) = (ident(name), path::all(of));
        quote!(#name(#of))
    };
    let ranged = |name: &str, path: &Path, limits: &Range| {
        let (name, path, limits) = (ident(name), path::of(path), range(limits));
        quote!(#name(#path, #limits))
    };
    let inner = match requirement {
        Requirement::Require(of) => list("Require", of),
        Requirement::Forbid(of) => list("Forbid", of),
        Requirement::Ignored(of) => list("Ignored", of),
        Requirement::SameCount(of) => list("SameCount", of),
        Requirement::SameSize(of) => list("SameSize", of),
        Requirement::Groups { of, min, max } => {
            let (of, min, max) = (slice(of, |group| path::all(group)), count(*min), option(*max, count));
            quote!(Groups { of: #of, min: #min, max: #max })
        }
        Requirement::Allow(path, values) => {
            let (path, values) = (path::of(path), slice(values, literal));
            quote!(Allow(#path, #values))
        }
        Requirement::Refuse(path, values) => {
            let (path, values) = (path::of(path), slice(values, literal));
            quote!(Refuse(#path, #values))
        }
        Requirement::Length(path, limits) => ranged("Length", path, limits),
        Requirement::Within(path, limits) => ranged("Within", path, limits),
        Requirement::Count(path, limits) => ranged("Count", path, limits),
        Requirement::Seconds(path, limits) => ranged("Seconds", path, limits),
        Requirement::Sum { of, max, exact } => {
            let of = slice(of, term);
            let max = match max {
                SumLimit::Number(n) => {
                    let n = decimal(*n);
                    quote!(s::spec::SumLimit::Number(#n))
                }
                SumLimit::Field(path) => {
                    let path = path::of(path);
                    quote!(s::spec::SumLimit::Field(#path))
                }
            };
            quote!(Sum { of: #of, max: #max, exact: #exact })
        }
        Requirement::Difference { greater, smaller, range: limits } => {
            let (greater, smaller, limits) = (path::of(greater), path::of(smaller), range(limits));
            quote!(Difference { greater: #greater, smaller: #smaller, range: #limits })
        }
        Requirement::Unique(path) => {
            let path = path::of(path);
            quote!(Unique(#path))
        }
        Requirement::Refers(from, to) => {
            let (from, to) = (path::of(from), path::of(to));
            quote!(Refers(#from, #to))
        }
        Requirement::ImagesOrVideos { of, images, videos } => {
            let (of, images, videos) = (path::of(of), range(images), range(videos));
            quote!(ImagesOrVideos { of: #of, images: #images, videos: #videos })
        }
    };
    quote!(s::spec::Requirement::#inner)
}

fn term(term: &Term) -> TokenStream {
    let (field, weight) = (path::of(&term.field), decimal(term.weight));
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
