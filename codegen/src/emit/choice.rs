//! The enum of a choice.

use kie_schema::Lang;
use kie_schema::spec::{ChoiceSpec, FieldSpec, Literal, OptionSpec};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::doc;
use super::literal::{ident as rust_ident, literal, localized};
use crate::ident;

/// One enum: a variant for each value, and the table of values.
pub(super) fn item(name: &Ident, field: &FieldSpec, spec: &ChoiceSpec) -> TokenStream {
    let ChoiceSpec { options, named } = *spec;
    let docs = doc::field_type(field);
    let names = variants(options);
    let variants = options.iter().zip(&names).map(|(option, name)| {
        let label = option.label.map(|label| label.get(Lang::En)).filter(|label| *label != option.value.to_string());
        let label = label.map(|label| format!(": {}", doc::prose(label))).unwrap_or_default();
        let note = if option.discontinued { " (the vendor will drop it)" } else { "" };
        let docs = doc::lines(&[format!("{}{label}{note}.", doc::value(&option.value))]);
        quote!(#docs #name)
    });
    let table = options.iter().map(option);
    let named = named.then(|| quote!(.named()));
    quote! {
        #docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum #name { #(#variants),* }

        impl s::Choice for #name {
            const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(&[#(#table),*])#named;
            const ALL: &'static [Self] = &[#(Self::#names),*];

            fn index(self) -> usize {
                self as usize
            }
        }

        s::choice::choice_traits!(#name);
    }
}

/// The variants of a choice, in the order of its options.
pub(super) fn variants(options: &[OptionSpec]) -> Vec<Ident> {
    let values: Vec<Literal> = options.iter().map(|option| option.value).collect();
    let names = ident::variants(&values).expect("values that make the same name are refused when they are read");
    names.iter().map(|name| rust_ident(name)).collect()
}

/// A `spec::OptionSpec`.
fn option(option: &OptionSpec) -> TokenStream {
    let value = match &option.value {
        Literal::Text(text) => quote!(text(#text)),
        other => {
            let value = literal(other);
            quote!(new(#value))
        }
    };
    let said = option.label.as_ref().map(|label| {
        let label = localized(label);
        quote!(.label(#label))
    });
    let discontinued = option.discontinued.then(|| quote!(.discontinued()));
    let also = (!option.aliases.is_empty()).then(|| {
        let aliases = option.aliases.iter().map(literal);
        quote!(.aliases(&[#(#aliases),*]))
    });
    quote!(s::spec::OptionSpec::#value #said #discontinued #also)
}
