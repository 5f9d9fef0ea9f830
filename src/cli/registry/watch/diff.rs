//! What is new since the last run.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::FreshReport;
use super::state::{WatchState, models_compared};
use crate::l10n::CliMessages;
use crate::market::{Announcement, Change, Drift, DriftReport, Feed, FeedPrice, VendorAnswers};

/// A change of the price feed: amounts of credits before and now, in ascending order. One side is empty when the row is
/// new or gone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct PriceChange {
    description: String,
    interface: Option<String>,
    provider: Option<String>,
    unit: Option<String>,
    model: Option<String>,
    before: Vec<Option<f64>>,
    now: Vec<Option<f64>>,
}

impl PriceChange {
    /// The change on one line.
    pub(super) fn sentence(&self, messages: &CliMessages) -> String {
        let amounts = |side: &[Option<f64>]| {
            let number = |credits: &Option<f64>| credits.map_or_else(|| "?".to_owned(), |credits| credits.to_string());
            let amounts = side.iter().map(number).collect::<Vec<_>>().join(" / ");
            let unit = self.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
            format!("{}{unit}", messages.side_credits(&amounts))
        };
        let what = match &self.model {
            Some(model) => format!("{} ({model})", self.description),
            None => self.description.clone(),
        };
        match (self.before.as_slice(), self.now.as_slice()) {
            ([], now) => messages.watch_price_new(&what, &amounts(now)),
            (before, []) => messages.watch_price_gone(&what, &amounts(before)),
            (before, now) => messages.watch_price_changed(&what, &amounts(before), &amounts(now)),
        }
    }
}

/// What the last run did not see.
pub(super) fn fresh(report: &DriftReport, answers: &VendorAnswers, earlier: &WatchState) -> FreshReport {
    let is_in = |known: &[Value], drift: &Drift| serde_json::to_value(drift).is_ok_and(|drift| known.contains(&drift));
    let newly_unstated = report
        .unstated
        .iter()
        .filter(|drift| earlier.compared.contains(&drift.model) && !is_in(&earlier.unstated, drift));
    let prices = match (&earlier.prices, &answers.price_feed) {
        (Some(before), Feed::Read(now)) => price_changes(before, now),
        _ => Vec::new(),
    };
    let known = earlier.announcements.as_deref();
    let is_new = |told: &&Announcement| known.is_some_and(|known| !known.contains(told));
    FreshReport {
        drift: report.drift.iter().filter(|one| !is_in(&earlier.drift, one)).chain(newly_unstated).cloned().collect(),
        prices,
        announcements: answers.announcements.entries().iter().filter(is_new).cloned().collect(),
        ..FreshReport::default()
    }
}

/// What a row of the feed is about, without its amount.
type PriceKey<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<&'a str>);

fn key(row: &FeedPrice) -> PriceKey<'_> {
    let [interface, provider, unit, model] =
        [&row.interface, &row.provider, &row.unit, &row.model].map(|field| field.as_deref());
    (&row.description, interface, provider, unit, model)
}

fn price_changes(before: &[FeedPrice], now: &[FeedPrice]) -> Vec<PriceChange> {
    let (before, now) = (by_key(before), by_key(now));
    let keys: BTreeSet<&PriceKey<'_>> = before.keys().chain(now.keys()).collect();
    let of = |side: &BTreeMap<PriceKey<'_>, Vec<Option<f64>>>, key: &PriceKey<'_>| {
        side.get(key).cloned().unwrap_or_default()
    };
    let text = |field: Option<&str>| field.map(str::to_owned);
    let changes = keys.into_iter().map(|key| PriceChange {
        description: key.0.to_owned(),
        interface: text(key.1),
        provider: text(key.2),
        unit: text(key.3),
        model: text(key.4),
        before: of(&before, key),
        now: of(&now, key),
    });
    changes.filter(|change| change.before != change.now).collect()
}

fn by_key(rows: &[FeedPrice]) -> BTreeMap<PriceKey<'_>, Vec<Option<f64>>> {
    let mut all: BTreeMap<_, Vec<Option<f64>>> = BTreeMap::new();
    for row in rows {
        all.entry(key(row)).or_default().push(row.credits);
    }
    for amounts in all.values_mut() {
        amounts.sort_by(|one, other| one.unwrap_or(-1.0).total_cmp(&other.unwrap_or(-1.0)));
        amounts.dedup();
    }
    all
}

/// Whether a difference that was known before would have been found again by this comparison if it still existed.
pub(super) fn was_compared(drift: &Value, answers: &VendorAnswers, report: &DriftReport) -> bool {
    let model = drift["model"].as_str().unwrap_or_default();
    match drift["change"].as_str().unwrap_or_default() {
        "model_gone" | "model_new" | "model_back" => true,
        "feed_price_changed" => matches!(answers.price_feed, Feed::Read(_)),
        // The text is not reported where the feed differs.
        "price_changed" => {
            let in_feed = |one: &Drift| one.model == model && matches!(one.change, Change::FeedPriceChanged { .. });
            answers.price(model).is_some() && !report.drift.iter().any(in_feed)
        }
        _ => models_compared(answers).contains(model),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(description: &str, credits: f64) -> FeedPrice {
        FeedPrice {
            description: description.to_owned(),
            interface: None,
            provider: None,
            credits: Some(credits),
            unit: None,
            model: None,
        }
    }

    #[test]
    fn prices_change_appear_and_go() {
        let before = [row("a", 1.0), row("b", 2.0), row("b", 3.0), row("c", 4.0)];
        let now = [row("b", 3.0), row("a", 1.5), row("b", 2.0), row("d", 5.0)];
        let changes = price_changes(&before, &now);
        let seen: Vec<_> =
            changes.iter().map(|one| (one.description.as_str(), one.before.len(), one.now.len())).collect();
        assert_eq!(seen, [("a", 1, 1), ("c", 1, 0), ("d", 0, 1)]);
        let english = CliMessages::of(crate::l10n::Lang::En);
        let sentences: Vec<String> = changes.iter().map(|change| change.sentence(english)).collect();
        assert_eq!(
            sentences,
            ["price: a: 1 credits -> 1.5 credits", "price gone: c: 4 credits", "new price: d: 5 credits"]
        );
        assert_eq!(price_changes(&before, &before), []);
    }

    #[test]
    fn what_was_not_looked_at_stays_known() {
        let drift = |change: &str| json!({ "model": "acme/a", "change": change });
        let (answers, report) = (VendorAnswers::default(), DriftReport::default());
        let seen = ["model_new", "feed_price_changed", "price_changed", "field_added"];
        let seen = seen.map(|change| was_compared(&drift(change), &answers, &report));
        assert_eq!(seen, [true, false, false, false]);
        let answers = VendorAnswers {
            price_feed: Feed::Read(Vec::new()),
            prices: [("acme/a".to_owned(), Some("5 credits".to_owned()))].into(),
            schemas: [("acme/a".to_owned(), Some(json!({})))].into(),
            ..VendorAnswers::default()
        };
        assert!(["feed_price_changed", "price_changed", "field_added"].iter().all(|change| was_compared(
            &drift(change),
            &answers,
            &report
        )));
    }
}
