//! The HTTP edge: what a platform asks (alive? ready?) and what other servers report (updates, webhooks).
//!
//! The port is bound before anything else is asked for: a platform that finds no open port ends a deploy, whatever the
//! reason. `/health` and `/ready` answer from then on, without waiting for anything. All other routes are opened by
//! [`Http::open`] once their parts exist; before that, and while the process drains, they answer 503, after which
//! Telegram and KIE try again: the next instance gets it.
//!
//! | route | answer |
//! |---|---|
//! | `GET /health` | 200: the process lives |
//! | `GET /ready` | 200 or 503 with reasons, see [`Status`] |
//! | `POST /telegram/...` | an update, in webhook mode; see [`telegram`] |
//! | `POST /kie/callback/<job>/<seal>` | 200: the webhook is stored; 404, 401: it is not; 503: come again |

pub mod status;
pub mod telegram;
mod webhook;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub use status::{Database, Phase, Status};
pub use telegram::Hook;

use crate::inbox::Mailbox;
use crate::service::Service;

/// Largest body that any route reads, in bytes. Telegram's updates have some kilobytes.
pub const BODY_LIMIT: usize = 1 << 20;

/// The server cannot listen.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP server cannot listen on {address}: {why}")]
pub struct ListenError {
    /// The address.
    pub address: SocketAddr,
    /// The system's words.
    pub why: io::Error,
}

/// A running server.
#[derive(Debug)]
pub struct Http {
    address: SocketAddr,
    routes: Arc<OnceLock<Router>>,
    stop: CancellationToken,
    server: JoinHandle<()>,
}

impl Http {
    /// Binds the address (port 0 takes a free one) and answers `/health` and `/ready`.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn listen(address: SocketAddr, status: Status) -> Result<Self, ListenError> {
        let failed = |why| ListenError { address, why };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let routes = Arc::new(OnceLock::new());
        let stop = CancellationToken::new();
        let router = front(status, routes.clone());
        let quit = stop.clone().cancelled_owned();
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(quit).await {
                tracing::error!(%error, "the HTTP server broke");
            }
        });
        tracing::info!(%address, "listening for HTTP");
        Ok(Self { address, routes, stop, server })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Opens all other routes. Only the first call counts.
    pub fn open(&self, routes: Router) {
        // A second set of routes has no meaning: parts are made once.
        let _ = self.routes.set(routes);
    }

    /// Takes no more connections, finishes the requests in hand, at most for `limit`.
    pub async fn stop(mut self, limit: Duration) {
        self.stop.cancel();
        if tokio::time::timeout(limit, &mut self.server).await.is_err() {
            tracing::warn!("HTTP requests are cut off");
            self.server.abort();
        }
    }
}

/// Everything that is answered once the parts exist: each room of this edge adds its own routes here.
///
/// `hook` is there in webhook mode alone.
pub fn routes(service: &Service, hook: Option<(Hook, Arc<dyn Mailbox>)>) -> Router {
    let mut all = webhook::router(service.clone());
    if let Some((hook, mailbox)) = hook {
        all = all.merge(telegram::router(hook, mailbox));
    }
    all
}

/// What is answered from the first moment on; the rest is passed on to `routes` when they are there.
fn front(status: Status, routes: Arc<OnceLock<Router>>) -> Router {
    let behind = Router::new()
        .fallback(pass_on)
        .with_state(routes)
        .layer(middleware::from_fn_with_state(status.clone(), refuse_while_draining));
    Router::new()
        .route("/health", get(|| async { "alive\n" }))
        .route("/ready", get(status::ready))
        .with_state(status)
        .fallback_service(behind)
}

async fn pass_on(State(routes): State<Arc<OnceLock<Router>>>, request: Request) -> Response {
    match routes.get() {
        Some(router) => match router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        None => later(),
    }
}

async fn refuse_while_draining(State(status): State<Status>, request: Request, next: Next) -> Response {
    if status.phase() == Phase::Draining { later() } else { next.run(request).await }
}

/// 503: whoever asks is to come again.
pub(crate) fn later() -> Response {
    let again = [(header::RETRY_AFTER, HeaderValue::from_static("1"))];
    (StatusCode::SERVICE_UNAVAILABLE, again).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn address() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 0))
    }

    async fn code(http: &Http, path: &str) -> u16 {
        reqwest::get(format!("http://{}{path}", http.address())).await.unwrap().status().as_u16()
    }

    /// F10: the port was bound after a slow start, and the platform ended the deploy.
    #[tokio::test]
    async fn f10_health_comes_first_routes_come_later_and_a_drain_closes_them() {
        let status = Status::new("polling");
        let http = Http::listen(address(), status.clone()).await.unwrap();
        assert_eq!((code(&http, "/health").await, code(&http, "/ready").await), (200, 503));
        assert_eq!(code(&http, "/x").await, 503, "not known yet");
        http.open(Router::new().route("/x", get(|| async { "x" })));
        assert_eq!((code(&http, "/x").await, code(&http, "/y").await), (200, 404));
        status.enter(Phase::Serving);
        status.database(Database::Answers);
        assert_eq!(code(&http, "/ready").await, 200);
        status.enter(Phase::Draining);
        assert_eq!((code(&http, "/x").await, code(&http, "/health").await), (503, 200));
        http.stop(Duration::from_secs(5)).await;
    }

    /// F10: the port was bound twice, and the second failure had no words.
    #[tokio::test]
    async fn f10_a_taken_port_is_named() {
        let http = Http::listen(address(), Status::new("polling")).await.unwrap();
        let error = Http::listen(http.address(), Status::new("polling")).await.unwrap_err();
        assert!(error.to_string().contains(&http.address().to_string()), "{error}");
    }

    #[tokio::test]
    async fn a_request_in_hand_is_finished() {
        let http = Http::listen(address(), Status::new("polling")).await.unwrap();
        let (begun, mut begins) = tokio::sync::mpsc::channel::<()>(1);
        let gate = Arc::new(tokio::sync::Semaphore::new(0));
        let door = gate.clone();
        let slow = move |_: Request<Body>| async move {
            begun.send(()).await.unwrap();
            door.acquire().await.unwrap().forget();
            "done"
        };
        http.open(Router::new().route("/slow", get(slow)));
        let url = format!("http://{}/slow", http.address());
        let call = tokio::spawn(async move { reqwest::get(url).await.unwrap().text().await.unwrap() });
        begins.recv().await.unwrap();
        let stopping = tokio::spawn(http.stop(Duration::from_secs(20)));
        gate.add_permits(1);
        assert_eq!(call.await.unwrap(), "done");
        stopping.await.unwrap();
    }
}
