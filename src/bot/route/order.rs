//! Orders. An order uses up the form's nonce, so that a second press finds the job of the first.

use super::answer::editor_path;
use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::attachment::TelegramFiles;
use crate::bot::draft::{Form, Ordered};
use crate::bot::field_path::FieldPath;
use crate::bot::screen::{card, form as form_screen, job as job_screen, notice};
use crate::job::JobId;
use crate::schema::report::Report;
use crate::schema::spec::ModelSpec;
use crate::service::{Order, SubmitError};

impl Conversation<'_> {
    /// Orders what the form contains.
    pub(super) async fn order(&self, mut form: Form, spec: &'static ModelSpec) -> Result<Replied, HandlerError> {
        if let Some(failed) = form.failed_upload(spec) {
            form.at = Some(editor_path(spec, &failed));
            return self.show(form, spec).await;
        }
        let running = form.running_uploads();
        if running > 0 {
            (form.at, form.is_order_waiting) = (None, true);
            return self.show_with(&mut form, spec, None, &[self.texts.order_waits(running)]).await;
        }
        let order = Order {
            user: self.user,
            chat: self.chat,
            topic: self.topic,
            draft: form.nonce.clone(),
            model: spec.into(),
            answers: form.answers.clone(),
            attachments: form.attachments.clone(),
            shown: form.shown_price,
            payer: if form.shown_purse { self.chat.into() } else { self.user.into() },
            is_free: form.shown_free,
        };
        let files = TelegramFiles::new(self.bot.telegram.clone());
        match self.bot.service.submit(order, &files).await {
            Ok(submitted) => {
                let nonce = std::mem::replace(&mut form.nonce, self.bot.nonce());
                form.ordered = Some(Ordered { nonce, job: submitted.job.id.clone() });
                form.resting = true;
                form.at = None;
                let price = job_screen::price(&submitted.job, self.texts);
                let screen = form_screen::accepted(spec, &form, price.as_deref(), self.texts);
                // The first start of this handler may have made the order, and not have shown it.
                let is_known = !submitted.is_new && !self.is_retry;
                let screen = screen.with_notice(is_known.then(|| self.texts.form_already()).as_deref());
                self.show_form(&mut form, &screen).await
            }
            Err(error) => self.reply_refused(form, spec, error).await,
        }
    }

    async fn reply_refused(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        error: SubmitError,
    ) -> Result<Replied, HandlerError> {
        tracing::info!(chat = self.chat.0, model = spec.id, %error, "an order was refused");
        match error {
            SubmitError::NotOffered { .. }
            | SubmitError::NoPrice { .. }
            | SubmitError::Off { .. }
            | SubmitError::ForOthers { .. } => {
                self.edit_or_reply(&card::screen(spec, &self.assortment, self.texts)).await
            }
            SubmitError::NeedsWebhook { .. } => {
                self.show_with(&mut form, spec, None, &[self.texts.needs_webhook()]).await
            }
            SubmitError::PriceError { why, .. } => {
                form.at = form_screen::unmeasured_field(spec, why).map(FieldPath::field);
                let why = form_screen::unpriced(spec, why, self.texts);
                self.show_with(&mut form, spec, None, &[why]).await
            }
            SubmitError::PriceChanged { before, now, .. } => {
                form.at = None;
                let why = form_screen::price_changed(before, now, self.texts);
                self.show_with(&mut form, spec, None, &[why]).await
            }
            SubmitError::Invalid(report) => self.reply_invalid(form, spec, &report).await,
            SubmitError::Denied { denied, .. } => self.reply_invalid(form, spec, &denied.into()).await,
            SubmitError::OutOfCredits => {
                form.at = None;
                self.show_with(&mut form, spec, None, &[self.texts.orders_paused()]).await
            }
            SubmitError::Quota(exceeded) => {
                form.at = None;
                let why = notice::over_quota(exceeded, self.bot.service.now(), self.tariff(spec).as_ref(), self.texts);
                self.show_with(&mut form, spec, None, &[why]).await
            }
            SubmitError::NotFree { price } => {
                form.at = None;
                self.show_with(&mut form, spec, None, &[self.texts.free_used_up(&self.texts.price(price))]).await
            }
            SubmitError::Unfunded(unfunded) => {
                form.at = None;
                let why = notice::unfunded(unfunded, self.texts);
                let shown = self.show_with(&mut form, spec, None, &[why]).await?;
                // The form stays as it is, for when there is money.
                // A person pays now, if they like.
                if unfunded.payer.is_group() || !self.bot.service.sells() {
                    return Ok(shown);
                }
                self.reply(&self.packs_screen().await?).await
            }
            SubmitError::Uploading => self.show_with(&mut form, spec, None, &[self.texts.upload_failed()]).await,
            SubmitError::Attachment(error) => {
                // The field is opened, so that the next file goes there.
                let index = spec.fields.iter().position(|field| field.name == error.field);
                form.at = index.filter(|_| !error.why.is_temporary()).map(FieldPath::field);
                let why = form_screen::unrenewed(spec, &error, self.texts);
                self.show_with(&mut form, spec, None, &[why]).await
            }
            SubmitError::Store(error) => Err(error.into()),
        }
    }

    /// Opens the first field with a problem.
    async fn reply_invalid(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        report: &Report,
    ) -> Result<Replied, HandlerError> {
        form.at = form_screen::first_obstacle(spec, &form, report).map(FieldPath::field);
        let problems = form_screen::sentences(spec, &report.violations, self.texts);
        self.show_with(&mut form, spec, None, &problems).await
    }

    /// Shows the job that the first press made.
    pub(super) async fn already_ordered(&self, id: &JobId) -> Result<Replied, HandlerError> {
        match self.bot.service.job(id).await? {
            Some(job) => {
                let age = self.bot.service.now().since(job.created_at);
                let screen = job_screen::state(&job, age, &self.assortment, self.texts);
                self.reply(&screen.with_notice(Some(&self.texts.form_already()))).await
            }
            None => self.reply(&notice::with_home(&self.texts.job_unknown(), self.texts)).await,
        }
    }
}
