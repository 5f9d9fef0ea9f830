//! The Rust type of a kind, and the descriptor of its limits.

use heck::ToUpperCamelCase;
use kie_schema::spec::{Kind, MediaKind, MediaSpec, NumberForm, TextFormat};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::literal::{SpecMembers, count, decimal, ident, integer, option, range, slice, text, texts};

/// What a kind is in Rust.
pub(super) struct TypeShape {
    /// Its type.
    pub(super) ty: TokenStream,
    /// Its `spec::Kind`.
    pub(super) spec: TokenStream,
    /// The limits to be written beside it: the marker and the `spec::*Spec` of a number or text.
    pub(super) limits: Option<(Ident, Ident, TokenStream)>,
}

/// The type and descriptor of a kind. `name` is the type made for it: the enum, the struct, or the stem of the marker.
pub(super) fn shape(kind: &Kind, name: &str) -> TypeShape {
    let made = ident(name);
    let plain = |ty, spec| TypeShape { ty, spec, limits: None };
    match kind {
        Kind::Text(text) => {
            let min = Some(text.min).filter(|n| *n > 0).map(count);
            let spec = min.into_iter().fold(SpecMembers::default(), |members, min| members.with("min", min));
            let spec = spec.some("max", text.max, count).some("max_cjk", text.max_cjk, count);
            bounded("Text", name, spec.some("format", text.format, text_format))
        }
        Kind::Integer(number) => {
            let spec = SpecMembers::default().some("min", number.min, integer).some("max", number.max, integer);
            let spec =
                spec.some("step", number.step, integer).list("extra_values", number.extra_values, |n| integer(*n));
            let spec = spec.list("excluded", number.excluded, |n| integer(*n));
            let both = quote!(s::spec::NumberForm::NumberOrString);
            bounded(
                "Integer",
                name,
                if number.form == NumberForm::NumberOrString { spec.with("form", both) } else { spec },
            )
        }
        Kind::Decimal(number) => {
            let spec = SpecMembers::default().some("min", number.min, decimal).some("max", number.max, decimal);
            bounded("Decimal", name, spec.flag("above_min", number.above_min).some("step", number.step, decimal))
        }
        Kind::Boolean => plain(quote!(bool), quote!(s::spec::Kind::Boolean)),
        Kind::Choice(_) => plain(quote!(#made), quote!(s::spec::Kind::Choice(<#made as s::Choice>::SPEC))),
        Kind::Media(media) => plain(media_type(media), media_spec(media)),
        Kind::Task(task) => {
            let (models, of_result) = (texts(task.models), task.of_result);
            let spec = quote!(s::spec::TaskRefSpec { models: #models, of_result: #of_result });
            plain(quote!(s::TaskRef), quote!(s::spec::Kind::Task(#spec)))
        }
        Kind::List(list) => {
            let item = shape(list.item, &item_name(list.item, name));
            let (ty, spec) = (item.ty, item.spec);
            let most = list.max.map_or(quote!({ s::NO_LIMIT }), count);
            let (min, max, total) = (count(list.min), option(list.max, count), option(list.total_seconds, decimal));
            TypeShape {
                ty: quote!(s::List<#ty, #min, #most>),
                spec: quote! {
                    s::spec::Kind::List(s::spec::ListSpec { item: &#spec, min: #min, max: #max, total_seconds: #total })
                },
                limits: item.limits,
            }
        }
        Kind::Object(_) => plain(quote!(#made), quote!(s::spec::Kind::Object(<#made as s::Record>::FIELDS))),
    }
}

/// The name of the type made for the items of a list.
pub(super) fn item_name(item: &Kind, list: &str) -> String {
    match item {
        Kind::Choice(_) | Kind::Object(_) => format!("{list}Item"),
        _ => list.to_owned(),
    }
}

fn bounded(kind: &str, name: &str, spec: SpecMembers) -> TypeShape {
    let spec = spec.of(&format!("{kind}Spec"));
    let marker = format_ident!("{name}Limits");
    let (kind, spec_type) = (ident(kind), format_ident!("{kind}Spec"));
    TypeShape {
        ty: quote!(s::#kind<#marker>),
        spec: quote!(s::spec::Kind::#kind(<#marker as s::Limits>::SPEC)),
        limits: Some((marker, spec_type, spec)),
    }
}

fn text_format(format: TextFormat) -> TokenStream {
    let name = ident(match format {
        TextFormat::Speaker => "Speaker",
        TextFormat::HexColor => "HexColor",
        TextFormat::Percent => "Percent",
        TextFormat::SecondsRange => "SecondsRange",
    });
    quote!(s::spec::TextFormat::#name)
}

fn media_type(media: &MediaSpec) -> TokenStream {
    let kinds: Vec<Ident> = media.of.iter().map(|k| ident(kind_name(*k))).collect();
    let kinds = if let [only] = kinds.as_slice() { quote!(s::#only) } else { quote!((#(s::#kinds),*)) };
    if media.schemes.is_empty() {
        return quote!(s::Media<#kinds>);
    }
    let schemes = schemes_name(media.schemes);
    quote!(s::Media<#kinds, super::schemes::#schemes>)
}

fn media_spec(media: &MediaSpec) -> TokenStream {
    let of = slice(media.of, |kind| media_kind(*kind));
    let spec =
        SpecMembers::default().with("of", of).list("mime", media.mime, text).some("max_mb", media.max_mb, decimal);
    let ranges = [
        ("seconds", &media.seconds),
        ("ratio", &media.ratio),
        ("side_px", &media.side_px),
        ("short_side_px", &media.short_side_px),
        ("long_side_px", &media.long_side_px),
        ("total_px", &media.total_px),
        ("fps", &media.fps),
    ];
    let spec = ranges.iter().fold(spec, |spec, (name, value)| spec.some(name, value.as_ref(), range));
    let spec = spec.list("schemes", media.schemes, text).of("MediaSpec");
    quote!(s::spec::Kind::Media(#spec))
}

/// A `spec::MediaKind`.
pub(super) fn media_kind(kind: MediaKind) -> TokenStream {
    let name = ident(kind_name(kind));
    quote!(s::spec::MediaKind::#name)
}

const fn kind_name(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "Image",
        MediaKind::Video => "Video",
        MediaKind::Audio => "Audio",
        MediaKind::Document => "Document",
    }
}

/// The marker of a set of URL schemes: `Asset`, `AssetOss`.
pub(super) fn schemes_name(schemes: &[&str]) -> Ident {
    ident(&schemes.iter().map(|s| s.to_upper_camel_case()).collect::<String>())
}
