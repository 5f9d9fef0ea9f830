//! The three upload routes (of the vendor's upload host, `kieai.redpandaai.co`).

use std::time::Duration;

use axum::Json;
use axum::extract::{Multipart, State};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::reply;
use super::simulator::{KieSimulator, Shared};
use super::state::{ServedFile, UploadedFile};
use crate::clock::Timestamp;
use crate::demo::random;
use crate::mime;
use crate::probe::Probe;

/// Size of the largest file that `file-url-upload` fetches, in bytes (vendor documentation).
const MAX_FETCHED: usize = 100_000_000;

type Reply = Result<Json<Value>, Json<Value>>;

pub(super) async fn stream(State(sim): Shared, form: Multipart) -> Json<Value> {
    read_form(&sim, form).await.unwrap_or_else(|error| error)
}

async fn read_form(sim: &KieSimulator, mut form: Multipart) -> Reply {
    let bad = |_| reply::error(400, "the form cannot be read");
    let (mut file, mut folder, mut name) = (None, None, None);
    while let Some(field) = form.next_field().await.map_err(bad)? {
        match field.name().unwrap_or_default() {
            "file" => {
                let given = field.file_name().map(str::to_owned);
                let mime = field.content_type().map(str::to_owned);
                file = Some((given, mime, field.bytes().await.map_err(bad)?));
            }
            "uploadPath" => folder = Some(field.text().await.map_err(bad)?),
            "fileName" => name = Some(field.text().await.map_err(bad)?),
            _ => {}
        }
    }
    let (given, mime, body) = file.ok_or_else(|| reply::error(400, "file is required"))?;
    store(sim, folder, name, given.as_deref(), mime, body)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Base64Body {
    base64_data: String,
    upload_path: Option<String>,
    file_name: Option<String>,
}

pub(super) async fn base64(State(sim): Shared, body: Bytes) -> Json<Value> {
    let read = || -> Reply {
        let body: Base64Body =
            serde_json::from_slice(&body).map_err(|_| reply::error(400, "base64Data is required"))?;
        let (mime, data) = match body.base64_data.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
            Some((mime, data)) => (Some(mime.to_owned()), data),
            None => (None, body.base64_data.as_str()),
        };
        let bytes = STANDARD.decode(data).map_err(|_| reply::error(400, "base64Data is not base64"))?;
        store(&sim, body.upload_path, body.file_name, None, mime, bytes.into())
    };
    read().unwrap_or_else(|error| error)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UrlBody {
    file_url: String,
    upload_path: Option<String>,
    file_name: Option<String>,
}

pub(super) async fn url(State(sim): Shared, body: Bytes) -> Json<Value> {
    let Ok(body) = serde_json::from_slice::<UrlBody>(&body) else { return reply::error(400, "fileUrl is required") };
    let Some((mime, bytes)) = fetch(&sim.web, &body.file_url).await else {
        return reply::error(500, "the file could not be fetched");
    };
    let given = body.file_url.split(['?', '#']).next().and_then(|path| path.rsplit('/').next());
    store(&sim, body.upload_path, body.file_name, given, mime, bytes).unwrap_or_else(|error| error)
}

async fn fetch(web: &reqwest::Client, url: &str) -> Option<(Option<String>, Bytes)> {
    let reply = web.get(url).timeout(Duration::from_secs(30)).send().await.ok()?.error_for_status().ok()?;
    let mime = reply.headers().get("content-type").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let bytes = reply.bytes().await.ok()?;
    (bytes.len() <= MAX_FETCHED).then_some((mime, bytes))
}

/// Stores a file; replies with its URL.
///
/// # Errors
/// The error reply.
fn store(
    sim: &KieSimulator,
    folder: Option<String>,
    name: Option<String>,
    given: Option<&str>,
    mime: Option<String>,
    body: Bytes,
) -> Reply {
    let folder = folder.filter(|f| !f.is_empty()).ok_or_else(|| reply::error(400, "uploadPath is required"))?;
    if folder.starts_with('/') || folder.ends_with('/') || folder.contains("..") {
        return Err(reply::error(400, "uploadPath must not begin or end with a slash"));
    }
    let mime =
        mime.filter(|m| m != "application/octet-stream").unwrap_or_else(|| Probe::of_bytes(&body).mime.to_owned());
    let now = sim.options.clock.now();
    let mut state = sim.state();
    let name = name.filter(|n| !n.is_empty()).unwrap_or_else(|| {
        let extension = given
            .and_then(|g| g.rsplit_once('.').map(|(_, e)| e.to_owned()))
            .or_else(|| mime::extension(&mime).map(str::to_owned))
            .unwrap_or_else(|| "bin".to_owned());
        let id = sim.fresh_id(&mut state);
        format!("{}-{}.{extension}", now.millis(), &id[..11])
    });
    let account = random::number(&random::bytes(sim.options.seed, &["account"])) % 100_000;
    let path = format!("kieai/{account}/{folder}/{name}");
    let link = format!("{}{path}", sim.files_url());
    let size = body.len();
    state.files.insert(path.clone(), ServedFile::Ready { mime: mime.clone(), body });
    state.uploads.push(UploadedFile { name: name.clone(), folder, mime: mime.clone(), bytes: size, url: link.clone() });
    drop(state);
    sim.notify_changed();
    Ok(Json(json!({
        "success": true,
        "code": 200,
        "msg": "File uploaded successfully",
        "data": {
            "success": true,
            "fileName": name,
            "filePath": path,
            "downloadUrl": link,
            "fileSize": size,
            "mimeType": mime,
            "uploadedAt": iso(now),
        }
    })))
}

/// ISO 8601 in UTC with milliseconds.
fn iso(now: Timestamp) -> String {
    let rest = now.millis().rem_euclid(86_400_000);
    let (seconds, millis) = (rest / 1000, rest % 1000);
    format!("{}T{:02}:{:02}:{:02}.{millis:03}Z", now.date(), seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(iso(Timestamp::from_millis(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(Timestamp::from_millis(1_790_000_000_123)), "2026-09-21T14:13:20.123Z");
        assert_eq!(iso(Timestamp::from_millis(1_709_164_800_000)), "2024-02-29T00:00:00.000Z");
    }
}
