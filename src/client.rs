//! The KIE.ai client: create tasks, poll them, move files, read webhooks and the catalogue.
//!
//! From an API key to an image:
//!
//! ```no_run
//! use kie::Client;
//! use kie::models::ZImage;
//!
//! # async fn picture() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::from_env()?; // KIE_API_KEY, and KIE_API_URL, KIE_UPLOAD_URL for other servers
//! let input = ZImage::new("A red fox in the snow".parse()?).check()?;
//! let output = client.generate(&input).await.into_result()?;
//! for (n, url) in output.urls.iter().enumerate() {
//!     client.download(url, format!("fox-{n}.png").as_ref(), 50_000_000).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Client::generate`] is create and wait in one. [`Client::start`] returns as soon as the vendor has the task, with
//! its id; [`TaskHandle::progress`] is a stream of its states and [`TaskHandle::finish`] its end. A program that must
//! survive a restart stores [`TaskHandle::id`] and [`TaskHandle::key`] and continues with [`Client::resume`]
//! (`examples/resume.rs`). `examples/edit.rs` uploads a file, computes the price, shows the progress and handles each
//! kind of error. A worker with a schedule of its own polls with [`Client::task`] and uses [`classify`] for the meaning
//! of each answer, as waiting does.
//!
//! # Errors
//!
//! Errors have methods for everything that a caller has to decide:
//!
//! | question | on [`Error`] | on [`CreateError`] | on [`NoResult`] |
//! |---|---|---|---|
//! | can the same call be repeated? | [`is_retryable`](Error::is_retryable) | [`is_retryable`](CreateError::is_retryable) | [`is_retryable`](NoResult::is_retryable) |
//! | after how long? | [`retry_after`](Error::retry_after) | [`retry_after`](CreateError::retry_after) | [`retry_after`](NoResult::retry_after) |
//! | who has to act? | [`blame`](Error::blame) | [`blame`](CreateError::blame) | [`blame`](NoResult::blame) |
//! | may it have cost money? | [`money_at_risk`](Error::money_at_risk) | [`money_at_risk`](CreateError::money_at_risk) | [`money_at_risk`](NoResult::money_at_risk) |
//! | which task? | [`task`](Error::task) | [`task`](CreateError::task) | [`task`](NoResult::task) |
//!
//! Who has to act:
//!
//! - [`Blame::Caller`]: another input, file or id (400, 404, 409, 413, 422, 451). The same request fails again.
//! - [`Blame::Account`]: the owner of the account, with another key (401, 403), credits (402) or a higher limit of the
//!   key (433). 429 is temporary, and comes only when other programs use the account too.
//! - [`Blame::Vendor`]: the vendor (408, 455, 500, 501, 505, 531). A new task may work, and costs again.
//! - [`Blame::Network`]: the operator of the network; mostly it is temporary.
//!
//! KIE answers HTTP 200 to nearly everything, so the envelope's `code` decides, and the HTTP status counts only when
//! there is no envelope ([`envelope`]). [`retry::RULES`] is a table of what each code means.
//!
//! # Money
//!
//! There is no idempotency key and no way to cancel, so a create request that may have arrived is never sent again.
//!
//! - Sent again, up to [`retry::ATTEMPTS`] times: when no connection was made, and on 429, which is refused and not
//!   queued. `Retry-After` is obeyed up to [`retry::MAX_WAIT`]. A caller that stores what it is about to send sends one
//!   request at a time ([`Client::create_task_with`]) and is told whether to send it again ([`Client::resend`]).
//! - [`CreateError::Refused`]: nothing was accepted. [`CreateError::is_retryable`] tells whether it may be accepted
//!   later.
//! - [`CreateError::Unknown`]: the answer was lost, or came from a proxy, or has no task id, or is a refusal that names
//!   a task. The task may be running and billed; the operator has to decide.
//!
//! Dropping the future of a create request that was sent is the same as a lost answer. Every other call may be dropped
//! at any point. An [`Outcome`] has the task id as soon as there is one: also when the task fails, when the deadline
//! passes ([`OutcomeState::StillRunning`]), and when polling becomes impossible.
//!
//! # Waiting
//!
//! Polls follow a [`wait::Schedule`] on the client's [`Clock`]. A failed poll never ends a task: it is repeated after
//! network errors, 429, 455, 5xx and answers without an envelope; "no such task" counts only after [`wait::GRACE`];
//! envelope codes 408 and 501 are failures of the task itself. A task that succeeds without a result that can be read is
//! polled again for [`wait::RESULT_GRACE`], and is then [`OutcomeState::Unreadable`]: it may have been charged.
//!
//! # Limits
//!
//! The vendor counts requests per account ([`limit`], [`Policy`]). All clones of a client share its budgets: a request
//! waits for a permit instead of being refused. Requests wait in lanes that are served in turn ([`Client::for_lane`],
//! for example a user's id). No task is polled more than once a second; concurrent callers share one poll. Replicas
//! share budgets through a common [`Limiter`] ([`Client::with_limiter`]).
//!
//! # Several keys
//!
//! `KIE_API_KEY` may have several keys of different accounts, separated by commas. A create request goes to the first one
//! whose budget has room, so that they share the load; one that refers to an earlier task goes to the key that created
//! that one. A key that is refused with 401, 402, 403 or 433 is not used for [`Policy::key_cooldown`]. A task is polled with
//! the key that created it ([`Created::key`], [`Client::remember_key`]); if that is not known, the keys are tried in turn.
//!
//! # Webhooks
//!
//! [`webhook::Webhook`] reads them and [`webhook::Verifier`] checks them. They are hints; the poll decides.
//!
//! # Secrets
//!
//! The keys are sent to the two API hosts only, in a header; no redirect is followed there. Result files are downloaded
//! by a second connection pool without keys, and from public hosts only unless [`Settings::private_hosts`] is set: a URL of
//! others does not reach into the own network. A key in an answer of the vendor is removed. Prompts and URLs are not
//! logged. A [`KeyLabel`] is not secret.

use std::fmt;
use std::sync::Arc;

use crate::backoff::SharedRng;
use crate::clock::{Clock, SystemClock};
use crate::job::TaskId;

mod attempt;
pub mod catalogue;
mod create;
mod create_error;
mod credit;
mod download;
pub mod envelope;
mod error;
mod exchange;
mod feed;
mod generate;
mod handle;
mod hosts;
mod key;
pub mod limit;
mod member;
mod outcome;
mod output;
mod poll;
mod public_host;
mod queue;
pub mod retry;
mod settings;
mod task;
mod task_reference;
mod transport;
mod upload;
pub mod wait;
pub mod webhook;

pub use attempt::{CreateAttempts, Resend};
pub use create::{CreatePermit, Created};
pub use create_error::CreateError;
pub use credit::KeyCredits;
pub use download::{DOWNLOAD_LINK_LIFE, Downloaded};
pub use error::{BLOCKED, Error, IP_REFUSED, KEY_LIMIT, OUT_OF_CREDITS};
pub use handle::TaskHandle;
pub use key::{KeyLabel, KeyRefusal, KeyState};
pub use limit::{Limiter, MemoryLimiter, Rate};
pub use outcome::{Cause, NoResult, Outcome, OutcomeState};
pub use output::{ExtraFile, Extras, Layer, Role, Track};
pub use retry::Blame;
pub use settings::{Policy, Settings, Timeouts};
pub use task::{Task, TaskState};
pub use task_reference::referenced_tasks;
pub use upload::{BASE64_LIMIT, Uploaded};
pub use wait::{PollOutcome, classify};
pub use webhook::{Rejected, Verifier, Webhook, WebhookError};

/// A client for one account, or for several of which the next is used when one is refused. Cheap to clone; clones share
/// connections, rate limits and polls of tasks.
#[derive(Clone)]
pub struct Client {
    hosts: Arc<hosts::Hosts>,
    limiter: Arc<dyn Limiter>,
    /// Used while the shared limiter fails.
    local: Arc<MemoryLimiter>,
    polls: Arc<poll::PollCache>,
    lane: u64,
    clock: Arc<dyn Clock>,
    rng: SharedRng,
}

impl Client {
    /// A client with the system clock.
    ///
    /// # Errors
    /// [`Error::Settings`] when a URL is not http(s), the key is empty or not valid in a header, or TLS cannot be set
    /// up.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let local = Arc::new(MemoryLimiter::default());
        Ok(Self {
            hosts: Arc::new(hosts::Hosts::new(settings)?),
            limiter: local.clone(),
            local,
            polls: Arc::default(),
            lane: 0,
            clock: Arc::new(SystemClock),
            rng: SharedRng::from_entropy(),
        })
    }

    /// A client from `KIE_API_KEY`, `KIE_API_URL` and `KIE_UPLOAD_URL`; the URLs default to the vendor's.
    ///
    /// # Errors
    /// As [`Client::new`]; also when there is no key.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(Settings::from_env()?)
    }

    /// Uses another clock for waiting. Timeouts of connections still use the system clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Seeds jitter and file names, for reproducible tests.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.rng = SharedRng::from_seed(seed);
        self
    }

    /// Counts requests with this limiter, which other processes may share.
    #[must_use]
    pub fn with_limiter(mut self, limiter: Arc<dyn Limiter>) -> Self {
        self.limiter = limiter;
        self
    }

    /// A clone whose requests wait in this lane. Lanes are served in turn: with a lane for each user, one user's
    /// hundred create requests do not delay another user's single one, and an urgent poll does not wait for routine
    /// ones.
    #[must_use]
    pub fn for_lane(&self, lane: u64) -> Self {
        Self { lane, ..self.clone() }
    }

    /// The state of every key, in the order of the setting.
    pub fn keys(&self) -> Vec<KeyState> {
        let now = self.clock.now();
        self.hosts.keys.all().iter().map(|key| key.state(now)).collect()
    }

    /// Ends the cooldown of keys that were refused for want of credits: the account has some again.
    pub fn reuse_keys_without_credits(&self) {
        self.hosts.keys.all().iter().for_each(|key| key.end_cooldown(OUT_OF_CREDITS));
    }

    /// Records which key created a task (a stored [`Created::key`]), so that the task is polled with that key. Returns
    /// false when the client does not have the key; then its keys are tried in turn.
    pub fn remember_key(&self, task: &TaskId, key: &KeyLabel) -> bool {
        match self.hosts.keys.find(key) {
            Some(key) => {
                self.hosts.keys.remember(task, key);
                true
            }
            None => false,
        }
    }

    /// The settings it was built from.
    pub fn settings(&self) -> &Settings {
        &self.hosts.settings
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("settings", self.settings()).field("clock", &self.clock).finish_non_exhaustive()
    }
}
