//! The files of a result, each downloaded when the chat is about to get it.

use std::path::{Path, PathBuf};

use super::super::Service;
use super::{Body, DeliveryError, LinkReason, ResultFile, ResultLink};
use crate::client::{self, DOWNLOAD_LINK_LIFE};
use crate::job::Job;
use crate::mime;
use crate::store_error::StoreError;

/// Largest file that is downloaded where nothing else is said, in bytes: Telegram's Bot API accepts files up to 50 MB from a
/// bot.
pub(in crate::service) const SEND_LIMIT: u64 = 50_000_000;

/// Largest cover that is downloaded, in bytes.
const COVER_LIMIT: u64 = 10_000_000;

/// After this many failed downloads a file is sent as a link.
const LINK_AFTER: u32 = 3;

/// How much a delivery still puts up with before a file becomes a link.
#[derive(Debug, Clone, Copy)]
pub(in crate::service) struct Patience {
    /// Failed downloads, and other refusals, before this try.
    pub(in crate::service) refusals: u32,
    /// The result is so new that the vendor's storage may not have the file yet.
    pub(in crate::service) is_fresh: bool,
}

/// The files of a job's result, on the vendor's side. What is downloaded lies in a folder until it is discarded.
#[derive(Debug)]
pub struct ResultFiles<'a> {
    service: &'a Service,
    job: &'a Job,
    folder: &'a Path,
    patience: Patience,
}

impl<'a> ResultFiles<'a> {
    /// Of a job, with a folder for the downloads.
    pub(in crate::service) const fn new(
        service: &'a Service,
        job: &'a Job,
        folder: &'a Path,
        patience: Patience,
    ) -> Self {
        Self { service, job, folder, patience }
    }

    /// Their links, in the vendor's order.
    fn urls(&self) -> &[String] {
        self.job.output.as_ref().map(|output| output.urls.as_slice()).unwrap_or_default()
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.urls().len()).unwrap_or(u32::MAX)
    }

    /// Downloads a file. One that cannot be downloaded, or has more bytes than the chat takes, becomes a link.
    ///
    /// # Errors
    /// When the download has failed and may succeed later, when there is no such file, and when another worker has claimed
    /// the job meanwhile: then nothing more may be sent.
    pub async fn fetch(&self, index: u32) -> Result<ResultFile, DeliveryError> {
        let (urls, at) = (self.urls(), index as usize);
        let Some(url) = urls.get(at) else { return Err(DeliveryError::Refused(format!("there is no file {index}"))) };
        let (mime, body) = self.download(index, url).await?;
        let track = self.job.output.as_ref().and_then(|output| output.track(at)).cloned();
        let cover = match track.as_ref().and_then(|track| track.cover.as_deref()) {
            Some(url) if matches!(body, Body::File { .. }) => {
                cover(&self.service.inner.kie, url, self.folder.join(format!("{index}.cover"))).await
            }
            _ => None,
        };
        if self.service.inner.in_flight.is_stale(&self.job.id) {
            let why = StoreError::Stale(self.job.id.clone()).to_string();
            return Err(DeliveryError::Retry { after: None, why });
        }
        let label = self.job.output.as_ref().and_then(|output| output.name(at)).map(str::to_owned);
        let name = file_name(self.job, at, urls.len(), label.as_deref(), &mime);
        Ok(ResultFile { index, url: url.clone(), name, label, mime, track, cover, body })
    }

    async fn download(&self, index: u32, url: &str) -> Result<(String, Body), DeliveryError> {
        let (client, limit) = (&self.service.inner.kie, self.service.inner.send_limit);
        let path = self.folder.join(index.to_string());
        let error = match client.download(url, &path, limit).await {
            Ok(done) => return Ok((done.mime, Body::File { path, bytes: done.bytes })),
            Err(error) => error,
        };
        if error.is_file_missing() && self.patience.is_fresh {
            return Err(DeliveryError::Retry { after: None, why: error.to_string() });
        }
        if error.is_retryable() && self.patience.refusals + 1 < LINK_AFTER {
            return Err(DeliveryError::Refused(error.to_string()));
        }
        let reason = match error {
            client::Error::TooLarge { .. } => LinkReason::TooBig { limit },
            _ => LinkReason::Unreachable,
        };
        tracing::warn!(job = %self.job.id, index, %error, "a result file is sent as a link");
        Ok((guess_mime(url), Body::Link { link: link(client, url).await, reason }))
    }

    /// Deletes what was downloaded of a file.
    pub async fn discard(&self, file: ResultFile) {
        let own = match file.body {
            Body::File { path, .. } => Some(path),
            Body::Link { .. } => None,
        };
        for path in own.into_iter().chain(file.cover) {
            if let Err(error) = tokio::fs::remove_file(&path).await {
                // The folder is deleted in the end.
                tracing::debug!(job = %self.job.id, %error, "a download could not be deleted");
            }
        }
    }
}

/// Downloads a cover. Without it the music is sent all the same.
async fn cover(client: &client::Client, url: &str, to: PathBuf) -> Option<PathBuf> {
    match client.download(url, &to, COVER_LIMIT).await {
        Ok(_) => Some(to),
        Err(error) => {
            tracing::debug!(%error, "a cover could not be downloaded");
            None
        }
    }
}

/// A link to one of the vendor's files that works now.
async fn link(client: &client::Client, url: &str) -> ResultLink {
    match client.download_link(url).await {
        Ok(short) => ResultLink { url: short, life: Some(DOWNLOAD_LINK_LIFE) },
        Err(error) => {
            tracing::debug!(%error, "no download link was given; the file's own link is used");
            ResultLink { url: url.to_owned(), life: None }
        }
    }
}

impl Service {
    /// A fresh link to a file of a job's result, counted from 0; `None` when there is no such file, or the vendor has deleted
    /// it by now.
    pub async fn result_link(&self, job: &Job, file: u16) -> Option<ResultLink> {
        Some(link(&self.inner.kie, job.result(file, self.now())?).await)
    }
}

fn guess_mime(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    mime::of_path(path).unwrap_or(mime::UNKNOWN).to_owned()
}

/// For example `z-image-0190a1b2.png`; of several files the second is `z-image-0190a1b2-2.png`, and a layer
/// `z-image-0190a1b2-2-sky.png`.
fn file_name(job: &Job, index: usize, count: usize, label: Option<&str>, mime: &str) -> String {
    let model: String = job.model.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    // The end of the id is its random part: jobs of the same moment share the beginning.
    let tail = &job.id.0[job.id.0.len().saturating_sub(8)..];
    let number = if count > 1 { format!("-{}", index + 1) } else { String::new() };
    let label: String =
        label.unwrap_or_default().chars().take(40).map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let label = match label.trim_matches('-') {
        "" => String::new(),
        label => format!("-{label}"),
    };
    format!("{model}-{tail}{number}{label}.{}", extension(mime))
}

/// The usual extension of a MIME type.
pub(crate) fn extension(mime: &str) -> &'static str {
    mime::extension(mime).unwrap_or("bin")
}
