//! Downloads of result files, which the vendor deletes within days.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use url::Url;

use crate::client::Client;
use crate::client::credit::READ_ATTEMPTS;
use crate::client::envelope::text;
use crate::client::error::Error;
use crate::client::exchange::{next_chunk, retry_after, send};
use crate::client::key::Key;
use crate::mime;
use crate::sniff::{SNIFFED, sniff};

/// How long a link of [`Client::download_link`] works (vendor documentation).
pub const DOWNLOAD_LINK_LIFE: Duration = Duration::from_secs(20 * 60);

/// A downloaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downloaded {
    /// Size in bytes; never 0.
    pub bytes: u64,
    /// MIME type by content, else as the server says. The extension of a result's URL can be wrong.
    pub mime: String,
}

/// Removes a partial file, also when the download is dropped.
struct PartialFile(Option<PathBuf>);

impl Drop for PartialFile {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // It may not exist yet; other errors cannot be reported here.
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Client {
    /// Downloads a file to `to`, which is created only when it is complete; an existing file is replaced. Does not send
    /// the key.
    ///
    /// # Errors
    /// [`Error::TooLarge`] as soon as the file is known to exceed `limit` bytes; [`Error::NoFile`] for a dead link;
    /// [`Error::PrivateHost`] for one into a private network; [`Error::File`] when the file cannot be written. Temporary errors were retried.
    pub async fn download(&self, url: &str, to: &Path, limit: u64) -> Result<Downloaded, Error> {
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or(Error::Url)?;
        let total = self.settings().timeouts.transfer;
        let host = url.host_str().unwrap_or_default().to_owned();
        let fetch = || async {
            match timeout(total, self.fetch(url.clone(), to, limit)).await {
                Ok(result) => result,
                Err(_) => Err(Error::Timeout { host: host.clone(), what: "not everything", waited: total }),
            }
        };
        self.repeat(READ_ATTEMPTS, Error::is_retryable, fetch).await
    }

    async fn fetch(&self, url: Url, to: &Path, limit: u64) -> Result<Downloaded, Error> {
        let timeouts = &self.settings().timeouts;
        let mut response = send(self.get_public(url)?, timeouts.first_byte, &mut String::new()).await?;
        if !response.status().is_success() {
            let (status, headers) = (response.status().as_u16(), response.headers());
            return Err(Error::NoFile { status, retry_after: retry_after(headers, self.clock.now()) });
        }
        if response.content_length().is_some_and(|length| length > limit) {
            return Err(Error::TooLarge { limit });
        }
        let told = response.headers().get(reqwest::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let told = told.map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());

        let fail =
            |why: std::io::Error| Error::File { what: "write", path: to.display().to_string(), why: why.to_string() };
        let mut part = to.as_os_str().to_owned();
        part.push(format!(".{:016x}.part", self.rng.bits()));
        let part = PathBuf::from(part);
        let mut file = tokio::fs::File::create(&part).await.map_err(fail)?;
        let mut partial = PartialFile(Some(part.clone()));
        let (mut bytes, mut start) = (0_u64, Vec::new());
        while let Some(piece) = next_chunk(&mut response, timeouts.idle).await? {
            bytes += piece.len() as u64;
            if bytes > limit {
                return Err(Error::TooLarge { limit });
            }
            start.extend_from_slice(&piece[..piece.len().min(SNIFFED - start.len())]);
            file.write_all(&piece).await.map_err(fail)?;
        }
        if bytes == 0 {
            return Err(Error::Reply("the file is empty"));
        }
        file.flush().await.map_err(fail)?;
        drop(file);
        tokio::fs::rename(&part, to).await.map_err(fail)?;
        partial.0 = None;
        let told = told.filter(|told| told.contains('/'));
        let sniffed = sniff(&start, told.as_deref().unwrap_or_default()).map(Cow::into_owned);
        let mime = sniffed.or(told);
        Ok(Downloaded { bytes, mime: mime.unwrap_or_else(|| mime::UNKNOWN.into()) })
    }

    /// Whether a URL leads to one of the vendor's own file hosts. A webhook's signature does not cover its body, so of its
    /// URLs only these may be followed.
    pub fn is_own_file(&self, url: &str) -> bool {
        self.hosts.is_own_file(url)
    }

    /// A link to one of KIE's files that works for [`DOWNLOAD_LINK_LIFE`] (`POST /api/v1/common/download-url`). It does not
    /// extend the life of the file.
    ///
    /// # Errors
    /// Code 422 for a URL that is not KIE's; otherwise any [`Error`], after retries of temporary ones.
    pub async fn download_link(&self, url: &str) -> Result<String, Error> {
        let body = json!({ "url": url });
        let ask = || async {
            let call = |key: Arc<Key>| {
                let request = self.post(&key, "/api/v1/common/download-url").json(&body);
                async move { self.call(&key, request, "download-url").await }
            };
            let data = self.with_failover(call).await?;
            let link = data.as_str().and_then(|_| text(&data)).filter(|link| Url::parse(link).is_ok());
            link.ok_or(Error::Reply("the link is none"))
        };
        self.repeat(READ_ATTEMPTS, Error::is_retryable, ask).await
    }
}
