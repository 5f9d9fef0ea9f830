//! Values as Rust expressions.

use kie_schema::Localized;
use kie_schema::spec::{Literal, Range};
use proc_macro2::{Ident, Literal as Token, Span, TokenStream};
use quote::{ToTokens, quote};

/// A Rust name; keywords are written raw (`r#type`).
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// A whole number without a suffix, with its sign as an operator.
pub(super) fn integer(n: i64) -> TokenStream {
    let digits = Token::u64_unsuffixed(n.unsigned_abs());
    if n < 0 { quote!(-#digits) } else { quote!(#digits) }
}

/// A number that Rust takes for a fraction: `1.0`, never `1`.
pub(super) fn decimal(n: f64) -> TokenStream {
    let digits = Token::f64_unsuffixed(n.abs());
    if n < 0.0 { quote!(-#digits) } else { quote!(#digits) }
}

/// A small number without a suffix.
pub(super) fn count(n: u32) -> TokenStream {
    Token::u32_unsuffixed(n).to_token_stream()
}

/// The members of a descriptor that differ from its default; the others are those of its `DEFAULT`.
#[derive(Default)]
pub(super) struct SpecMembers(TokenStream);

impl SpecMembers {
    /// A member that is always written.
    pub(super) fn with(mut self, name: &str, value: TokenStream) -> Self {
        let name = ident(name);
        self.0.extend(quote!(#name: #value,));
        self
    }

    /// A member that is blank when it is `None`.
    pub(super) fn some<T>(self, name: &str, value: Option<T>, write: impl Fn(T) -> TokenStream) -> Self {
        match value {
            Some(value) => {
                let value = write(value);
                self.with(name, quote!(Some(#value)))
            }
            None => self,
        }
    }

    /// A member that is blank when it is empty.
    pub(super) fn list<T>(self, name: &str, items: &[T], write: impl Fn(&T) -> TokenStream) -> Self {
        if items.is_empty() { self } else { self.with(name, slice(items, write)) }
    }

    /// A member that is blank when it is `false`.
    pub(super) fn flag(self, name: &str, flag: bool) -> Self {
        if flag { self.with(name, quote!(true)) } else { self }
    }

    /// The descriptor.
    pub(super) fn of(self, name: &str) -> TokenStream {
        let (name, members) = (ident(name), self.0);
        quote!(s::spec::#name { #members ..s::spec::#name::DEFAULT })
    }
}

/// `Some(..)` or `None`.
pub(super) fn option<T>(value: Option<T>, write: impl Fn(T) -> TokenStream) -> TokenStream {
    match value {
        Some(value) => {
            let value = write(value);
            quote!(Some(#value))
        }
        None => quote!(None),
    }
}

/// `&[..]`.
pub(super) fn slice<T>(items: &[T], write: impl Fn(&T) -> TokenStream) -> TokenStream {
    let items = items.iter().map(write);
    quote!(&[#(#items),*])
}

/// `&["..", ".."]`.
pub(super) fn texts(items: &[&str]) -> TokenStream {
    quote!(&[#(#items),*])
}

/// A `Localized`.
pub(super) fn localized(text: &Localized) -> TokenStream {
    let texts = text.all();
    quote!(s::Localized::new([#(#texts),*]))
}

/// A `spec::Literal`.
pub(super) fn literal(value: &Literal) -> TokenStream {
    match value {
        Literal::Text(text) => quote!(s::spec::Literal::Text(#text)),
        Literal::Integer(n) => {
            let n = integer(*n);
            quote!(s::spec::Literal::Integer(#n))
        }
        Literal::Decimal(n) => {
            let n = decimal(*n);
            quote!(s::spec::Literal::Decimal(#n))
        }
        Literal::Boolean(flag) => quote!(s::spec::Literal::Boolean(#flag)),
    }
}

/// A text as it is.
pub(super) fn text(text: &&str) -> TokenStream {
    quote!(#text)
}

/// A `spec::Range`.
pub(super) fn range(range: &Range) -> TokenStream {
    let (min, max) = (option(range.min, decimal), option(range.max, decimal));
    quote!(s::spec::Range { min: #min, max: #max })
}
