//! Paths of fields, with the index of the field that they begin with, which spares the runtime a search.

use proc_macro2::TokenStream;
use quote::quote;

use super::literal::{count, slice};
use crate::resolved::Field;

/// Writes the paths of one model.
#[derive(Clone, Copy)]
pub(super) struct Paths<'a>(pub(super) &'a [Field]);

impl Paths<'_> {
    /// A `spec::Path`.
    pub(super) fn of(self, path: &str) -> TokenStream {
        let root = path.split(['.', '[']).next().unwrap_or(path);
        let index = self.0.iter().position(|field| field.name == root);
        let index = index.and_then(|index| u32::try_from(index).ok()).expect("rules and prices name known fields");
        let index = count(index);
        quote!(s::spec::Path::at(#index, #path))
    }

    /// A slice of them.
    pub(super) fn all(self, paths: &[String]) -> TokenStream {
        slice(paths, |path| self.of(path))
    }
}
