//! The arguments of a method, from JSON, a form, the query or a multipart body.

use std::collections::HashMap;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use bytes::Bytes;
use serde_json::{Map, Value};

use super::error::ApiError;

/// Bodies are read up to this size, so that a client that sends too much gets an error and not a reset connection.
const MAX_BODY: usize = 256 * 1024 * 1024;

/// A file in a multipart body.
#[derive(Debug, Clone)]
pub(super) struct FilePart {
    pub(super) name: Option<String>,
    pub(super) mime: Option<String>,
    pub(super) body: Bytes,
}

/// A file argument.
#[derive(Debug, Clone)]
pub(super) enum FileArg {
    Part(FilePart),
    Id(String),
    Url(String),
}

#[derive(Debug, Default)]
pub(super) struct Args {
    fields: Map<String, Value>,
    parts: HashMap<String, FilePart>,
}

impl Args {
    pub(super) async fn read(request: Request) -> Result<Self, ApiError> {
        let mut args = Self::default();
        for (name, value) in pairs(request.uri().query().unwrap_or_default().as_bytes()) {
            args.fields.insert(name, Value::String(value));
        }
        let mime = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if mime.starts_with("multipart/form-data") {
            let form =
                Multipart::from_request(request, &()).await.map_err(|_| ApiError::bad("wrong multipart body"))?;
            args.read_form(form).await?;
        } else if mime.starts_with("application/x-www-form-urlencoded") {
            let body = to_bytes(request.into_body(), MAX_BODY).await.map_err(|_| ApiError::too_large())?;
            args.fields.extend(pairs(&body).map(|(name, value)| (name, Value::String(value))));
        } else {
            let body = to_bytes(request.into_body(), MAX_BODY).await.map_err(|_| ApiError::too_large())?;
            if !body.is_empty() {
                let fields: Map<String, Value> = serde_json::from_slice(&body)
                    .map_err(|_| ApiError::bad("can't parse the request as JSON object"))?;
                args.fields.extend(fields);
            }
        }
        Ok(args)
    }

    async fn read_form(&mut self, mut form: Multipart) -> Result<(), ApiError> {
        let bad = |_| ApiError::bad("wrong multipart body");
        let mut total = 0;
        while let Some(field) = form.next_field().await.map_err(bad)? {
            let key = field.name().unwrap_or_default().to_owned();
            let (name, mime) = (field.file_name().map(str::to_owned), field.content_type().map(str::to_owned));
            let body = field.bytes().await.map_err(bad)?;
            total += body.len();
            if total > MAX_BODY {
                return Err(ApiError::too_large());
            }
            // A part without a file name may be a text or a file, depending on the argument it is read as.
            if name.is_none()
                && let Ok(text) = std::str::from_utf8(&body)
            {
                self.fields.insert(key.clone(), Value::String(text.to_owned()));
            }
            self.parts.insert(key, FilePart { name, mime, body });
        }
        Ok(())
    }

    /// The arguments without files.
    pub(super) fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// The size of the largest file, in bytes.
    pub(super) fn largest(&self) -> usize {
        self.parts.values().map(|part| part.body.len()).max().unwrap_or(0)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    pub(super) fn int(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| text.eq_ignore_ascii_case("true") || text == "1")
    }

    /// An object or list, given as JSON or as JSON text.
    pub(super) fn json(&self, name: &str) -> Result<Option<Value>, ApiError> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text)
                .map(Some)
                .map_err(|_| ApiError::bad(format!("can't parse {name} JSON object"))),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    pub(super) fn chat(&self) -> Result<i64, ApiError> {
        match self.text("chat_id") {
            None => Err(ApiError::bad("chat_id is empty")),
            Some(text) => text.trim().parse().map_err(|_| ApiError::bad("chat not found")),
        }
    }

    pub(super) fn message_id(&self) -> Result<i32, ApiError> {
        let id = self.int("message_id").and_then(|id| i32::try_from(id).ok());
        id.ok_or_else(|| ApiError::bad("message identifier is not specified"))
    }

    /// A file argument: its own part, a part that it names, an id or a URL.
    pub(super) fn file(&self, name: &str) -> Option<FileArg> {
        match self.text(name) {
            Some(text) if !text.is_empty() && self.parts.get(name).is_none_or(|part| part.name.is_none()) => {
                self.resolve(&text)
            }
            _ => self.parts.get(name).cloned().map(FileArg::Part),
        }
    }

    /// A file argument given as a text.
    pub(super) fn resolve(&self, text: &str) -> Option<FileArg> {
        if let Some(key) = text.strip_prefix("attach://") {
            return self.parts.get(key).cloned().map(FileArg::Part);
        }
        let is_url = text.starts_with("http://") || text.starts_with("https://");
        Some(if is_url { FileArg::Url(text.to_owned()) } else { FileArg::Id(text.to_owned()) })
    }
}

fn pairs(text: &[u8]) -> impl Iterator<Item = (String, String)> {
    url::form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned()))
}
