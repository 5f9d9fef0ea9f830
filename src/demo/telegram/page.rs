//! The chat page for a browser: it shows the same chat as the Rust handles. It loads nothing from other hosts.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Multipart, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::Stream;
use serde::Deserialize;
use serde_json::{Value, json};

use super::chat::ChatHandle;
use super::chat_file::{ChatFile, ChatFileKind};
use super::simulator::{Shared, TelegramSimulator};
use crate::demo::server;

const PAGE: &str = include_str!("../page/index.html");
const STYLE: &str = include_str!("../page/style.css");
const SCRIPTS: [(&str, &str); 4] = [
    ("chat.js", include_str!("../page/chat.js")),
    ("message.js", include_str!("../page/message.js")),
    ("text.js", include_str!("../page/text.js")),
    ("words.js", include_str!("../page/words.js")),
];
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
                      media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";

pub(super) fn router() -> Router<Arc<TelegramSimulator>> {
    Router::new()
        .route("/", get(|| async { asset("text/html; charset=utf-8", PAGE) }))
        .route("/page/style.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
        .route("/page/{script}", get(script))
        .route("/page/hello", post(hello))
        .route("/page/events", get(events))
        .route("/page/text", post(text))
        .route("/page/press", post(press))
        .route("/page/upload", post(upload))
        .route("/page/file/{id}", get(file))
        .layer(middleware::from_fn(same_site))
}

/// Refuses requests that other web sites make in the user's browser.
async fn same_site(request: Request, next: Next) -> Response {
    let from = request.headers().get("sec-fetch-site").and_then(|v| v.to_str().ok());
    if matches!(from, Some("cross-site" | "same-site")) && request.uri().path() != "/" {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

fn asset(mime: &'static str, body: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}

async fn script(Path(name): Path<String>) -> Response {
    match SCRIPTS.into_iter().find(|(known, _)| *known == name) {
        Some((_, body)) => asset("text/javascript; charset=utf-8", body),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn chat(sim: &Arc<TelegramSimulator>) -> ChatHandle {
    ChatHandle::new(sim.clone(), sim.options.page_user.id)
}

#[derive(Deserialize)]
struct HelloBody {
    language: String,
}

/// Sets the user's language to that of the browser; replies with the bot's name and commands.
async fn hello(State(sim): Shared, Json(body): Json<HelloBody>) -> Json<Value> {
    let mut user = chat(&sim).user();
    let language: String = body.language.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(16).collect();
    if !language.is_empty() {
        user.language_code = Some(language.split('-').next().unwrap_or("en").to_lowercase());
    }
    let language = user.language_code.clone().unwrap_or_default();
    sim.add_user(user);
    Json(json!({
        "name": sim.options.bot_name,
        "username": sim.options.bot_username,
        "commands": sim.commands(&language),
    }))
}

#[derive(Deserialize)]
struct TextBody {
    text: String,
    reply_to: Option<i32>,
}

async fn text(State(sim): Shared, Json(body): Json<TextBody>) -> StatusCode {
    let text = body.text.trim();
    // A real client splits longer texts; the page refuses them.
    if text.is_empty() || text.chars().count() > 4096 {
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    match body.reply_to {
        Some(message) => chat(&sim).reply(message, text),
        None => chat(&sim).send_text(text),
    };
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct PressBody {
    message: i32,
    data: String,
}

async fn press(State(sim): Shared, Json(body): Json<PressBody>) -> Response {
    match chat(&sim).press_data(body.message, &body.data) {
        Ok(id) => Json(json!({ "id": id })).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Sends files as one message, or as an album when there are several of one kind.
async fn upload(State(sim): Shared, mut form: Multipart) -> Result<StatusCode, StatusCode> {
    let bad = |_| StatusCode::BAD_REQUEST;
    let (mut files, mut caption, mut as_document): (Vec<ChatFile>, String, bool) = (Vec::new(), String::new(), false);
    while let Some(field) = form.next_field().await.map_err(bad)? {
        match field.name().unwrap_or_default() {
            "caption" => caption = field.text().await.map_err(bad)?,
            "document" => as_document = field.text().await.map_err(bad)? == "1",
            "file" if files.len() < 10 => {
                let name = field.file_name().map(str::to_owned);
                let mime = field.content_type().map(str::to_owned);
                let body = field.bytes().await.map_err(bad)?;
                if body.is_empty() {
                    return Err(StatusCode::UNPROCESSABLE_ENTITY);
                }
                let kind = if as_document { ChatFileKind::Document } else { kind_of(&body, mime.as_deref()) };
                files.push(sim.store_file(kind, name, mime, body));
            }
            _ => {}
        }
    }
    let chat = chat(&sim);
    let one_kind = files.windows(2).all(|pair| pair[0].kind == pair[1].kind);
    match files.len() {
        0 => return Err(StatusCode::BAD_REQUEST),
        n if n > 1 && one_kind => drop(chat.post_album(files, &caption)),
        _ => {
            for media in files {
                let text = std::mem::take(&mut caption);
                chat.post(|message| (message.text, message.media) = (text, Some(media)));
            }
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The kind that a real client sends a file as.
fn kind_of(body: &[u8], mime: Option<&str>) -> ChatFileKind {
    let facts = crate::probe::probe(body);
    let mime = if facts.mime == "application/octet-stream" { mime.unwrap_or_default() } else { facts.mime };
    match mime.split('/').next() {
        Some("image") if mime != "image/gif" && facts.width.is_some() => ChatFileKind::Photo,
        Some("image") if mime == "image/gif" => ChatFileKind::Animation,
        Some("video") => ChatFileKind::Video,
        Some("audio") => ChatFileKind::Audio,
        _ => ChatFileKind::Document,
    }
}

#[derive(Deserialize)]
struct DownloadQuery {
    #[serde(default)]
    save: u8,
}

/// A file for the page. Only images, videos and audio are shown in it; anything else is downloaded, so that a malicious
/// document cannot run in the page.
async fn file(
    State(sim): Shared,
    Path(id): Path<String>,
    Query(query): Query<DownloadQuery>,
    headers: HeaderMap,
) -> Response {
    let found = sim.state().files.get(&id).cloned();
    let Some(file) = found else { return StatusCode::NOT_FOUND.into_response() };
    let mime = file.media.mime.as_str();
    let shown = ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(&mime)
        || mime.starts_with("video/")
        || mime.starts_with("audio/");
    let mut reply = server::file(&headers, if shown { mime } else { "application/octet-stream" }, file.body);
    let fixed = reply.headers_mut();
    fixed.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    fixed.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    fixed.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    if !shown || query.save == 1 {
        fixed.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    reply
}

/// A stream of changes, starting with the whole chat; also after a reconnection.
async fn events(State(sim): Shared) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = sim.subscribe();
    let seen = EventStream { sim, changes, revision: 0, first: true, action: None };
    Sse::new(futures::stream::unfold(seen, next_event)).keep_alive(KeepAlive::default())
}

/// The stream of one page: what was sent so far.
struct EventStream {
    sim: Arc<TelegramSimulator>,
    changes: tokio::sync::watch::Receiver<u64>,
    revision: u64,
    first: bool,
    action: Option<String>,
}

async fn next_event(mut seen: EventStream) -> Option<(Result<Event, Infallible>, EventStream)> {
    loop {
        if let Some(news) = seen.next_changes() {
            let event = Event::default().json_data(news).unwrap_or_default();
            return Some((Ok(event), seen));
        }
        // A chat action expires without a change.
        let expiring = async {
            match seen.action {
                Some(_) => tokio::time::sleep(std::time::Duration::from_millis(500)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = seen.changes.changed() => changed.ok()?,
            () = expiring => {}
        }
    }
}

impl EventStream {
    fn next_changes(&mut self) -> Option<Value> {
        let now = self.sim.now();
        let user = self.sim.options.page_user.id;
        let state = self.sim.state();
        let chat = state.chats.get(&user)?;
        let action = chat.action.clone().filter(|(_, until)| *until > now).map(|(action, _)| action);
        let messages: Vec<_> = chat.messages.iter().filter(|m| m.revision > self.revision).collect();
        let answers: Vec<_> =
            state.callbacks.iter().filter(|query| query.chat == user && query.revision > self.revision).collect();
        if messages.is_empty() && answers.is_empty() && action == self.action && !self.first {
            return None;
        }
        let newest = messages.iter().map(|m| m.revision).chain(answers.iter().map(|query| query.revision)).max();
        let news = json!({
            "fresh": self.first, "messages": messages, "callbacks": answers, "action": action,
        });
        self.revision = newest.unwrap_or(self.revision).max(self.revision);
        self.first = false;
        self.action = action;
        Some(news)
    }
}
