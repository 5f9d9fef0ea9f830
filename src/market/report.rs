//! The result of a comparison.

use serde::Serialize;
use serde_json::Value;

use super::answer::{ModelError, VendorAnswers};
use super::change::{Change, Drift};
use super::feed::{Announcement, Feed};

/// The result of a comparison. Its JSON form is stable.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct DriftReport {
    /// The differences: models in the registry's order, then new ones in the vendor's order.
    pub drift: Vec<Drift>,
    /// Listed models without a schema: their fields could not be compared.
    pub schema_missing: Vec<String>,
    /// Models whose answers could not be read.
    pub unread: Vec<ModelError>,
    /// The number of models whose fields were compared.
    pub compared: usize,
    /// Limits and lists of values of the registry that the vendor's schema does not state. These are differences only
    /// if the vendor stated them before ([`DriftReport::add_newly_unstated`]).
    pub unstated: Vec<Drift>,
    /// The number of models whose prices were compared.
    pub prices_compared: usize,
    /// Models whose prices could not be compared.
    pub prices_unclear: Vec<ModelError>,
    /// Live models whose schemas were not asked for, so that their fields were not compared.
    pub not_asked: Vec<String>,
    /// What came of the public feeds.
    pub feeds: FeedsReport,
    /// The vendor's newest announcements.
    pub announcements: Vec<Announcement>,
}

/// What came of the public feeds. Their absence is no difference and no failure.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct FeedsReport {
    /// The price feed.
    pub prices: FeedReport,
    /// The announcements.
    pub announcements: FeedReport,
}

/// What came of one feed.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct FeedReport {
    /// Whether it was read.
    pub read: bool,
    /// The number of its entries.
    pub entries: usize,
    /// How many of them name no model: these are compared with nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_model: Option<usize>,
    /// Why it could not be read; null also for a feed that was not asked for.
    pub error: Option<String>,
}

impl FeedReport {
    fn of<T>(feed: &Feed<T>) -> Self {
        Self {
            read: matches!(feed, Feed::Read(_)),
            entries: feed.entries().len(),
            without_model: None,
            error: if let Feed::Failed(why) = feed { Some(why.clone()) } else { None },
        }
    }
}

impl DriftReport {
    /// A report about the feeds alone.
    pub(super) fn new(answers: &VendorAnswers) -> Self {
        let mut feeds = FeedsReport {
            prices: FeedReport::of(&answers.price_feed),
            announcements: FeedReport::of(&answers.announcements),
        };
        let rows = answers.price_feed.entries();
        feeds.prices.without_model = feeds.prices.read.then(|| rows.iter().filter(|row| row.model.is_none()).count());
        Self { feeds, announcements: answers.announcements.entries().to_vec(), ..Self::default() }
    }

    /// Adds a difference.
    pub(super) fn add(&mut self, model: &str, change: Change) {
        let drift = Drift { model: model.to_owned(), change };
        if matches!(drift.change, Change::LimitRemoved { .. }) { &mut self.unstated } else { &mut self.drift }
            .push(drift);
    }

    /// Adds as differences the limits that the vendor stated in an earlier report, given as JSON, and no longer states.
    pub fn add_newly_unstated(&mut self, earlier: &Value) {
        let Some(before) = earlier.get("unstated").and_then(Value::as_array) else { return };
        let is_new = |drift: &Drift| serde_json::to_value(drift).is_ok_and(|drift| !before.contains(&drift));
        let new: Vec<Drift> = self.unstated.iter().filter(|drift| is_new(drift)).cloned().collect();
        self.drift.extend(new);
    }
}
