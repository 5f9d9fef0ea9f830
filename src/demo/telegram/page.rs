//! The chat page for a browser: it shows the same chat as the Rust handles. It loads nothing from other hosts.

use std::sync::Arc;

use axum::extract::{Multipart, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::chat::ChatHandle;
use super::chat_file::{ChatFile, ChatFileKind};
use super::chat_state::ChatMemberStatus;
use super::message::TelegramUser;
use super::simulator::{Shared, TelegramSimulator};
use super::{page_event, page_pay, page_vendor};
use crate::demo::server;

const PAGE: &str = include_str!("../page/index.html");
const STYLE: &str = include_str!("../page/style.css");
const SCRIPTS: [(&str, &str); 8] = [
    ("chat.js", include_str!("../page/chat.js")),
    ("composer.js", include_str!("../page/composer.js")),
    ("pay.js", include_str!("../page/pay.js")),
    ("seat.js", include_str!("../page/seat.js")),
    ("message.js", include_str!("../page/message.js")),
    ("text.js", include_str!("../page/text.js")),
    ("vendor.js", include_str!("../page/vendor.js")),
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
        .route("/page/events", get(page_event::events))
        .route("/page/text", post(text))
        .route("/page/edit", post(edit))
        .route("/page/press", post(press))
        .route("/page/upload", post(upload))
        .route("/page/vendor", post(page_vendor::account))
        .route("/page/file/{id}", get(file))
        .merge(page_pay::router())
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

/// The group of the page: the page's user and a friend are in it.
pub(super) const GROUP: i64 = -1_000_000_007_001;
const FRIEND: i64 = 7002;

/// Which chat the page shows, and as whom; by default the private chat of the page's user.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Seat {
    group: bool,
    friend: bool,
}

/// The chat at a seat.
pub(super) fn chat(sim: &Arc<TelegramSimulator>, seat: Seat) -> ChatHandle {
    let user = sim.options.page_user.id;
    let id = if seat.group { GROUP } else { user };
    let member = Some(if seat.group && seat.friend { FRIEND } else { user });
    ChatHandle { member, ..ChatHandle::new(sim.clone(), id) }
}

#[derive(Deserialize)]
struct HelloBody {
    language: String,
    /// The name of the friend, in the page's language.
    #[serde(default)]
    friend: String,
    /// The title of the group.
    #[serde(default)]
    group: String,
}

/// Sets the language of both persons to that of the browser, and opens the group; replies with the bot's name and
/// commands.
async fn hello(State(sim): Shared, Json(body): Json<HelloBody>) -> Json<Value> {
    let mut user = chat(&sim, Seat::default()).user();
    let language: String = body.language.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(16).collect();
    if !language.is_empty() {
        user.language_code = Some(language.split('-').next().unwrap_or("en").to_lowercase());
    }
    let language = user.language_code.clone().unwrap_or_default();
    sim.add_user(user.clone());
    let title = Some(body.group).filter(|title| !title.is_empty());
    let name = Some(body.friend).filter(|name| !name.is_empty());
    let friend = TelegramUser { language_code: user.language_code.clone(), ..TelegramUser::new(FRIEND) };
    let friend = TelegramUser { first_name: name.unwrap_or_else(|| friend.first_name.clone()), ..friend };
    let is_known = sim.state().chats.contains_key(&GROUP);
    if !is_known {
        sim.add_group(GROUP, user.clone(), |group| {
            group.own_count = Some(0);
            // It is their group, so that they may fill its purse.
            for member in group.members.values_mut() {
                member.status = ChatMemberStatus::Creator;
            }
            if let Some(title) = title {
                group.title = title;
            }
        });
    }
    let group = chat(&sim, Seat { group: true, friend: false }).as_member(user).as_member(friend);
    Json(json!({
        "name": sim.options.bot_name,
        "username": sim.options.bot_username,
        "commands": sim.commands(sim.options.page_user.id, &language),
        "user": sim.options.page_user.id,
        "friend": group.user().id,
        "vendor": sim.options.vendor.as_ref().map(|vendor| vendor.balance() > 0.0),
    }))
}

#[derive(Deserialize)]
struct TextBody {
    text: String,
    reply_to: Option<i32>,
}

/// The longest text that the page sends, in characters: a client splits what is longer than a message.
const MAX_TEXT: usize = 40_000;

async fn text(State(sim): Shared, Query(seat): Query<Seat>, Json(body): Json<TextBody>) -> StatusCode {
    let text = body.text.trim();
    if text.is_empty() || text.chars().count() > MAX_TEXT {
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    match body.reply_to {
        Some(message) => drop(chat(&sim, seat).reply(message, text)),
        None => drop(chat(&sim, seat).send_long_text(text)),
    }
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct EditBody {
    message: i32,
    text: String,
}

async fn edit(State(sim): Shared, Query(seat): Query<Seat>, Json(body): Json<EditBody>) -> StatusCode {
    let text = body.text.trim();
    if text.is_empty() || text.encode_utf16().count() > 4096 {
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    chat(&sim, seat).edit(body.message, text);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct PressBody {
    message: i32,
    data: String,
}

async fn press(State(sim): Shared, Query(seat): Query<Seat>, Json(body): Json<PressBody>) -> Response {
    match chat(&sim, seat).press_data(body.message, &body.data) {
        Ok(id) => Json(json!({ "id": id })).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Sends files as one message, or as an album when there are several of one kind.
async fn upload(State(sim): Shared, Query(seat): Query<Seat>, mut form: Multipart) -> Result<StatusCode, StatusCode> {
    let bad = |_| StatusCode::BAD_REQUEST;
    let (mut files, mut caption, mut as_document): (Vec<ChatFile>, String, bool) = (Vec::new(), String::new(), false);
    let mut reply_to = None;
    while let Some(field) = form.next_field().await.map_err(bad)? {
        match field.name().unwrap_or_default() {
            "caption" => caption = field.text().await.map_err(bad)?,
            "reply_to" => reply_to = field.text().await.map_err(bad)?.parse().ok(),
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
    let chat = chat(&sim, seat);
    let one_kind = files.windows(2).all(|pair| pair[0].kind == pair[1].kind);
    match files.len() {
        0 => return Err(StatusCode::BAD_REQUEST),
        n if n > 1 && one_kind => drop(chat.post_album(files, &caption, reply_to)),
        _ => {
            for media in files {
                let text = std::mem::take(&mut caption);
                chat.post(|message| (message.text, message.media, message.reply_to) = (text, Some(media), reply_to));
            }
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The kind that a real client sends a file as.
fn kind_of(body: &[u8], mime: Option<&str>) -> ChatFileKind {
    let facts = crate::probe::Probe::of_bytes(body);
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
