//! Compares the rows of the price feed with the registry.

use super::{NamedPrice, PriceMatch, compare_amounts, known, unit_in};
use crate::ledger::Credits;
use crate::market::feed::{FeedAmount, FeedPrice};
use crate::schema::spec::{ExtraPrice, ModelSpec};

/// The result of a comparison with the feed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FeedMatch {
    /// The feed has exactly the registry's amounts.
    Same,
    /// The feed has these amounts, which the registry does not know.
    Differs(Vec<FeedAmount>),
    /// They cannot be compared, with the reason.
    Unclear(&'static str),
}

/// Compares the feed's rows about a model with the registry's price table. A feed that has only some of the registry's
/// amounts is no difference: rows without a model's id cannot be found.
pub(crate) fn compare(spec: &'static ModelSpec, rows: &[&FeedPrice]) -> FeedMatch {
    let amounts: Vec<FeedAmount> = rows.iter().filter_map(|row| amount(row)).collect();
    if amounts.len() < rows.len() || amounts.is_empty() {
        return FeedMatch::Unclear("an amount in the price feed is no number");
    }
    let extra = spec.price.and_then(|table| table.extra.as_ref()).map(ExtraPrice::credits);
    let named = amounts.iter().map(|amount| NamedPrice {
        credits: Credits::from_f64(amount.credits),
        unit: amount.unit.as_deref().and_then(unit_in),
    });
    let named: Vec<NamedPrice> = named.filter(|one| Some(one.credits) != extra).collect();
    if spec.price.is_none() {
        return FeedMatch::Differs(amounts);
    }
    match compare_amounts(spec, &named) {
        PriceMatch::Same => FeedMatch::Same,
        PriceMatch::Unclear(why) => FeedMatch::Unclear(why),
        PriceMatch::Differs => {
            let known = known(spec);
            let is_new = |amount: &FeedAmount| !known.contains(&Credits::from_f64(amount.credits));
            let new: Vec<FeedAmount> = amounts.into_iter().filter(is_new).collect();
            if new.is_empty() {
                FeedMatch::Unclear("the price feed names some of the registry's amounts only")
            } else {
                FeedMatch::Differs(new)
            }
        }
    }
}

fn amount(row: &FeedPrice) -> Option<FeedAmount> {
    Some(FeedAmount { credits: row.credits?, unit: row.unit.clone(), description: row.description.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models;
    use crate::schema::spec::Status;

    fn row(credits: Option<f64>, unit: &str) -> FeedPrice {
        FeedPrice {
            description: "draw, 1K".to_owned(),
            interface: None,
            provider: None,
            credits,
            unit: Some(format!("per {unit}")),
            model: None,
        }
    }

    fn compared(spec: &'static ModelSpec, rows: &[FeedPrice]) -> FeedMatch {
        compare(spec, &rows.iter().collect::<Vec<_>>())
    }

    #[test]
    fn the_feed_is_the_same_differs_or_is_unclear() {
        let live = models::all().iter().copied().filter(|spec| spec.status == Status::Live);
        let two = |spec: &&'static ModelSpec| {
            spec.price.is_some_and(|p| {
                p.unit == "image"
                    && p.times.is_empty()
                    && p.regular.is_empty()
                    && p.rows.len() > 1
                    && p.extra.is_none()
                    && p.rows[0].credits != p.rows[1].credits
            })
        };
        let spec = live.clone().find(two).unwrap();
        let all: Vec<FeedPrice> =
            spec.price.unwrap().rows.iter().map(|row| self::row(Some(row.credits.as_f64()), "image")).collect();
        assert_eq!(compared(spec, &all), FeedMatch::Same);
        assert!(matches!(compared(spec, &all[..1]), FeedMatch::Unclear(why) if why.contains("some of")));
        let more = [all.as_slice(), &[row(Some(98_765.0), "image")]].concat();
        assert!(
            matches!(compared(spec, &more), FeedMatch::Differs(new) if new.len() == 1 && new[0].credits == 98_765.0)
        );
        for unclear in [row(None, "image"), row(Some(5.0), "million tokens")] {
            assert!(matches!(compared(spec, &[unclear]), FeedMatch::Unclear(_)));
        }
        let unpriced = live.clone().find(|spec| spec.price.is_none());
        if let Some(spec) = unpriced {
            assert!(matches!(compared(spec, &[row(Some(5.0), "image")]), FeedMatch::Differs(_)));
        }
    }
}
