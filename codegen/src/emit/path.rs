//! Paths of fields, with the index of the field that they begin with, which spares the product a search.

use kie_schema::spec::Path;
use proc_macro2::TokenStream;
use quote::quote;

use super::literal::{integer, slice};

/// A `spec::Path`.
pub(super) fn of(path: &Path) -> TokenStream {
    let (root, text) = (integer(path.root() as i64), path.as_str());
    quote!(s::spec::Path::at(#root, #text))
}

/// A slice of them.
pub(super) fn all(paths: &[Path]) -> TokenStream {
    slice(paths, of)
}
