//! The types of a struct's fields, and the struct itself.

use kie_schema::spec::{FieldSpec, Kind};
use kie_schema::value_ref::AsValueRef;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::kind::{TypeShape, item_name, shape};
use super::literal::{SpecMembers, ident as rust_ident, integer, localized, text};
use super::{choice, doc};
use crate::ident;
use crate::type_name::TypeNames;

/// Methods that every input has; a setter of that name is called `with_..`.
const METHODS: [&str; 3] = ["new", "check", "clone"];

/// A struct of named fields with everything that belongs to it: the types of its fields, its constructor and setters, its
/// glue to `schema`.
pub(super) struct Struct<'a> {
    pub(super) name: &'a str,
    pub(super) docs: TokenStream,
    pub(super) fields: &'static [FieldSpec],
    pub(super) names: &'a TypeNames,
}

/// A field with its names in Rust.
struct Part {
    field: &'static FieldSpec,
    name: Ident,
    /// The type of the value, without `Option`.
    ty: TokenStream,
    spec: TokenStream,
}

impl Part {
    fn is_argument(&self) -> bool {
        self.field.required && self.field.default.is_none()
    }

    fn is_preset(&self) -> bool {
        self.field.required && self.field.default.is_some()
    }
}

impl Struct<'_> {
    /// All items of the struct.
    pub(super) fn items(&self, checks: TokenStream) -> TokenStream {
        let mut types = TokenStream::new();
        let parts: Vec<Part> = self.fields.iter().map(|field| self.part(field, &mut types)).collect();
        let own = self.own(&parts, checks);
        let glue = self.glue(&parts);
        quote!(#own #glue #types)
    }

    /// Writes the types of one field.
    fn part(&self, field: &'static FieldSpec, types: &mut TokenStream) -> Part {
        let name = self.names.field(field);
        let TypeShape { ty, spec, limits } = shape(&field.kind, name);
        if let Some((marker, spec_type, limits)) = limits {
            types.extend(quote! {
                #[doc(hidden)]
                pub enum #marker {}

                impl s::Limits for #marker {
                    type Spec = s::spec::#spec_type;
                    const SPEC: s::spec::#spec_type = #limits;
                }
            });
        }
        self.made(&field.kind, name, field, types);
        let ty = match field.kind {
            Kind::Boolean | Kind::Choice(_) | Kind::Object(_) => ty,
            _ => {
                let (alias, docs) = (rust_ident(name), doc::field_type(field));
                types.extend(quote!(#docs pub type #alias = #ty;));
                quote!(#alias)
            }
        };
        Part { field, name: rust_ident(&ident::field(field.name)), ty, spec }
    }

    /// The struct, its constructor and its setters.
    fn own(&self, parts: &[Part], checks: TokenStream) -> TokenStream {
        let (name, docs) = (rust_ident(self.name), &self.docs);
        let fields = parts.iter().map(|part| {
            let (docs, name, ty) = (doc::field(part.field), &part.name, &part.ty);
            let ty = if part.field.required { quote!(#ty) } else { quote!(Option<#ty>) };
            quote!(#docs pub #name: #ty)
        });
        let arguments: Vec<_> = parts.iter().filter(|p| p.is_argument()).collect();
        let allow = (arguments.len() > 7)
            .then(|| quote!(#[allow(clippy::too_many_arguments, reason = "the model cannot do without any of them")]));
        let (names, types) = (arguments.iter().map(|p| &p.name), arguments.iter().map(|p| &p.ty));
        let values = parts.iter().map(|part| {
            let name = &part.name;
            match part {
                _ if part.is_argument() => quote!(#name),
                _ if part.is_preset() => {
                    let value = default_of(part);
                    quote!(#name: #value)
                }
                _ => quote!(#name: None),
            }
        });
        let setters = parts.iter().map(setter);
        let default = arguments.is_empty().then(|| {
            quote! {
                impl Default for #name {
                    fn default() -> Self {
                        Self::new()
                    }
                }
            }
        });
        let about = doc::lines(&["From what the model cannot do without; everything else has its default.".to_owned()]);
        quote! {
            #docs
            #[derive(Debug, Clone, PartialEq)]
            #[must_use]
            pub struct #name { #(#fields),* }

            impl #name {
                #about
                #allow
                #[inline]
                pub fn new(#(#names: #types),*) -> Self {
                    Self { #(#values),* }
                }

                #(#setters)*

                #checks
            }

            #default
        }
    }

    /// The glue to `schema`: the table of fields, and the two matches over their positions.
    fn glue(&self, parts: &[Part]) -> TokenStream {
        let name = rust_ident(self.name);
        let specs = parts.iter().map(|part| field_spec(part.field, &part.spec));
        let names: Vec<&Ident> = parts.iter().map(|p| &p.name).collect();
        let indices: Vec<TokenStream> = (0..parts.len() as i64).map(integer).collect();
        let values = parts.iter().map(|part| {
            let name = &part.name;
            if part.field.required {
                quote!(Some(s::value_ref::AsValueRef::as_value_ref(&self.#name)))
            } else {
                quote!(s::record::optional(&self.#name))
            }
        });
        let types = parts.iter().map(|part| &part.ty);
        let built = parts.iter().enumerate().map(|(index, part)| {
            let (name, wire, ty) = (&part.name, &part.field.name, &part.ty);
            let given = quote!(wire_fields.wrap::<#ty>(#index, #name)?);
            match part {
                _ if part.is_argument() => quote!(#name: s::record::need(#given, #wire)?),
                _ if part.is_preset() => {
                    let value = default_of(part);
                    let or = if is_plain(part.field) {
                        quote!(unwrap_or(#value))
                    } else {
                        quote!(unwrap_or_else(|| #value))
                    };
                    quote!(#name: #given.#or)
                }
                _ => quote!(#name: #given),
            }
        });
        quote! {
            impl s::Record for #name {
                const FIELDS: &'static [s::spec::FieldSpec] = &[#(#specs),*];

                fn at(&self, index: usize) -> Option<s::value_ref::ValueRef<'_>> {
                    match index {
                        #(#indices => #values,)*
                        _ => None,
                    }
                }

                fn read<'de, A: s::record::MapAccess<'de>>(mut wire_fields: s::record::FieldAccess<A>) -> Result<Self, A::Error> {
                    #(let mut #names = None;)*
                    while let Some(wire_index) = wire_fields.next_field()? {
                        match wire_index {
                            #(#indices => { wire_fields.fill::<#types>(&mut #names)?; })*
                            _ => break,
                        }
                    }
                    Ok(Self { #(#built),* })
                }
            }

            s::record::record_traits!(#name);
        }
    }

    /// The enums and structs inside a kind.
    fn made(&self, kind: &Kind, name: &str, field: &FieldSpec, types: &mut TokenStream) {
        match kind {
            Kind::Choice(spec) => types.extend(choice::item(&rust_ident(name), field, spec)),
            Kind::Object(fields) => {
                let item = Struct { name, docs: doc::field_type(field), fields, names: self.names };
                types.extend(item.items(TokenStream::new()));
            }
            Kind::List(list) => self.made(list.item, &item_name(list.item, name), field, types),
            _ => {}
        }
    }
}

fn setter(part: &Part) -> TokenStream {
    let (name, ty) = (&part.name, &part.ty);
    let method = if METHODS.contains(&ident::field(part.field.name).as_str()) {
        format_ident!("with_{name}")
    } else {
        name.clone()
    };
    let docs = doc::setter(part.field);
    let value = if part.field.required { quote!(value) } else { quote!(Some(value)) };
    quote! {
        #docs
        #[inline]
        pub fn #method(mut self, value: #ty) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// Whether the default of a field is a constant, and need not be read from JSON text.
fn is_plain(field: &FieldSpec) -> bool {
    matches!(field.kind, Kind::Boolean | Kind::Choice(_))
}

/// The default of a required field, as an expression.
fn default_of(part: &Part) -> TokenStream {
    let Some(json) = part.field.default else { return TokenStream::new() };
    let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    match (&part.field.kind, value) {
        (Kind::Boolean, serde_json::Value::Bool(flag)) => quote!(#flag),
        (Kind::Choice(spec), value) if let Some(at) = spec.position(value.as_value_ref()) => {
            let (ty, variant) = (&part.ty, &choice::variants(spec.options)[at]);
            quote!(#ty::#variant)
        }
        _ => quote!(s::record::default_of(#json)),
    }
}

fn field_spec(field: &FieldSpec, kind: &TokenStream) -> TokenStream {
    let spec = SpecMembers::default().with("name", text(&field.name)).list("aliases", field.aliases, text);
    let spec = spec.with("kind", kind.clone()).flag("required", field.required);
    let spec = spec.some("default", field.default.as_ref(), text);
    let spec = spec.flag("advanced", field.advanced).flag("deprecated", field.deprecated);
    spec.with("label", localized(&field.label)).with("line", integer(field.line.into())).of("FieldSpec")
}
