//! Sends the progress and the results of jobs to their chats, for the service.

mod facts;
mod method;
mod progress;
pub(crate) mod resend;
mod send;
mod thumbnail;
mod video;
pub(crate) mod voice;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use teloxide::RequestError;

use self::method::{Method, album, choose};
use self::progress::ProgressBoard;
use self::send::Sender;
use super::html::Page;
use super::screen::{Screen, job as screen};
use super::telegram::{BRIEF, Destination, SendErrorKind, Telegram};
use crate::job::Job;
use crate::l10n::{Lang, Messages};
use crate::service::{Delivery, DeliveryError, ProgressStage, ResultFile, SentFiles, Service};

/// Sends progress and results of jobs to their chats.
#[derive(Clone)]
pub struct ChatDelivery {
    telegram: Telegram,
    service: Service,
    progress: Arc<ProgressBoard>,
}

impl fmt::Debug for ChatDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatDelivery").field("telegram", &self.telegram).finish_non_exhaustive()
    }
}

impl ChatDelivery {
    /// For a Telegram account; the service knows the users' languages.
    pub fn new(telegram: Telegram, service: Service) -> Self {
        Self { telegram: telegram.with_service(service.clone()), service, progress: Arc::default() }
    }

    async fn texts(&self, job: &Job) -> &'static Messages {
        let user = self.service.user(job.user).await.ok().flatten();
        Messages::of(user.and_then(|u| Lang::from_code(&u.language)).unwrap_or(Lang::En))
    }

    fn error(&self, error: &RequestError) -> DeliveryError {
        let why = self.telegram.describe(error);
        match SendErrorKind::of(error) {
            SendErrorKind::Unreachable => DeliveryError::Gone(why),
            SendErrorKind::RateLimited(after) => DeliveryError::Retry { after: Some(after), why },
            SendErrorKind::Temporary | SendErrorKind::InvalidToken | SendErrorKind::Rejected => {
                DeliveryError::Retry { after: None, why }
            }
        }
    }

    /// Sends the result's files that are not in the chat yet, and adds them to `sent`.
    async fn send_files(
        &self,
        sender: &Sender<'_>,
        files: &[ResultFile],
        sent: &mut SentFiles,
    ) -> Result<(), DeliveryError> {
        let is_only = sender.job.output.as_ref().is_some_and(|output| output.urls.len() == 1);
        let left: Vec<&ResultFile> = files.iter().filter(|file| !sent.contains(file.index)).collect();
        if let Some(pictures) = album(&left) {
            match sender.album(&pictures).await {
                Ok(Some(done)) => return sent.record(done).await,
                // Telegram refused the album: the files are sent one by one.
                Ok(None) => {}
                Err(error) => return Err(self.error(&error)),
            }
        }
        for (n, file) in left.iter().enumerate() {
            let method = choose(file);
            let caption = n == 0 && sent.files().is_empty();
            let buttons = is_only && method != Method::Link;
            let done = sender.file(file, method, caption, buttons).await.map_err(|e| self.error(&e))?;
            sent.record(vec![done]).await?;
        }
        Ok(())
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

    async fn deliver(&self, job: &Job, files: &[ResultFile], sent: &mut SentFiles) -> Result<(), DeliveryError> {
        let texts = self.texts(job).await;
        let balance = self.service.balance();
        let sender = Sender { telegram: &self.telegram, job, balance, texts };
        self.send_files(&sender, files, sent).await?;
        let count = job.output.as_ref().map_or(0, |output| output.urls.len());
        let text = job.output.as_ref().and_then(|o| o.text.as_deref()).filter(|t| !t.trim().is_empty());
        let single = count == 1 && sent.files().iter().all(|f| f.sent_as != Method::Link.as_str());
        if let Some(text) = text {
            let index = count as u32;
            if !sent.contains(index) {
                let done = sender.text(index, text, count == 0).await.map_err(|e| self.error(&e))?;
                sent.record(vec![done]).await?;
            }
        }
        if let Some(data) = job.output.as_ref().and_then(|output| output.data.as_ref()) {
            let index = count as u32 + u32::from(text.is_some());
            if !sent.contains(index) {
                let done = sender.data(index, data, index == 0).await.map_err(|e| self.error(&e))?;
                sent.record(vec![done]).await?;
            }
        }
        if count > 0 && !single {
            // An album cannot have buttons, and a link has its own text: the buttons get a message of their own.
            let mut page = Page::new();
            page.text(screen::result_head(job, balance, texts));
            let mut after = Screen::new(page);
            after.rows = screen::result_rows(job, texts);
            self.telegram.send(Destination::of_job(job), &after, BRIEF).await.map_err(|e| self.error(&e))?;
        }
        self.end_progress(job).await;
        Ok(())
    }

    async fn failed(&self, job: &Job) -> Result<(), DeliveryError> {
        let screen = screen::failed(job, self.texts(job).await);
        // A new message notifies the user; an edit would not.
        self.telegram.send(Destination::of_job(job), &screen, BRIEF).await.map_err(|e| self.error(&e))?;
        self.end_progress(job).await;
        Ok(())
    }
}
