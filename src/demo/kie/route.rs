//! The routes.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::task::{Fate, Phase};
use super::world::{Stored, World};
use super::{UnknownTask, catalogue, control, fault, record, upload, webhook};
use crate::demo::site::{self, Cut};

pub(super) type Sim = State<Arc<World>>;

pub(super) fn router(world: Arc<World>) -> Router {
    let api = Router::new()
        .route("/api/v1/jobs/createTask", post(create))
        .route("/api/v1/jobs/recordInfo", get(poll))
        .route("/api/v1/chat/credit", get(credit))
        .route("/api/v1/common/download-url", post(download_url))
        .route("/api/v1/models", get(catalogue::list))
        .route("/api/v1/models/{*page}", get(catalogue::page))
        .route("/api/file-stream-upload", post(upload::stream))
        .route("/api/file-base64-upload", post(upload::base64))
        .route("/api/file-url-upload", post(upload::url))
        .method_not_allowed_fallback(|| async { refusal(405, "method not allowed") })
        .layer(middleware::from_fn_with_state(world.clone(), authorize));
    let files = Router::new().route("/files/{*path}", get(serve_file));
    api.merge(files)
        .layer(middleware::from_fn_with_state(world.clone(), fault::strike))
        .merge(control::router())
        .fallback(|| async { refusal(404, "no such route") })
        .with_state(world)
}

/// An error envelope: `data` is null, and absent on the auth error. Code 200 gives the null-data reply.
pub(super) fn refusal(code: i64, msg: &str) -> Json<Value> {
    if code == 401 { Json(json!({ "code": code, "msg": msg })) } else { envelope(code, msg, &Value::Null) }
}

pub(super) fn envelope(code: i64, msg: &str, data: &Value) -> Json<Value> {
    Json(json!({ "code": code, "msg": msg, "data": data }))
}

pub(super) fn success(data: &Value) -> Json<Value> {
    envelope(200, "success", data)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").filter(|key| !key.is_empty())
}

async fn authorize(State(world): Sim, request: Request, next: Next) -> Response {
    let right = match (bearer(request.headers()), &world.options.key) {
        (Some(given), Some(key)) => given == key || world.options.other_keys.iter().any(|other| other == given),
        (given, None) => given.is_some(),
        (None, Some(_)) => false,
    };
    if right { next.run(request).await } else { refusal(401, "You do not have access permissions").into_response() }
}

async fn create(State(world): Sim, ConnectInfo(cut): ConnectInfo<Cut>, headers: HeaderMap, body: Bytes) -> Json<Value> {
    match accept(&world, &cut, bearer(&headers).unwrap_or_default(), &body) {
        Ok(reply) => reply,
        Err((code, msg)) => refusal(code, &msg),
    }
}

fn accept(world: &Arc<World>, cut: &Cut, owner: &str, body: &[u8]) -> Result<Json<Value>, (i64, String)> {
    let body: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| (400, "the body is not JSON".to_owned()))?;
    world.admit()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let model = text("model").ok_or((422, "model is required".to_owned()))?;
    let Some(Value::Object(input)) = body.get("input") else { return Err((422, "input is required".to_owned())) };
    let webhook = text("callBackUrl").map(str::to_owned);
    let (task, lost) = world.accept(model, owner, input.clone(), webhook.clone())?;
    if let Some(url) = webhook {
        tokio::spawn(webhook::deliver(world.clone(), task.id.clone(), url));
    }
    if lost {
        cut.cut();
    }
    Ok(success(&json!({ "taskId": task.id, "recordId": task.id })))
}

#[derive(Deserialize)]
struct PollQuery {
    #[serde(rename = "taskId", default)]
    task_id: String,
}

async fn poll(State(world): Sim, headers: HeaderMap, Query(query): Query<PollQuery>) -> Json<Value> {
    let unknown = || match world.options.unknown {
        UnknownTask::NotFound => refusal(404, "task not found"),
        UnknownTask::Invalid => refusal(422, &format!("recordInfo is null: {}", query.task_id)),
        UnknownTask::Null => success(&Value::Null),
    };
    if query.task_id.is_empty() {
        return refusal(422, "taskId is required");
    }
    // Another account's task is as unknown as one that never was.
    let owner = world.state().tasks.get(&query.task_id).map(|task| task.owner.clone());
    if owner.as_deref() != bearer(&headers) {
        return unknown();
    }
    match world.look(&query.task_id, true) {
        None | Some((_, Phase::Hidden)) => unknown(),
        Some((task, phase)) => match &task.plan.fate {
            Fate::Envelope { code, msg } if phase == Phase::Done => refusal(*code, msg),
            _ => success(&record::record(&task, &phase, world.options.generation)),
        },
    }
}

async fn credit(State(world): Sim) -> Json<Value> {
    let balance = world.state().balance;
    success(&json!(balance))
}

async fn download_url(State(world): Sim, Json(body): Json<Map<String, Value>>) -> Json<Value> {
    let url = body.get("url").and_then(Value::as_str).unwrap_or_default();
    let known = url.strip_prefix(world.files_url()).is_some_and(|path| world.state().files.contains_key(path));
    if !known {
        return refusal(422, "this url was not made by us");
    }
    let expires = world.options.clock.now() + Duration::from_secs(20 * 60);
    success(&json!(format!("{url}?expires={}", expires.millis())))
}

#[derive(Deserialize)]
struct FileQuery {
    expires: Option<i64>,
}

async fn serve_file(
    State(world): Sim,
    Path(path): Path<String>,
    Query(query): Query<FileQuery>,
    headers: HeaderMap,
) -> Response {
    if headers.contains_key(header::AUTHORIZATION) {
        world.state().leaks += 1;
    }
    if query.expires.is_some_and(|at| at < world.options.clock.now().millis()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let found = world.state().files.get(&path).cloned();
    let stored = match found {
        None => return StatusCode::NOT_FOUND.into_response(),
        Some(Stored::Recipe { kind, subject }) => {
            // Drawing takes a while in a debug build: off the async threads.
            match tokio::task::spawn_blocking(move || Stored::make(kind, &subject)).await {
                Ok(Ok(made)) => {
                    world.state().files.insert(path, made.clone());
                    made
                }
                _ => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
        Some(ready) => ready,
    };
    match stored {
        Stored::Ready { mime, body } => site::file(&headers, &mime, body),
        Stored::Recipe { .. } => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
