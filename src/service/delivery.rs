//! How results and progress flow up: the trait an edge implements, and the files it is given.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;

use crate::client;
use crate::job::{ChatId, DeliveredFile, Job};
use crate::mime;

/// Largest file that is downloaded to be sent on: what Telegram's Bot API takes from a bot, 50 MB.
pub(super) const SEND_LIMIT: u64 = 50_000_000;

/// A file that could not be fetched this often is sent as a link: the person may have more luck.
const LINK_AFTER: u32 = 3;

/// Where a job stands, for the person who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressStage {
    /// Accepted here, not yet sent to the vendor.
    Accepted,
    /// The vendor has it in its queue.
    Waiting {
        /// Time since the vendor accepted it.
        elapsed: Duration,
    },
    /// The vendor is at work.
    Generating {
        /// Time since the vendor accepted it.
        elapsed: Duration,
    },
    /// It is done and on its way into the chat.
    Sending,
    /// It takes longer than the model's deadline; the result will come late.
    StillRunning {
        /// Time since the vendor accepted it.
        elapsed: Duration,
    },
}

/// One file of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultFile {
    /// Position among the job's results.
    pub index: u32,
    /// The vendor's link.
    pub url: String,
    /// File name with the extension of its real type.
    pub name: String,
    /// MIME type by content.
    pub mime: String,
    /// The file itself, or why there is only a link.
    pub body: Body,
}

/// What there is of a result file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// On disk until the delivery returns.
    File {
        /// Where.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// A link that a person can open.
    Link {
        /// The link; a fresh one where the vendor made one (good for 20 minutes), else the vendor's own.
        url: String,
        /// Why there is no file.
        reason: LinkReason,
    },
}

/// Why a result comes as a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkReason {
    /// More than 50 MB.
    TooBig,
    /// It could not be downloaded.
    Unreachable,
}

/// Why something did not reach the chat.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// Trying again makes sense.
    #[error("delivery has to wait: {why}")]
    Retry {
        /// Not before this has passed, when the other side said so.
        after: Option<Duration>,
        /// What happened; never holds a token.
        why: String,
    },
    /// The chat is gone for good: blocked, deleted, left.
    #[error("the chat cannot be reached: {0}")]
    Gone(String),
}

/// A message of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageRef {
    /// The chat. It differs from the chat that was asked for when that one has moved.
    pub chat: ChatId,
    /// The message's id in this chat.
    pub message: i32,
}

/// What an edge does with progress and results.
#[async_trait]
pub trait Delivery: Send + Sync {
    /// Shows where the job stands; returns the progress message when one was newly sent.
    async fn progress(&self, job: &Job, stage: ProgressStage) -> Result<Option<MessageRef>, DeliveryError>;
    /// Sends what the chat does not have yet: `files`, and the text unless it is among what was `sent` before. Each part is
    /// told to [`Service::keep_files`](super::Service::keep_files) once it is there. Returns all that the chat now has.
    async fn deliver(
        &self,
        job: &Job,
        files: &[ResultFile],
        sent: &[DeliveredFile],
    ) -> Result<Vec<DeliveredFile>, DeliveryError>;
    /// Says that the job failed (or that its fate is unknown); `job.failure` says why.
    async fn failed(&self, job: &Job) -> Result<(), DeliveryError>;
}

/// Brings those of a job's result files that were not `sent` yet to `folder`, each as a file or, where that cannot be, as a
/// link.
///
/// # Errors
/// When the vendor cannot be reached just now; trying again makes sense.
pub(super) async fn fetch(
    client: &client::Client,
    job: &Job,
    sent: &[DeliveredFile],
    folder: &Path,
) -> Result<Vec<ResultFile>, client::Error> {
    let urls = job.output.as_ref().map(|o| o.urls.as_slice()).unwrap_or_default();
    let mut files = Vec::with_capacity(urls.len());
    let is_left = |index: usize| !sent.iter().any(|file| file.index as usize == index);
    for (index, url) in urls.iter().enumerate().filter(|(index, _)| is_left(*index)) {
        let path = folder.join(index.to_string());
        let (mime, body) = match client.download(url, &path, SEND_LIMIT).await {
            Ok(done) => (done.mime, Body::File { path, bytes: done.bytes }),
            Err(error) if error.is_retryable() && job.attempts < LINK_AFTER => return Err(error),
            Err(error) => {
                let reason = if matches!(error, client::Error::TooLarge { .. }) {
                    LinkReason::TooBig
                } else {
                    LinkReason::Unreachable
                };
                tracing::warn!(job = %job.id, index, %error, "result file is sent as a link");
                let link = client.download_link(url).await.unwrap_or_else(|_| url.clone());
                (guess_mime(url), Body::Link { url: link, reason })
            }
        };
        let name = file_name(job, index, urls.len(), &mime);
        files.push(ResultFile { index: index as u32, url: url.clone(), name, mime, body });
    }
    Ok(files)
}

fn guess_mime(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    mime::of_path(path).unwrap_or(mime::UNKNOWN).to_owned()
}

/// `z-image-0190a1b2.png`, with `-2` before the point from the second of several files on.
fn file_name(job: &Job, index: usize, count: usize, mime: &str) -> String {
    let model: String = job.model.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    // The tail of the id is its random part: two jobs of one moment share the head.
    let tail = &job.id.0[job.id.0.len().saturating_sub(8)..];
    let number = if count > 1 { format!("-{}", index + 1) } else { String::new() };
    format!("{model}-{tail}{number}.{}", extension(mime))
}

/// The usual extension of a MIME type.
pub(crate) fn extension(mime: &str) -> &'static str {
    mime::extension(mime).unwrap_or("bin")
}
