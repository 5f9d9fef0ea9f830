//! The descriptor of a model.

use proc_macro2::TokenStream;
use quote::quote;

use super::literal::{ident, integer, option, slice, texts, words};
use super::path::Paths;
use super::{price, registry, requirement};
use crate::resolved::{Alias, Model, Output, Registry, Status};

/// The `SPEC` of a model, and its link to the input struct.
pub(super) fn items(model: &Model, all: &Registry) -> TokenStream {
    let Model { id, provider, .. } = model;
    let name = ident(&model.type_name);
    let (aliases, title, about) = (slice(&model.aliases, alias), words(&model.title), words(&model.about));
    let tasks = slice(&model.tasks, |index| {
        let task = registry::task_name(&all.tasks[*index]);
        quote!(&super::#task)
    });
    let output = ident(match model.output {
        Output::Image => "Image",
        Output::Video => "Video",
        Output::Audio => "Audio",
        Output::Text => "Text",
        Output::Mixed => "Mixed",
    });
    let status = ident(match model.status {
        Status::Live => "Live",
        Status::Retired => "Retired",
        Status::Removed => "Removed",
        Status::Suspect => "Suspect",
    });
    let nearest = option(model.nearest.as_ref(), |id| quote!(#id));
    let paths = Paths(&model.fields);
    let ignored_fields = texts(&model.drops);
    let rules = slice(&model.rules, |rule| requirement::rule(rule, paths));
    let price = option(model.price.as_ref(), |p| {
        let spec = price::spec(p, paths);
        quote!(&#spec)
    });
    let (example, line) = (model.example.to_string(), integer(model.line.into()));
    quote! {
        /// What the registry says of the model.
        pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
            id: #id,
            aliases: #aliases,
            title: #title,
            about: #about,
            provider: #provider,
            tasks: #tasks,
            output: s::spec::Output::#output,
            status: s::spec::Status::#status,
            nearest: #nearest,
            fields: <#name as s::Record>::FIELDS,
            ignored_fields: #ignored_fields,
            rules: #rules,
            price: #price,
            example: #example,
            advises: s::advice::possible(<#name as s::Record>::FIELDS),
            line: #line,
        };

        impl s::ModelInput for #name {
            fn spec() -> &'static s::spec::ModelSpec {
                &SPEC
            }
        }
    }
}

/// A `spec::AliasSpec`.
fn alias(alias: &Alias) -> TokenStream {
    let name = &alias.name;
    let presets = slice(&alias.implied, |(field, value)| {
        let value = value.to_string();
        quote!(s::spec::Preset { field: #field, value: #value })
    });
    quote!(s::spec::AliasSpec { name: #name, presets: #presets })
}
