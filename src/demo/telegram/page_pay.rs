//! The pretend payment of the chat page: nothing is paid in it.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::page::{Seat, chat};
use super::payment;
use super::simulator::{Shared, TelegramSimulator};
use super::stars::PaymentRefusal;

pub(super) fn router() -> Router<Arc<TelegramSimulator>> {
    Router::new()
        .route("/page/invoice", post(show))
        .route("/page/pay", post(pay))
        .route("/page/renew", post(renew))
        .route("/page/unsubscribe", post(cancel))
        .route("/page/resume", post(resume))
}

/// Which invoice: in a message of the chat, or behind a link.
#[derive(Deserialize)]
struct InvoiceBody {
    message: Option<i32>,
    link: Option<String>,
}

impl InvoiceBody {
    fn find(&self, sim: &TelegramSimulator, chat: i64) -> Option<usize> {
        let state = sim.state();
        match (&self.link, self.message) {
            (Some(link), _) => state.stars.behind(link),
            (None, Some(message)) => state.stars.in_message(chat, message),
            (None, None) => None,
        }
    }
}

/// What is sold, what the person has, and their subscription if it is one.
async fn show(State(sim): Shared, Query(seat): Query<Seat>, Json(body): Json<InvoiceBody>) -> Response {
    let chat = chat(&sim, seat);
    let Some(found) = body.find(&sim, chat.id()) else { return StatusCode::NOT_FOUND.into_response() };
    let user = chat.user().id;
    let state = sim.state();
    let invoice = &state.stars.invoices[found];
    let subscription = state.stars.subscription_of(user, &invoice.payload);
    Json(json!({
        "invoice": invoice, "balance": state.stars.balance(user),
        "subscription": subscription.map(|s| json!({ "charge": s.charge, "until": s.until, "canceled": s.is_canceled, "resumable": !s.is_canceled_by_bot })),
    }))
    .into_response()
}

/// Pays, and waits for the bot's answer.
async fn pay(State(sim): Shared, Query(seat): Query<Seat>, Json(body): Json<InvoiceBody>) -> Response {
    let chat = chat(&sim, seat);
    let pending = match (&body.link, body.message) {
        (Some(link), _) => chat.pay_link(link),
        (None, Some(message)) => chat.pay(message),
        (None, None) => return StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    };
    let made = match pending {
        Ok(pending) => pending.made().await,
        Err(refusal) => Err(refusal),
    };
    let (outcome, text) = match made {
        Ok(_) => ("paid", String::new()),
        Err(PaymentRefusal::NoInvoice) => return StatusCode::NOT_FOUND.into_response(),
        Err(PaymentRefusal::TooFewStars) => ("few", String::new()),
        Err(PaymentRefusal::Refused(why)) => ("refused", why),
        Err(PaymentRefusal::Timeout) => ("late", String::new()),
    };
    Json(json!({ "outcome": outcome, "text": text })).into_response()
}

#[derive(Deserialize)]
struct SubscriptionBody {
    charge: String,
}

/// A month has passed for a subscription.
async fn renew(State(sim): Shared, Json(body): Json<SubscriptionBody>) -> StatusCode {
    payment::renew(&sim, &body.charge).map_or(StatusCode::CONFLICT, |_| StatusCode::NO_CONTENT)
}

/// The person switches a subscription on again in Telegram's settings.
async fn resume(State(sim): Shared, Json(body): Json<SubscriptionBody>) -> StatusCode {
    if payment::resume(&sim, &body.charge) { StatusCode::NO_CONTENT } else { StatusCode::CONFLICT }
}

/// The person ends a subscription in Telegram's settings, of which the bot is not told.
async fn cancel(State(sim): Shared, Json(body): Json<SubscriptionBody>) -> StatusCode {
    match sim.state().stars.subscription_mut(&body.charge) {
        Some(subscription) => {
            subscription.is_canceled = true;
            StatusCode::NO_CONTENT
        }
        None => StatusCode::NOT_FOUND,
    }
}
