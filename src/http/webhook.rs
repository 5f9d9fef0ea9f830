//! Receives the webhook that KIE posts when a task has ended: `POST /kie/callback/<job>/<seal>`. KIE waits 15 s for the
//! response, which is sent as soon as the webhook is stored. It only tells whether KIE has to repeat the request.

use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use super::retry_later;
use crate::service::{SIGNATURE_HEADER, Service, TIMESTAMP_HEADER, WEBHOOK_PATH, WebhookReply, WebhookRequest};

/// Largest body in bytes: a task record with some links.
const BODY_LIMIT: usize = 256 << 10;
/// Time limit for reading the body.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// The route. It answers 404 while webhooks are off.
pub(super) fn router(service: Service) -> Router {
    Router::new().route(&format!("{WEBHOOK_PATH}/{{job}}/{{seal}}"), post(receive)).with_state(service)
}

async fn receive(
    State(service): State<Service>,
    Path((job, seal)): Path<(String, String)>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    // Checked before the body is read, so that requests of others cost little.
    let Some(sealed) = service.check_seal(&job, &seal) else { return StatusCode::NOT_FOUND.into_response() };
    let body = match tokio::time::timeout(READ_TIMEOUT, to_bytes(request.into_body(), BODY_LIMIT)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let request =
        WebhookRequest { timestamp: header(TIMESTAMP_HEADER), signature: header(SIGNATURE_HEADER), body: &body };
    match service.receive_webhook(&sealed, request).await {
        Ok(WebhookReply::Accepted) => StatusCode::OK.into_response(),
        Ok(WebhookReply::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Ok(WebhookReply::BadSignature) => StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => {
            tracing::warn!(%error, "a webhook could not be stored");
            retry_later()
        }
    }
}
