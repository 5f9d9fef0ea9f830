//! Writes the descriptors as Rust, and the types that have their limits. All decisions are made in `kie_schema`.

mod choice;
mod descriptor;
mod doc;
mod field;
mod kind;
mod literal;
mod model;
mod path;
mod price;
mod registry;
mod requirement;

use std::collections::BTreeSet;

use kie_schema::spec::{Kind, ModelSpec};
use proc_macro2::TokenStream;
use quote::quote;

use crate::registry::Registry;

/// The code of the whole registry, formatted; the same for the same registry.
pub fn code(registry: &Registry) -> String {
    let schemes = schemes(registry);
    let models = registry.models.iter().map(|model| model::module(model));
    let tables = registry::tables(registry);
    let tokens = quote! {
        #tables
        #schemes
        #(#models)*
    };
    let file = syn::parse2(tokens).expect("the emitters write whole items");
    prettyplease::unparse(&file)
}

/// One marker for every set of URL schemes that some field takes besides http and https.
fn schemes(registry: &Registry) -> TokenStream {
    let mut sets = BTreeSet::new();
    for model in &registry.models {
        each_kind(model, &mut |kind| {
            if let Kind::Media(media) = kind
                && !media.schemes.is_empty()
            {
                sets.insert(media.schemes);
            }
        });
    }
    if sets.is_empty() {
        return TokenStream::new();
    }
    let markers = sets.iter().map(|set| {
        let name = kind::schemes_name(set);
        let doc = doc::lines(&[format!("http, https and {}.", set.join(", "))]);
        quote! {
            #doc
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum #name {}

            impl s::media::Schemes for #name {
                const ALSO: &'static [&'static str] = &[#(#set),*];
            }
        }
    });
    quote! {
        /// URL schemes that some fields take besides http and https.
        pub mod schemes {
            use crate::schema as s;

            #(#markers)*
        }
    }
}

/// Looks at every kind of a model, nested ones included.
fn each_kind(model: &'static ModelSpec, visit: &mut dyn FnMut(&'static Kind)) {
    fn inner(kind: &'static Kind, visit: &mut dyn FnMut(&'static Kind)) {
        visit(kind);
        match kind {
            Kind::List(list) => inner(list.item, visit),
            Kind::Object(fields) => fields.iter().for_each(|f| inner(&f.kind, visit)),
            _ => {}
        }
    }
    model.fields.iter().for_each(|f| inner(&f.kind, visit));
}

#[cfg(test)]
mod tests;
