//! Uploads of files to the vendor's store: models take URLs, not files.
//!
//! Uploads are kept for 24 hours (vendor's agent guide; older pages say three days): upload right before use.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::header::RANGE;
use reqwest::multipart::{Form, Part};
use reqwest::{Body, RequestBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;
use url::Url;

use crate::client::Client;
use crate::client::credit::READ_ATTEMPTS;
use crate::client::envelope::{integer, text};
use crate::client::error::Error;
use crate::client::exchange::{next_chunk, send};
use crate::client::hosts::ExchangeTimeouts;
use crate::client::key::Key;
use crate::mime;
use crate::sniff::{SNIFFED, sniff};

/// How long the host of a public file may take for its first bytes, and for each next part of them.
const PEEK_TIMEOUT: Duration = Duration::from_secs(5);

/// The largest file for [`Client::upload_base64`], in bytes (vendor documentation: up to 10 MB).
pub const BASE64_LIMIT: u64 = 10_000_000;

/// A file in the vendor's store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// The URL for a model's input.
    pub url: String,
    /// Size in bytes, if known.
    pub bytes: Option<u64>,
    /// MIME type as the vendor tells it, else as given.
    pub mime: String,
}

impl Client {
    /// Uploads a local file as a stream, without reading it into memory. Its type and the ending of its name there are those that its
    /// first bytes show; where they show none, `mime` and the ending of its own name.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be read; otherwise any error of a call, after retries of temporary ones.
    pub async fn upload_file(&self, path: &Path, mime: &str) -> Result<Uploaded, Error> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.upload_file_as(path, &name, mime).await
    }

    /// As [`Client::upload_file`], for a file that has its name elsewhere, such as a temporary one.
    ///
    /// # Errors
    /// As [`Client::upload_file`].
    pub async fn upload_file_as(&self, path: &Path, name: &str, mime: &str) -> Result<Uploaded, Error> {
        let fail =
            |why: std::io::Error| Error::File { what: "read", path: path.display().to_string(), why: why.to_string() };
        let fail = &fail;
        let send = |key: Arc<Key>| async move {
            let mut file = tokio::fs::File::open(path).await.map_err(fail)?;
            let facts = file.metadata().await.map_err(fail)?;
            if !facts.is_file() {
                return Err(fail(std::io::ErrorKind::InvalidInput.into()));
            }
            let mut start = Vec::new();
            (&mut file).take(SNIFFED as u64).read_to_end(&mut start).await.map_err(fail)?;
            file.rewind().await.map_err(fail)?;
            let body = Body::wrap_stream(ReaderStream::with_capacity(file, 64 << 10));
            let file_type = FileType::of(&start, name, mime);
            self.upload_part(&key, Part::stream_with_length(body, facts.len()), &file_type, facts.len()).await
        };
        self.repeat(READ_ATTEMPTS, Error::is_retryable, || self.with_failover(send)).await
    }

    /// Uploads bytes. Of `name` no more than the ending is used: the file gets a unique name, because the vendor overwrites
    /// files of the same name. The type that the bytes show goes before `mime` and that ending: the vendor serves a file by the
    /// ending of its name, and models refuse a JPEG that is called PNG.
    ///
    /// # Errors
    /// Any error of a call, after retries of temporary ones.
    pub async fn upload_bytes(&self, name: &str, mime: &str, bytes: Bytes) -> Result<Uploaded, Error> {
        let size = bytes.len() as u64;
        let file_type = &FileType::of(&bytes, name, mime);
        let send = |key: Arc<Key>| {
            let part = Part::stream_with_length(bytes.clone(), size);
            async move { self.upload_part(&key, part, file_type, size).await }
        };
        self.repeat(READ_ATTEMPTS, Error::is_retryable, || self.with_failover(send)).await
    }

    /// As [`Client::upload_bytes`], as base64 in JSON: for small files on networks that block forms. It sends a third
    /// more, and needs the whole file in memory.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above [`BASE64_LIMIT`]; otherwise any error of a call, after retries of temporary ones.
    pub async fn upload_base64(&self, name: &str, mime: &str, bytes: &[u8]) -> Result<Uploaded, Error> {
        let size = bytes.len() as u64;
        if size > BASE64_LIMIT {
            return Err(Error::TooLarge { limit: BASE64_LIMIT });
        }
        let data = STANDARD.encode(bytes);
        let file_type = &FileType::of(bytes, name, mime);
        let send = |key: Arc<Key>| {
            let name = self.file_name(&file_type.extension);
            let body = json!({ "base64Data": data, "uploadPath": self.upload_path(), "fileName": name });
            let request = self.post_upload(&key, "/api/file-base64-upload").json(&body);
            async move { self.upload(&key, request, "file-base64-upload", &file_type.mime, Some(size)).await }
        };
        self.repeat(READ_ATTEMPTS, Error::is_retryable, || self.with_failover(send)).await
    }

    /// Lets the vendor download a public file to its store (by its documentation at most 100 MB, within 30 s). To name it by its type,
    /// its first bytes are asked for, without the key; where they cannot be had, the ending of the URL names it, or the vendor does.
    ///
    /// # Errors
    /// [`Error::Url`] for anything but http and https; otherwise any error of a call, after retries of temporary ones.
    pub async fn upload_url(&self, url: &str) -> Result<Uploaded, Error> {
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or(Error::Url)?;
        let start = self.peek(&url).await.unwrap_or_default();
        let file_type = FileType::of(&start, url.path(), mime::of_path(url.path()).unwrap_or_default());
        let is_known = file_type.is_seen || mime::of_path(url.path()).is_some();
        let extension = is_known.then_some(&*file_type.extension);
        let send = |key: Arc<Key>| {
            let mut body = json!({ "fileUrl": url.as_str(), "uploadPath": self.upload_path() });
            if let Some(extension) = extension {
                body["fileName"] = self.file_name(extension).into();
            }
            let request = self.post_upload(&key, "/api/file-url-upload").json(&body);
            async move { self.upload(&key, request, "file-url-upload", "", None).await }
        };
        self.repeat(READ_ATTEMPTS, Error::is_retryable, || self.with_failover(send)).await
    }

    /// The first bytes of a public file; `None` when its host does not give them.
    async fn peek(&self, url: &Url) -> Option<Vec<u8>> {
        let request = self.get_public(url.clone()).ok()?.header(RANGE, format!("bytes=0-{}", SNIFFED - 1));
        let mut response = send(request, PEEK_TIMEOUT, &mut String::new()).await.ok()?;
        if !response.status().is_success() {
            return None;
        }
        let mut start = Vec::new();
        while start.len() < SNIFFED
            && let Some(piece) = next_chunk(&mut response, PEEK_TIMEOUT).await.ok()?
        {
            start.extend_from_slice(&piece[..piece.len().min(SNIFFED - start.len())]);
        }
        Some(start)
    }

    async fn upload_part(&self, key: &Key, part: Part, file_type: &FileType, size: u64) -> Result<Uploaded, Error> {
        let name = self.file_name(&file_type.extension);
        let mime = &*file_type.mime;
        let mime = if Part::text("").mime_str(mime).is_ok() { mime } else { mime::UNKNOWN };
        let part = part.file_name(name.clone()).mime_str(mime).map_err(|_| Error::Reply("the mime type is none"))?;
        // The texts come first, so that a server that streams the form knows the name before the file.
        let form = Form::new().text("uploadPath", self.upload_path()).text("fileName", name).part("file", part);
        let request = self.post_upload(key, "/api/file-stream-upload").multipart(form);
        self.upload(key, request, "file-stream-upload", mime, Some(size)).await
    }

    async fn upload(
        &self,
        key: &Key,
        request: RequestBuilder,
        route: &'static str,
        mime: &str,
        size: Option<u64>,
    ) -> Result<Uploaded, Error> {
        let data = self.call_within(key, request, route, ExchangeTimeouts::upload(&self.settings().timeouts)).await?;
        read(&data, mime, size).ok_or(Error::Reply("the upload has no url"))
    }

    fn upload_path(&self) -> String {
        self.settings().upload_path.trim_matches('/').to_owned()
    }

    /// A unique name: the time, 64 random bits, and the extension of the file.
    fn file_name(&self, extension: &str) -> String {
        format!("{}-{:016x}.{extension}", self.clock.now().millis(), self.rng.bits())
    }
}

/// What a file goes up as.
struct FileType {
    mime: String,
    extension: String,
    /// Its bytes show it.
    is_seen: bool,
}

impl FileType {
    /// As the first bytes show; else as the caller says, by the name and the MIME type.
    fn of(start: &[u8], name: &str, mime: &str) -> Self {
        match sniff(&start[..start.len().min(SNIFFED)], mime) {
            Some(seen) => Self { extension: extension("", &seen), mime: seen.into_owned(), is_seen: true },
            None => Self { extension: extension(name, mime), mime: mime.to_owned(), is_seen: false },
        }
    }
}

fn read(data: &Value, mime: &str, size: Option<u64>) -> Option<Uploaded> {
    let url = text(data.get("downloadUrl")?).filter(|url| Url::parse(url).is_ok())?;
    let bytes = data.get("fileSize").and_then(integer).and_then(|n| u64::try_from(n).ok()).or(size);
    let mime = data.get("mimeType").and_then(text).unwrap_or_else(|| mime.to_owned());
    Some(Uploaded { url, bytes, mime })
}

/// The extension of the name, else one for the MIME type.
fn extension(name: &str, mime: &str) -> String {
    let fits = |end: &&str| (1..=5).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let own = name.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end).filter(fits);
    let essence = mime.split(';').next().unwrap_or_default().trim();
    let subtype = || essence.split_once('/').map(|(_, end)| end.trim_start_matches("x-")).filter(fits);
    own.or_else(|| mime::extension(essence)).or_else(subtype).unwrap_or("bin").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_go_before_the_name_and_the_type() {
        let of = |start: &[u8], name: &str, mime: &str| {
            let FileType { mime, extension, is_seen } = FileType::of(start, name, mime);
            (mime, extension, is_seen)
        };
        let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
        for name in ["cat.PNG", "cat.jpeg", "cat", "cat.php"] {
            assert_eq!(of(jpeg, name, "image/png"), ("image/jpeg".into(), "jpg".into(), true), "{name}");
        }
        let voice = b"OggS\0\x02\0\0\0\0\0\0";
        assert_eq!(of(voice, "voice.oga", "audio/ogg"), ("audio/ogg".into(), "ogg".into(), true));
        assert_eq!(of(b"words", "cat.srt", "x/y"), ("x/y".into(), "srt".into(), false));
    }

    #[test]
    fn extensions_come_from_the_name_or_the_type() {
        assert_eq!(extension("cat.PNG", "image/jpeg"), "png");
        assert_eq!(extension("/a/b.c/cat", "image/jpeg"), "jpg");
        assert_eq!(extension("cat.tar.gz", ""), "gz");
        assert_eq!(extension("cat", "audio/x-wav"), "wav");
        assert_eq!(extension("cat", "video/mp4; codecs=x"), "mp4");
        assert_eq!(extension("cat.", "application/octet-stream"), "bin");
        assert_eq!(extension("кот.кот", ""), "bin");
        assert_eq!(extension("a.b/../../c", ""), "bin");
    }

    #[test]
    fn only_the_url_is_needed() {
        let bare = read(&json!({"downloadUrl": "https://u/1.png"}), "image/png", Some(7)).unwrap();
        assert_eq!(bare, Uploaded { url: "https://u/1.png".into(), bytes: Some(7), mime: "image/png".into() });
        let full = json!({"downloadUrl": "https://u/1", "fileSize": "70", "mimeType": "image/webp"});
        let full = read(&full, "", None).unwrap();
        assert_eq!((full.bytes, full.mime.as_str()), (Some(70), "image/webp"));
        for none in [json!(null), json!({}), json!({"downloadUrl": ""}), json!({"downloadUrl": "/x"}), json!("x")] {
            assert_eq!(read(&none, "", None), None);
        }
    }
}
