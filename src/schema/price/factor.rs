//! What a price is multiplied by.

use super::super::input::Files;
use super::super::path::{Node, Scope};
use super::super::spec::{Factor, Kind, MediaSpec, Path};
use super::super::view::View;
use super::Amount;

/// How many units a factor stands for; `None` when that cannot be said.
pub(super) fn amount(factor: &Factor, scope: Scope<'_>, files: &Files) -> Option<Amount> {
    match factor {
        Factor::Value { field, or, or_when, zero_means, plus_seconds_of } => {
            let node = scope.one(*field)?;
            let own = match node.view.number() {
                Some(0.0) if zero_means.is_some() => seconds(scope, (*zero_means)?, files)?,
                Some(n) => stated(n, node.kind)?,
                None => {
                    let special = or_when.iter().find(|(condition, _)| condition.holds(&scope)).map(|(_, n)| *n);
                    match special.or(*or) {
                        Some(n) => Amount::exact(n),
                        None => Amount::at_most(largest(node.kind)?),
                    }
                }
            };
            match plus_seconds_of {
                Some(path) => Some(own.plus(seconds(scope, *path, files)?)),
                None => Some(own),
            }
        }
        Factor::Seconds { of, by, at_most } => {
            let length = match (seconds(scope, *of, files), at_most) {
                (Some(length), Some(cap)) if length.value > *cap => Amount { value: *cap, ..length },
                (Some(length), _) => length,
                (None, cap) => Amount::at_most((*cap)?),
            };
            Some(Amount { value: length.value * by, ..length })
        }
        Factor::Minutes(of) => {
            let length = seconds(scope, *of, files)?;
            Some(Amount { value: length.value / 60.0, ..length })
        }
        Factor::Megapixels(of) => measured(scope, *of, |url, spec| {
            let facts = files.get(url);
            match facts.and_then(|f| Some(f64::from(f.width?) * f64::from(f.height?))) {
                Some(pixels) => Some(Amount::exact(pixels / 1e6)),
                None => Some(Amount::at_most(spec?.total_px?.max? / 1e6)),
            }
        }),
        Factor::Ratio(above, below) => {
            let number = |path: &Path| scope.one(*path)?.view.number();
            let (above, below) = (number(above)?, number(below)?);
            (below > 0.0).then(|| Amount::exact(above / below))
        }
        Factor::Characters { of, step } => {
            let characters: usize = scope.find(*of).iter().map(|n| n.view.characters()).sum();
            Some(Amount::exact(characters.next_multiple_of((*step).max(1) as usize) as f64 / 1000.0))
        }
    }
}

/// A number that a person gave. One that stands outside the range (`-1`: the model decides) is billed as what the model
/// decides, at most the largest value.
fn stated(n: f64, kind: Option<&'static Kind>) -> Option<Amount> {
    match kind {
        Some(Kind::Integer(spec)) if spec.also.iter().any(|also| *also as f64 == n) => {
            largest(kind).map(Amount::at_most)
        }
        _ if n < 0.0 => None,
        _ => Some(Amount::exact(n)),
    }
}

/// The largest number that a field takes.
fn largest(kind: Option<&'static Kind>) -> Option<f64> {
    match kind? {
        Kind::Integer(spec) => spec.max.map(|max| max as f64),
        Kind::Decimal(spec) => spec.max,
        Kind::Choice(spec) => spec.options.iter().filter_map(|o| View::from(o.value).number()).max_by(f64::total_cmp),
        _ => None,
    }
}

/// Length of every file at a path together. An unknown length counts as the longest that the field takes.
fn seconds(scope: Scope<'_>, path: Path, files: &Files) -> Option<Amount> {
    let total = scope
        .find(path)
        .iter()
        .find_map(|node| if let Some(Kind::List(list)) = node.kind { list.total_seconds } else { None });
    let each = measured(scope, path, |url, spec| match files.get(url).and_then(|f| f.seconds) {
        Some(length) => Some(Amount::exact(length)),
        None => Some(Amount::at_most(spec?.seconds?.max?)),
    });
    match (each, total) {
        (Some(each), Some(total)) if !each.is_exact => Some(Amount::at_most(each.value.min(total))),
        (None, Some(total)) => Some(Amount::at_most(total)),
        (each, _) => each,
    }
}

/// Adds up a measure of every file at a path.
fn measured(
    scope: Scope<'_>,
    path: Path,
    measure: impl Fn(&str, Option<&'static MediaSpec>) -> Option<Amount>,
) -> Option<Amount> {
    let mut sum = Amount::exact(0.0);
    for node in scope.find(path).iter() {
        for url in node.view.files() {
            sum = sum.plus(measure(url, limits(node))?);
        }
    }
    Some(sum)
}

fn limits(node: &Node<'_>) -> Option<&'static MediaSpec> {
    match node.kind? {
        Kind::Media(spec) => Some(spec),
        Kind::List(list) => match list.item {
            Kind::Media(spec) => Some(spec),
            _ => None,
        },
        _ => None,
    }
}
