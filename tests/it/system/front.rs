//! A load balancer as on a platform: one public address, with requests distributed over the running replicas.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use url::Url;

/// A load balancer. Clones share it.
#[derive(Clone)]
pub(crate) struct Front {
    pub(crate) url: Url,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    backends: Vec<SocketAddr>,
    next: usize,
    /// All requests: the replica that got each, and the status.
    seen: Vec<(SocketAddr, u16)>,
}

impl Front {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/bot/", listener.local_addr().unwrap())).unwrap();
        let front = Self { url, inner: Arc::default() };
        let router = Router::new().fallback(pass).with_state(front.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        front
    }

    /// Sets the replicas that get the requests in turn.
    pub(crate) fn lead_to(&self, backends: &[SocketAddr]) {
        self.inner.lock().unwrap().backends = backends.to_vec();
    }

    /// The statuses of the requests that a replica got.
    pub(crate) fn seen(&self, backend: SocketAddr) -> Vec<u16> {
        let inner = self.inner.lock().unwrap();
        inner.seen.iter().filter(|(at, _)| *at == backend).map(|(_, status)| *status).collect()
    }
}

async fn pass(State(front): State<Front>, uri: Uri, mut headers: HeaderMap, body: Bytes) -> StatusCode {
    let backend = {
        let mut inner = front.inner.lock().unwrap();
        inner.next += 1;
        let turn = inner.next;
        match inner.backends.len() {
            0 => return StatusCode::BAD_GATEWAY,
            count => inner.backends[turn % count],
        }
    };
    headers.remove("host");
    headers.remove("content-length");
    // Remove the platform's path prefix.
    let path = uri.path().strip_prefix("/bot").unwrap_or_default();
    let request = reqwest::Client::new().post(format!("http://{backend}{path}")).headers(headers).body(body);
    let status = request.send().await.map_or(502, |reply| reply.status().as_u16());
    front.inner.lock().unwrap().seen.push((backend, status));
    StatusCode::from_u16(status).unwrap()
}
