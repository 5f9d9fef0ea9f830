//! Buttons of jobs: stop waiting, show, repeat, change, and what to do after a lost reply of the vendor.

use std::time::Duration;

use teloxide::types::ChatAction;

use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::Bot;
use crate::bot::attachment::TelegramFiles;
use crate::bot::callback::JobAction;
use crate::bot::delivery::resend::Resender;
use crate::bot::delivery::voice::{self, VoiceError};
use crate::bot::draft::Form;
use crate::bot::incoming::PressedButton;
use crate::bot::screen::{Screen, card, form as form_screen, job as screen, notice};
use crate::bot::telegram::SendErrorKind;
use crate::job::{Job, JobId, JobState};
use crate::models;
use crate::service::{Order, SubmitError};
use crate::store_error::StoreError;

impl Conversation<'_> {
    /// Handles a button of a job.
    pub(super) async fn on_job_button(
        &self,
        id: &JobId,
        action: JobAction,
        press: &PressedButton,
    ) -> Result<Replied, HandlerError> {
        let Some(job) = self.own_job(id).await? else { return self.reply_no_job().await };
        match action {
            JobAction::Show | JobAction::Repeat | JobAction::Change | JobAction::Voice if job.stripped => {
                self.reply_stripped().await
            }
            JobAction::Detach if job.state.is_final() => self.show_job(&job).await,
            JobAction::Detach => self.stop_waiting(&job).await,
            JobAction::Show => self.show_job(&job).await,
            JobAction::Repeat => match models::find(&job.model) {
                // The form shows the warning.
                Some(model) if self.does_poorly(model.spec).await => self.change_job(&job, &[]).await,
                _ => self.repeat_job(&job, press).await,
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
            JobAction::Voice => self.send_voice(&job).await,
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
            return self.reply(&screen::failed(job, &self.assortment, self.texts)).await;
        }
        let files = self.bot.service.files(&job.id).await?;
        let Bot { telegram, service, .. } = self.bot;
        let resender = Resender { telegram, service, to: self.destination(), job, texts: self.texts };
        if resender.send(&files).await? {
            return self.reply(&self.after_result(job, voice::find(&files).is_some())).await;
        }
        let text = job.output.as_ref().and_then(|o| o.text.clone());
        if let Some(text) = text.filter(|_| job.state == JobState::Delivered) {
            let mut shown = Screen::text(text);
            shown.rows = screen::result_rows(job, &self.assortment, self.texts);
            return self.reply(&shown).await;
        }
        let age = self.bot.service.now().since(job.created_at);
        let mut state = screen::state(job, age, &self.assortment, self.texts);
        let count = job.output.as_ref().map_or(0, |output| output.urls.len());
        for file in 0..u16::try_from(count).unwrap_or(u16::MAX) {
            match job.result(file, service.now()) {
                Some(url) => drop(state.page.line().link(url, url)),
                None if file == 0 => drop(state.page.gap().text(self.texts.result_expired())),
                None => {}
            }
        }
        self.reply(&state).await
    }

    /// The buttons of a result that was sent again; `has_speech` when it can be a voice message.
    fn after_result(&self, job: &Job, has_speech: bool) -> Screen {
        let mut shown = Screen::text(screen::head(job, self.texts));
        shown.rows = screen::result_rows(job, &self.assortment, self.texts);
        let voice = screen::voice(job, self.texts).filter(|_| has_speech);
        shown.row(voice.into_iter().chain(screen::copy_task(job, self.texts)).collect())
    }

    async fn send_voice(&self, job: &Job) -> Result<Replied, HandlerError> {
        let telegram = &self.bot.telegram;
        let files = self.bot.service.files(&job.id).await?;
        let Some(speech) = voice::find(&files) else { return self.reply_no_job().await };
        telegram.show_action(self.destination(), ChatAction::UploadVoice).await;
        let error = match voice::send(telegram, self.destination(), speech).await {
            Ok(sent) => return Ok(Replied::with_file(&sent)),
            Err(error) => error,
        };
        let text = match error {
            VoiceError::File(error) => {
                tracing::warn!(job = %job.id, %error, "a speech could not be fetched");
                self.texts.voice_unreachable()
            }
            VoiceError::Telegram(error) if SendErrorKind::of(&error) == SendErrorKind::Rejected => {
                tracing::info!(job = %job.id, error = %telegram.describe(&error), "a voice message was refused");
                self.texts.voice_refused()
            }
            VoiceError::Telegram(error) => return Err(error.into()),
        };
        self.reply(&notice::with_home(&text, self.texts)).await
    }

    /// Orders the same again. A second press of the same button finds the job of the first.
    async fn repeat_job(&self, job: &Job, press: &PressedButton) -> Result<Replied, HandlerError> {
        let Some(model) = models::find(&job.model) else { return self.reply_no_job().await };
        let order = Order {
            user: self.user,
            chat: self.chat,
            topic: self.topic,
            draft: format!("{}-{}", job.id, self.pressed.unwrap_or_default()),
            model,
            answers: job.input.clone(),
            attachments: job.attachments.clone(),
            // The button has the price of the job.
            shown: job.price(),
            // What the group has paid for, it pays for again.
            payer: match job.charge {
                Some(charge) if charge.payer.is_group() => self.chat.into(),
                Some(_) | None => self.user.into(),
            },
            is_free: false,
        };
        let files = TelegramFiles::new(self.bot.telegram.clone());
        match self.bot.service.submit(order, &files).await {
            // The first start of this handler may have made the order, and not have said so.
            Ok(submitted) if submitted.is_new || self.is_retry => {
                let text = self.texts.repeat_started(&screen::head(&submitted.job, self.texts));
                let replied = self.reply(&Screen::text(text)).await?;
                // Another press of it would order nothing.
                if let Some((message, used)) = self.pressed.zip(press.used_keyboard()) {
                    self.bot.telegram.show_used(self.destination(), message, used).await;
                }
                Ok(replied)
            }
            Ok(submitted) => {
                let job = submitted.job;
                let age = self.bot.service.now().since(job.created_at);
                let notice = self.texts.repeat_known(screen::title(&job, self.texts));
                self.reply(&screen::state(&job, age, &self.assortment, self.texts).with_notice(Some(&notice))).await
            }
            Err(SubmitError::Store(error)) => Err(error.into()),
            Err(
                SubmitError::NotOffered { .. }
                | SubmitError::NoPrice { .. }
                | SubmitError::Off { .. }
                | SubmitError::ForOthers { .. },
            ) => self.reply(&card::screen(model, &self.assortment, self.texts)).await,
            Err(SubmitError::NeedsWebhook { .. }) => self.change_job(job, &[self.texts.needs_webhook()]).await,
            Err(SubmitError::PriceError { why, .. }) => {
                self.change_job(job, &[form_screen::unpriced(model.spec, why, self.texts)]).await
            }
            Err(SubmitError::PriceChanged { before, now, .. }) => {
                self.change_job(job, &[form_screen::price_changed(before, now, self.texts)]).await
            }
            Err(SubmitError::OutOfCredits) => self.change_job(job, &[self.texts.orders_paused()]).await,
            Err(SubmitError::Quota(exceeded)) => {
                let why =
                    notice::over_quota(exceeded, self.bot.service.now(), self.tariff(model.spec).as_ref(), self.texts);
                self.reply(&notice::with_home(&why, self.texts)).await
            }
            Err(SubmitError::NotFree { price }) => {
                self.change_job(job, &[self.texts.free_used_up(&self.texts.price(price))]).await
            }
            // The form says who pays then.
            Err(SubmitError::Unfunded(unfunded)) if unfunded.payer.is_group() => {
                self.change_job(job, &[notice::unfunded(unfunded, self.texts)]).await
            }
            Err(SubmitError::Unfunded(unfunded)) => {
                let why = notice::unfunded(unfunded, self.texts);
                if self.bot.service.sells() {
                    return self.reply(&self.packs_screen().await?.with_notice(Some(&why))).await;
                }
                self.reply(&notice::with_home(&why, self.texts)).await
            }
            Err(SubmitError::Attachment(error)) => {
                self.change_job(job, &[form_screen::unrenewed(model.spec, &error, self.texts)]).await
            }
            // The registry has changed since, or a value was denied: the form shows what is missing or denied.
            Err(SubmitError::Invalid(_) | SubmitError::Denied { .. } | SubmitError::Uploading) => {
                self.change_job(job, &[]).await
            }
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
