//! Results and progress for a chat: the trait that the bot implements, and what it is given.

mod result_files;
mod sent_files;

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;

use super::Service;
use crate::alert::Alert;
use crate::announcement::AnnouncementTexts;
use crate::job::{ChatId, Job, JobId, TrackFacts, UserId};
use crate::referral::Reward;
use crate::store_error::StoreError;

pub use result_files::ResultFiles;
pub(crate) use result_files::extension;
pub(super) use result_files::{Patience, SEND_LIMIT};
pub use sent_files::SentFiles;

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
    /// Its cover, on disk for as long as the file.
    pub cover: Option<PathBuf>,
    /// The file itself, or a link to it.
    pub body: Body,
}

/// The content of a result file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// On disk until it is discarded, or the delivery returns.
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
    /// It may succeed later, and says nothing about the message: Telegram is silent, or asks for a pause. However often it
    /// happens, only time ends it.
    #[error("delivery has to wait: {why}")]
    Retry {
        /// The least pause, if Telegram has named one.
        after: Option<Duration>,
        /// What happened; never contains a token.
        why: String,
    },
    /// Telegram refuses this message, or its file cannot be downloaded. A few more tries may help.
    #[error("the message is refused: {0}")]
    Refused(String),
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
    /// Sees whether Telegram answers for the job's chat, without a message: asked before the files of a result are
    /// downloaded once more. Only [`DeliveryError::Retry`] counts; what else is wrong, the message itself will show.
    async fn reach(&self, job: &Job) -> Result<(), DeliveryError>;
    /// Sends the parts of a result that are not in `sent`: files, text, data, and what stands below them. A file is
    /// downloaded from `files` when its turn has come, and discarded when the chat has it. Each part is recorded in `sent`
    /// as soon as it is in the chat.
    async fn deliver(&self, job: &Job, files: &ResultFiles<'_>, sent: &mut SentFiles) -> Result<(), DeliveryError>;
    /// Tells the chat that the job has failed, is `unknown` or is `unreadable`; `job.failure` says why.
    async fn failed(&self, job: &Job) -> Result<(), DeliveryError>;
    /// Tells the bot's operator that the results of these jobs reached no chat, in one message. It is enough when one of
    /// several admins has heard it, and no error when there is nobody to tell.
    async fn tell_operator(&self, jobs: &[Job]) -> Result<(), DeliveryError>;
    /// Tells the bot's operator of these matters, in one message; otherwise as [`Delivery::tell_operator`].
    async fn alert(&self, alerts: &[Alert]) -> Result<(), DeliveryError>;
    /// Tells both people of a reward that was given, once: who cannot be told finds it in the statement.
    async fn rewarded(&self, reward: &Reward);
    /// Tells a person something in their language, in their private chat, after all other messages that wait. False: they may
    /// not use the bot.
    async fn announce(&self, user: UserId, texts: &AnnouncementTexts) -> Result<bool, DeliveryError>;
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
