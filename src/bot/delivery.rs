//! Sends the progress and the results of jobs to their chats, for the service.

mod facts;
mod method;
mod operator;
mod parts;
mod progress;
pub(crate) mod resend;
mod reward;
mod send;
mod thumbnail;
mod video;
pub(crate) mod voice;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use teloxide::RequestError;

use self::progress::ProgressBoard;
use self::send::Sender;
use super::screen::{alert, job as screen, notice, undelivered};
use super::telegram::{BRIEF, Destination, LAST, SendErrorKind, Telegram};
use crate::access::Access;
use crate::alert::Alert;
use crate::announcement::AnnouncementTexts;
use crate::job::{ChatId, Job, UserId};
use crate::l10n::{Lang, Messages};
use crate::referral::Reward;
use crate::service::{Delivery, DeliveryError, ProgressStage, ResultFiles, SentFiles, Service};

/// Sends progress and results of jobs to their chats.
#[derive(Clone)]
pub struct ChatDelivery {
    telegram: Telegram,
    service: Service,
    progress: Arc<ProgressBoard>,
    access: Access,
}

impl fmt::Debug for ChatDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatDelivery").field("telegram", &self.telegram).finish_non_exhaustive()
    }
}

impl ChatDelivery {
    /// For a Telegram account; the service knows the users' languages.
    pub fn new(telegram: Telegram, service: Service) -> Self {
        let telegram = telegram.with_service(service.clone());
        Self { telegram, service, progress: Arc::default(), access: Access::open() }
    }

    /// The same, with the admins and the owner, who are told what only they can see to.
    #[must_use]
    pub fn with_access(self, access: Access) -> Self {
        Self { access, ..self }
    }

    async fn texts(&self, job: &Job) -> &'static Messages {
        self.texts_of(job.user).await
    }

    async fn texts_of(&self, user: UserId) -> &'static Messages {
        let user = self.service.user(user).await.ok().flatten();
        Messages::of(user.and_then(|u| Lang::from_code(&u.language)).unwrap_or(Lang::En))
    }

    fn error(&self, error: &RequestError) -> DeliveryError {
        let why = self.telegram.describe(error);
        match SendErrorKind::of(error) {
            SendErrorKind::Unreachable => DeliveryError::Gone(why),
            SendErrorKind::RateLimited(after) => DeliveryError::Retry { after: Some(after), why },
            SendErrorKind::Temporary | SendErrorKind::InvalidToken => DeliveryError::Retry { after: None, why },
            SendErrorKind::Rejected => DeliveryError::Refused(why),
        }
    }
}

#[async_trait]
impl Delivery for ChatDelivery {
    fn progress(&self, job: &Job, stage: ProgressStage) {
        self.show_progress(&job.id, stage);
    }

    async fn drain(&self) {
        self.drain_progress().await;
    }

    async fn reach(&self, job: &Job) -> Result<(), DeliveryError> {
        match self.telegram.try_action(Destination::of_job(job)).await.map_err(|error| self.error(&error)) {
            Err(error @ DeliveryError::Retry { .. }) => Err(error),
            Ok(()) | Err(DeliveryError::Refused(_) | DeliveryError::Gone(_)) => Ok(()),
        }
    }

    async fn deliver(&self, job: &Job, files: &ResultFiles<'_>, sent: &mut SentFiles) -> Result<(), DeliveryError> {
        let texts = self.texts(job).await;
        let balance = self.service.balance();
        let assortment = self.service.shown_assortment(job.user).await;
        let sender = Sender { telegram: &self.telegram, job, balance, assortment, texts };
        self.send_files(&sender, files, sent).await?;
        self.send_rest(&sender, files.count(), sent).await?;
        self.end_progress(job).await;
        Ok(())
    }

    async fn failed(&self, job: &Job) -> Result<(), DeliveryError> {
        let assortment = self.service.shown_assortment(job.user).await;
        let screen = screen::failed(job, &assortment, self.texts(job).await);
        // A new message notifies the user; an edit would not.
        self.telegram.send(Destination::of_job(job), &screen, BRIEF).await.map_err(|e| self.error(&e))?;
        self.end_progress(job).await;
        Ok(())
    }

    async fn tell_operator(&self, jobs: &[Job]) -> Result<(), DeliveryError> {
        self.tell_operators(|texts| undelivered::list(jobs, texts)).await
    }

    async fn alert(&self, alerts: &[Alert]) -> Result<(), DeliveryError> {
        self.tell_operators(|texts| alert::list(alerts, texts)).await
    }

    async fn rewarded(&self, reward: &Reward) {
        self.tell_reward(reward).await;
    }

    async fn announce(&self, user: UserId, announced: &AnnouncementTexts) -> Result<bool, DeliveryError> {
        let chat = ChatId(user.0);
        let unknown =
            |error| DeliveryError::Retry { after: None, why: format!("who may use the bot is not known: {error}") };
        let owner = self.service.owner().await.map_err(unknown)?;
        let stored = self.service.access_of(user, chat).await.map_err(unknown)?;
        if !self.access.is_admin(user, owner) && !self.access.allows(user, chat, &stored) {
            return Ok(false);
        }
        let texts = self.texts_of(user).await;
        let screen = notice::with_home(announced.in_language(texts.lang()), texts);
        let to = Destination { chat, topic: None, user, reply_to: None };
        self.telegram.send(to, &screen, LAST).await.map_err(|error| self.error(&error))?;
        Ok(true)
    }
}
