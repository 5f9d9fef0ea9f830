//! The middleware that injects faults into requests.

use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::fault::{self, KieFaultEffect, Route};
use super::reply;
use super::simulator::Shared;
use crate::demo::server::{self, ConnectionAbort};

/// Counts a request, and lets the next matching fault change how it is answered.
pub(super) async fn inject(State(sim): Shared, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_instant = sim.options.instant_routes.iter().any(|route| route.path == path);
    let route = if is_instant { Some(Route::Create) } else { Route::of(path) };
    let Some(route) = route else { return next.run(request).await };
    let abort = request.extensions().get::<ConnectInfo<ConnectionAbort>>().map(|c| c.0.clone()).unwrap_or_default();
    let effect = {
        let mut state = sim.state();
        *state.requests.entry(route).or_default() += 1;
        fault::take(&mut state.faults, route)
    };
    match effect {
        None => next.run(request).await,
        Some(KieFaultEffect::Code { code, msg, status, retry_after }) => {
            let mut reply = reply::error(code, &msg).into_response();
            *reply.status_mut() = status.and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK);
            if let Some(seconds) = retry_after {
                reply.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            reply
        }
        Some(KieFaultEffect::Html { status }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            let page = format!("<html><body><h1>{status}</h1><hr>gateway</body></html>");
            (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
        }
        Some(KieFaultEffect::Blocked) => {
            (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "text/plain")], "error code: 1010").into_response()
        }
        Some(KieFaultEffect::Disconnect) => {
            abort.abort();
            StatusCode::OK.into_response()
        }
        Some(KieFaultEffect::LoseReply) => {
            let reply = next.run(request).await;
            abort.abort();
            reply
        }
        Some(KieFaultEffect::Delay(ms)) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Some(KieFaultEffect::Truncate) => reshape(next.run(request).await, server::truncated).await,
        Some(KieFaultEffect::SlowBody(ms)) => {
            let over = Duration::from_millis(ms);
            reshape(next.run(request).await, |status, mime, body| server::slow(status, mime, body, over)).await
        }
    }
}

/// Sends a reply again in another form.
async fn reshape(reply: Response, shape: impl FnOnce(StatusCode, &str, bytes::Bytes) -> Response) -> Response {
    let (parts, body) = reply.into_parts();
    let mime = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("application/json");
    match to_bytes(body, usize::MAX).await {
        Ok(body) => shape(parts.status, mime, body),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
