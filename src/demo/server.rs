//! An HTTP server on loopback whose connections can be aborted in the middle of a reply, and that stops without waiting
//! for open connections.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::serve::{IncomingStream, Listener};
use futures::StreamExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

/// A running server; dropping it stops it.
#[derive(Debug)]
pub(crate) struct TestServer {
    pub(crate) url: Url,
    stop: CancellationToken,
    _guard: DropGuard,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl TestServer {
    /// Binds 127.0.0.1 at `port`; 0 takes a free port.
    pub(crate) async fn bind(port: u16) -> io::Result<(TcpListener, Url)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let url = Url::parse(&format!("http://{address}/")).map_err(io::Error::other)?;
        Ok((listener, url))
    }

    /// Serves until `stop` is cancelled, [`TestServer::stop`] is called or the server is dropped.
    pub(crate) fn serve(listener: TcpListener, url: Url, router: Router, stop: CancellationToken) -> Self {
        let router = router
            .layer(DefaultBodyLimit::disable())
            .layer(middleware::from_fn(read_whole_body))
            .layer(middleware::from_fn_with_state(stop.clone(), stop_with_server))
            .into_make_service_with_connect_info::<ConnectionAbort>();
        let quit = stop.clone().cancelled_owned();
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(AbortableListener(listener), router).with_graceful_shutdown(quit).await {
                tracing::warn!(%error, "simulator stopped");
            }
        });
        Self { url, _guard: stop.clone().drop_guard(), stop, task: tokio::sync::Mutex::new(Some(task)) }
    }

    /// Stops and waits until the port is free again.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        if let Some(mut task) = self.task.lock().await.take()
            && tokio::time::timeout(Duration::from_secs(2), &mut task).await.is_err()
        {
            task.abort();
        }
    }
}

/// Reads the whole body of a request before it is handled. If a server answers and closes earlier, the connection is
/// reset and a client that is still sending never sees the answer.
async fn read_whole_body(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(body) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn stop_with_server(State(stop): State<CancellationToken>, request: Request, next: Next) -> Response {
    let abort = request.extensions().get::<ConnectInfo<ConnectionAbort>>().map(|c| c.0.clone());
    tokio::select! {
        response = next.run(request) => {
            // Without this an open event stream would keep the server running.
            response.map(|body| match body.size_hint().exact() {
                Some(_) => body,
                None => Body::from_stream(body.into_data_stream().take_until(stop.cancelled_owned())),
            })
        }
        () = stop.cancelled() => {
            if let Some(abort) = abort {
                abort.abort();
            }
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Aborts the connection of a request: the peer sees it closed instead of a reply.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConnectionAbort(Arc<AtomicBool>);

impl ConnectionAbort {
    /// Nothing more is written to the connection.
    pub(crate) fn abort(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Connected<IncomingStream<'_, AbortableListener>> for ConnectionAbort {
    fn connect_info(stream: IncomingStream<'_, AbortableListener>) -> Self {
        stream.io().abort.clone()
    }
}

struct AbortableListener(TcpListener);

impl Listener for AbortableListener {
    type Io = AbortableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (AbortableStream, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        (AbortableStream { stream, abort: ConnectionAbort::default() }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A connection that can be aborted.
struct AbortableStream {
    stream: TcpStream,
    abort: ConnectionAbort,
}

impl AsyncRead for AbortableStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for AbortableStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.abort.0.load(Ordering::SeqCst) {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A reply that announces the length of `body`, sends half of it and closes the connection.
pub(crate) fn truncated(status: StatusCode, mime: &str, body: Bytes) -> Response {
    let half = body.slice(..body.len() / 2);
    let pieces = futures::stream::once(async move { Ok(half) }).chain(futures::stream::once(async {
        // The server flushes while it waits; without this not even the head would be sent.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    }));
    let mut response = Response::new(Body::from_stream(pieces));
    *response.status_mut() = status;
    label(&mut response, mime);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    response
}

/// A reply that is sent in eight parts over the time `over`.
pub(crate) fn slow(status: StatusCode, mime: &str, body: Bytes, over: Duration) -> Response {
    let step = body.len().div_ceil(8).max(1);
    let pieces = futures::stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(over / 8).await;
        let piece = rest.split_to(step.min(rest.len()));
        Some((Ok::<_, io::Error>(piece), rest))
    });
    let mut response = Response::new(Body::from_stream(pieces));
    *response.status_mut() = status;
    label(&mut response, mime);
    response
}

/// A reply with a file, or with the part that a `Range` header names (video players use it to seek).
pub(crate) fn file(request: &HeaderMap, mime: &str, body: Bytes) -> Response {
    let total = body.len();
    let asked = request.get(header::RANGE).and_then(|v| v.to_str().ok()).and_then(|v| range(v, total));
    let mut response = match asked {
        Some((from, to)) => {
            let mut part = Response::new(Body::from(body.slice(from..=to)));
            *part.status_mut() = StatusCode::PARTIAL_CONTENT;
            if let Ok(value) = HeaderValue::from_str(&format!("bytes {from}-{to}/{total}")) {
                part.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            part
        }
        None => Response::new(Body::from(body)),
    };
    label(&mut response, mime);
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

fn label(response: &mut Response, mime: &str) {
    let value = HeaderValue::from_str(mime).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(header::CONTENT_TYPE, value);
}

/// First and last byte, both included, of a `Range` header with a single range.
fn range(header: &str, total: usize) -> Option<(usize, usize)> {
    let (from, to) = header.strip_prefix("bytes=")?.split_once('-')?;
    let last = total.checked_sub(1)?;
    let (from, to) = match (from.parse().ok(), to.parse::<usize>().ok()) {
        (Some(from), to) => (from, to.unwrap_or(last).min(last)),
        (None, Some(tail)) => (total.saturating_sub(tail), last),
        (None, None) => return None,
    };
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges() {
        assert_eq!(range("bytes=0-", 10), Some((0, 9)));
        assert_eq!(range("bytes=2-4", 10), Some((2, 4)));
        assert_eq!(range("bytes=-3", 10), Some((7, 9)));
        assert_eq!(range("bytes=10-", 10), None);
        assert_eq!(range("bytes=0-", 0), None);
    }
}
