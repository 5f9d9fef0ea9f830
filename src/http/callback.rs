//! What KIE posts when a task has ended: `POST /kie/callback/<job>/<seal>`. It waits for an answer for 15 s; ours comes
//! as soon as the call is kept. The answer tells nobody anything: 200, or why KIE need not or is to call again.

use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use super::later;
use crate::service::{CALLBACK_PATH, Call, Heard, SIGNATURE_HEADER, Service, TIMESTAMP_HEADER};

/// Largest body, in bytes: a task's record with some links.
const LIMIT: usize = 256 << 10;
/// How long a body may be on its way.
const READ: Duration = Duration::from_secs(10);

/// The route; it answers 404 where callbacks are off.
pub(super) fn router(service: Service) -> Router {
    Router::new().route(&format!("{CALLBACK_PATH}/{{job}}/{{seal}}"), post(hear)).with_state(service)
}

async fn hear(
    State(service): State<Service>,
    Path((job, seal)): Path<(String, String)>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    // Before the body is read: strangers get no work done.
    if !service.gave_out(&job, &seal) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let body = match tokio::time::timeout(READ, to_bytes(request.into_body(), LIMIT)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let call = Call {
        job: &job,
        seal: &seal,
        timestamp: header(TIMESTAMP_HEADER),
        signature: header(SIGNATURE_HEADER),
        body: &body,
    };
    match service.hear(call).await {
        Ok(Heard::Taken) => StatusCode::OK.into_response(),
        Ok(Heard::Stranger) => StatusCode::NOT_FOUND.into_response(),
        Ok(Heard::Forged) => StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => {
            tracing::warn!(%error, "a call could not be kept");
            later()
        }
    }
}
