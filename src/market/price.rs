//! Reads prices from the vendor's texts, such as `160 credits (0.80 USD)`, and compares them with the registry.

mod feed;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::ledger::Credits;
use crate::schema::Files;
use crate::schema::price;
use crate::schema::spec::{Condition, ExtraPrice, Factor, FieldSpec, Kind, ModelSpec, PriceRow, PriceSpec};
use crate::schema::value_ref::{AsValueRef, ValueRef};

pub(super) use feed::{FeedMatch, compare as compare_feed};

/// The amounts of credits in a text, in order: numbers followed by the word `credit`.
pub(super) fn amounts(prose: &str) -> Vec<f64> {
    let words: Vec<&str> = prose.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ';' | '/')).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let named = |pair: &&[&str]| pair[1].trim_start_matches('-').to_lowercase().starts_with("credit");
    let mut all: Vec<f64> = words.windows(2).filter(named).filter_map(|pair| number(pair[0])).collect();
    // Without a space: `18credits`.
    all.extend(words.iter().filter_map(|word| {
        let end = word.to_lowercase().find("credit").filter(|at| *at > 0)?;
        number(word.get(..end)?)
    }));
    all
}

fn number(word: &str) -> Option<f64> {
    let digits = word.trim_matches(|c: char| !c.is_ascii_digit() && c != '.').trim_matches('.').replace(',', "");
    digits.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The unit, if the text has `per <unit>` exactly once.
pub(super) fn unit(prose: &str) -> Option<String> {
    let words: Vec<String> = prose.split_whitespace().map(str::to_lowercase).collect();
    let mut after = words.windows(2).filter(|pair| pair[0] == "per").map(|pair| pair[1].as_str());
    let unit = after.next()?.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let plain = !unit.is_empty() && unit.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain && after.next().is_none()).then(|| unit.to_owned())
}

/// An amount of credits in a text, with its unit if the text names one.
#[derive(Debug, Clone, PartialEq)]
struct NamedPrice {
    credits: Credits,
    unit: Option<String>,
}

/// The amounts in a text with their units. A unit after the last of several amounts is the unit of all of them.
fn named(prose: &str) -> Vec<NamedPrice> {
    let mut all: Vec<NamedPrice> = Vec::new();
    let mut rest = prose;
    while let Some(at) = rest.to_ascii_lowercase().find("credit") {
        let (before, after) = rest.split_at(at);
        let behind = after.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let next = behind.to_ascii_lowercase().find("credit").unwrap_or(behind.len());
        let word = before.trim_end_matches(|c: char| c.is_whitespace() || c == '-');
        let word = word.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | ';' | '/')).next().unwrap_or(word);
        if let Some(amount) = number(word) {
            all.push(NamedPrice { credits: Credits::from_f64(amount), unit: unit_in(&behind[..next]) });
        }
        rest = behind;
    }
    let mut last = None;
    for one in all.iter_mut().rev() {
        last = one.unit.clone().or(last);
        one.unit.clone_from(&last);
    }
    all
}

/// The unit after the first `per`, or after the slash that follows an amount: `second`, `1000_chars`; `run` for one
/// result.
fn unit_in(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let mut words = text.split_whitespace().skip_while(|word| *word != "per").skip(1);
    let first = match words.next() {
        Some(word) => word,
        None => text.trim_start().strip_prefix('/')?.split_whitespace().next()?,
    };
    let clean = |word: &str| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned();
    let mut unit = clean(first);
    if unit.bytes().all(|byte| byte.is_ascii_digit())
        && let Some(second) = words.next()
    {
        unit = format!("{unit}_{}", clean(second));
    }
    (!unit.is_empty()).then(|| plain_unit(&unit))
}

/// One word for all spellings of a unit; `run` for one result of any kind.
fn plain_unit(unit: &str) -> String {
    match unit {
        "s" | "sec" | "second" | "seconds" => "second".to_owned(),
        "image" | "picture" | "video" | "clip" | "request" | "generation" | "run" | "task" | "call" | "extension"
        | "song" | "track" => "run".to_owned(),
        "million" | "1m" => "million_tokens".to_owned(),
        other => other.replace("characters", "chars"),
    }
}

/// The result of a comparison of prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PriceMatch {
    /// The vendor names exactly the registry's amounts.
    Same,
    /// The vendor names other amounts, or not all of them.
    Differs,
    /// They cannot be compared, with the reason.
    Unclear(&'static str),
}

/// Compares the vendor's text with the registry's price table.
pub(super) fn compare(spec: &'static ModelSpec, prose: &str) -> PriceMatch {
    let said = named(prose);
    let Some(table) = spec.price else {
        return if said.is_empty() {
            PriceMatch::Unclear("it names no amount of credits")
        } else {
            PriceMatch::Differs
        };
    };
    let extra = table.extra.as_ref().map(ExtraPrice::credits);
    let said: Vec<NamedPrice> = said.into_iter().filter(|one| Some(one.credits) != extra).collect();
    compare_amounts(spec, &said)
}

/// Compares amounts with the registry's price table.
fn compare_amounts(spec: &'static ModelSpec, said: &[NamedPrice]) -> PriceMatch {
    let (Some(table), false) = (spec.price, said.is_empty()) else {
        return PriceMatch::Unclear("it names no amount of credits");
    };
    let own = plain_unit(table.unit);
    let unit = |one: &NamedPrice| one.unit.clone().unwrap_or_else(|| own.clone());
    let theirs = unit(&said[0]);
    if said.iter().any(|one| unit(one) != theirs) {
        return PriceMatch::Unclear("it names amounts of several sorts");
    }
    let amounts: BTreeSet<Credits> = said.iter().map(|one| one.credits).collect();
    let tables: Vec<&[PriceRow]> = [table.rows, table.regular].into_iter().filter(|rows| !rows.is_empty()).collect();
    let any = |same: bool| if same { PriceMatch::Same } else { PriceMatch::Differs };
    match (own.as_str(), theirs.as_str()) {
        (own, theirs) if own == theirs => {
            // If an amount is multiplied, the vendor may name the price of a whole run.
            let whole = amounts.len() == 1 && !table.times.is_empty() && amounts.first().copied() == whole(spec);
            any(whole
                || tables.iter().any(|rows| rows.iter().map(|row| row.credits).collect::<BTreeSet<_>>() == amounts))
        }
        ("run", "second") => {
            let each: Vec<Option<BTreeSet<Credits>>> = tables.iter().map(|rows| per_second(spec, rows)).collect();
            if each.iter().all(Option::is_none) {
                return PriceMatch::Unclear("it names a price per second, and the registry one for the whole");
            }
            any(each.into_iter().flatten().any(|own| own == amounts))
        }
        ("second", "run") => match lengths(spec, table) {
            None => PriceMatch::Unclear("it names a price for the whole, and the registry one per second"),
            Some(lengths) => any(tables.iter().any(|rows| {
                let made = |row: &PriceRow, amount: &Credits| lengths.iter().any(|n| row.credits.times(*n) == *amount);
                rows.iter().all(|row| amounts.iter().any(|amount| made(row, amount)))
                    && amounts.iter().all(|amount| rows.iter().any(|row| made(row, amount)))
            })),
        },
        _ => PriceMatch::Unclear("it names a price for another unit than the registry"),
    }
}

/// The price of the registry's example.
fn whole(spec: &'static ModelSpec) -> Option<Credits> {
    let example: Map<String, Value> = serde_json::from_str(spec.example).unwrap_or_default();
    price::quote(spec, &example, &Files::new()).ok().map(|quote| quote.credits)
}

/// The rows of prices for whole clips as prices per second; `None` if the length for a row is not known.
fn per_second(spec: &'static ModelSpec, rows: &[PriceRow]) -> Option<BTreeSet<Credits>> {
    let field = length_field(spec)?;
    let default = field.default.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let default = default.and_then(|value| value.as_value_ref().number());
    let options = numbers(&field.kind);
    let one = |row: &PriceRow| {
        let told = row.when.iter().find_map(|condition| match condition {
            Condition::Is(path, [only]) if **path == *field.name => ValueRef::from(*only).number(),
            _ => None,
        });
        // The last row is for the remaining lengths.
        let others: Vec<f64> = rows
            .iter()
            .flat_map(|row| row.when)
            .filter_map(|condition| match condition {
                Condition::Is(path, [only]) if **path == *field.name => ValueRef::from(*only).number(),
                _ => None,
            })
            .collect();
        let left: Vec<f64> = options.iter().copied().filter(|n| !others.contains(n)).collect();
        let left = if let [only] = left.as_slice() { Some(*only) } else { default.filter(|n| !others.contains(n)) };
        let length = told.or(left).filter(|n| *n > 0.0)?;
        Some(Credits::from_f64(row.credits.as_f64() / length))
    };
    rows.iter().map(one).collect()
}

/// The possible lengths of a clip, if the price per second is multiplied by a field.
fn lengths(spec: &'static ModelSpec, table: &PriceSpec) -> Option<Vec<f64>> {
    let [Factor::Value { field, .. }] = table.times else { return None };
    let field = spec.fields.iter().find(|own| *own.name == **field)?;
    Some(numbers(&field.kind)).filter(|all| !all.is_empty())
}

fn length_field(spec: &'static ModelSpec) -> Option<&'static FieldSpec> {
    spec.fields.iter().find(|field| field.name.contains("duration") || field.name == "seconds")
}

/// All numbers that a field accepts, if they can be listed.
fn numbers(kind: &Kind) -> Vec<f64> {
    match kind {
        Kind::Choice(choice) => choice.options.iter().filter_map(|o| ValueRef::from(o.value).number()).collect(),
        Kind::Integer(n) => match (n.min, n.max) {
            (Some(min), Some(max)) if (0..1000).contains(&(max - min)) => {
                (min..=max).step_by(n.step.unwrap_or(1).max(1) as usize).map(|n| n as f64).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// All amounts of credits that the registry has for a model: its rows, those after a discount, and the price of its
/// example.
pub(super) fn known(spec: &'static ModelSpec) -> BTreeSet<Credits> {
    let Some(table) = spec.price else { return BTreeSet::new() };
    let rows = table.rows.iter().chain(table.regular).map(|row| row.credits);
    let extra = table.extra.iter().map(ExtraPrice::credits);
    rows.chain(extra).chain(whole(spec)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_found_in_prose() {
        for (prose, found) in [
            ("160 credits (0.80 USD)", vec![160.0]),
            ("18 credits (0.09 USD) / 24 Credits (0.12 USD)", vec![18.0, 24.0]),
            ("0.24 credits per second", vec![0.24]),
            ("1,200 credits.", vec![1200.0]),
            ("~4.5 credits; 9credits", vec![4.5, 9.0]),
            ("1 credit", vec![1.0]),
            ("0.80 USD", vec![]),
            ("free credits", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(amounts(prose), found, "{prose}");
        }
    }

    #[test]
    fn amounts_have_their_units() {
        let units = |prose: &str| -> Vec<(f64, Option<String>)> {
            named(prose).into_iter().map(|one| (one.credits.as_f64(), one.unit)).collect()
        };
        let some = |unit: &str| Some(unit.to_owned());
        for (prose, found) in [
            ("160 credits (0.80 USD)", vec![(160.0, None)]),
            ("18 credits (0.09 USD) / 24 credits (0.12 USD) per image", vec![(18.0, some("run")), (24.0, some("run"))]),
            ("2.8 credits per second (480p), 6 credits/s (720p)", vec![(2.8, some("second")), (6.0, some("second"))]),
            ("6 Credits per 1000 characters", vec![(6.0, some("1000_chars"))]),
            ("1260 credits per 1M tokens", vec![(1260.0, some("million_tokens"))]),
            ("70 credits per million tokens", vec![(70.0, some("million_tokens"))]),
            ("7 credits per image; 0.5 credits per input_image", vec![(7.0, some("run")), (0.5, some("input_image"))]),
            ("0.80 USD", vec![]),
        ] {
            assert_eq!(units(prose), found, "{prose}");
        }
    }

    #[test]
    fn a_unit_is_found_when_there_is_one() {
        assert_eq!(unit("18 credits per image (0.09 USD)").as_deref(), Some("image"));
        assert_eq!(unit("18 credits per image, 2 per second"), None);
        assert_eq!(unit("18 credits"), None);
        assert_eq!(unit("18 credits per (1)").as_deref(), Some("1"));
        assert_eq!(unit("18 credits per -"), None);
    }

    proptest! {
        #[test]
        fn no_prose_breaks_it(prose in ".*", number in any::<f64>()) {
            amounts(&prose);
            unit(&prose);
            named(&prose);
            amounts(&format!("{number} credits{prose}"));
        }
    }
}
