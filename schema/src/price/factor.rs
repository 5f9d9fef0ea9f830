//! What a price is multiplied by.

use super::super::file::Files;
use super::super::path::{PathValue, Scope};
use super::super::spec::{Factor, Kind, MediaSpec, Path};
use super::super::text::is_cjk;
use super::super::value_ref::ValueRef;
use super::{Amount, PriceError};

/// How many units a factor stands for.
pub(super) fn amount(factor: &Factor, scope: Scope<'_>, files: &Files) -> Result<Amount, PriceError> {
    match factor {
        Factor::Value { field, or, or_when, zero_means, plus_seconds_of } => {
            let node = scope.one(*field);
            let given = node.is_some_and(|node| node.is_given());
            // What the vendor takes for a missing value in a special case goes before the field's default.
            let special = or_when.iter().find(|(condition, _)| !given && condition.holds(&scope));
            let own = match (special, node.and_then(|node| count(node.value)), zero_means) {
                (Some((_, n)), ..) => Amount::exact(*n),
                (None, Some(0.0), Some(file)) => seconds(scope, *file, files)?,
                (None, Some(n), _) => stated(n, *field, node.and_then(|node| node.kind))?,
                (None, None, _) => match or {
                    Some(n) => Amount::exact(*n),
                    None => left_to_the_model(*field, node.and_then(|node| node.kind))?,
                },
            };
            match plus_seconds_of {
                Some(path) => Ok(own.plus(seconds(scope, *path, files)?)),
                None => Ok(own),
            }
        }
        Factor::Seconds { of, by, at_most } => {
            let length = match (seconds(scope, *of, files), at_most) {
                (Ok(length), Some(cap)) if length.value > *cap => Amount { value: *cap, ..length },
                (Err(_), Some(cap)) => Amount::at_most(*cap),
                (length, _) => length?,
            };
            Ok(Amount { value: length.value * by, ..length })
        }
        Factor::Minutes(of) => {
            let length = seconds(scope, *of, files)?;
            Ok(Amount { value: length.value / 60.0, ..length })
        }
        Factor::Megapixels(of) => {
            let pixels = measured(scope, *of, |url, spec| {
                let facts = files.get(url);
                match facts.and_then(|f| Some(f64::from(f.width?) * f64::from(f.height?))) {
                    Some(pixels) => Some(Amount::exact(pixels / 1e6)),
                    None => Some(Amount::at_most(spec?.total_px?.max? / 1e6)),
                }
            });
            pixels.ok_or(PriceError::NeedsFile { field: of.as_str() })
        }
        Factor::Ratio(above, below) => {
            let number = |path: &Path| {
                let number = scope.one(*path).and_then(|node| node.value.number());
                number.ok_or(PriceError::NeedsNumber { field: path.as_str() })
            };
            let (above, divisor) = (number(above)?, number(below)?);
            if divisor > 0.0 {
                Ok(Amount::exact(above / divisor))
            } else {
                Err(PriceError::NeedsNumber { field: below.as_str() })
            }
        }
        Factor::Characters { of, step } => {
            let characters: usize = scope.find(*of).iter().map(|n| n.value.characters()).sum();
            Ok(Amount::exact(characters.next_multiple_of((*step).max(1) as usize) as f64 / 1000.0))
        }
        Factor::Outputs { most, most_when } => {
            let special = most_when.iter().find(|(condition, _)| condition.holds(&scope));
            Ok(Amount::at_most(special.map_or(f64::from(*most), |(_, n)| *n)))
        }
        Factor::Tokens { of, by, by_cjk, plus } => {
            let of_texts = |path: &Path| scope.find(*path).iter().map(|n| tokens(n.value, *by, *by_cjk)).sum::<f64>();
            let tokens = of.iter().map(of_texts).sum::<f64>().ceil() + f64::from(*plus);
            Ok(Amount::at_most(tokens / 1e6))
        }
    }
}

/// The tokens of a text, or of all items.
fn tokens(value: ValueRef<'_>, by: f64, by_cjk: f64) -> f64 {
    match value {
        ValueRef::Text(text) => text.chars().map(|c| if is_cjk(c) { by_cjk } else { by }).sum(),
        ValueRef::List(items) => (0..items.count()).map(|i| tokens(items.item(i), by, by_cjk)).sum(),
        _ => 0.0,
    }
}

/// The number that a value stands for; a list counts its items.
fn count(value: ValueRef<'_>) -> Option<f64> {
    match value {
        ValueRef::List(items) => Some(items.count() as f64),
        other => other.number(),
    }
}

/// A number that a person gave. One outside the range (`-1`: the model decides) is billed as what the model
/// decides, at most the largest value.
fn stated(n: f64, field: Path, kind: Option<&'static Kind>) -> Result<Amount, PriceError> {
    match kind {
        Some(Kind::Integer(spec)) if spec.extra_values.iter().any(|also| *also as f64 == n) => {
            left_to_the_model(field, kind)
        }
        _ if n < 0.0 => Err(PriceError::NeedsNumber { field: field.as_str() }),
        _ => Ok(Amount::exact(n)),
    }
}

/// What the model may choose at most.
fn left_to_the_model(field: Path, kind: Option<&'static Kind>) -> Result<Amount, PriceError> {
    kind.and_then(largest).map(Amount::at_most).ok_or(PriceError::NeedsNumber { field: field.as_str() })
}

/// The largest number that a field takes.
fn largest(kind: &'static Kind) -> Option<f64> {
    match kind {
        Kind::Integer(spec) => spec.max.map(|max| max as f64),
        Kind::Decimal(spec) => spec.max,
        Kind::Choice(spec) => {
            spec.options.iter().filter_map(|o| ValueRef::from(o.value).number()).max_by(f64::total_cmp)
        }
        Kind::List(spec) => spec.max.map(f64::from),
        _ => None,
    }
}

/// Length of every file at a path together. An unknown length counts as the longest that the field takes.
fn seconds(scope: Scope<'_>, path: Path, files: &Files) -> Result<Amount, PriceError> {
    let total = scope
        .find(path)
        .iter()
        .find_map(|node| if let Some(Kind::List(list)) = node.kind { list.total_seconds } else { None });
    let each = measured(scope, path, |url, spec| match files.get(url).and_then(|f| f.seconds) {
        Some(length) => Some(Amount::exact(length)),
        None => Some(Amount::at_most(spec?.seconds?.max?)),
    });
    let length = match (each, total) {
        (Some(each), Some(total)) if !each.is_exact => Some(Amount::at_most(each.value.min(total))),
        (None, Some(total)) => Some(Amount::at_most(total)),
        (each, _) => each,
    };
    length.ok_or(PriceError::NeedsFile { field: path.as_str() })
}

/// Adds up a measure of every file at a path.
fn measured(
    scope: Scope<'_>,
    path: Path,
    measure: impl Fn(&str, Option<&'static MediaSpec>) -> Option<Amount>,
) -> Option<Amount> {
    let mut sum = Amount::exact(0.0);
    for node in scope.find(path).iter() {
        for url in node.value.files() {
            sum = sum.plus(measure(url, limits(node))?);
        }
    }
    Some(sum)
}

fn limits(node: &PathValue<'_>) -> Option<&'static MediaSpec> {
    match node.kind? {
        Kind::Media(spec) => Some(spec),
        Kind::List(list) => match list.item {
            Kind::Media(spec) => Some(spec),
            _ => None,
        },
        _ => None,
    }
}
