//! The routes of the API and of the files.

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

use super::simulator::{EnvelopeError, KieSimulator, Shared};
use super::state::ServedFile;
use super::task::{TaskEnd, TaskPhase};
use super::{InstantRoute, UnknownTask, catalogue, control, fault_layer, feed, record, reply, upload, webhook};
use crate::demo::server::{self, ConnectionAbort};

pub(super) fn router(sim: Arc<KieSimulator>) -> Router {
    let instant = sim.options.instant_routes.clone().into_iter();
    let instant = instant.fold(Router::new(), |router, InstantRoute { path, model }| {
        let answer = async move |State(sim): Shared,
                                 ConnectInfo(abort): ConnectInfo<ConnectionAbort>,
                                 headers: HeaderMap,
                                 body: Bytes| {
            let owner = bearer(&headers).unwrap_or_default();
            make_at_once(&sim, &abort, owner, &model, &body).unwrap_or_else(|(code, msg)| reply::error(code, &msg))
        };
        router.route(&path, post(answer))
    });
    let api = instant
        .route("/api/v1/jobs/createTask", post(create))
        .route("/api/v1/jobs/recordInfo", get(poll))
        .route("/api/v1/chat/credit", get(credit))
        .route("/api/v1/common/download-url", post(download_url))
        .route("/api/v1/models", get(catalogue::list))
        .route("/api/v1/models/{*page}", get(catalogue::page))
        .route("/api/file-stream-upload", post(upload::stream))
        .route("/api/file-base64-upload", post(upload::base64))
        .route("/api/file-url-upload", post(upload::url))
        .method_not_allowed_fallback(|| async { reply::error(405, "method not allowed") })
        .layer(middleware::from_fn_with_state(sim.clone(), authorize));
    let public = Router::new()
        .route("/files/{*path}", get(serve_file))
        .route("/client/v1/model-pricing/page", post(feed::prices))
        .route("/api/v1/common/pageApiAnnouncementList", post(feed::announcements));
    api.merge(public)
        .layer(middleware::from_fn_with_state(sim.clone(), fault_layer::inject))
        .merge(control::router())
        .fallback(|| async { reply::error(404, "no such route") })
        .with_state(sim)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").filter(|key| !key.is_empty())
}

async fn authorize(State(sim): Shared, request: Request, next: Next) -> Response {
    let is_authorized = match (bearer(request.headers()), &sim.options.key) {
        (Some(given), Some(key)) => given == key || sim.options.other_keys.iter().any(|other| other == given),
        (given, None) => given.is_some(),
        (None, Some(_)) => false,
    };
    if is_authorized {
        next.run(request).await
    } else {
        reply::error(401, "You do not have access permissions").into_response()
    }
}

async fn create(
    State(sim): Shared,
    ConnectInfo(abort): ConnectInfo<ConnectionAbort>,
    headers: HeaderMap,
    body: Bytes,
) -> Json<Value> {
    match create_task(&sim, &abort, bearer(&headers).unwrap_or_default(), &body) {
        Ok(reply) => reply,
        Err((code, msg)) => reply::error(code, &msg),
    }
}

/// Creates the task of a request, and sends its webhook when it ends.
///
/// # Errors
/// The envelope's code and text.
fn create_task(
    sim: &Arc<KieSimulator>,
    abort: &ConnectionAbort,
    owner: &str,
    body: &[u8],
) -> Result<Json<Value>, (i64, String)> {
    let body: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| (400, "the body is not JSON".to_owned()))?;
    sim.check_rate_limit()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let model = text("model").ok_or((422, "model is required".to_owned()))?;
    let Some(Value::Object(input)) = body.get("input") else { return Err((422, "input is required".to_owned())) };
    let webhook = text("callBackUrl").map(str::to_owned);
    if webhook.is_none() && (sim.options.needs_webhook)(model) {
        return Err((422, "Please enter callBackUrl".to_owned()));
    }
    let (task, lost) = sim.create_task(model, owner, input.clone(), webhook.clone())?;
    if let Some(url) = webhook {
        tokio::spawn(webhook::deliver(sim.clone(), task.id.clone(), url));
    }
    if lost {
        abort.abort();
    }
    Ok(reply::success(&json!({ "taskId": task.id, "recordId": task.id })))
}

/// Answers a route whose body is the input, and whose answer is the result.
///
/// # Errors
/// The envelope's code and text.
fn make_at_once(
    sim: &Arc<KieSimulator>,
    abort: &ConnectionAbort,
    owner: &str,
    model: &str,
    body: &[u8],
) -> Result<Json<Value>, EnvelopeError> {
    let input: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| (400, "the body is not JSON".to_owned()))?;
    sim.check_rate_limit()?;
    let (task, lost) = sim.create_task(model, owner, input, None)?;
    if lost {
        abort.abort();
    }
    Ok(reply::success(&Value::Object(task.members)))
}

#[derive(Deserialize)]
struct PollQuery {
    #[serde(rename = "taskId", default)]
    task_id: String,
}

async fn poll(State(sim): Shared, headers: HeaderMap, Query(query): Query<PollQuery>) -> Json<Value> {
    let unknown = || match sim.options.unknown {
        UnknownTask::NotFound => reply::error(404, "task not found"),
        UnknownTask::Invalid => reply::error(422, &format!("recordInfo is null: {}", query.task_id)),
        UnknownTask::Null => reply::success(&Value::Null),
    };
    if query.task_id.is_empty() {
        return reply::error(422, "taskId is required");
    }
    // An account cannot see the tasks of another.
    let owner = sim.state().tasks.get(&query.task_id).map(|task| task.owner.clone());
    if owner.as_deref() != bearer(&headers) {
        return unknown();
    }
    match sim.phase_of(&query.task_id, true) {
        None | Some((_, TaskPhase::Hidden)) => unknown(),
        Some((task, phase)) => match &task.plan.end {
            TaskEnd::Envelope { code, msg } if phase == TaskPhase::Done => reply::error(*code, msg),
            _ => reply::success(&record::record(&task, &phase, sim.options.record_format)),
        },
    }
}

async fn credit(State(sim): Shared) -> Json<Value> {
    let balance = sim.state().balance;
    reply::success(&json!(balance))
}

async fn download_url(State(sim): Shared, Json(body): Json<Map<String, Value>>) -> Json<Value> {
    let url = body.get("url").and_then(Value::as_str).unwrap_or_default();
    let known = url.strip_prefix(sim.files_url()).is_some_and(|path| sim.state().files.contains_key(path));
    if !known {
        return reply::error(422, "this url was not made by us");
    }
    let expires = sim.options.clock.now() + Duration::from_secs(20 * 60);
    reply::success(&json!(format!("{url}?expires={}", expires.millis())))
}

#[derive(Deserialize)]
struct FileQuery {
    expires: Option<i64>,
}

async fn serve_file(
    State(sim): Shared,
    Path(path): Path<String>,
    Query(query): Query<FileQuery>,
    headers: HeaderMap,
) -> Response {
    if headers.contains_key(header::AUTHORIZATION) {
        sim.state().key_leaks += 1;
    }
    if query.expires.is_some_and(|at| at < sim.options.clock.now().millis()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let found = sim.state().files.get(&path).cloned();
    let stored = match found {
        None => return StatusCode::NOT_FOUND.into_response(),
        Some(ServedFile::Undrawn { kind, subject }) => {
            // Generating a file is slow in debug builds, so it is not done on an async thread.
            match tokio::task::spawn_blocking(move || ServedFile::make(kind, &subject)).await {
                Ok(Ok(made)) => {
                    sim.state().files.insert(path, made.clone());
                    made
                }
                _ => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
        Some(ready) => ready,
    };
    match stored {
        ServedFile::Ready { mime, body } => server::file(&headers, &mime, body),
        ServedFile::Undrawn { .. } => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
