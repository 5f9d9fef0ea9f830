//! The vendor's public feeds: prices as numbers, and announcements. Undocumented, so every part is optional.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::Url;

use crate::clock::Timestamp;

/// The most entries of a saved feed: about ten times as many prices as there were in October 2026.
const MAX_ENTRIES: usize = 5_000;
/// The longest text of an entry that is kept, in characters.
const MAX_TEXT: usize = 500;
/// Where the links of the price feed lead when they name no host.
const SITE: &str = "https://kie.ai/";

/// A feed: what it says, or why nothing is known of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Feed<T> {
    /// It was not asked for.
    #[default]
    Unread,
    /// It cannot be used, with the reason.
    Failed(String),
    /// Its entries, in the vendor's order.
    Read(Vec<T>),
}

/// A row of the price feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedPrice {
    /// The vendor's words for what it is the price of: a model and its options.
    pub description: String,
    /// The vendor's words for the kind of model.
    pub interface: Option<String>,
    /// Who made the model.
    pub provider: Option<String>,
    /// The amount of credits; `None` when it is no number.
    pub credits: Option<f64>,
    /// What it is for, such as `per image`.
    pub unit: Option<String>,
    /// The model's id, from the row's link; about half of the rows have one.
    pub model: Option<String>,
}

/// An amount in the vendor's price feed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeedAmount {
    /// The amount.
    pub credits: f64,
    /// What it is for, in the vendor's words; null when it does not say so.
    pub unit: Option<String>,
    /// The model and options, in the vendor's words.
    pub description: String,
}

/// An announcement of the vendor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Announcement {
    /// The title, or the beginning of the text.
    pub title: String,
    /// The day in UTC, or the date as the vendor writes it.
    pub date: Option<String>,
    /// The text without markup, shortened.
    pub text: Option<String>,
}

/// An entry of a feed, in the vendor's form and in ours.
pub trait FeedEntry: Sized {
    /// Reads an entry; `None` when it says nothing.
    fn read(entry: &Value) -> Option<Self>;

    /// The form that [`FeedEntry::read`] reads.
    fn to_json(&self) -> Value;
}

impl<T: FeedEntry> Feed<T> {
    /// Reads the vendor's records, or the failure to get them. Records that say nothing are left out.
    pub fn of(records: Result<Vec<Value>, String>) -> Self {
        match records {
            Err(why) => Self::Failed(why),
            Ok(records) if records.len() > MAX_ENTRIES => {
                Self::Failed(format!("it has {} records, which is ten times more than expected", records.len()))
            }
            Ok(records) => Self::Read(records.iter().filter_map(T::read).collect()),
        }
    }

    /// Reads a saved feed: `{"records": [...]}` or `{"error": "..."}`.
    pub(super) fn read(saved: Option<&Value>) -> Self {
        let Some(saved) = saved.filter(|saved| !saved.is_null()) else { return Self::Unread };
        if let Some(why) = text(saved, &["error"]) {
            return Self::Failed(why);
        }
        let records = saved.get("records").and_then(Value::as_array).cloned();
        Self::of(records.ok_or_else(|| "it has no records".to_owned()))
    }

    /// The form that [`Feed::read`] reads; null for a feed that was not asked for.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Unread => Value::Null,
            Self::Failed(why) => json!({ "error": why }),
            Self::Read(entries) => json!({ "records": entries.iter().map(T::to_json).collect::<Vec<_>>() }),
        }
    }
}

impl<T> Feed<T> {
    /// The entries; empty when there are none.
    pub fn entries(&self) -> &[T] {
        match self {
            Self::Read(entries) => entries,
            Self::Unread | Self::Failed(_) => &[],
        }
    }
}

impl FeedEntry for FeedPrice {
    fn read(entry: &Value) -> Option<Self> {
        Some(Self {
            description: text(entry, &["modelDescription"])?,
            interface: text(entry, &["interfaceType"]),
            provider: text(entry, &["provider"]),
            credits: entry.get("creditPrice").and_then(amount),
            unit: text(entry, &["creditUnit"]),
            model: text(entry, &["anchor"]).and_then(|link| model_in(&link)),
        })
    }

    fn to_json(&self) -> Value {
        let link = self.model.as_ref().and_then(|model| Url::parse_with_params(SITE, [("model", model)]).ok());
        json!({
            "modelDescription": self.description,
            "interfaceType": self.interface,
            "provider": self.provider,
            "creditPrice": self.credits.map(|credits| credits.to_string()),
            "creditUnit": self.unit,
            "anchor": link.map(String::from),
        })
    }
}

/// An amount of credits, which the vendor writes as text.
fn amount(value: &Value) -> Option<f64> {
    let number = match value {
        Value::String(digits) => digits.trim().parse().ok(),
        other => other.as_f64(),
    };
    number.filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

/// The parameter `model` of a link.
fn model_in(link: &str) -> Option<String> {
    let link = Url::parse(SITE).and_then(|site| site.join(link)).ok()?;
    let model = link.query_pairs().find(|(name, _)| name == "model").map(|(_, model)| model.trim().to_owned());
    model.filter(|model| !model.is_empty())
}

impl FeedEntry for Announcement {
    fn read(entry: &Value) -> Option<Self> {
        let body = text(entry, &["content", "text", "description", "summary", "body"]).map(|body| plain(&body));
        let title = text(entry, &["title", "name", "subject"]).map(|title| plain(&title));
        Some(Self {
            title: title.or_else(|| body.clone()).filter(|title| !title.is_empty())?,
            date: ["publishDate", "publishTime", "date", "createTime", "createdAt", "updateTime"]
                .iter()
                .find_map(|key| day(entry.get(key)?)),
            text: body.filter(|body| !body.is_empty()),
        })
    }

    fn to_json(&self) -> Value {
        let fields = [("title", Some(&self.title)), ("date", self.date.as_ref()), ("content", self.text.as_ref())];
        let given = fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.as_str().into())));
        Value::Object(given.collect::<Map<_, _>>())
    }
}

/// The first of these fields that has a text.
fn text(entry: &Value, keys: &[&str]) -> Option<String> {
    let texts = keys.iter().filter_map(|key| entry.get(key)?.as_str());
    texts.map(shorten).find(|text| !text.is_empty())
}

fn shorten(words: &str) -> String {
    words.trim().chars().take(MAX_TEXT).collect::<String>().trim().to_owned()
}

/// The day of a moment in Unix seconds or milliseconds; any other text as it is.
fn day(value: &Value) -> Option<String> {
    let words = value.as_str().map(shorten).filter(|words| !words.is_empty());
    let number = value.as_i64().or_else(|| words.as_ref()?.parse().ok());
    match number {
        // Seconds from 2001 on, and milliseconds: a smaller number may be a year or a day.
        Some(number @ 1_000_000_000..100_000_000_000) => Some(Timestamp::from_millis(number * 1000).date()),
        Some(number @ 100_000_000_000..10_000_000_000_000) => Some(Timestamp::from_millis(number).date()),
        _ => words,
    }
}

/// A text without its tags, and with single spaces.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut is_tag = false;
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => {
                is_tag = false;
                text.push(' ');
            }
            _ if !is_tag && !c.is_control() => text.push(c),
            _ if !is_tag => text.push(' '),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
