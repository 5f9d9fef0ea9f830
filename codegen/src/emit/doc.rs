//! Documentation of generated items, from the words and limits of the registry.

use kie_schema::Lang;
use kie_schema::spec::{
    ExtraPrice, Factor, FieldSpec, Kind, Literal, MediaKind, MediaSpec, ModelSpec, PriceRow, PriceSpec, Range, Status,
};
use proc_macro2::TokenStream;
use quote::quote;

/// Doc comments, one for each line.
pub(super) fn lines(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// Words as prose: nothing in them is markup.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '[' | ']' | '<' | '>' | '*' | '_' | '`' | '\\' | '#' | '|') {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    // A bare link is a warning of rustdoc.
    out.replace("://", ":\u{200b}//")
}

/// The line of the registry that the item comes from.
pub(super) fn source(line: u32) -> String {
    format!("Source: `models/kie_models.yaml:{line}`.")
}

/// Documentation of an input struct.
pub(super) fn model(model: &ModelSpec) -> TokenStream {
    let tasks: Vec<String> = model.tasks.iter().map(|task| prose(task.title.get(Lang::En))).collect();
    let mut text = vec![
        format!("{}: {}.", prose(model.title.get(Lang::En)), prose(model.about.get(Lang::En).trim_end_matches('.'))),
        String::new(),
        format!("Model `{}` by {}. {}.", model.id, prose(model.provider), tasks.join(", ")),
        model.price.map_or("Price: not known.".to_owned(), price),
    ];
    let nearest = model.nearest.map(|id| format!(" Use `{id}` instead.")).unwrap_or_default();
    match model.status {
        Status::Live => {}
        Status::Troubled => text.push(format!("**In trouble:** its tasks fail often.{nearest}")),
        Status::Retired => text.push(format!("**Retired** by the vendor.{nearest}")),
        Status::Removed => text.push(format!("**Removed** by the vendor without a word.{nearest}")),
        Status::Suspect => text.push(format!("**Reported dead.**{nearest}")),
    }
    text.push(source(model.line));
    lines(&text)
}

fn price(price: &PriceSpec) -> String {
    let amounts = |rows: &[PriceRow]| {
        let least = rows.iter().map(|row| row.credits).min().unwrap_or_default();
        let most = rows.iter().map(|row| row.credits).max().unwrap_or_default();
        if least == most { least.to_string() } else { format!("{least} to {most}") }
    };
    let at_most = if price.at_most { "at most " } else { "" };
    let unit = prose(&price.unit.replace('_', " "));
    let mut text = format!("Price: {at_most}{} credits per {unit} ({})", amounts(price.rows), price.as_of);
    let times = |factors: &[Factor]| factors.iter().map(factor).collect::<Vec<_>>().join(" and ");
    if !price.times.is_empty() {
        text.push_str(&format!(", times {}", times(price.times)));
    }
    match &price.extra {
        None => {}
        Some(ExtraPrice::Items { of, free, credits }) => {
            let free = if *free > 0 { format!(" after the first {free}") } else { String::new() };
            text.push_str(&format!(", and {credits} for each of `{of}`{free}"));
        }
        Some(ExtraPrice::Units { times: units, credits }) => {
            text.push_str(&format!(", and {credits} times {}", times(units)));
        }
    }
    text.push('.');
    if !price.regular.is_empty() {
        let until = price.discount_until.map_or("that may end any day".to_owned(), |day| format!("until {day}"));
        text.push_str(&format!(" A discount {until}; then {}.", amounts(price.regular)));
    }
    text
}

fn factor(factor: &Factor) -> String {
    match factor {
        Factor::Value { field, .. } => format!("`{field}`"),
        Factor::Seconds { of, .. } => format!("the seconds of `{of}`"),
        Factor::Minutes(of) => format!("the minutes of `{of}`"),
        Factor::Megapixels(of) => format!("the megapixels of `{of}`"),
        Factor::Ratio(above, below) => format!("`{above}` by `{below}`"),
        Factor::Characters { of, .. } => format!("the thousands of characters of `{of}`"),
        Factor::Outputs { most, .. } => format!("the files that come back, at most {most}"),
        Factor::Tokens { of, .. } => {
            let of: Vec<String> = of.iter().map(|path| format!("`{path}`")).collect();
            format!("the millions of tokens estimated from {}", of.join(", "))
        }
    }
}

/// Documentation of a field of a struct.
pub(super) fn field(field: &FieldSpec) -> TokenStream {
    let mut text = vec![format!("{}.", prose(field.label.get(Lang::En).trim_end_matches('.')))];
    let mut facts = Vec::new();
    let limits = limits(&field.kind);
    if !limits.is_empty() {
        facts.push(limits);
    }
    if field.required && field.default.is_none() {
        facts.push("required".to_owned());
    }
    if let Some(default) = &field.default {
        facts.push(format!("default `{default}`"));
    }
    if field.deprecated {
        facts.push("the vendor will drop it".to_owned());
    }
    let facts = if facts.is_empty() { String::new() } else { format!("{}. ", sentence(&facts.join("; "))) };
    text.extend([String::new(), format!("{facts}{}", source(field.line))]);
    lines(&text)
}

/// Documentation of a setter.
pub(super) fn setter(field: &FieldSpec) -> TokenStream {
    let limits = limits(&field.kind);
    let limits = if limits.is_empty() { String::new() } else { format!(" {}.", sentence(&limits)) };
    lines(&[format!("Sets `{}`: {}.{limits}", field.name, prose(field.label.get(Lang::En).trim_end_matches('.')))])
}

/// Documentation of a type that was made for a field.
pub(super) fn field_type(field: &FieldSpec) -> TokenStream {
    let limits = limits(&field.kind);
    let limits = if limits.is_empty() { String::new() } else { format!(" {}.", sentence(&limits)) };
    let label = prose(field.label.get(Lang::En).trim_end_matches('.'));
    lines(&[format!("Value of `{}`: {label}.{limits}", field.name), source(field.line)])
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Limits in words.
fn limits(kind: &Kind) -> String {
    match kind {
        Kind::Text(spec) => {
            // A form says how long the text is.
            let least = Some(spec.min).filter(|n| *n > u32::from(spec.format.is_some()));
            let mut parts = vec![span(least, spec.max, "character")];
            parts.extend(spec.max_cjk.map(|max| format!("{max} with Chinese, Japanese or Korean among them")));
            parts.extend(spec.format.map(|format| format!("in the form `{}`", format.example())));
            parts.retain(|part| !part.is_empty());
            parts.join(", ")
        }
        Kind::Integer(spec) => {
            let mut text = span(spec.min, spec.max, "");
            if let Some(step) = spec.step {
                text.push_str(&format!(" in steps of {step}"));
            }
            if !spec.extra_values.is_empty() {
                text.push_str(&format!(" or {:?}", spec.extra_values).replace(['[', ']'], ""));
            }
            if !spec.excluded.is_empty() {
                text.push_str(&format!(" except {:?}", spec.excluded).replace(['[', ']'], ""));
            }
            text
        }
        Kind::Decimal(spec) => {
            let mut text = match (spec.min, spec.max) {
                (Some(min), Some(max)) if spec.above_min => format!("more than {min}, at most {max}"),
                (Some(min), None) if spec.above_min => format!("more than {min}"),
                _ => span(spec.min, spec.max, ""),
            };
            if let Some(step) = spec.step {
                text.push_str(&format!(" in steps of {step}"));
            }
            text
        }
        Kind::Boolean => String::new(),
        Kind::Choice(spec) => format!("one of {} values", spec.options.len()),
        Kind::Media(media) => file(media),
        Kind::Task(spec) => {
            let what = if spec.of_result { "id in the result of an earlier task" } else { "id of an earlier task" };
            let from = spec.models.join("`, `");
            if from.is_empty() { what.to_owned() } else { format!("{what} of `{from}`") }
        }
        Kind::List(list) => {
            let mut text = span(Some(list.min).filter(|n| *n > 0), list.max, "item");
            if let Some(total) = list.total_seconds {
                text.push_str(&format!(", together at most {total} s"));
            }
            let item = limits(list.item);
            match (text.is_empty(), item.is_empty()) {
                (true, _) => item,
                (_, true) => text,
                _ => format!("{text}, each: {item}"),
            }
        }
        Kind::Object(_) => String::new(),
    }
}

/// A range in words; `unit` is the name of one, or a whole phrase.
fn span<T: std::fmt::Display + PartialEq>(min: Option<T>, max: Option<T>, unit: &str) -> String {
    let of = |last: &T| {
        let many = matches!(unit, "character" | "item") && last.to_string() != "1";
        if many { format!("{unit}s") } else { unit.to_owned() }
    };
    let text = match (min, max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min} {}", of(&min)),
        (Some(min), Some(max)) => format!("{min} to {max} {}", of(&max)),
        (Some(min), None) => format!("at least {min} {}", of(&min)),
        (None, Some(max)) => format!("at most {max} {}", of(&max)),
        (None, None) => String::new(),
    };
    text.trim_end().to_owned()
}

fn file(media: &MediaSpec) -> String {
    let kinds: Vec<&str> = media.of.iter().map(kind_word).collect();
    let mut parts = vec![format!("URL of {}", kinds.join(" or "))];
    if !media.mime.is_empty() {
        parts.push(format!("`{}`", media.mime.join("`, `")));
    }
    if let Some(mb) = media.max_mb {
        parts.push(format!("at most {mb} MB"));
    }
    let ranges: [(Option<&Range>, &str); 7] = [
        (media.seconds.as_ref(), "s"),
        (media.ratio.as_ref(), "width by height"),
        (media.side_px.as_ref(), "px a side"),
        (media.short_side_px.as_ref(), "px on the shorter side"),
        (media.long_side_px.as_ref(), "px on the longer side"),
        (media.total_px.as_ref(), "px in all"),
        (media.fps.as_ref(), "frames a second (not checked)"),
    ];
    parts.extend(ranges.iter().filter_map(|(range, unit)| range.map(|r| span(r.min, r.max, unit))));
    parts.join(", ")
}

fn kind_word(kind: &MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "a picture",
        MediaKind::Video => "a video",
        MediaKind::Audio => "a sound",
        MediaKind::Document => "a document",
    }
}

/// A value as JSON, for docs.
pub(super) fn value(value: &Literal) -> String {
    match value {
        Literal::Text("") => "an empty text".to_owned(),
        Literal::Text(text) => format!("`{text}`"),
        Literal::Integer(n) => format!("`{n}`"),
        Literal::Decimal(n) => format!("`{n}`"),
        Literal::Boolean(flag) => format!("`{flag}`"),
    }
}
