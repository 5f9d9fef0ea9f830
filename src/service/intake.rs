//! From a form to a job: uploads files, checks and prices the answers, stores the order.

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{FileOnDisk, PricedOrder, Service, Unfunded};
use crate::assortment::{Assortment, DeniedOption, Unavailable};
use crate::client;
use crate::job::{Attachment, ChatId, Job, JobId, TopicId, UserId, has_placeholder};
use crate::ledger::WalletId;
use crate::quota::QuotaExceeded;
use crate::schema::FileFacts;
use crate::schema::PriceError;
use crate::schema::report::Report;
use crate::schema::spec::{ModelRef, ModelSpec};
use crate::store::Added;
use crate::store_error::StoreError;
use crate::tariff::{Charge, Price};

/// A user's file that is to be uploaded to the vendor.
#[derive(Debug, Clone)]
pub struct IncomingFile {
    /// Name with extension.
    pub name: String,
    /// MIME type, by content.
    pub mime: String,
    /// The content.
    pub content: FileOnDisk,
    /// What is known about it.
    pub facts: FileFacts,
    /// How the bot finds it again (a Telegram file id).
    pub source: Option<String>,
}

/// How the service fetches a user's file again after its upload has expired.
#[async_trait]
pub trait Attachments: Send + Sync {
    /// The file behind an [`Attachment::source`].
    async fn fetch(&self, source: &str) -> Result<IncomingFile, FetchError>;
}

/// A user's file could not be fetched again.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FetchError {
    /// Nobody has it any more, or it is too big.
    #[error("the file can no longer be fetched: {0}")]
    Gone(String),
    /// It cannot be fetched now.
    #[error("the file cannot be fetched now: {0}")]
    Unreachable(String),
}

/// Why a user's file could not be attached.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// The upload to the vendor failed.
    #[error("the upload failed: {0}")]
    Upload(#[from] client::Error),
    /// The file of an expired upload cannot be fetched again.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It is a result that the vendor no longer keeps, and that the chat does not have.
    #[error("the vendor no longer has the file")]
    Expired,
}

impl AttachError {
    /// A stable code: `fetch`, `expired`, or that of the client's error.
    pub fn code(&self) -> String {
        match self {
            Self::Upload(error) => error.code(),
            Self::Fetch(_) => "fetch".to_owned(),
            Self::Expired => "expired".to_owned(),
        }
    }

    /// Whether the same may succeed later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Upload(error) => error.is_retryable(),
            Self::Fetch(FetchError::Unreachable(_)) => true,
            Self::Fetch(FetchError::Gone(_)) | Self::Expired => false,
        }
    }
}

/// A file in an input may have been deleted at the vendor, and could not be put there again.
#[derive(Debug, thiserror::Error)]
#[error("{field}: {why}")]
pub struct RenewError {
    /// The field of the input that holds it.
    pub field: String,
    /// Why not.
    pub why: AttachError,
}

/// What a user orders with the Generate button.
#[derive(Debug, Clone)]
pub struct Order {
    /// The user.
    pub user: UserId,
    /// The chat that gets the result.
    pub chat: ChatId,
    /// The topic of the chat that gets it.
    pub topic: Option<TopicId>,
    /// The draft's nonce: one draft never becomes two jobs.
    pub draft: String,
    /// The model.
    pub model: ModelRef,
    /// The answers in the form.
    pub answers: Map<String, Value>,
    /// The files in the answers.
    pub attachments: Vec<Attachment>,
    /// The price that the user was shown; `None` when none was.
    pub shown: Option<Price>,
    /// Whose money the user was told is spent; does not matter where the operator pays.
    pub payer: WalletId,
    /// The user was told that it is free.
    pub is_free: bool,
}

/// The result of an order.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// The job.
    pub job: Job,
    /// False when the draft was ordered before: nothing new was started.
    pub is_new: bool,
}

/// Why an order was refused. No credits are held.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The model is withdrawn.
    #[error("{model} is not offered any more")]
    NotOffered {
        /// The model.
        model: &'static str,
        /// What to use instead.
        nearest: Option<&'static str>,
    },
    /// The model's price is not known.
    #[error("the price of {model} is not known")]
    NoPrice {
        /// The model.
        model: &'static str,
    },
    /// The operator has switched the model off.
    #[error("{model} is off")]
    Off {
        /// The model.
        model: &'static str,
        /// What to use instead.
        nearest: Option<&'static str>,
    },
    /// Others alone may order the model.
    #[error("{model} is for others")]
    ForOthers {
        /// The model.
        model: &'static str,
        /// What to use instead.
        nearest: Option<&'static str>,
    },
    /// The operator has denied a value in the answers, or one that a field would have by default.
    #[error("{model}: {} in {} is denied", .denied.value, .denied.field)]
    Denied {
        /// The model.
        model: &'static str,
        /// The value.
        denied: DeniedOption,
    },
    /// The model's result comes in a webhook alone, and no signed one can be received: see [`Service::receives`].
    #[error("the result of {model} comes in a webhook alone: PUBLIC_URL and KIE_WEBHOOK_KEY are needed")]
    NeedsWebhook {
        /// The model.
        model: &'static str,
    },
    /// The price of these answers is not known.
    #[error("the price of {model} cannot be said: {why}")]
    PriceError {
        /// The model.
        model: &'static str,
        /// Why.
        why: PriceError,
    },
    /// The price is another than the one that the user was shown: the registry was changed since.
    #[error("the price of {model} has changed")]
    PriceChanged {
        /// The model.
        model: &'static str,
        /// The price that was shown.
        before: Price,
        /// The price now.
        now: Price,
    },
    /// The answers are invalid.
    #[error("the input has {} problem(s)", .0.violations.len())]
    Invalid(Report),
    /// The account at the vendor has too few credits for now: see `service/shortage.rs`.
    #[error("the account at the vendor is out of credits")]
    OutOfCredits,
    /// The order is over a limit of the operator.
    #[error(transparent)]
    Quota(#[from] QuotaExceeded),
    /// It was to be free, and the user has no free order left.
    #[error("no free order is left")]
    NotFree {
        /// What it costs.
        price: Price,
    },
    /// Its payer has not enough.
    #[error(transparent)]
    Unfunded(#[from] Unfunded),
    /// A file in the answers is still on its way to the vendor.
    #[error("a file is still on its way")]
    Uploading,
    /// A file in the answers cannot be used any more.
    #[error(transparent)]
    Attachment(#[from] RenewError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SubmitError {
    fn unavailable(why: Unavailable, spec: &'static ModelSpec, assortment: &Assortment) -> Self {
        let model = spec.id;
        let nearest = || assortment.nearest(spec).map(|other| other.id);
        match why {
            Unavailable::Withdrawn => Self::NotOffered { model, nearest: spec.nearest },
            Unavailable::NoPrice => Self::NoPrice { model },
            Unavailable::Off => Self::Off { model, nearest: nearest() },
            Unavailable::ForOthers => Self::ForOthers { model, nearest: nearest() },
        }
    }
}

impl Service {
    /// Uploads a user's file to the vendor.
    ///
    /// # Errors
    /// When the upload fails; the user can send the file again.
    pub async fn attach(&self, file: IncomingFile) -> Result<Attachment, AttachError> {
        let uploaded = self.inner.kie.upload_file_as(file.content.path(), &file.name, &file.mime).await?;
        let facts = FileFacts { name: Some(file.name), mime: Some(file.mime), ..file.facts };
        let (url, uploaded_at) = (uploaded.url, self.now());
        Ok(Attachment { url, source: file.source, uploaded_at, facts, is_result: false })
    }

    /// Checks and prices a form for a person.
    ///
    /// # Errors
    /// All that is wrong with the answers, or else a value that the operator has denied.
    pub fn prepare(
        &self,
        assortment: &Assortment,
        model: impl Into<ModelRef>,
        answers: &Map<String, Value>,
        attachments: &[Attachment],
    ) -> Result<PricedOrder, Report> {
        let model = model.into();
        let mut order = PricedOrder::of(model, answers, attachments, assortment)?;
        if let Some(denied) = assortment.denied_option(model.spec, order.request.input()) {
            return Err(denied.into());
        }
        order.poor_health = self.poor_health(assortment, model.spec);
        Ok(order)
    }

    /// Turns a form into a job, once: a second order of the same draft returns the first job.
    ///
    /// # Errors
    /// See [`SubmitError`]; nothing was started and no credits are held.
    pub async fn submit(&self, mut order: Order, refetch: &dyn Attachments) -> Result<Submitted, SubmitError> {
        let spec = order.model.spec;
        let assortment = self.assortment(order.user).await?;
        if let Some(why) = assortment.unavailable(spec) {
            return Err(SubmitError::unavailable(why, spec, &assortment));
        }
        if !self.receives(spec) {
            return Err(SubmitError::NeedsWebhook { model: spec.id });
        }
        self.renew_files(&mut order.answers, &mut order.attachments, refetch).await?;
        let prepared = PricedOrder::of(order.model, &order.answers, &order.attachments, &assortment)
            .map_err(SubmitError::Invalid)?;
        if let Some(denied) = assortment.denied_option(spec, prepared.request.input()) {
            return Err(SubmitError::Denied { model: spec.id, denied });
        }
        let quote = prepared.quote.map_err(|why| SubmitError::PriceError { model: spec.id, why })?;
        let price = Price::of(quote, prepared.tariff.as_ref());
        if let Some(before) = order.shown.filter(|before| *before != price) {
            return Err(SubmitError::PriceChanged { model: spec.id, before, now: price });
        }
        // All jobs are made below, so no placeholder gets past this line.
        if prepared.request.input().values().any(has_placeholder) {
            return Err(SubmitError::Uploading);
        }
        if self.lacks_credits_for(Some(quote.credits)).await? {
            let known = self.inner.store.job_of_draft(order.chat, &order.draft).await?;
            return known.map(|job| Submitted { job, is_new: false }).ok_or(SubmitError::OutOfCredits);
        }
        let free = self.free_use(order.user, quote.credits).await?;
        if order.is_free && free.is_none() && prepared.tariff.is_some() {
            let known = self.inner.store.job_of_draft(order.chat, &order.draft).await?;
            return known.map(|job| Submitted { job, is_new: false }).ok_or(SubmitError::NotFree { price });
        }
        let charge = prepared.tariff.map(|tariff| {
            let price = tariff.price(quote.credits);
            // A free order is the person's own, whoever was to pay.
            let payer = free.map_or(order.payer, |_| order.user.into());
            Charge { payer, price, tariff, free }
        });
        let now = self.now();
        let id = JobId(uuid::Uuid::now_v7().simple().to_string());
        let job = Job {
            input: prepared.request.input().clone(),
            topic: order.topic,
            attachments: order.attachments,
            quote: Some(quote),
            charge,
            ..Job::new(id, order.user, order.chat, order.draft, spec.id, now)
        };
        let quotas = self.quotas_of(job.user).await?;
        match self.inner.store.add_job_within(&job, &quotas, self.inner.allowance).await? {
            Added::New => {
                self.note_quota(None);
                Ok(Submitted { job, is_new: true })
            }
            Added::Known(job) => Ok(Submitted { job: *job, is_new: false }),
            Added::NotFree => Err(SubmitError::NotFree { price }),
            Added::Unfunded(available) => {
                // A job without a charge needs no money.
                let Some(Charge { payer, price, tariff, .. }) = charge else {
                    return Err(StoreError::Stale(job.id).into());
                };
                Err(Unfunded { payer, price, available, currency: tariff.currency }.into())
            }
            Added::OverQuota(exceeded) => {
                self.report_quota(exceeded, quote.credits).await;
                Err(exceeded.into())
            }
        }
    }
}
