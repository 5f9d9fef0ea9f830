//! Trouble on request: what the next matching requests meet instead of, or on top of, the true reply.

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::world::World;
use crate::demo::site::{self, Cut};

/// A group of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// `createTask`.
    Create,
    /// `recordInfo`.
    Record,
    /// `chat/credit`.
    Credit,
    /// The three upload routes.
    Upload,
    /// `common/download-url`.
    DownloadUrl,
    /// The list of models, and success rates.
    Catalogue,
    /// Schemas of models.
    Schema,
    /// Prices of models.
    Price,
    /// Result and upload files.
    File,
}

impl Route {
    fn of(path: &str) -> Option<Self> {
        match path {
            "/api/v1/jobs/createTask" => Some(Self::Create),
            "/api/v1/jobs/recordInfo" => Some(Self::Record),
            "/api/v1/chat/credit" => Some(Self::Credit),
            "/api/v1/common/download-url" => Some(Self::DownloadUrl),
            "/api/file-stream-upload" | "/api/file-base64-upload" | "/api/file-url-upload" => Some(Self::Upload),
            _ if path.starts_with("/api/v1/models") => Some(match path.rsplit('/').next() {
                Some("schema") => Self::Schema,
                Some("price") => Self::Price,
                _ => Self::Catalogue,
            }),
            _ if path.starts_with("/files/") => Some(Self::File),
            _ => None,
        }
    }
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The request is refused in the envelope; nothing is done. Code 200 gives null data.
    Code {
        /// The envelope's code.
        code: i64,
        /// The envelope's text.
        #[serde(default)]
        msg: String,
        /// HTTP status; 200 when absent, as on the wire.
        #[serde(default)]
        status: Option<u16>,
        /// Seconds in a `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// A reply that is not JSON, as a gateway sends it; nothing is done.
    Html {
        /// HTTP status, e.g. 502.
        status: u16,
    },
    /// The connection closes before anything is done.
    Drop,
    /// The request is carried out, then the connection closes without a reply.
    Lose,
    /// The true reply breaks off in the middle.
    Truncate,
    /// The true reply comes in pieces over so many milliseconds.
    SlowBody(u64),
    /// The request waits so many milliseconds before it is carried out.
    Delay(u64),
}

/// A fault and how often it strikes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Fault {
    /// Which requests meet it.
    pub on: Route,
    /// How many of them.
    #[serde(default = "once")]
    pub times: u32,
    /// What they meet.
    pub trouble: Trouble,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// One request meets it.
    pub fn once(on: Route, trouble: Trouble) -> Self {
        Self { on, times: 1, trouble }
    }

    /// So many requests meet it.
    pub fn times(on: Route, times: u32, trouble: Trouble) -> Self {
        Self { on, times, trouble }
    }

    /// Refused with an envelope code under HTTP 200, once.
    pub fn code(on: Route, code: i64, msg: &str) -> Self {
        Self::once(on, Trouble::Code { code, msg: msg.to_owned(), status: None, retry_after: None })
    }

    /// Refused with code 429 and `Retry-After`, once.
    pub fn busy(on: Route, retry_after_s: u64) -> Self {
        let msg = "too many requests".to_owned();
        Self::once(on, Trouble::Code { code: 429, msg, status: None, retry_after: Some(retry_after_s) })
    }
}

fn take(faults: &mut Vec<Fault>, route: Route) -> Option<Trouble> {
    let at = faults.iter().position(|fault| fault.on == route && fault.times > 0)?;
    faults[at].times -= 1;
    let trouble = faults[at].trouble.clone();
    faults.retain(|fault| fault.times > 0);
    Some(trouble)
}

/// The middleware that makes trouble.
pub(super) async fn strike(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    let Some(route) = Route::of(request.uri().path()) else { return next.run(request).await };
    let cut = request.extensions().get::<ConnectInfo<Cut>>().map(|c| c.0.clone()).unwrap_or_default();
    let trouble = {
        let mut state = world.state();
        *state.requests.entry(route).or_default() += 1;
        take(&mut state.faults, route)
    };
    match trouble {
        None => next.run(request).await,
        Some(Trouble::Code { code, msg, status, retry_after }) => {
            let mut reply = super::route::refusal(code, &msg).into_response();
            *reply.status_mut() = status.and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK);
            if let Some(seconds) = retry_after {
                reply.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            reply
        }
        Some(Trouble::Html { status }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            let page = format!("<html><body><h1>{status}</h1><hr>gateway</body></html>");
            (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
        }
        Some(Trouble::Drop) => {
            cut.cut();
            StatusCode::OK.into_response()
        }
        Some(Trouble::Lose) => {
            let reply = next.run(request).await;
            cut.cut();
            reply
        }
        Some(Trouble::Delay(ms)) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            next.run(request).await
        }
        Some(Trouble::Truncate) => reshape(next.run(request).await, site::truncated).await,
        Some(Trouble::SlowBody(ms)) => {
            let over = Duration::from_millis(ms);
            reshape(next.run(request).await, |status, mime, body| site::slow(status, mime, body, over)).await
        }
    }
}

async fn reshape(reply: Response, shape: impl FnOnce(StatusCode, &str, bytes::Bytes) -> Response) -> Response {
    let (parts, body) = reply.into_parts();
    let mime = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("application/json");
    match to_bytes(body, usize::MAX).await {
        Ok(body) => shape(parts.status, mime, body),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_strike_in_order_and_run_out() {
        let mut faults = vec![
            Fault::times(Route::Record, 2, Trouble::Drop),
            Fault::code(Route::Create, 455, "maintenance"),
            Fault::once(Route::Record, Trouble::Truncate),
        ];
        let mut seen = Vec::new();
        while let Some(trouble) = take(&mut faults, Route::Record) {
            seen.push(trouble);
        }
        assert_eq!(seen, [Trouble::Drop, Trouble::Drop, Trouble::Truncate]);
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn a_fault_reads_from_json() {
        let fault: Fault =
            serde_json::from_str(r#"{"on":"create","trouble":{"code":{"code":429,"retry_after":2}}}"#).unwrap();
        assert_eq!(fault.times, 1);
        let Trouble::Code { code: 429, retry_after: Some(2), status: None, .. } = fault.trouble else {
            panic!("{fault:?}")
        };
        let fault: Fault = serde_json::from_str(r#"{"on":"file","times":3,"trouble":"truncate"}"#).unwrap();
        assert_eq!(fault, Fault::times(Route::File, 3, Trouble::Truncate));
    }
}
