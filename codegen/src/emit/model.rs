//! The module of a model.

use kie_schema::spec::ModelSpec;
use proc_macro2::TokenStream;
use quote::quote;

use super::field::Struct;
use super::literal;
use super::{descriptor, doc};
use crate::ident;
use crate::type_name::TypeNames;

/// A module with the input struct, the types of its fields and the descriptor; the struct is also exported beside it.
pub(super) fn module(model: &'static ModelSpec) -> TokenStream {
    let (type_name, names) = (ident::model(model.id), TypeNames::of(model));
    let (module, name) = (literal::ident(&ident::module(model.id)), literal::ident(&type_name));
    let about = doc::lines(&[format!("Types of `{}`.", model.id)]);
    let input = Struct { name: &type_name, docs: doc::model(model), fields: model.fields, names: &names };
    let items = input.items(quote! {
        /// Checks the rules across fields; only a checked input can be priced or submitted.
        ///
        /// # Errors
        /// Every rule that is broken.
        #[inline]
        pub fn check(self) -> Result<s::Checked<Self>, s::Report> {
            s::Checked::new(self)
        }
    });
    let descriptor = descriptor::items(model);
    quote! {
        #about
        pub mod #module {
            use crate::schema as s;

            #items
            #descriptor
        }
        pub use #module::#name;
    }
}
