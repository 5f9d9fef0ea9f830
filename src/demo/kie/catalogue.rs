//! The vendor's own list of models: four routes, as the real ones answer. Nothing here counts requests: the limit of one
//! read a second is kept by the client.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::route::{Sim, refusal, success};

/// A model on the simulated vendor's list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// Its id.
    pub model: String,
    /// Its name.
    pub title: String,
    /// Who made it.
    pub provider: String,
    /// What it does.
    pub task_types: Vec<String>,
    /// The price, in prose.
    pub pricing: Option<String>,
    /// Its schema; `None` when the vendor has made none yet.
    pub openapi: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    #[serde(rename = "taskType")]
    task_type: String,
    provider: String,
    q: String,
}

impl Search {
    fn finds(&self, listing: &Listing) -> bool {
        let same = |one: &str, other: &str| one.trim().eq_ignore_ascii_case(other.trim());
        let mut types = self.task_type.split(',').filter(|word| !word.trim().is_empty()).peekable();
        let typed = types.peek().is_none() || types.any(|word| listing.task_types.iter().any(|own| same(own, word)));
        let words = format!("{} {}", listing.model, listing.title).to_lowercase();
        typed
            && (self.provider.is_empty() || same(&self.provider, &listing.provider))
            && words.contains(&self.q.trim().to_lowercase())
    }
}

/// `GET /api/v1/models`: nothing found is an empty list.
pub(super) async fn list(State(world): Sim, Query(search): Query<Search>) -> Json<Value> {
    let state = world.state();
    let models: Vec<Value> = state.catalogue.iter().filter(|listing| search.finds(listing)).map(entry).collect();
    success(&json!({ "total": models.len(), "models": models }))
}

fn entry(listing: &Listing) -> Value {
    json!({
        "model": listing.model,
        "slug": listing.model.replace('/', "-"),
        "title": listing.title,
        "provider": listing.provider,
        "taskType": listing.task_types,
        "description": null,
        "pricingDesc": listing.pricing,
    })
}

/// `GET /api/v1/models/{model}/{page}`, where the model may hold slashes.
pub(super) async fn page(State(world): Sim, Path(path): Path<String>) -> Json<Value> {
    let state = world.state();
    let (model, page) = path.rsplit_once('/').unwrap_or(("", &path));
    let Some(listing) = state.catalogue.iter().find(|listing| listing.model == model) else {
        return refusal(404, "model not found");
    };
    match page {
        "schema" => success(&json!({ "model": model, "openapi": listing.openapi })),
        "price" => success(&json!({ "model": model, "pricingDesc": listing.pricing })),
        "success-rate" => success(&json!({ "model": model, "points": [] })),
        _ => refusal(404, "no such route"),
    }
}

/// A change of the list, made from outside.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    model: String,
    /// Merged into the schema (RFC 7386: null takes a key away); a model that is not listed becomes so.
    #[serde(default)]
    schema: Option<Value>,
    /// A new price in prose.
    #[serde(default)]
    pricing: Option<String>,
    /// Takes the model off the list.
    #[serde(default)]
    gone: bool,
}

impl Change {
    pub(super) fn apply(self, catalogue: &mut Vec<Listing>) {
        if self.gone {
            catalogue.retain(|listing| listing.model != self.model);
            return;
        }
        let at = catalogue.iter().position(|listing| listing.model == self.model).unwrap_or_else(|| {
            catalogue.push(Listing {
                model: self.model.clone(),
                title: self.model.clone(),
                provider: "Vendor".to_owned(),
                task_types: Vec::new(),
                pricing: None,
                openapi: None,
            });
            catalogue.len() - 1
        });
        let listing = &mut catalogue[at];
        listing.pricing = self.pricing.or_else(|| listing.pricing.take());
        if let Some(patch) = self.schema {
            let mut whole = listing.openapi.take().unwrap_or_default();
            merge(&mut whole, patch);
            listing.openapi = Some(whole);
        }
    }
}

fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Value::Object(map) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            map.remove(&key);
        } else {
            merge(map.entry(key).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_changed_from_outside() {
        let change = |change: Value| serde_json::from_value::<Change>(change).unwrap();
        let mut list = Vec::new();
        change(json!({ "model": "a", "schema": { "x": { "y": 1 } }, "pricing": "5 credits" })).apply(&mut list);
        change(json!({ "model": "a", "schema": { "x": { "y": null, "z": 2 } } })).apply(&mut list);
        let [listing] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!(listing.openapi, Some(json!({ "x": { "z": 2 } })));
        assert_eq!(listing.pricing.as_deref(), Some("5 credits"));
        change(json!({ "model": "a", "gone": true })).apply(&mut list);
        assert!(list.is_empty());
    }
}
