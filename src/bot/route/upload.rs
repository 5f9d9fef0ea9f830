//! Uploads of the files in a form: begun, ended, begun anew.

use super::answer::editor_path;
use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::draft::{Form, UploadFailure, UploadState};
use crate::bot::field::answer;
use crate::bot::field_path::FieldPath;
use crate::bot::upload::{UploadEnd, UploadRequest, UploadResult};
use crate::inbox::{InboxBatch, Update};
use crate::schema::Files;
use crate::schema::spec::ModelSpec;

impl Conversation<'_> {
    /// Begins the uploads that are queued. Must have returned before the form is stored: the other way round, a process
    /// that ends in between would leave files that are on their way for ever. What is begun for a form that is never
    /// stored ends without effect.
    pub(super) async fn begin_uploads(&self, form: &mut Form) -> Result<(), HandlerError> {
        let queued = form.uploads.iter_mut().filter(|upload| upload.state == UploadState::Queued);
        let put: Vec<Update> = queued
            .filter_map(|upload| {
                let request = UploadRequest::new(upload, self.fence.chat, self.topic, self.user)?;
                upload.state = UploadState::Running;
                Some(request.update())
            })
            .collect();
        if !put.is_empty() {
            let batch = InboxBatch { put, ..InboxBatch::default() };
            self.bot.service.inbox().apply("", &batch, self.bot.service.now()).await?;
        }
        Ok(())
    }

    /// Puts the file of an upload that has ended into the form, or notes why it is not there, and shows that. The form
    /// may have changed: what is no longer in it is of no interest.
    pub(super) async fn on_upload_end(&self, end: UploadEnd) -> Result<Replied, HandlerError> {
        let Some((mut form, spec)) = self.load_form().await? else { return Ok(Replied::nothing_to_do()) };
        let is_awaited = form.upload(&end.url).is_some_and(|upload| upload.is_running());
        let path = FieldPath::find(spec, &form.answers, &end.url).filter(|_| is_awaited);
        let Some(path) = path else { return Ok(Replied::nothing_to_do()) };
        match end.result {
            UploadResult::Uploaded(done) => {
                // The content may differ from what the message said.
                match self.check_file(&form, spec, &path, &done.url, done.facts.clone()) {
                    Ok(_) => form.finish_upload(spec, &path, &end.url, done),
                    Err(problems) => form.fail_upload(&end.url, UploadFailure::Unfit(problems)),
                }
            }
            UploadResult::Read(text) => {
                let kind = path.target(spec).map(|target| target.kind);
                let value = kind.map(|kind| answer::read(kind, &text)).unwrap_or_default();
                match answer::check(&form, spec, &path, value, &Files::new()) {
                    Ok(value) => form.put(spec, &path, value),
                    Err(found) => {
                        form.fail_upload(&end.url, UploadFailure::Unfit(self.sentences(spec, &path, &found)));
                    }
                }
            }
            UploadResult::Failed(why) => form.fail_upload(&end.url, why),
        }
        match self.show_upload_end(form, spec, &path).await {
            // The form is stored; nobody has asked for anything that could be told to have failed.
            Err(HandlerError::Telegram(error)) => {
                let error = self.bot.telegram.describe(&error);
                tracing::warn!(chat = self.chat.0, error, "the end of an upload could not be shown");
                Ok(Replied::nothing_to_do())
            }
            shown => shown,
        }
    }

    /// Shows the form after an upload at `path`, if it shows it; and, when that was the last one for which an order
    /// waits, in a new message, since the user was told to wait for it.
    async fn show_upload_end(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
    ) -> Result<Replied, HandlerError> {
        let running = form.running_uploads();
        let is_last = form.is_order_waiting && running == 0;
        form.is_order_waiting &= running > 0;
        let is_at = |at: &FieldPath| at.0.first() == path.0.first();
        let is_shown = form.message.is_some() && form.pending.is_none() && form.at.as_ref().is_none_or(is_at);
        if is_last && is_shown && form.at.is_none() {
            let old = form.message.take();
            let notice = match form.failed_upload(spec) {
                Some(_) => self.texts.order_wait_failed(),
                None => self.texts.order_wait_over(),
            };
            let shown = self.show_with(&mut form, spec, None, &[notice]).await;
            if let Some(old) = old {
                self.bot.telegram.delete(self.chat, old).await;
            }
            return shown;
        }
        if !is_shown {
            self.store_form(&form).await?;
            return Ok(Replied::nothing_to_do());
        }
        let problems =
            if form.is_order_waiting { vec![self.texts.order_waits(running)] } else { form.problems.clone() };
        self.show_with(&mut form, spec, None, &problems).await
    }

    /// Begins the upload of the file at `path` anew, after it has failed.
    pub(super) async fn retry_upload(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: FieldPath,
    ) -> Result<Replied, HandlerError> {
        let now = self.bot.service.now();
        let url = path.get(spec, &form.answers).and_then(|value| value.as_str());
        let upload = url.and_then(|url| form.upload(url)).filter(|upload| upload.is_repeatable(now));
        let problems = match upload.map(|upload| upload.file.clone()) {
            Some(file) => self.put_file(&mut form, spec, &path, file),
            None => Vec::new(),
        };
        form.at = Some(editor_path(spec, &path));
        self.show_with(&mut form, spec, None, &problems).await
    }
}
