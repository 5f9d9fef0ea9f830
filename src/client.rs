//! The KIE.ai client: create tasks, poll them, move files, read webhooks and the catalogue.
//!
//! From key to picture:
//!
//! ```no_run
//! use kie::Client;
//! use kie::models::ZImage;
//!
//! # async fn picture() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::from_env()?; // KIE_API_KEY, and KIE_API_URL, KIE_UPLOAD_URL to go elsewhere
//! let input = ZImage::new("A red fox in the snow".parse()?).check()?;
//! let output = client.generate(&input).await.into_result()?;
//! for (n, url) in output.urls.iter().enumerate() {
//!     client.download(url, format!("fox-{n}.png").as_ref(), 50_000_000).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Client::generate`] is create and wait in one. [`Client::start`] returns as soon as the vendor has the task, with its
//! id; [`TaskHandle::progress`] is a stream of its states and [`TaskHandle::finish`] its end. A program that must survive a
//! restart keeps [`TaskHandle::id`] and [`TaskHandle::key`] and goes on with [`Client::resume`] (`examples/resume.rs`).
//! `examples/edit.rs` uploads a file, asks the price, shows the progress and says what to do about each kind of error. A
//! worker that keeps its own schedule polls with [`Client::task`] and asks [`classify`] what each answer means; waiting
//! decides with the same function.
//!
//! # Errors
//!
//! Errors answer questions instead of having to be parsed:
//!
//! | question | on [`Error`] | on [`CreateError`] | on [`NoResult`] |
//! |---|---|---|---|
//! | may the same call be made again? | [`is_retryable`](Error::is_retryable) | [`is_retryable`](CreateError::is_retryable) | [`is_retryable`](NoResult::is_retryable) |
//! | after how long? | [`retry_after`](Error::retry_after) | [`retry_after`](CreateError::retry_after) | [`retry_after`](NoResult::retry_after) |
//! | who can mend it? | [`blame`](Error::blame) | [`blame`](CreateError::blame) | [`blame`](NoResult::blame) |
//! | was money at risk? | [`money_at_risk`](Error::money_at_risk) | [`money_at_risk`](CreateError::money_at_risk) | [`money_at_risk`](NoResult::money_at_risk) |
//! | which task? | [`task`](Error::task) | [`task`](CreateError::task) | [`task`](NoResult::task) |
//!
//! Who can mend what:
//!
//! - [`Blame::Caller`]: another input, file or id (400, 404, 409, 413, 422, 451). The same request fails again.
//! - [`Blame::Account`]: the owner of the account, with another key (401, 403), credits (402), a higher limit of the key
//!   (433); 429 passes by itself, and comes only when somebody else uses the account too.
//! - [`Blame::Vendor`]: nobody here (408, 455, 500, 501, 505, 531). A new task may work, and is paid for anew.
//! - [`Blame::Network`]: whoever runs the network; mostly it passes.
//!
//! KIE answers HTTP 200 to nearly everything, so the envelope's `code` decides, and the HTTP status counts only when there
//! is no envelope ([`envelope`]). What each code means is a table: [`retry::RULES`].
//!
//! # Money
//!
//! There is no idempotency key and no way to cancel, so a create that may have arrived is never sent twice.
//!
//! - Sent again, up to [`retry::ATTEMPTS`] times: when no connection was made, and on 429, which is refused and not
//!   queued. `Retry-After` is honoured up to [`retry::LONGEST_WAIT`].
//! - [`CreateError::Refused`]: nothing was accepted. [`CreateError::is_retryable`] tells whether to try later.
//! - [`CreateError::Unknown`]: the answer was lost, or came from a proxy, or has no task id, or is a refusal that names a
//!   task. The task may be running and billed; a person decides.
//!
//! Dropping the future of a create once it is on its way is the same as a lost answer. Every other call may be dropped at
//! any point. An [`Outcome`] carries the task id from the moment there is one: also when the task fails, when the deadline
//! passes ([`OutcomeState::StillRunning`]), and when polling becomes impossible.
//!
//! # Waiting
//!
//! Polls go by a [`wait::Schedule`] on the client's [`Clock`]. A bad poll never ends a task: network errors, 429, 455, 5xx
//! and pages that are no envelope are asked again; "no such task" is believed only after [`wait::GRACE`]; envelope codes
//! 408 and 501 are the task's own failure. A task that succeeds with nothing in it is a failure, `empty_result`.
//!
//! # Limits
//!
//! The vendor counts requests per account ([`limit`], [`Policy`]). All clones of a client share its budgets: a request
//! waits for a permit instead of being refused. Requests wait in lanes that take turns ([`Client::for_lane`], for
//! example a user's number). No task is asked about more than once a second; callers who ask together share one poll. Replicas share
//! budgets through a [`Limiter`] of their own ([`Client::with_limiter`]).
//!
//! # Several keys
//!
//! `KIE_API_KEY` may hold several keys, separated by commas. The first serves; one that answers 401, 402, 403 or 433 rests
//! for [`Policy::key_rest`] and the next one serves. A task is asked about with the key that made it ([`Created::key`],
//! [`Client::remember_key`]); where that is not known, the keys are tried in turn.
//!
//! # Webhooks
//!
//! [`webhook::Webhook`] reads them and [`webhook::Verifier`] checks them. They are hints; the poll decides.
//!
//! # Secrets
//!
//! The keys go to the two API hosts only, in a header; no redirect is followed there. Result files are fetched by a
//! second connection pool that never had them. They are cut out of the vendor's answers should they repeat one. Prompts and
//! URLs are not logged. A [`KeyLabel`] is no secret.

use std::fmt;
use std::sync::Arc;

use crate::backoff::SharedRng;
use crate::clock::{Clock, SystemClock};
use crate::job::TaskId;

pub mod catalogue;
mod create;
mod credit;
mod download;
pub mod envelope;
mod error;
mod generate;
mod handle;
mod key;
pub mod limit;
mod outcome;
mod output;
mod poll;
mod queue;
pub mod retry;
mod settings;
mod task;
mod transport;
mod upload;
pub mod wait;
pub mod webhook;

pub use create::{CreatePermit, Created};
pub use credit::KeyCredits;
pub use download::Downloaded;
pub use error::{CreateError, Error};
pub use handle::TaskHandle;
pub use key::{KeyLabel, KeyState};
pub use limit::{Limiter, MemoryLimiter, Rate};
pub use outcome::{Cause, NoResult, Outcome, OutcomeState};
pub use output::{ExtraFile, Extras, Role, Track};
pub use retry::Blame;
pub use settings::{Policy, Settings, Timeouts};
pub use task::{Task, TaskState};
pub use upload::{BASE64_LIMIT, Uploaded};
pub use wait::{PollOutcome, classify};
pub use webhook::{Rejected, Verifier, Webhook, WebhookError};

/// A client for one account, or for several that stand in for each other. Cheap to clone; clones share their
/// connections, their limits and their polls of tasks.
#[derive(Clone)]
pub struct Client {
    hosts: Arc<transport::Hosts>,
    limiter: Arc<dyn Limiter>,
    /// Counts while the shared limiter fails.
    local: Arc<MemoryLimiter>,
    polls: Arc<poll::PollCache>,
    lane: u64,
    clock: Arc<dyn Clock>,
    rng: SharedRng,
}

impl Client {
    /// A client with the machine's clock.
    ///
    /// # Errors
    /// [`Error::Settings`] when a URL is not http(s), the key is empty or cannot stand in a header, or TLS fails to start.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let local = Arc::new(MemoryLimiter::default());
        Ok(Self {
            hosts: Arc::new(transport::Hosts::new(settings)?),
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

    /// Waits on another clock. Timeouts of a connection stay on the machine's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Draws jitter and file names from this seed, for repeatable tests.
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

    /// A clone whose requests wait in a lane of their own: lanes take turns. Creates in a lane for each user keep one user's
    /// hundred pictures from delaying another's one; a look that is urgent passes by those that are routine.
    #[must_use]
    pub fn for_lane(&self, lane: u64) -> Self {
        Self { lane, ..self.clone() }
    }

    /// Every key, in the order of the setting, and whether it serves.
    pub fn keys(&self) -> Vec<KeyState> {
        let now = self.clock.now();
        let state = |key: &Arc<key::Key>| KeyState {
            label: key.label.clone(),
            rests_for: key.rests_until(now).map(|until| until.since(now)),
        };
        self.hosts.keys.all().iter().map(state).collect()
    }

    /// Remembers which key made a task, from what a store kept of [`Created::key`]: the task is asked about with that key.
    /// Returns false when the client has no such key (any more); then its keys are tried in turn.
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
