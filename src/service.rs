//! What the product decides: quotes, orders, and every move of a job. The only writer of job states.
//!
//! Edges (bot, http, command line) call [`Service`] and implement two traits: [`Delivery`], by which results and progress
//! flow up into a chat, and [`Attachments`], by which a user's file is fetched again. The service knows no edge by name.

mod attach;
mod balance;
mod delivery;
mod in_flight;
mod intake;
mod job_admin;
mod limit;
mod priced_order;
mod retry;
mod webhook;
mod worker;

use std::sync::Arc;

use crate::client;
use crate::clock::{Clock, Timestamp};
use crate::inbox::{Fence, Inbox};
use crate::job::{ChatId, DeliveredFile, Job, JobId, JobState, UserId};
use crate::ledger::{Credits, Entry, EntryKind};
use crate::schema::spec::{ModelSpec, Status};
use crate::store::{JobChange, Store, Subscription};
use crate::store_error::StoreError;
use crate::user::{Draft, User};
use balance::Balance;

pub use crate::client::webhook::{SIGNATURE_HEADER, TIMESTAMP_HEADER};
pub(crate) use delivery::extension;
pub use delivery::{Body, Delivery, DeliveryError, LinkReason, MessageRef, ProgressStage, ResultFile};
use in_flight::InFlight;
pub use intake::{AttachError, Attachments, FetchError, IncomingFile, Order, SubmitError, Submitted, UPLOAD_LIFE};
pub use job_admin::{GIVEN_UP, JobAdmin};
pub use limit::SharedLimiter;
pub use priced_order::PricedOrder;
pub use webhook::{SealedJob, WEBHOOK_PATH, WebhookReply, WebhookRequest, Webhooks};
pub use worker::{StepResult, Worker, WorkerSettings};
pub use worker::{VANISHED, WITHDRAWN};

/// The decisions of the product. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

#[derive(Debug, Clone)]
struct Inner {
    store: Arc<dyn Store>,
    kie: client::Client,
    clock: Arc<dyn Clock>,
    webhooks: Option<Arc<Webhooks>>,
    balance: Option<Arc<Balance>>,
    in_flight: InFlight,
}

impl Service {
    /// Over a store and a client, on a clock.
    pub fn new(store: Arc<dyn Store>, kie: client::Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner: Arc::new(Inner { store, kie, clock, webhooks: None, balance: None, in_flight: InFlight::default() }),
        }
    }

    /// The same, with addresses that the vendor calls when a task has ended.
    #[must_use]
    pub fn with_webhooks(self, webhooks: Webhooks) -> Self {
        Self { inner: Arc::new(Inner { webhooks: Some(Arc::new(webhooks)), ..Inner::clone(&self.inner) }) }
    }

    /// The same, keeping in mind what is left at the vendor: see [`Service::balance`].
    #[must_use]
    pub fn with_balance(self) -> Self {
        Self { inner: Arc::new(Inner { balance: Some(Arc::default()), ..Inner::clone(&self.inner) }) }
    }

    /// The addresses that the vendor calls, where there are any.
    pub(crate) fn webhooks(&self) -> Option<&Webhooks> {
        self.inner.webhooks.as_deref()
    }

    /// Hears of new jobs and updates from now on, also of those that other instances store.
    pub fn subscribe(&self) -> Subscription {
        self.inner.store.subscribe()
    }

    /// The present moment on the service's clock.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The clock itself, for edges that wait.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// Whether people may order this model: it is live and its price is known.
    pub fn offers(spec: &ModelSpec) -> bool {
        spec.status == Status::Live && spec.price.is_some()
    }

    /// What is left on the account at the vendor.
    ///
    /// # Errors
    /// As the vendor's client says.
    pub async fn credits(&self) -> Result<Credits, client::Error> {
        self.inner.kie.credits().await
    }

    /// The job, if it exists.
    pub async fn job(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        self.inner.store.job(id).await
    }

    /// The chat's jobs, newest first.
    pub async fn jobs_of(&self, chat: ChatId, limit: u32, offset: u32) -> Result<Vec<Job>, StoreError> {
        self.inner.store.jobs_of(chat, limit, offset).await
    }

    /// Files of a job that the chat has.
    pub async fn files(&self, id: &JobId) -> Result<Vec<DeliveredFile>, StoreError> {
        self.inner.store.files(id).await
    }

    /// The person no longer waits: progress texts stop, the result still comes.
    pub async fn detach(&self, id: &JobId) -> Result<(), StoreError> {
        self.inner.store.detach(id).await
    }

    /// Takes a job back that was not sent yet. `None` when it was: the vendor has no cancel, so the caller can only
    /// detach.
    ///
    /// # Errors
    /// When the store fails for another reason than that the job has moved on.
    pub async fn cancel(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        let Some(job) = self.inner.store.job(id).await? else { return Ok(None) };
        if job.state != JobState::Held {
            return Ok(None);
        }
        let change = JobChange { entry: release(&job), ..JobChange::default() };
        match self.inner.store.decide(id, JobState::Held, JobState::Cancelled, &change, self.now()).await {
            Ok(job) => Ok(Some(job)),
            Err(StoreError::Stale(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Where people decide about jobs.
    pub fn job_admin(&self) -> JobAdmin {
        JobAdmin::new(self.inner.store.clone(), self.inner.clock.clone())
    }

    /// As [`JobAdmin::retry_unknown`].
    ///
    /// # Errors
    /// As there.
    pub async fn retry_unknown(&self, id: &JobId) -> Result<Job, StoreError> {
        self.job_admin().retry_unknown(id).await
    }

    /// As [`JobAdmin::give_up_unknown`].
    ///
    /// # Errors
    /// As there.
    pub async fn give_up_unknown(&self, id: &JobId) -> Result<Job, StoreError> {
        self.job_admin().give_up_unknown(id).await
    }

    /// Remembers files that the chat has, each as soon as it is there: a delivery that breaks off goes on with the rest.
    /// Waits for a database that is away, since nobody else knows of them.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when they are remembered, and the job is another worker's by now: nothing more may be sent.
    pub async fn keep_files(&self, id: &JobId, files: &[DeliveredFile]) -> Result<(), StoreError> {
        self.retry_until_available(|| self.inner.store.put_files(id, files)).await?;
        if self.inner.in_flight.has_lost(id) { Err(StoreError::Stale(id.clone())) } else { Ok(()) }
    }

    /// The user, if known.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.inner.store.user(id).await
    }

    /// Adds the user, or changes the language of a known one.
    pub async fn put_user(&self, user: &User) -> Result<(), StoreError> {
        self.inner.store.put_user(user).await
    }

    /// The chat's unfinished conversation.
    pub async fn draft(&self, chat: ChatId) -> Result<Option<Draft>, StoreError> {
        self.inner.store.draft(chat).await
    }

    /// Adds or replaces the chat's unfinished conversation.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when the chat is claimed by another worker.
    pub async fn put_draft(&self, draft: &Draft, fence: Fence<'_>) -> Result<(), StoreError> {
        self.inner.store.put_draft(draft, Some(fence)).await
    }

    /// Forgets the chat's unfinished conversation, unless the chat is claimed by another worker.
    pub async fn delete_draft(&self, chat: ChatId, fence: Fence<'_>) -> Result<(), StoreError> {
        self.inner.store.delete_draft(chat, Some(fence)).await
    }

    /// A chat goes on under a new number, with its jobs and its conversation.
    pub async fn move_chat(&self, old: ChatId, new: ChatId) -> Result<(), StoreError> {
        self.inner.store.move_chat(old, new).await
    }

    /// The number that a chat has by now.
    pub async fn chat_now(&self, chat: ChatId) -> Result<ChatId, StoreError> {
        self.inner.store.chat_now(chat).await
    }

    /// Updates on their way to their handlers.
    pub fn inbox(&self) -> &dyn Inbox {
        self.inner.store.as_ref()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Why not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.inner.store.ping().await
    }
}

/// The entry that gives a job's hold back, if there is one.
fn release(job: &Job) -> Option<Entry> {
    job.quote.map(|q| Entry { kind: EntryKind::Release, credits: q.credits })
}

/// The entry that spends a job's hold, if there is one.
fn capture(job: &Job) -> Option<Entry> {
    job.quote.map(|q| Entry { kind: EntryKind::Capture, credits: q.credits })
}
