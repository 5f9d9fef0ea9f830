//! The enum of a choice.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::doc;
use super::literal::{ident, literal};
use crate::resolved::{Choice, Field, Literal};

/// One enum: a variant for each value, and the table of values.
pub(super) fn item(name: &Ident, field: &Field, options: &[Choice]) -> TokenStream {
    let docs = doc::field_type(field);
    let names: Vec<Ident> = options.iter().map(|o| ident(&o.variant)).collect();
    let variants = options.iter().zip(&names).map(|(option, name)| {
        let label = option.label.as_ref().filter(|l| l.en != option.value.plain());
        let label = label.map(|l| format!(": {}", doc::prose(&l.en))).unwrap_or_default();
        let note = if option.discontinued { " (the vendor will drop it)" } else { "" };
        let docs = doc::lines(&[format!("{}{label}{note}.", doc::value(&option.value))]);
        quote!(#docs #name)
    });
    let table = options.iter().map(option);
    quote! {
        #docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum #name { #(#variants),* }

        impl s::Choice for #name {
            const SPEC: s::spec::ChoiceSpec = s::spec::ChoiceSpec::of(&[#(#table),*]);
            const ALL: &'static [Self] = &[#(Self::#names),*];

            fn index(self) -> usize {
                self as usize
            }
        }

        s::choice::choice_traits!(#name);
    }
}

/// A `spec::OptionSpec`.
fn option(option: &Choice) -> TokenStream {
    let value = match &option.value {
        Literal::Text(text) => quote!(text(#text)),
        other => {
            let value = literal(other);
            quote!(new(#value))
        }
    };
    let said = option.label.as_ref().map(|label| {
        let (en, ru) = (&label.en, &label.ru);
        quote!(.label(s::Localized::new([#en, #ru])))
    });
    let discontinued = option.discontinued.then(|| quote!(.discontinued()));
    let also = (!option.aliases.is_empty()).then(|| {
        let aliases = option.aliases.iter().map(literal);
        quote!(.aliases(&[#(#aliases),*]))
    });
    quote!(s::spec::OptionSpec::#value #said #discontinued #also)
}
