//! A server that answers with scripted replies and records the requests.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use futures::stream;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

/// A scripted reply.
#[derive(Clone)]
pub(crate) enum Reply {
    /// A complete reply.
    Whole { status: u16, headers: Vec<(&'static str, String)>, body: Vec<u8> },
    /// The request is read and the connection closed without a reply.
    Lost,
    /// Headers and half of the body, then the connection breaks.
    Truncated(Vec<u8>),
    /// Headers and half of the body, then nothing more.
    Stuck(Vec<u8>),
    /// The request is read and never answered.
    Silent,
}

impl Reply {
    pub(crate) fn json(value: Value) -> Self {
        Self::status(200, value.to_string())
    }

    pub(crate) fn status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Whole {
            status,
            headers: vec![("content-type", "application/json;charset=UTF-8".into())],
            body: body.into(),
        }
    }

    pub(crate) fn data(data: Value) -> Self {
        Self::json(json!({"code": 200, "msg": "success", "data": data}))
    }

    pub(crate) fn code(code: i64) -> Self {
        Self::json(json!({"code": code, "msg": format!("words of {code}"), "data": null}))
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Whole { headers, .. } = &mut self {
            headers.retain(|(known, _)| *known != name);
            headers.push((name, value.into()));
        }
        self
    }

    fn response(self) -> Response {
        let half = |body: Vec<u8>| Ok::<_, std::io::Error>(Bytes::from(body[..body.len() / 2].to_vec()));
        match self {
            Self::Whole { status, headers, body } => {
                let mut response = Response::new(Body::from(body));
                *response.status_mut() = StatusCode::from_u16(status).unwrap();
                for (name, value) in headers {
                    response.headers_mut().insert(name, value.parse().unwrap());
                }
                response
            }
            Self::Truncated(body) => {
                Response::new(Body::from_stream(stream::iter([half(body), Err(std::io::ErrorKind::Other.into())])))
            }
            Self::Stuck(body) => Response::new(Body::from_stream(stream::StreamExt::chain(
                stream::iter([half(body)]),
                stream::pending(),
            ))),
            Self::Lost | Self::Silent => unreachable!("answered before"),
        }
    }
}

/// A request as received.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Seen {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The parts of a form: name, file name, content type, content.
    pub(crate) async fn form(&self) -> Vec<(String, Option<String>, Option<String>, Bytes)> {
        let mut request = Request::new(Body::from(self.body.clone()));
        *request.headers_mut() = self.headers.clone();
        let mut form = Multipart::from_request(request, &()).await.unwrap();
        let mut parts = Vec::new();
        while let Some(field) = form.next_field().await.unwrap() {
            let facts = (
                field.name().unwrap().to_owned(),
                field.file_name().map(Into::into),
                field.content_type().map(Into::into),
            );
            parts.push((facts.0, facts.1, facts.2, field.bytes().await.unwrap()));
        }
        parts
    }
}

/// Chooses a reply for a request.
type Judge = Box<dyn FnMut(&Seen) -> Reply + Send>;

#[derive(Default)]
struct Play {
    judge: Option<Judge>,
    script: VecDeque<Reply>,
    always: Option<Reply>,
    seen: Vec<Seen>,
}

/// The server; stops when dropped.
pub(crate) struct Server {
    pub(crate) url: Url,
    play: Arc<Mutex<Play>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap()).await
    }

    pub(crate) async fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let play = Arc::<Mutex<Play>>::default();
        let app = Router::new().fallback(answer).with_state(play.clone());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, play, task }
    }

    /// Adds replies to the script.
    pub(crate) fn says(&self, replies: impl IntoIterator<Item = Reply>) {
        self.play.lock().unwrap().script.extend(replies);
    }

    /// Sets the reply after the end of the script.
    pub(crate) fn always(&self, reply: Reply) {
        self.play.lock().unwrap().always = Some(reply);
    }

    /// Sets the function that replies after the end of the script.
    pub(crate) fn judges(&self, judge: impl FnMut(&Seen) -> Reply + Send + 'static) {
        self.play.lock().unwrap().judge = Some(Box::new(judge));
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.play.lock().unwrap().seen.clone()
    }

    /// Checks that all scripted replies were sent.
    pub(crate) fn is_done(&self) -> bool {
        self.play.lock().unwrap().script.is_empty()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(play): State<Arc<Mutex<Play>>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let path = head.uri.path_and_query().unwrap().to_string();
    let reply = {
        let mut play = play.lock().unwrap();
        let seen = Seen { method: head.method.to_string(), path, headers: head.headers, body };
        let judged = |play: &mut Play| play.judge.as_mut().map(|judge| judge(&seen));
        let reply = play.script.pop_front().or_else(|| judged(&mut play)).or_else(|| play.always.clone());
        play.seen.push(seen);
        reply
    };
    match reply {
        // Ends the connection's task, and with it the connection, without printing a panic.
        Some(Reply::Lost) => std::panic::resume_unwind(Box::new("lost on purpose")),
        Some(Reply::Silent) => std::future::pending().await,
        Some(reply) => reply.response(),
        None => Reply::status(418, "nothing left in the script").response(),
    }
}
