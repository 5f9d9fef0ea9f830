//! The decisions of the product: quotes, orders, and every move of a job. The only writer of job states and ledgers.
//!
//! Bot, HTTP server and command line call [`Service`]. The bot implements two traits: [`Delivery`], which sends results
//! and progress to a chat, and [`Attachments`], which fetches a user's file again.

mod access;
mod alert;
mod announcement_admin;
mod assortment;
mod attach;
mod balance;
mod books;
mod delivery;
mod file_on_disk;
mod free;
mod health;
mod in_flight;
mod intake;
mod job_admin;
mod limit;
mod model_admin;
mod outage;
mod payment;
mod payment_admin;
mod priced_order;
mod promo;
mod promo_admin;
mod purse;
mod quota;
mod referral;
mod renewal;
mod retention;
mod retry;
mod settlement;
mod shortage;
mod star_subscription;
mod user_admin;
mod wallet;
mod wallet_admin;
mod webhook;
mod worker;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::access::Party;
use crate::audit::Actor;
use crate::client;
use crate::clock::{Clock, Timestamp};
use crate::inbox::{Fence, Inbox};
use crate::invoice::StarPack;
use crate::job::{ChatId, DeliveredFile, Job, JobId, JobState, UserId};
use crate::ledger::Credits;
use crate::log_once::LogOnce;
use crate::referral::ReferralTerms;
use crate::schema::spec::{ModelSpec, WebhookNeed};
use crate::store::{Store, Subscription};
use crate::store_error::StoreError;
use crate::tariff::{Allowance, Tariff};
use crate::user::{Draft, DraftKey, User};
use alert::AlertWatch;
pub use announcement_admin::{AnnouncementAdmin, AnnouncementAdminError};
use assortment::RuleCache;
use balance::Balance;
pub use books::{Books, BooksReport, DayMoney, Mistake, Noted};
use delivery::SEND_LIMIT;

pub use crate::client::webhook::{SIGNATURE_HEADER, TIMESTAMP_HEADER};
pub use crate::client::{BLOCKED, IP_REFUSED, KEY_LIMIT, KeyCredits};
pub(crate) use delivery::extension;
pub use delivery::{
    Body, Delivery, DeliveryError, LinkReason, MessageRef, ProgressStage, ResultFile, ResultFiles, ResultLink,
    SentFiles,
};
pub use file_on_disk::FileOnDisk;
use health::HealthCache;
pub use health::{Health, PoorHealth};
use in_flight::InFlight;
pub use intake::{AttachError, Attachments, FetchError, IncomingFile, Order, RenewError, SubmitError, Submitted};
pub use job_admin::{GIVEN_UP, JobAdmin};
pub use limit::SharedLimiter;
pub use model_admin::{ModelAdmin, ModelAdminError};
pub use outage::StoreOutage;
pub use payment_admin::{CancelError, PaymentAdmin, RefundError, StarCallError, StarCalls};
pub use priced_order::PricedOrder;
pub use promo_admin::{PromoAdmin, PromoAdminError};
pub use purse::GroupPayer;
use quota::QuotaRules;
pub use retention::Retention;
pub use shortage::OUT_OF_CREDITS;
pub use user_admin::{EraseError, Erasure, LimitError, PersonAccount, UserAdmin};
pub use wallet::Unfunded;
pub use wallet_admin::WalletAdmin;
pub use webhook::{SealedJob, WEBHOOK_PATH, WebhookReply, WebhookRequest, Webhooks};
pub use worker::{CHAT_GONE, FILE_GONE, TIMED_OUT, UNREADABLE, UNRECEIVED, VANISHED, WITHDRAWN};
pub use worker::{StepResult, Worker, WorkerSettings};

/// For so long, an old and a new version of the program may run side by side: what a version does not understand it
/// leaves to the other. After that, nobody understands it.
pub const DEPLOY_TIME: Duration = Duration::from_secs(3600);

/// That a person is here is stored once in this time.
const SEEN_INTERVAL: Duration = Duration::from_secs(3600);

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
    health: Arc<HealthCache>,
    alerts: Arc<AlertWatch>,
    /// Whether a shortage of credits was known when it was last looked for.
    shortage: Arc<LogOnce<()>>,
    send_limit: u64,
    in_flight: InFlight,
    quotas: Arc<QuotaRules>,
    /// What people pay; `None` when the operator pays.
    tariff: Option<Tariff>,
    allowance: Allowance,
    /// What is given for a friend who pays.
    referral: Option<ReferralTerms>,
    rules: Arc<RuleCache>,
    star_packs: Arc<[StarPack]>,
    star_plans: Arc<[StarPack]>,
    support: Option<String>,
    terms: Option<String>,
    /// The owner never changes.
    owner: OnceLock<UserId>,
}

impl Service {
    /// With a store, a client and a clock.
    pub fn new(store: Arc<dyn Store>, kie: client::Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner: Arc::new(Inner {
                store,
                kie,
                clock,
                webhooks: None,
                balance: None,
                health: Arc::default(),
                alerts: Arc::default(),
                shortage: Arc::default(),
                send_limit: SEND_LIMIT,
                in_flight: InFlight::default(),
                quotas: Arc::default(),
                tariff: None,
                allowance: Allowance::NONE,
                referral: None,
                rules: Arc::default(),
                star_packs: Arc::default(),
                star_plans: Arc::default(),
                support: None,
                terms: None,
                owner: OnceLock::new(),
            }),
        }
    }

    /// The same, with webhooks.
    #[must_use]
    pub fn with_webhooks(self, webhooks: Webhooks) -> Self {
        Self { inner: Arc::new(Inner { webhooks: Some(Arc::new(webhooks)), ..Inner::clone(&self.inner) }) }
    }

    /// The same, with a balance: see [`Service::balance`].
    #[must_use]
    pub fn with_balance(self) -> Self {
        Self { inner: Arc::new(Inner { balance: Some(Arc::default()), ..Inner::clone(&self.inner) }) }
    }

    /// The same, telling the operator when the vendor has fewer credits left than these.
    #[must_use]
    pub fn with_alert_credits(self, low: Option<Credits>) -> Self {
        Self { inner: Arc::new(Inner { alerts: Arc::new(AlertWatch::new(low)), ..Inner::clone(&self.inner) }) }
    }

    /// The same, with another size of the largest file that chats take, in bytes; it is 50 MB otherwise.
    #[must_use]
    pub fn with_send_limit(self, bytes: u64) -> Self {
        Self { inner: Arc::new(Inner { send_limit: bytes, ..Inner::clone(&self.inner) }) }
    }

    /// The webhooks, if there are any.
    pub(crate) fn webhooks(&self) -> Option<&Webhooks> {
        self.inner.webhooks.as_deref()
    }

    /// Notifies of new jobs and updates from now on, of all processes.
    pub fn subscribe(&self) -> Subscription {
        self.inner.store.subscribe()
    }

    /// The present moment on the service's clock.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The clock itself.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// Whether the registry has this model to order: it is offered, perhaps with a warning, and has a price. What a person
    /// may order is asked of their [`Service::assortment`].
    pub fn offers(spec: &ModelSpec) -> bool {
        spec.status.is_offered() && spec.price.is_some()
    }

    /// Whether the result of this model can be received: where it comes in a webhook alone, there must be webhooks that are
    /// signed, because nothing else proves it.
    pub fn receives(&self, spec: &ModelSpec) -> bool {
        spec.webhook != WebhookNeed::Result || self.webhooks().is_some_and(Webhooks::is_signed)
    }

    /// The balance of the account at the vendor, read now.
    ///
    /// # Errors
    /// When the vendor cannot be asked.
    pub async fn credits(&self) -> Result<Credits, client::Error> {
        self.inner.kie.credits().await
    }

    /// What is left on the account of each key, read now.
    pub async fn credits_by_key(&self) -> Vec<KeyCredits> {
        self.inner.kie.credits_by_key().await
    }

    /// The job, if it exists.
    pub async fn job(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        self.inner.store.job(id).await
    }

    /// The chat's jobs, newest first.
    pub async fn jobs_of(&self, chat: ChatId, limit: u32, offset: u32) -> Result<Vec<Job>, StoreError> {
        self.inner.store.jobs_of(chat, limit, offset).await
    }

    /// Files of a job that the chat has received.
    pub async fn files(&self, id: &JobId) -> Result<Vec<DeliveredFile>, StoreError> {
        self.inner.store.files(id).await
    }

    /// The user no longer waits: no more progress messages, but the result is still sent.
    pub async fn detach(&self, id: &JobId) -> Result<(), StoreError> {
        self.inner.store.detach(id).await
    }

    /// Cancels a job that was not sent to the vendor yet. `None` when it was: the vendor has no cancel, so the caller
    /// can only detach.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn cancel(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        let Some(job) = self.inner.store.job(id).await? else { return Ok(None) };
        if job.state != JobState::Held {
            return Ok(None);
        }
        let now = self.now();
        let change = settlement::release(&job, now);
        match self.inner.store.decide(id, JobState::Held, JobState::Cancelled, &change, now).await {
            Ok(job) => Ok(Some(job)),
            Err(StoreError::Stale(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Decisions about jobs by people.
    pub fn job_admin(&self) -> JobAdmin {
        JobAdmin::new(self.inner.store.clone(), self.inner.clock.clone())
    }

    /// What an admin does about people.
    pub fn user_admin(&self, admin: UserId) -> UserAdmin {
        UserAdmin::new(self.inner.store.clone(), self.inner.clock.clone(), Actor::Person(admin))
    }

    /// What an admin does about payments.
    pub fn payment_admin(&self, admin: UserId) -> PaymentAdmin {
        PaymentAdmin::new(self.inner.store.clone(), self.inner.clock.clone(), Actor::Person(admin))
    }

    /// What an admin does about announcements.
    pub fn announcement_admin(&self, admin: UserId) -> AnnouncementAdmin {
        AnnouncementAdmin::new(self.inner.store.clone(), self.inner.clock.clone(), Actor::Person(admin))
    }

    /// The operator's acts on wallets.
    pub fn wallet_admin(&self) -> WalletAdmin {
        WalletAdmin::new(self.inner.store.clone(), self.inner.clock.clone())
    }

    /// The user, if known.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.inner.store.user(id).await
    }

    /// Keeps a known person's names and that they are here: at once when they are called otherwise, else once an hour.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn note_person(&self, party: &Party) -> Result<(), StoreError> {
        let Some(known) = self.inner.store.person(UserId(party.id)).await? else { return Ok(()) };
        let now = self.now();
        let is_renamed = known.name != party.name || known.user_name != party.user_name;
        if is_renamed || known.seen_at.is_none_or(|at| now.since(at) >= SEEN_INTERVAL) {
            self.inner.store.see_person(party, is_renamed, now).await?;
        }
        Ok(())
    }

    /// Adds the user, or changes the language of a known one.
    pub async fn put_user(&self, user: &User) -> Result<(), StoreError> {
        self.inner.store.put_user(user).await
    }

    /// Who has become the bot's owner by the owner's link. Asked for once there is one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn owner(&self) -> Result<Option<UserId>, StoreError> {
        if let Some(owner) = self.inner.owner.get() {
            return Ok(Some(*owner));
        }
        let owner = self.inner.store.owner().await?;
        Ok(owner.map(|owner| *self.inner.owner.get_or_init(|| owner)))
    }

    /// Makes a person the bot's owner, unless there is one. Returns whether it did.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn become_owner(&self, user: UserId) -> Result<bool, StoreError> {
        self.inner.store.add_owner(user, self.now()).await
    }

    /// A person's unfinished conversation.
    pub async fn draft(&self, key: &DraftKey) -> Result<Option<Draft>, StoreError> {
        self.inner.store.draft(key).await
    }

    /// The latest unfinished conversations of a chat, of all its persons and topics, `limit` at most.
    pub async fn drafts_in(&self, chat: ChatId, limit: u32) -> Result<Vec<Draft>, StoreError> {
        self.inner.store.drafts_in(chat, limit).await
    }

    /// Adds or replaces a person's unfinished conversation.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when the chat is claimed by another worker.
    pub async fn put_draft(&self, draft: &Draft, fence: Fence<'_>) -> Result<(), StoreError> {
        self.inner.store.put_draft(draft, Some(fence)).await
    }

    /// Deletes a person's unfinished conversation, unless the chat is claimed by another worker.
    pub async fn delete_draft(&self, key: &DraftKey, fence: Fence<'_>) -> Result<(), StoreError> {
        self.inner.store.delete_draft(key, Some(fence)).await
    }

    /// Gives a chat a new number; its jobs and its conversations move with it.
    pub async fn move_chat(&self, old: ChatId, new: ChatId) -> Result<(), StoreError> {
        self.inner.store.move_chat(old, new).await
    }

    /// The present number of a chat.
    pub async fn chat_now(&self, chat: ChatId) -> Result<ChatId, StoreError> {
        self.inner.store.chat_now(chat).await
    }

    /// The queue of updates.
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
