//! The vendor's public feeds: two undocumented routes that take no key.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::reply;
use super::simulator::Shared;
use super::state::KieState;

/// The most records on a page.
const MAX_PAGE: usize = 100;

/// A public feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PublicFeed {
    /// `POST /client/v1/model-pricing/page`.
    Prices,
    /// `POST /api/v1/common/pageApiAnnouncementList`.
    Announcements,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageQuery {
    page_num: usize,
    page_size: usize,
    /// A part of the description.
    #[serde(default)]
    model_description: String,
}

pub(super) async fn prices(State(sim): Shared, headers: HeaderMap, Json(query): Json<PageQuery>) -> Json<Value> {
    page(&mut sim.state(), PublicFeed::Prices, &headers, &query)
}

pub(super) async fn announcements(State(sim): Shared, headers: HeaderMap, Json(query): Json<PageQuery>) -> Json<Value> {
    page(&mut sim.state(), PublicFeed::Announcements, &headers, &query)
}

fn page(state: &mut KieState, feed: PublicFeed, headers: &HeaderMap, query: &PageQuery) -> Json<Value> {
    if headers.contains_key(header::AUTHORIZATION) {
        state.key_leaks += 1;
    }
    let Some(records) = state.feeds.get(&feed) else { return reply::error(404, "no such route") };
    let words = query.model_description.to_lowercase();
    let matches = |record: &&Value| {
        let description = record.get("modelDescription").and_then(Value::as_str).unwrap_or_default();
        words.is_empty() || description.to_lowercase().contains(&words)
    };
    let found: Vec<&Value> = records.iter().filter(matches).collect();
    let size = query.page_size.clamp(1, MAX_PAGE);
    let shown: Vec<&&Value> = found.iter().skip(query.page_num.saturating_sub(1) * size).take(size).collect();
    reply::success(&json!({
        "records": shown,
        "total": found.len(),
        "size": size,
        "current": query.page_num,
        "pages": found.len().div_ceil(size),
    }))
}
