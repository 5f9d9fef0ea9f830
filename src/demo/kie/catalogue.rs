//! The vendor's catalogue of models: four routes. The vendor's limit of one request a second is not enforced; the
//! client keeps it.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::listing::Listing;
use super::reply;
use super::simulator::Shared;
use crate::clock::Timestamp;

/// The length of a period of success rates.
const PERIOD: Duration = Duration::from_secs(600);
/// From this rate on a period is called normal.
const NORMAL_RATE: f64 = 0.9;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    #[serde(rename = "taskType")]
    task_type: String,
    provider: String,
    q: String,
}

impl ListQuery {
    fn matches(&self, listing: &Listing) -> bool {
        let same = |one: &str, other: &str| one.trim().eq_ignore_ascii_case(other.trim());
        let mut types = self.task_type.split(',').filter(|word| !word.trim().is_empty()).peekable();
        let typed = types.peek().is_none() || types.any(|word| listing.task_types.iter().any(|own| same(own, word)));
        let words = format!("{} {}", listing.model, listing.title).to_lowercase();
        typed
            && (self.provider.is_empty() || same(&self.provider, &listing.provider))
            && words.contains(&self.q.trim().to_lowercase())
    }
}

/// `GET /api/v1/models`; an empty list when no model matches.
pub(super) async fn list(State(sim): Shared, Query(search): Query<ListQuery>) -> Json<Value> {
    let state = sim.state();
    let models: Vec<Value> = state.catalogue.iter().filter(|listing| search.matches(listing)).map(entry).collect();
    reply::success(&json!({ "total": models.len(), "models": models }))
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

/// Success rates as the vendor sends them, one for each period of ten minutes until `now`.
fn points(rates: &[Option<f64>], now: Timestamp) -> Vec<Value> {
    let point = |(at, rate): (usize, &Option<f64>)| {
        let end = now - PERIOD * (rates.len() - 1 - at) as u32;
        json!({
            "start": (end - PERIOD).millis(),
            "end": end.millis(),
            "successRate": rate,
            "errorRate": rate.map(|rate| 1.0 - rate),
            "isNormal": rate.is_none_or(|rate| rate >= NORMAL_RATE),
        })
    };
    rates.iter().enumerate().map(point).collect()
}

/// `GET /api/v1/models/{model}/{page}`; the model id may have slashes.
pub(super) async fn page(State(sim): Shared, Path(path): Path<String>) -> Json<Value> {
    let state = sim.state();
    let (model, page) = path.rsplit_once('/').unwrap_or(("", &path));
    let Some(listing) = state.catalogue.iter().find(|listing| listing.model == model) else {
        return reply::error(404, "model not found");
    };
    match page {
        "schema" => reply::success(&json!({ "model": model, "openapi": listing.openapi })),
        "price" => reply::success(&json!({ "model": model, "pricingDesc": listing.pricing })),
        "success-rate" => {
            let rates = state.success_rates.get(model).map(Vec::as_slice).unwrap_or_default();
            reply::success(&json!({ "model": model, "points": points(rates, sim.options.clock.now()) }))
        }
        _ => reply::error(404, "no such route"),
    }
}
