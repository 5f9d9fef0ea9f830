//! Prices in the vendor's prose, such as `160 credits (0.80 USD)`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::ledger::Credits;
use crate::schema::input::Files;
use crate::schema::price;
use crate::schema::spec::ModelSpec;

/// The amounts of credits that a text names, in order: numbers that the word `credit` follows.
pub(super) fn amounts(prose: &str) -> Vec<f64> {
    let words: Vec<&str> = prose.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ';' | '/')).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let named = |pair: &&[&str]| pair[1].trim_start_matches('-').to_lowercase().starts_with("credit");
    let mut all: Vec<f64> = words.windows(2).filter(named).filter_map(|pair| number(pair[0])).collect();
    // `18credits` has no blank.
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

/// What one unit is, when the text says `per something` once.
pub(super) fn unit(prose: &str) -> Option<String> {
    let words: Vec<String> = prose.split_whitespace().map(str::to_lowercase).collect();
    let mut after = words.windows(2).filter(|pair| pair[0] == "per").map(|pair| pair[1].as_str());
    let unit = after.next()?.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let plain = !unit.is_empty() && unit.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain && after.next().is_none()).then(|| unit.to_owned())
}

/// Every amount of credits that the registry knows for a model: its rows, those after a discount, and the price of its
/// example.
pub(super) fn known(spec: &'static ModelSpec) -> BTreeSet<Credits> {
    let Some(table) = spec.price else { return BTreeSet::new() };
    let rows = table.rows.iter().chain(table.regular).map(|row| row.credits);
    let extra = table.extra.iter().map(|extra| extra.credits);
    let example: Map<String, Value> = serde_json::from_str(spec.example).unwrap_or_default();
    let whole = price::quote(spec, &example, &Files::new()).map(|quote| quote.credits);
    rows.chain(extra).chain(whole).collect()
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
            amounts(&format!("{number} credits{prose}"));
        }
    }
}
