//! The parts of a result, in order: files, one message of them on disk at a time; a text; data; and what stands below
//! them.

use super::ChatDelivery;
use super::method::{ALBUM, Method, album, choose};
use super::send::Sender;
use crate::bot::telegram::SendErrorKind;
use crate::job::{Job, Output};
use crate::service::{DeliveryError, ResultFile, ResultFiles, SentFiles};

impl ChatDelivery {
    /// Sends the files that the chat does not have yet. Photos wait on disk for the rest of their album; a file whose
    /// download fails holds up those after it, and none before it.
    pub(super) async fn send_files(
        &self,
        sender: &Sender<'_>,
        files: &ResultFiles<'_>,
        sent: &mut SentFiles,
    ) -> Result<(), DeliveryError> {
        let left: Vec<u32> = (0..files.count()).filter(|index| !sent.contains(*index)).collect();
        let mut is_album = ALBUM.contains(&left.len());
        let mut waiting = Vec::new();
        for index in left {
            let file = match files.fetch(index).await {
                Ok(file) => file,
                Err(error) => {
                    self.send_message(sender, files, waiting, sent).await?;
                    return Err(error);
                }
            };
            is_album = is_album && choose(&file) == Method::Photo;
            waiting.push(file);
            if !is_album {
                for file in waiting.drain(..) {
                    self.send_file(sender, files, file, sent).await?;
                }
            }
        }
        self.send_message(sender, files, waiting, sent).await
    }

    /// Sends photos as one album, or one by one where they make none.
    async fn send_message(
        &self,
        sender: &Sender<'_>,
        files: &ResultFiles<'_>,
        photos: Vec<ResultFile>,
        sent: &mut SentFiles,
    ) -> Result<(), DeliveryError> {
        if let Some(pictures) = album(&photos.iter().collect::<Vec<_>>()) {
            match sender.album(&pictures).await {
                Ok(Some(done)) => {
                    sent.record(done).await?;
                    for photo in photos {
                        files.discard(photo).await;
                    }
                    return Ok(());
                }
                // Telegram refused the album.
                Ok(None) => {}
                Err(error) => return Err(self.error(&error)),
            }
        }
        for photo in photos {
            self.send_file(sender, files, photo, sent).await?;
        }
        Ok(())
    }

    async fn send_file(
        &self,
        sender: &Sender<'_>,
        files: &ResultFiles<'_>,
        file: ResultFile,
        sent: &mut SentFiles,
    ) -> Result<(), DeliveryError> {
        let method = choose(&file);
        let buttons = files.count() == 1 && method != Method::Link;
        let done = sender.file(&file, method, sent.files().is_empty(), buttons).await.map_err(|e| self.error(&e))?;
        // First of all: the person may press a button below it at once.
        sent.record(vec![done]).await?;
        files.discard(file).await;
        Ok(())
    }

    /// Sends what follows the files: the text, the data, and the caption and buttons of files that have none.
    pub(super) async fn send_rest(
        &self,
        sender: &Sender<'_>,
        files: u32,
        sent: &mut SentFiles,
    ) -> Result<(), DeliveryError> {
        let output = sender.job.output.as_ref();
        let mut index = files;
        if let Some(text) = output.and_then(|output| output.text.as_deref()).filter(|text| !text.trim().is_empty()) {
            if !sent.contains(index) {
                let done = sender.text(index, text, files == 0).await.map_err(|e| self.error(&e))?;
                sent.record(vec![done]).await?;
            }
            index += 1;
        }
        if let Some(data) = output.and_then(|output| output.data.as_ref()) {
            if !sent.contains(index) {
                let done = sender.data(index, data, index == 0).await.map_err(|e| self.error(&e))?;
                sent.record(vec![done]).await?;
            }
            index += 1;
        }
        if needs_buttons(sender.job, sent) && !sent.contains(index) {
            match sender.buttons(index).await {
                Ok(done) => sent.record(vec![done]).await?,
                Err(error) if SendErrorKind::of(&error) == SendErrorKind::Rejected => {
                    let why = self.telegram.describe(&error);
                    tracing::warn!(job = %sender.job.id, why, "Telegram refused the buttons below a result");
                }
                Err(error) => return Err(self.error(&error)),
            }
        }
        Ok(())
    }
}

/// Whether the buttons need a message of their own: an album cannot have any, and a link has its own text.
fn needs_buttons(job: &Job, sent: &SentFiles) -> bool {
    match job.output.as_ref().map(|output: &Output| output.urls.len()) {
        None | Some(0) => false,
        Some(1) => sent.files().iter().any(|file| file.sent_as == Method::Link.as_str()),
        Some(_) => true,
    }
}
