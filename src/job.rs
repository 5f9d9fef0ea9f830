//! A generation job: its states, the legal moves between them, and what it remembers. Pure: no I/O.
//!
//! ```text
//! held -> submitting -> running -> ready -> delivering -> delivered
//!   |         |-> ready (the answer is the result)
//!   |         |-> unknown   |-> failed       |-> delivering (tried again later)
//!   |         |-> failed    |-> unknown      '-> undeliverable
//!   |-> failed              '-> unreadable
//!   |-> running (the task of an earlier create was found)
//!   '-> cancelled
//!
//! unknown -> running (its task was found), ready (its result came late), held (sent again), failed (left)
//! unreadable -> running (read again), failed (left)
//! undeliverable -> ready (the chat is back)
//! ```

mod attachment;
mod placeholder;
mod state;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::Timestamp;
use crate::ledger::{Credits, WalletId};
use crate::schema::{Quote, TaskRef, ViolationKind};
use crate::tariff::{Amount, Charge, Price};

pub use attachment::{Attachment, JobInput};
pub use placeholder::{has_placeholder, is_placeholder, placeholder_number, placeholder_url};
pub use state::JobState;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

text_id! {
    /// Our own id of a job: a UUIDv7 in simple hex form (32 characters), so that ids sort by age.
    JobId
}
text_id! {
    /// The vendor's id of a task.
    TaskId
}

impl TryFrom<&TaskId> for TaskRef {
    type Error = ViolationKind;
    fn try_from(id: &TaskId) -> Result<Self, ViolationKind> {
        Self::new(id.0.clone())
    }
}

/// A Telegram user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub i64);

/// A Telegram chat; the same number as the user in a private chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatId(pub i64);

impl From<UserId> for WalletId {
    fn from(user: UserId) -> Self {
        Self(user.0)
    }
}

impl From<ChatId> for WalletId {
    fn from(chat: ChatId) -> Self {
        Self(chat.0)
    }
}

/// A topic of a forum, or of a private chat with topics: Telegram's `message_thread_id`. The general topic of a forum
/// has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TopicId(pub i32);

/// What a task produced.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Output {
    /// Files in the vendor's order; the links live for days only.
    pub urls: Vec<String>,
    /// The files' own names (of layers), in the order of `urls`; shorter, or empty, where files have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// What the vendor says of music among the files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<TrackFacts>,
    /// A text result (transcripts, lyrics).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Structured data that comes with the files, or is the result: layers, notes. Delivered as a JSON document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// The id that fields of other models take: of a voice, a character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What the vendor charged, when it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credits: Option<Credits>,
}

impl Output {
    /// How many messages with files, text or data it makes.
    pub fn parts(&self) -> usize {
        let has_text = self.text.as_deref().is_some_and(|text| !text.trim().is_empty());
        self.urls.len() + usize::from(has_text) + usize::from(self.data.is_some())
    }

    /// The own name of a file, counted from 0.
    pub fn name(&self, file: usize) -> Option<&str> {
        self.names.get(file).map(String::as_str).filter(|name| !name.trim().is_empty())
    }

    /// What the vendor says of a file, counted from 0, if it is music.
    pub fn track(&self, file: usize) -> Option<&TrackFacts> {
        let url = self.urls.get(file)?;
        self.tracks.iter().find(|track| track.url == *url)
    }
}

/// What the vendor says of a music file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TrackFacts {
    /// Its URL, which is also in the output.
    pub url: String,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its length in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// The URL of its cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Stable word or the vendor's code, e.g. `422`, `timeout`, `unreadable`.
    pub code: String,
    /// The vendor's own words, for people; never holds a secret.
    pub message: String,
}

/// A job as the store keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Our id.
    pub id: JobId,
    /// Who asked.
    pub user: UserId,
    /// Where the result goes.
    pub chat: ChatId,
    /// The topic of the chat in which it was ordered.
    #[serde(default)]
    pub topic: Option<TopicId>,
    /// The draft it came from: a second press on the same Generate button finds the first job.
    pub draft: String,
    /// The registry's model id.
    pub model: String,
    /// The checked input, as it goes on the wire.
    pub input: Map<String, Value>,
    /// The user's files inside the input.
    pub attachments: Vec<Attachment>,
    /// The price agreed to; `None` when the vendor's price is unknown and the operator offers the model all the same.
    pub quote: Option<Quote>,
    /// Who pays for it and how much; `None` when the operator does.
    #[serde(default)]
    pub charge: Option<Charge>,
    /// Where it stands.
    pub state: JobState,
    /// The vendor's id, from the moment it exists.
    pub task: Option<TaskId>,
    /// Which of the account's keys made the task: a fingerprint, no secret. `None` when that is not known.
    #[serde(default)]
    pub key: Option<String>,
    /// The result, from `Ready` on.
    pub output: Option<Output>,
    /// Why it failed, in `Failed`, `Unknown`, `Unreadable` and `Undeliverable`.
    pub failure: Option<Failure>,
    /// An earlier create of it was lost, or its task was: the vendor may have charged for that one.
    #[serde(default)]
    pub doubted: bool,
    /// The progress message in the chat, if one was sent.
    pub progress_message: Option<i32>,
    /// The person no longer waits: no more progress texts; the result still comes.
    pub detached: bool,
    /// It was kept long enough: input, files, result and failure are gone.
    #[serde(default)]
    pub stripped: bool,
    /// How often a worker took it up for the present task: sending it, waiting for it, delivering it. See
    /// [`JobState::restarts_attempts`].
    pub attempts: u32,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When the vendor accepted it.
    pub submitted_at: Option<Timestamp>,
    /// When it last moved.
    pub updated_at: Timestamp,
}

/// How long the vendor keeps the files that it made (vendor's guide). One of its pages says a day.
const RESULT_LIFE: Duration = Duration::from_secs(14 * 24 * 3600);

impl Job {
    /// A job that was accepted at `now` and not sent to the vendor yet, without input, files or quote.
    pub fn new(
        id: JobId,
        user: UserId,
        chat: ChatId,
        draft: impl Into<String>,
        model: impl Into<String>,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            user,
            chat,
            topic: None,
            draft: draft.into(),
            model: model.into(),
            input: Map::new(),
            attachments: Vec::new(),
            quote: None,
            charge: None,
            state: JobState::Held,
            task: None,
            key: None,
            output: None,
            failure: None,
            doubted: false,
            progress_message: None,
            detached: false,
            stripped: false,
            attempts: 0,
            created_at: now,
            submitted_at: None,
            updated_at: now,
        }
    }

    /// The price that was agreed to, as people see it; `None` when there is none.
    pub fn price(&self) -> Option<Price> {
        Some(Price::of(self.quote?, self.charge.as_ref().map(|charge| &charge.tariff)))
    }

    /// Whether it is free for whom it is made, where people pay.
    pub fn is_free(&self) -> bool {
        self.charge.is_some_and(|charge| charge.free.is_some())
    }

    /// What its result costs, as people see it, where the vendor's charge is known or does not matter.
    pub fn paid(&self) -> Option<Amount> {
        let cost = self.output.as_ref()?.credits;
        match &self.charge {
            None => cost.map(Amount::Credits),
            Some(charge) => Some(Amount::Money(charge.due(self.quote, cost), charge.tariff.currency)),
        }
    }

    /// When the vendor began with it, as far as that is known.
    pub fn begun_at(&self) -> Timestamp {
        self.submitted_at.unwrap_or(self.created_at)
    }

    /// The link to a file of the result, counted from 0; `None` when there is no such file, or the vendor has deleted
    /// it by now.
    pub fn result(&self, file: u16, now: Timestamp) -> Option<&str> {
        self.result_url(file).filter(|_| now.since(self.begun_at()) < RESULT_LIFE)
    }

    /// The same, also when the vendor has deleted the file by now.
    pub fn result_url(&self, file: u16) -> Option<&str> {
        self.output.as_ref()?.urls.get(usize::from(file)).map(String::as_str)
    }
}

/// What the vendor said about a job, word for word, kept for a person or for a later version of the reader. Contains
/// the prompt: not for logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorReply {
    /// How it came.
    pub source: ReplySource,
    /// JSON, cut off at [`VendorReply::LIMIT`] bytes.
    pub body: String,
    /// When the first one from this source came. A later one replaces the body and keeps the time.
    pub received_at: Timestamp,
}

impl VendorReply {
    /// Most bytes of a body.
    pub const LIMIT: usize = 256 << 10;

    /// A reply that came now, cut off at the limit.
    pub fn new(source: ReplySource, mut body: String, now: Timestamp) -> Self {
        body.truncate(body.floor_char_boundary(Self::LIMIT));
        Self { source, body, received_at: now }
    }
}

/// How a reply of the vendor came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplySource {
    /// As the record of a poll.
    Poll,
    /// As a webhook with a valid signature.
    Webhook,
}

impl ReplySource {
    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Webhook => "webhook",
        }
    }

    /// The source with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Poll, Self::Webhook].into_iter().find(|source| source.as_str() == word)
    }
}

/// A file that the chat has: sent again by its id, after the vendor's link has died.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredFile {
    /// Position among the job's results: files, text, data, and then the message below them.
    pub index: u32,
    /// Telegram's id.
    pub file_id: String,
    /// How it was sent: `photo`, `video`, `audio`, `document`, ...; `buttons` is the message below the files.
    pub sent_as: String,
    /// The message that carries it.
    pub message: i32,
}
