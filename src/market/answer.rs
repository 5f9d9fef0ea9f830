//! The vendor's answers, in a form that can be saved and compared again.
//!
//! ```json
//! {
//!   "list": { "models": [{ "model": "acme/draw-1", "title": "Draw", "taskType": ["text-to-image"], "pricingDesc": "5 credits" }] },
//!   "schemas": { "acme/draw-1": { "openapi": { "paths": {} } } },
//!   "prices": { "acme/draw-1": { "pricingDesc": "5 credits" } },
//!   "failed": [{ "model": "acme/draw-2", "error": "..." }],
//!   "feeds": {
//!     "prices": { "records": [{ "modelDescription": "draw 1", "creditPrice": "5", "creditUnit": "per image" }] },
//!     "announcements": { "error": "..." }
//!   }
//! }
//! ```
//!
//! Each answer may also have its envelope (`code`, `msg`, `data`), as other programs save it; a schema may be the
//! OpenAPI document itself, and a price a text. `"openapi": null` means that the vendor has no schema.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::feed::{Announcement, Feed, FeedPrice};

/// A model in the vendor's list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offer {
    /// The model's id.
    pub model: String,
    /// The model's name.
    pub title: Option<String>,
    /// Who made the model.
    pub provider: Option<String>,
    /// The vendor's words for what it does.
    pub task_types: Vec<String>,
    /// The price as a text.
    pub pricing: Option<String>,
}

/// A model about which something could not be read or compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelError {
    /// The model's id.
    pub model: String,
    /// The reason.
    pub error: String,
}

/// All answers of the vendor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VendorAnswers {
    /// The list, in the vendor's order.
    pub offers: Vec<Offer>,
    /// OpenAPI documents by model; `None` when the vendor has none.
    pub schemas: BTreeMap<String, Option<Value>>,
    /// Prices by model, for models whose list entry has none.
    pub prices: BTreeMap<String, Option<String>>,
    /// Requests that failed.
    pub failed: Vec<ModelError>,
    /// The public price feed.
    pub price_feed: Feed<FeedPrice>,
    /// The public announcements.
    pub announcements: Feed<Announcement>,
}

/// The file has no answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it holds no answers: there is neither a `list` with models nor `schemas`")]
pub struct NoAnswers;

impl VendorAnswers {
    /// Reads saved answers; parts that are not understood are left out.
    ///
    /// # Errors
    /// When it has neither a list nor a schema.
    pub fn read(saved: &Value) -> Result<Self, NoAnswers> {
        let list = saved.get("list").map(data);
        let offers = list.and_then(|list| list.get("models").unwrap_or(list).as_array());
        let entries = |key: &str| saved.get(key).and_then(Value::as_object).into_iter().flatten();
        let answers = Self {
            offers: offers.into_iter().flatten().filter_map(offer).collect(),
            schemas: entries("schemas").map(|(model, answer)| (model.clone(), schema(answer))).collect(),
            prices: entries("prices").map(|(model, answer)| (model.clone(), price(answer))).collect(),
            failed: saved.get("failed").and_then(Value::as_array).into_iter().flatten().filter_map(failure).collect(),
            price_feed: Feed::read(saved.pointer("/feeds/prices")),
            announcements: Feed::read(saved.pointer("/feeds/announcements")),
        };
        if answers.offers.is_empty() && answers.schemas.is_empty() { Err(NoAnswers) } else { Ok(answers) }
    }

    /// The form that [`VendorAnswers::read`] reads.
    pub fn to_json(&self) -> Value {
        let models: Vec<Value> = self.offers.iter().map(listed).collect();
        let schemas: Map<String, Value> =
            self.schemas.iter().map(|(model, openapi)| (model.clone(), json!({ "openapi": openapi }))).collect();
        let prices: Map<String, Value> =
            self.prices.iter().map(|(model, price)| (model.clone(), json!({ "pricingDesc": price }))).collect();
        json!({
            "list": { "total": models.len(), "models": models },
            "schemas": schemas,
            "prices": prices,
            "failed": self.failed,
            "feeds": { "prices": self.price_feed.to_json(), "announcements": self.announcements.to_json() },
        })
    }

    /// The list entry of a model.
    pub fn offer(&self, model: &str) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.model == model)
    }

    /// The price of a model as a text, from the list or from an answer of its own.
    pub fn price(&self, model: &str) -> Option<&str> {
        let listed = self.offer(model).and_then(|offer| offer.pricing.as_deref());
        listed.or_else(|| self.prices.get(model)?.as_deref())
    }

    /// The rows of the price feed about a model.
    pub fn feed_prices(&self, model: &str) -> Vec<&FeedPrice> {
        self.price_feed.entries().iter().filter(|row| row.model.as_deref() == Some(model)).collect()
    }

    /// The failed request about a model.
    pub fn failure(&self, model: &str) -> Option<&ModelError> {
        self.failed.iter().find(|failure| failure.model == model)
    }
}

/// The content of an envelope, or the answer itself.
fn data(answer: &Value) -> &Value {
    answer.get("data").filter(|_| answer.get("code").is_some()).unwrap_or(answer)
}

fn text(value: &Value, key: &str) -> Option<String> {
    let text = value.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn offer(entry: &Value) -> Option<Offer> {
    let task_types = match entry.get("taskType") {
        Some(Value::Array(all)) => all.iter().filter_map(|word| Some(word.as_str()?.to_owned())).collect(),
        _ => text(entry, "taskType").into_iter().collect(),
    };
    Some(Offer {
        model: text(entry, "model")?,
        title: text(entry, "title"),
        provider: text(entry, "provider"),
        task_types,
        pricing: text(entry, "pricingDesc"),
    })
}

fn listed(offer: &Offer) -> Value {
    json!({
        "model": offer.model,
        "title": offer.title,
        "provider": offer.provider,
        "taskType": offer.task_types,
        "pricingDesc": offer.pricing,
    })
}

fn schema(answer: &Value) -> Option<Value> {
    let answer = data(answer);
    let openapi = if answer.get("paths").is_some() { Some(answer) } else { answer.get("openapi") };
    openapi.filter(|openapi| openapi.is_object()).cloned()
}

fn price(answer: &Value) -> Option<String> {
    let answer = data(answer);
    match answer.as_str() {
        Some(prose) => Some(prose.trim().to_owned()).filter(|prose| !prose.is_empty()),
        None => text(answer, "pricingDesc"),
    }
}

fn failure(entry: &Value) -> Option<ModelError> {
    Some(ModelError { model: text(entry, "model")?, error: text(entry, "error").unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_answers_are_read() {
        let offer = Offer {
            model: "acme/draw-1".into(),
            title: Some("Draw".into()),
            provider: None,
            task_types: vec!["text-to-image".into()],
            pricing: Some("5 credits".into()),
        };
        let answers = VendorAnswers {
            offers: vec![offer],
            schemas: [("acme/draw-1".into(), Some(json!({ "paths": {} }))), ("acme/new".into(), None)].into(),
            prices: [("acme/new".into(), None)].into(),
            failed: vec![ModelError { model: "acme/lost".into(), error: "no reply".into() }],
            price_feed: Feed::Read(vec![FeedPrice {
                description: "draw 1, 1K".into(),
                interface: Some("image".into()),
                provider: None,
                credits: Some(2.5),
                unit: Some("per image".into()),
                model: Some("acme/draw-1".into()),
            }]),
            announcements: Feed::Failed("no reply".into()),
        };
        assert_eq!(answers.feed_prices("acme/draw-1").len(), 1);
        assert_eq!(VendorAnswers::read(&answers.to_json()), Ok(answers));
    }

    #[test]
    fn answers_of_another_program_are_read() {
        let saved = json!({
            "list": { "code": 200, "msg": "success", "data": { "total": 1, "models": [
                { "model": "a", "taskType": "edit" }, { "title": "no id" }, 5,
            ] } },
            "schemas": {
                "a": { "code": 200, "data": { "model": "a", "openapi": { "paths": {} } } },
                "b": { "openapi": "3.1.0", "paths": {} },
                "c": { "code": 200, "data": { "model": "c", "openapi": null } },
            },
            "prices": { "a": "5 credits", "b": { "code": 200, "data": { "pricingDesc": "6 credits" } }, "c": {} },
        });
        let answers = VendorAnswers::read(&saved).unwrap();
        assert_eq!(answers.offers.len(), 1);
        assert_eq!(answers.offer("a").unwrap().task_types, ["edit"]);
        assert!(answers.schemas["a"].is_some() && answers.schemas["b"].is_some() && answers.schemas["c"].is_none());
        assert_eq!(["a", "b", "c"].map(|model| answers.price(model)), [Some("5 credits"), Some("6 credits"), None]);
        let bare = json!({ "list": [{ "model": "a" }] });
        assert_eq!(VendorAnswers::read(&bare).unwrap().offers.len(), 1);
        for none in [json!(null), json!([]), json!({}), json!({ "list": { "models": [] } }), json!({ "schemas": [] })] {
            assert_eq!(VendorAnswers::read(&none), Err(NoAnswers));
        }
    }
}
