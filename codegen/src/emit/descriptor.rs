//! The descriptor of a model.

use kie_schema::spec::{AliasSpec, Fill, FillValue, ModelSpec, NextSpec, OutputKind, Status, WebhookNeed};
use proc_macro2::TokenStream;
use quote::quote;

use super::literal::{ident as rust_ident, integer, localized, option, slice, texts};
use super::{price, registry, requirement};
use crate::ident;

/// The `SPEC` of a model, and its link to the input struct.
pub(super) fn items(model: &ModelSpec) -> TokenStream {
    let ModelSpec { id, provider, example, .. } = model;
    let name = rust_ident(&ident::model(id));
    let (aliases, title, about) = (slice(model.aliases, alias), localized(&model.title), localized(&model.about));
    let tasks = slice(model.tasks, |task| {
        let task = registry::task_name(task);
        quote!(&super::#task)
    });
    let output = rust_ident(match model.output {
        OutputKind::Image => "Image",
        OutputKind::Video => "Video",
        OutputKind::Audio => "Audio",
        OutputKind::Text => "Text",
        OutputKind::Mixed => "Mixed",
    });
    let status = rust_ident(match model.status {
        Status::Live => "Live",
        Status::Troubled => "Troubled",
        Status::Retired => "Retired",
        Status::Removed => "Removed",
        Status::Suspect => "Suspect",
    });
    let webhook = rust_ident(match model.webhook {
        WebhookNeed::Optional => "Optional",
        WebhookNeed::Required => "Required",
        WebhookNeed::Result => "Result",
    });
    let nearest = option(model.nearest.as_ref(), |id| quote!(#id));
    let (route, next) = (option(model.route.as_ref(), |path| quote!(#path)), slice(model.next, next));
    let (result_id, result_text) = (texts(model.result.id), texts(model.result.text));
    let is_listed = model.is_listed;
    let ignored_fields = texts(model.ignored_fields);
    let rules = slice(model.rules, requirement::rule);
    let price = option(model.price, |price| {
        let spec = price::spec(price);
        quote!(&#spec)
    });
    let line = integer(model.line.into());
    quote! {
        /// What the registry says of the model.
        pub static SPEC: s::spec::ModelSpec = s::spec::ModelSpec {
            id: #id,
            aliases: #aliases,
            title: #title,
            about: #about,
            provider: #provider,
            tasks: #tasks,
            output: s::spec::OutputKind::#output,
            webhook: s::spec::WebhookNeed::#webhook,
            status: s::spec::Status::#status,
            nearest: #nearest,
            route: #route,
            result: s::spec::ResultSpec { id: #result_id, text: #result_text },
            next: #next,
            is_listed: #is_listed,
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
fn alias(alias: &AliasSpec) -> TokenStream {
    let name = alias.name;
    let presets = slice(alias.presets, |preset| {
        let (field, value) = (preset.field, preset.value);
        quote!(s::spec::Preset { field: #field, value: #value })
    });
    quote!(s::spec::AliasSpec { name: #name, presets: #presets })
}

/// A `spec::NextSpec`.
fn next(next: &NextSpec) -> TokenStream {
    let (model, label) = (next.model, localized(&next.label));
    let fill = slice(next.fill, |Fill { field, value }| {
        let value = match value {
            FillValue::Task => quote!(Task),
            FillValue::Result => quote!(Result),
            FillValue::Value(json) => quote!(Value(#json)),
        };
        quote!(s::spec::Fill { field: #field, value: s::spec::FillValue::#value })
    });
    quote!(s::spec::NextSpec { model: #model, label: #label, fill: #fill })
}
