//! The simulator's control routes, for scripts and other programs without the Rust handle.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::KieFault;
use super::listing::ListingChange;
use super::simulator::{KieSimulator, Shared};
use super::task::TaskPlan;

pub(super) fn router() -> Router<Arc<KieSimulator>> {
    Router::new()
        .route("/sim/faults", post(add_fault).delete(clear_faults))
        .route("/sim/plans", post(add_plan))
        .route("/sim/catalogue", post(change_catalogue))
        .route("/sim/success-rates", post(set_success_rates))
        .route("/sim/balance", post(set_balance))
        .route("/sim/state", get(state))
}

async fn add_fault(State(sim): Shared, Json(fault): Json<KieFault>) -> StatusCode {
    sim.state().faults.push(fault);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(sim): Shared) -> StatusCode {
    let mut state = sim.state();
    state.faults.clear();
    state.plans.clear();
    StatusCode::NO_CONTENT
}

async fn add_plan(State(sim): Shared, Json(plan): Json<TaskPlan>) -> StatusCode {
    sim.state().plans.push_back(plan);
    StatusCode::NO_CONTENT
}

async fn change_catalogue(State(sim): Shared, Json(change): Json<ListingChange>) -> StatusCode {
    change.apply(&mut sim.state().catalogue);
    StatusCode::NO_CONTENT
}

/// The body of `POST /sim/success-rates`.
#[derive(Deserialize)]
struct SuccessRates {
    model: String,
    /// Oldest first, one for each ten minutes until now; null is a period without tasks.
    rates: Vec<Option<f64>>,
}

async fn set_success_rates(State(sim): Shared, Json(told): Json<SuccessRates>) -> StatusCode {
    sim.state().success_rates.insert(told.model, told.rates);
    StatusCode::NO_CONTENT
}

/// The body of `POST /sim/balance`.
#[derive(Deserialize)]
struct Balance {
    credits: f64,
}

async fn set_balance(State(sim): Shared, Json(told): Json<Balance>) -> StatusCode {
    sim.state().balance = told.credits;
    StatusCode::NO_CONTENT
}

async fn state(State(sim): Shared) -> Json<Value> {
    let state = sim.state();
    let creates: Vec<Value> = state
        .creates
        .iter()
        .map(|create| {
            let polls = state.tasks.get(&create.task_id).map_or(0, |task| task.polls);
            json!({ "create": create, "polls": polls })
        })
        .collect();
    Json(
        json!({ "creates": creates, "uploads": state.uploads, "balance": state.balance, "key_leaks": state.key_leaks }),
    )
}
