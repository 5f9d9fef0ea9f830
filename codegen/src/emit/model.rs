//! The module of a model.

use proc_macro2::TokenStream;
use quote::quote;

use super::field::Struct;
use super::literal::ident;
use super::{descriptor, doc};
use crate::resolved::{Model, Registry};

/// A module with the input struct, the types of its fields and the descriptor; the struct is also exported beside it.
pub(super) fn module(model: &Model, registry: &Registry) -> TokenStream {
    let (module, name) = (ident(&model.module_name), ident(&model.type_name));
    let about = doc::lines(&[format!("Types of `{}`.", model.id)]);
    let input = Struct { name: &model.type_name, docs: doc::model(model, registry), fields: &model.fields };
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
    let descriptor = descriptor::items(model, registry);
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
