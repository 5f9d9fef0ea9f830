//! Paths of fields, with the place of the field that they begin with: the runtime need not search for it.

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
        let place = self.0.iter().position(|field| field.name == root);
        let place = place.and_then(|place| u32::try_from(place).ok()).expect("rules and prices name known fields");
        let place = count(place);
        quote!(s::spec::Path::at(#place, #path))
    }

    /// A slice of them.
    pub(super) fn all(self, paths: &[String]) -> TokenStream {
        slice(paths, |path| self.of(path))
    }
}
