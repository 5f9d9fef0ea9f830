//! The HTTP edge: health checks of the platform, and the webhooks of Telegram and KIE.
//!
//! The port is bound before anything else is done: a platform cancels a deploy whose port is not open in time.
//! `/health` and `/ready` answer from then on, and never wait. All other routes are added by [`Http::open`] once their
//! parts exist; before that, and while the process drains, they answer 503, after which Telegram and KIE repeat the
//! request.
//!
//! | route | answer |
//! |---|---|
//! | `GET /health` | 200: the process runs |
//! | `GET /ready` | 200 or 503 with reasons, see [`Readiness`] |
//! | `POST /telegram/...` | in webhook mode: an update, see [`telegram`] |
//! | `POST /kie/callback/<job>/<seal>` | a webhook of KIE: 200: it is stored; 404, 401: it is refused; 503: to be repeated |

pub mod readiness;
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
use axum_server::Handle;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower::ServiceExt;

pub use readiness::{DatabaseState, Phase, Readiness};
pub use telegram::UpdateEndpoint;

use crate::inbox::Mailbox;
use crate::service::Service;

/// Largest body of an update, in bytes. Typical updates have a few kilobytes.
pub const BODY_LIMIT: usize = 1 << 20;

/// How long a client may take over something, so that idle and slow ones do not use up the connections.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// From the connection to the end of its first request's headers.
    pub first_request: Duration,
    /// From the end of an answer to the end of the next request's headers: proxies keep connections for a while.
    pub next_request: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self { first_request: Duration::from_secs(10), next_request: Duration::from_secs(75) }
    }
}

/// The server cannot listen.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP server cannot listen on {address}: {why}")]
pub struct ListenError {
    /// The address.
    pub address: SocketAddr,
    /// The error of the operating system.
    pub why: io::Error,
}

/// A running server.
#[derive(Debug)]
pub struct Http {
    address: SocketAddr,
    routes: Arc<OnceLock<Router>>,
    handle: Handle<SocketAddr>,
    server: JoinHandle<()>,
}

impl Http {
    /// Binds the address (port 0 takes a free one) and answers `/health` and `/ready`.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn listen(address: SocketAddr, readiness: Readiness) -> Result<Self, ListenError> {
        Self::listen_with(address, readiness, ConnectionLimits::default()).await
    }

    /// As [`Http::listen`], with other limits.
    ///
    /// # Errors
    /// As [`Http::listen`].
    pub async fn listen_with(
        address: SocketAddr,
        readiness: Readiness,
        limits: ConnectionLimits,
    ) -> Result<Self, ListenError> {
        let failed = |why| ListenError { address, why };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let routes = Arc::new(OnceLock::new());
        let router = base_router(readiness, routes.clone());
        let handle = Handle::new();
        let mut server = axum_server::Server::<SocketAddr>::from_listener(listener)
            .http1_only()
            .first_request_timeout(limits.first_request)
            .accept_error_handler(|_, error| tracing::debug!(%error, "an HTTP connection was not accepted"))
            .handle(handle.clone());
        server.http_builder().http1().header_read_timeout(limits.next_request);
        let server = tokio::spawn(async move {
            if let Err(error) = server.serve(router.into_make_service()).await {
                tracing::error!(%error, "the HTTP server failed");
            }
        });
        tracing::info!(%address, "listening for HTTP");
        Ok(Self { address, routes, handle, server })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds all other routes. Only the first call has an effect.
    pub fn open(&self, routes: Router) {
        // It is called once for each process; a second set is ignored.
        let _ = self.routes.set(routes);
    }

    /// Stops listening, and waits for the running requests, `limit` at most.
    pub async fn stop(self, limit: Duration) {
        self.handle.graceful_shutdown(None);
        let mut server = self.server;
        if tokio::time::timeout(limit, &mut server).await.is_err() {
            tracing::warn!("running HTTP requests are aborted");
            self.handle.shutdown();
            server.abort();
        }
    }
}

/// The routes that need the parts of the bot. `updates` is given in webhook mode only.
pub fn routes(service: &Service, updates: Option<(UpdateEndpoint, Arc<dyn Mailbox>)>) -> Router {
    let mut all = webhook::router(service.clone());
    if let Some((endpoint, mailbox)) = updates {
        all = all.merge(telegram::router(endpoint, mailbox));
    }
    all
}

/// `/health` and `/ready`; other requests go to `routes` once they exist.
fn base_router(readiness: Readiness, routes: Arc<OnceLock<Router>>) -> Router {
    let others = Router::new()
        .fallback(forward)
        .with_state(routes)
        .layer(middleware::from_fn_with_state(readiness.clone(), refuse_while_draining));
    Router::new()
        .route("/health", get(|| async { "alive\n" }))
        .route("/ready", get(readiness::ready))
        .with_state(readiness)
        .fallback_service(others)
}

async fn forward(State(routes): State<Arc<OnceLock<Router>>>, request: Request) -> Response {
    match routes.get() {
        Some(router) => match router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        None => retry_later(),
    }
}

async fn refuse_while_draining(State(readiness): State<Readiness>, request: Request, next: Next) -> Response {
    if readiness.phase() == Phase::Draining { retry_later() } else { next.run(request).await }
}

/// 503 with `Retry-After`: the request has to be repeated.
pub(crate) fn retry_later() -> Response {
    let again = [(header::RETRY_AFTER, HeaderValue::from_static("1"))];
    (StatusCode::SERVICE_UNAVAILABLE, again).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    fn address() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 0))
    }

    async fn code(http: &Http, path: &str) -> u16 {
        reqwest::get(format!("http://{}{path}", http.address())).await.unwrap().status().as_u16()
    }

    /// F10: the port was bound after a slow start, and the platform cancelled the deploy.
    #[tokio::test]
    async fn f10_health_comes_first_routes_come_later_and_a_drain_closes_them() {
        let readiness = Readiness::new("polling");
        let http = Http::listen(address(), readiness.clone()).await.unwrap();
        assert_eq!((code(&http, "/health").await, code(&http, "/ready").await), (200, 503));
        assert_eq!(code(&http, "/x").await, 503, "the route does not exist yet");
        http.open(Router::new().route("/x", get(|| async { "x" })));
        assert_eq!((code(&http, "/x").await, code(&http, "/y").await), (200, 404));
        readiness.enter(Phase::Serving);
        readiness.database(DatabaseState::Available);
        assert_eq!(code(&http, "/ready").await, 200);
        readiness.enter(Phase::Draining);
        assert_eq!((code(&http, "/x").await, code(&http, "/health").await), (503, 200));
        http.stop(Duration::from_secs(5)).await;
    }

    /// F10: the port was bound twice, and the error did not say so.
    #[tokio::test]
    async fn f10_a_taken_port_is_named() {
        let http = Http::listen(address(), Readiness::new("polling")).await.unwrap();
        let error = Http::listen(http.address(), Readiness::new("polling")).await.unwrap_err();
        assert!(error.to_string().contains(&http.address().to_string()), "{error}");
    }

    /// Each of them would hold a connection for as long as it likes.
    #[tokio::test]
    async fn slow_and_idle_clients_lose_their_connections() {
        let limits =
            ConnectionLimits { first_request: Duration::from_millis(100), next_request: Duration::from_millis(100) };
        let http = Http::listen_with(address(), Readiness::new("polling"), limits).await.unwrap();
        let server = http.address();
        let answer = |sent: &'static str| async move {
            let mut client = tokio::net::TcpStream::connect(server).await.unwrap();
            client.write_all(sent.as_bytes()).await.unwrap();
            let mut received = String::new();
            // Until the server closes the connection.
            let read = tokio::time::timeout(Duration::from_secs(60), client.read_to_string(&mut received)).await;
            read.expect("the connection is closed").unwrap();
            received.lines().next().unwrap_or_default().to_owned()
        };
        let whole = "GET /health HTTP/1.1\r\nHost: here\r\n\r\n";
        let half = "GET /health HTTP/1.1\r\nHost: here\r\n\r\nGET /health HTTP/1.1\r\nHo";
        let all = tokio::join!(answer(""), answer("GET /health HTTP/1.1\r\nHo"), answer(whole), answer(half));
        assert_eq!(all, (String::new(), String::new(), "HTTP/1.1 200 OK".to_owned(), "HTTP/1.1 200 OK".to_owned()));
    }

    #[tokio::test]
    async fn a_running_request_is_finished() {
        let http = Http::listen(address(), Readiness::new("polling")).await.unwrap();
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
