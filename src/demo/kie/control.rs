//! The simulator's own routes, for people and scripts that do not hold the Rust handle.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::catalogue::Change;
use super::fault::Fault;
use super::route::Sim;
use super::task::Plan;
use super::world::World;

pub(super) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/sim/faults", post(add_fault).delete(clear_faults))
        .route("/sim/plans", post(add_plan))
        .route("/sim/catalogue", post(relist))
        .route("/sim/state", get(state))
}

async fn add_fault(State(world): Sim, Json(fault): Json<Fault>) -> StatusCode {
    world.state().faults.push(fault);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(world): Sim) -> StatusCode {
    let mut state = world.state();
    state.faults.clear();
    state.plans.clear();
    StatusCode::NO_CONTENT
}

async fn add_plan(State(world): Sim, Json(plan): Json<Plan>) -> StatusCode {
    world.state().plans.push_back(plan);
    StatusCode::NO_CONTENT
}

async fn relist(State(world): Sim, Json(change): Json<Change>) -> StatusCode {
    change.apply(&mut world.state().catalogue);
    StatusCode::NO_CONTENT
}

async fn state(State(world): Sim) -> Json<Value> {
    let state = world.state();
    let creates: Vec<Value> = state
        .creates
        .iter()
        .map(|create| {
            let polls = state.tasks.get(&create.task_id).map_or(0, |task| task.polls);
            json!({ "create": create, "polls": polls })
        })
        .collect();
    Json(json!({ "creates": creates, "uploads": state.uploads, "balance": state.balance, "key_leaks": state.leaks }))
}
