//! The account at the vendor, which the chat page can empty and top up.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::simulator::Shared;

#[derive(Deserialize)]
pub(super) struct AccountBody {
    /// Whether the account is to be out of credits.
    empty: bool,
}

pub(super) async fn account(State(sim): Shared, Json(body): Json<AccountBody>) -> StatusCode {
    let Some(vendor) = &sim.options.vendor else { return StatusCode::NOT_FOUND };
    match body.empty {
        true => vendor.set_balance(0.0),
        false => vendor.top_up(),
    }
    StatusCode::NO_CONTENT
}
