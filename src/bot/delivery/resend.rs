//! Sends a delivered result again: by its Telegram file ids, which last longer than the vendor's links, or else by a fresh
//! link of the vendor.

use teloxide::RequestError;
use teloxide::types::{FileId, InputFile};

use super::facts::MediaFacts;
use super::method::Method;
use super::send::{FileMessage, send_file};
use crate::bot::screen::{Screen, job as screen};
use crate::bot::telegram::{Destination, PERSISTENT, SendErrorKind, Telegram};
use crate::job::{DeliveredFile, Job};
use crate::l10n::Messages;
use crate::service::Service;

/// What is needed to send a result again.
pub(crate) struct Resender<'a> {
    pub(crate) telegram: &'a Telegram,
    pub(crate) service: &'a Service,
    pub(crate) to: Destination,
    pub(crate) job: &'a Job,
    pub(crate) texts: &'a Messages,
}

impl Resender<'_> {
    /// Sends the files again. Returns whether anything was sent. For a file that neither Telegram nor the vendor has any more,
    /// a message says so.
    ///
    /// # Errors
    /// When a call fails for any other reason.
    pub(crate) async fn send(&self, files: &[DeliveredFile]) -> Result<bool, RequestError> {
        let mut is_sent = false;
        for file in files {
            match Method::of_str(&file.sent_as) {
                Some(Method::Link) => self.link(file).await?,
                Some(method) if !file.file_id.is_empty() => self.file(file, method).await?,
                Some(_) | None => continue,
            }
            is_sent = true;
        }
        Ok(is_sent)
    }

    async fn file(&self, file: &DeliveredFile, method: Method) -> Result<(), RequestError> {
        let input = || InputFile::file_id(FileId(file.file_id.clone()));
        let content = FileMessage { input: &input, facts: &MediaFacts::default(), caption: None, keyboard: None };
        let sent =
            self.telegram.send_to(self.to, PERSISTENT, |target| send_file(self.telegram, target, method, &content));
        match sent.await {
            Ok(_) => Ok(()),
            Err(error) if SendErrorKind::of(&error) == SendErrorKind::Rejected => {
                let why = self.telegram.describe(&error);
                tracing::warn!(job = %self.job.id, why, "a delivered file could not be sent again");
                self.link(file).await
            }
            Err(error) => Err(error),
        }
    }

    async fn link(&self, file: &DeliveredFile) -> Result<(), RequestError> {
        let link = match u16::try_from(file.index) {
            Ok(index) => self.service.result_link(self.job, index).await,
            Err(_) => None,
        };
        let shown = match link {
            Some(link) => screen::link(self.job, &self.texts.result_link_again(), &link, self.texts),
            None => Screen::text(self.texts.result_expired()),
        };
        self.telegram.send(self.to, &shown, PERSISTENT).await.map(drop)
    }
}
