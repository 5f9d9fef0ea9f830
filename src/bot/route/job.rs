//! Buttons of jobs: stop waiting, show, repeat, change, and what to do after a lost reply of the vendor.

use std::time::Duration;

use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::attachment::TelegramFiles;
use crate::bot::callback::JobAction;
use crate::bot::delivery::resend;
use crate::bot::draft::Form;
use crate::bot::screen::{Screen, card, form as form_screen, job as screen, notice};
use crate::job::{Job, JobId, JobState};
use crate::models;
use crate::service::{Order, SubmitError};
use crate::store_error::StoreError;

impl Conversation<'_> {
    /// Handles a button of a job.
    pub(super) async fn on_job_button(&self, id: &JobId, action: JobAction) -> Result<Replied, HandlerError> {
        let Some(job) = self.own_job(id).await? else { return self.reply_no_job().await };
        match action {
            JobAction::Detach if job.state.is_final() => self.show_job(&job).await,
            JobAction::Detach => self.stop_waiting(&job).await,
            JobAction::Show => self.show_job(&job).await,
            JobAction::Repeat => match models::find(&job.model) {
                // The form shows the warning.
                Some(model) if self.does_poorly(model.spec).await => self.change_job(&job, &[]).await,
                _ => self.repeat_job(&job).await,
            },
            JobAction::Change => self.change_job(&job, &[]).await,
            JobAction::Resend => {
                self.wait_until_unknown(&job).await?;
                let moved = self.bot.service.job_admin().retry_unknown(&job.id).await;
                self.reply_decision(moved, &self.texts.unknown_resent()).await
            }
            JobAction::Leave => {
                self.wait_until_unknown(&job).await?;
                let moved = self.bot.service.job_admin().give_up(&job.id, JobState::Unknown).await;
                self.reply_decision(moved, &self.texts.unknown_left()).await
            }
        }
    }

    /// Waits until the state of a lost reply is stored: its message is sent a moment earlier.
    async fn wait_until_unknown(&self, job: &Job) -> Result<(), HandlerError> {
        let mut state = job.state;
        for _ in 0..10 {
            if state != JobState::Submitting {
                break;
            }
            self.bot.telegram.clock.sleep(Duration::from_millis(200)).await;
            state = self.bot.service.job(&job.id).await?.map_or(JobState::Failed, |job| job.state);
        }
        Ok(())
    }

    async fn reply_decision(&self, moved: Result<Job, StoreError>, done: &str) -> Result<Replied, HandlerError> {
        let text = match moved {
            Ok(_) => done.to_owned(),
            Err(StoreError::Stale(_)) => self.texts.unknown_moved(),
            Err(error) => return Err(error.into()),
        };
        self.edit_or_reply(&notice::with_home(&text, self.texts)).await
    }

    async fn show_job(&self, job: &Job) -> Result<Replied, HandlerError> {
        if matches!(job.state, JobState::Failed | JobState::Unknown | JobState::Unreadable) {
            return self.reply(&screen::failed(job, self.texts)).await;
        }
        let files = self.bot.service.files(&job.id).await?;
        if !files.is_empty() && resend::send(&self.bot.telegram, self.destination(), job, &files, self.texts).await? {
            return self.reply(&self.after_result(job)).await;
        }
        let text = job.output.as_ref().and_then(|o| o.text.clone());
        if let Some(text) = text.filter(|_| job.state == JobState::Delivered) {
            let mut shown = Screen::text(text);
            shown.rows = screen::result_rows(job, self.texts);
            return self.reply(&shown).await;
        }
        let age = self.bot.service.now().since(job.created_at);
        let mut state = screen::state(job, age, self.texts);
        for url in job.output.iter().flat_map(|o| &o.urls) {
            state.page.line().link(url, url);
        }
        self.reply(&state).await
    }

    fn after_result(&self, job: &Job) -> Screen {
        let mut shown = Screen::text(screen::head(job, self.texts));
        shown.rows = screen::result_rows(job, self.texts);
        shown
    }

    /// Orders the same again. A second press of the same button finds the job of the first.
    async fn repeat_job(&self, job: &Job) -> Result<Replied, HandlerError> {
        let Some(model) = models::find(&job.model) else { return self.reply_no_job().await };
        let order = Order {
            user: self.user,
            chat: self.chat,
            topic: self.topic,
            draft: format!("{}-{}", job.id, self.pressed.unwrap_or_default()),
            model,
            answers: job.input.clone(),
            attachments: job.attachments.clone(),
        };
        let files = TelegramFiles::new(self.bot.telegram.clone());
        match self.bot.service.submit(order, &files).await {
            // The first start of this handler may have made the order, and not have said so.
            Ok(submitted) if submitted.is_new || self.is_retry => {
                let text = self.texts.repeat_started(&screen::head(&submitted.job, self.texts));
                self.reply(&Screen::text(text)).await
            }
            Ok(submitted) => {
                let job = submitted.job;
                let age = self.bot.service.now().since(job.created_at);
                let notice = self.texts.repeat_known(screen::title(&job, self.texts));
                self.reply(&screen::state(&job, age, self.texts).with_notice(Some(&notice))).await
            }
            Err(SubmitError::Store(error)) => Err(error.into()),
            Err(SubmitError::NotOffered { .. } | SubmitError::NoPrice { .. }) => {
                self.reply(&card::screen(model, self.texts)).await
            }
            Err(SubmitError::NeedsWebhook { .. }) => self.change_job(job, &[self.texts.needs_webhook()]).await,
            Err(SubmitError::PriceError { why, .. }) => {
                self.change_job(job, &[form_screen::unpriced(model.spec, why, self.texts)]).await
            }
            Err(SubmitError::Attachment(_)) => self.change_job(job, &[self.texts.attachment_gone()]).await,
            // The registry has changed since: the form shows what is missing.
            Err(SubmitError::Invalid(_) | SubmitError::Uploading) => self.change_job(job, &[]).await,
        }
    }

    /// Opens a form with the input of the job, in a new message.
    async fn change_job(&self, job: &Job, problems: &[String]) -> Result<Replied, HandlerError> {
        let Some(model) = models::find(&job.model) else { return self.reply_no_job().await };
        if let Some(message) =
            self.load_form().await?.filter(|(form, _)| !form.resting).and_then(|(form, _)| form.message)
        {
            self.bot.telegram.delete(self.chat, message).await;
        }
        let mut form = Form::of_job(model, job, self.bot.nonce());
        self.show_with(&mut form, model.spec, None, problems).await
    }
}
