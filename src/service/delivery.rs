//! Results and progress for a chat: the trait that the bot implements, and the files that it is given.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;

use super::Service;
use crate::client::{self, DOWNLOAD_LINK_LIFE};
use crate::job::{ChatId, DeliveredFile, Job, JobId, TrackFacts};
use crate::mime;
use crate::store_error::StoreError;

/// Largest file that is downloaded where nothing else is said, in bytes: Telegram's Bot API accepts files up to 50 MB from a
/// bot.
pub(super) const SEND_LIMIT: u64 = 50_000_000;

/// Largest cover that is downloaded, in bytes.
const COVER_LIMIT: u64 = 10_000_000;

/// After this many failed downloads a file is sent as a link.
const LINK_AFTER: u32 = 3;

/// The progress of a job, as it is shown in its chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressStage {
    /// Accepted, not yet sent to the vendor.
    Accepted,
    /// The vendor has it in its queue.
    Waiting {
        /// Time since the vendor accepted it.
        elapsed: Duration,
    },
    /// The vendor generates.
    Generating {
        /// Time since the vendor accepted it.
        elapsed: Duration,
    },
    /// The result is being sent to the chat.
    Sending,
    /// The vendor needs longer than the model's deadline.
    StillRunning {
        /// Time since the vendor accepted it.
        elapsed: Duration,
    },
}

/// One file of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultFile {
    /// Position among the job's results.
    pub index: u32,
    /// The vendor's link.
    pub url: String,
    /// File name with the extension of its real type.
    pub name: String,
    /// The vendor's own name of it, of a layer: then its file name and its transparency matter.
    pub label: Option<String>,
    /// MIME type by content.
    pub mime: String,
    /// What the vendor says of it, if it is music.
    pub track: Option<TrackFacts>,
    /// Its cover, on disk until the delivery returns.
    pub cover: Option<PathBuf>,
    /// The file itself, or a link to it.
    pub body: Body,
}

/// The content of a result file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// On disk until the delivery returns.
    File {
        /// Its path.
        path: PathBuf,
        /// Its size in bytes.
        bytes: u64,
    },
    /// A link that the user can open.
    Link {
        /// The link.
        link: ResultLink,
        /// Why there is no file.
        reason: LinkReason,
    },
}

/// A link to a file of a result, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultLink {
    /// The vendor's download link, or else the file's own.
    pub url: String,
    /// How long it works; `None` for as long as the vendor keeps the file.
    pub life: Option<Duration>,
}

/// Why a result is sent as a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkReason {
    /// It has more bytes than the chat takes.
    TooBig {
        /// Most bytes that it takes.
        limit: u64,
    },
    /// It could not be downloaded.
    Unreachable,
}

/// Why a message did not reach the chat.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// It may succeed later.
    #[error("delivery has to wait: {why}")]
    Retry {
        /// The least pause, if Telegram has named one.
        after: Option<Duration>,
        /// What happened; never contains a token.
        why: String,
    },
    /// The chat cannot be reached any more: the user has blocked the bot, or the chat was deleted or left.
    #[error("the chat cannot be reached: {0}")]
    Gone(String),
}

/// A message of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageRef {
    /// The chat. It differs from the chat that the message was sent to when that one has moved.
    pub chat: ChatId,
    /// The message's id in the chat.
    pub message: i32,
}

/// Shows progress and results in chats.
#[async_trait]
pub trait Delivery: Send + Sync {
    /// Shows the progress of a job in the background: nobody waits for it, and it may fail.
    fn progress(&self, job: &Job, stage: ProgressStage);
    /// Waits for the progress that is on its way.
    async fn drain(&self);
    /// Sends the parts of a result that the chat does not have yet: `files`, and the text and the data of the output
    /// unless they are in `sent`. Each part is recorded in `sent` as soon as it is in the chat.
    async fn deliver(&self, job: &Job, files: &[ResultFile], sent: &mut SentFiles) -> Result<(), DeliveryError>;
    /// Tells the chat that the job has failed, is `unknown` or is `unreadable`; `job.failure` says why.
    async fn failed(&self, job: &Job) -> Result<(), DeliveryError>;
}

impl Service {
    /// Stores the id of a new progress message of a job; `replaced` is the one whose place it takes. False when the job has
    /// no use for it: it has ended, nobody waits for it, it has another message by now, or its chat has moved.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn put_progress_message(
        &self,
        job: &JobId,
        sent: MessageRef,
        replaced: Option<i32>,
    ) -> Result<bool, StoreError> {
        match self.inner.store.put_progress_message(job, sent.chat, sent.message, replaced).await {
            Ok(()) => Ok(true),
            Err(StoreError::Stale(_)) => Ok(false),
            Err(other) => Err(other),
        }
    }
}

/// The parts of a job's result that the chat has, in memory and in the store.
#[derive(Debug)]
pub struct SentFiles {
    service: Service,
    job: JobId,
    files: Vec<DeliveredFile>,
}

impl SentFiles {
    /// Of a job, with the parts that the store has.
    pub(super) async fn of_job(service: &Service, job: &JobId) -> Result<Self, StoreError> {
        let files = service.files(job).await?;
        Ok(Self { service: service.clone(), job: job.clone(), files })
    }

    /// All parts that the chat has.
    pub fn files(&self) -> &[DeliveredFile] {
        &self.files
    }

    /// Whether the chat has the part with this index.
    pub fn contains(&self, index: u32) -> bool {
        self.files.iter().any(|file| file.index == index)
    }

    /// Records parts as soon as the chat has them, so that a delivery that is interrupted continues with the rest.
    /// Waits for an unavailable store, since only this process knows of them.
    ///
    /// # Errors
    /// [`DeliveryError::Retry`] when they are recorded and another worker has claimed the job: nothing more may be
    /// sent.
    pub async fn record(&mut self, files: Vec<DeliveredFile>) -> Result<(), DeliveryError> {
        let store = &self.service.inner.store;
        if let Err(error) = self.service.retry_until_available(|| store.put_files(&self.job, &files)).await {
            tracing::error!(job = %self.job, %error, "a part that was sent could not be recorded");
        }
        self.files.extend(files);
        if self.service.inner.in_flight.is_stale(&self.job) {
            return Err(DeliveryError::Retry { after: None, why: StoreError::Stale(self.job.clone()).to_string() });
        }
        Ok(())
    }
}

/// Downloads the files of a job's result that are not `sent` yet to `folder`. A file that cannot be downloaded, or
/// has more than `limit` bytes, becomes a link.
///
/// # Errors
/// When the vendor cannot be reached now; it may succeed later.
pub(super) async fn fetch(
    client: &client::Client,
    job: &Job,
    sent: &SentFiles,
    folder: &Path,
    limit: u64,
) -> Result<Vec<ResultFile>, client::Error> {
    let urls = job.output.as_ref().map(|o| o.urls.as_slice()).unwrap_or_default();
    let mut files = Vec::with_capacity(urls.len());
    for (index, url) in urls.iter().enumerate().filter(|(index, _)| !sent.contains(*index as u32)) {
        let path = folder.join(index.to_string());
        let (mime, body) = match client.download(url, &path, limit).await {
            Ok(done) => (done.mime, Body::File { path, bytes: done.bytes }),
            Err(error) if error.is_retryable() && job.attempts < LINK_AFTER => return Err(error),
            Err(error) => {
                let reason = if matches!(error, client::Error::TooLarge { .. }) {
                    LinkReason::TooBig { limit }
                } else {
                    LinkReason::Unreachable
                };
                tracing::warn!(job = %job.id, index, %error, "a result file is sent as a link");
                (guess_mime(url), Body::Link { link: link(client, url).await, reason })
            }
        };
        let track = job.output.as_ref().and_then(|output| output.track(index)).cloned();
        let cover = match track.as_ref().and_then(|track| track.cover.as_deref()) {
            Some(url) if matches!(body, Body::File { .. }) => {
                cover(client, url, folder.join(format!("{index}.cover"))).await
            }
            _ => None,
        };
        let label = job.output.as_ref().and_then(|output| output.name(index)).map(str::to_owned);
        let name = file_name(job, index, urls.len(), label.as_deref(), &mime);
        files.push(ResultFile { index: index as u32, url: url.clone(), name, label, mime, track, cover, body });
    }
    Ok(files)
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
