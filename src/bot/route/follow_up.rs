//! Follow-ups: a file of a result becomes the input of another model's form.

use url::Url;

use super::answer::item_count;
use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::draft::Form;
use crate::bot::field_path::FieldPath;
use crate::bot::follow_up::{self, FollowUp};
use crate::bot::screen::{card, follow_up as screen, notice};
use crate::job::{Attachment, Job, JobId};
use crate::schema::FileFacts;
use crate::schema::spec::{Kind, ModelRef, ModelSpec};

impl Conversation<'_> {
    /// Offers the models of a follow-up, or opens the form at once when there is only one. A result of several files
    /// asks first which file it is about. `at`: the index of the file and the page of models, once chosen.
    pub(super) async fn follow_up(
        &self,
        id: &JobId,
        task: &str,
        at: Option<(u16, u16)>,
    ) -> Result<Replied, HandlerError> {
        let Some(job) = self.own_job(id).await? else { return self.reply_no_job().await };
        if job.stripped {
            return self.reply_stripped().await;
        }
        let Some(follow_up) = FollowUp::find(task) else {
            return self.reply_home(Some(&self.texts.old_button())).await;
        };
        let files = job.output.as_ref().map_or(0, |output| output.urls.len());
        if at.is_none() && files > 1 && job.result(0, self.bot.service.now()).is_some() {
            return self.reply(&screen::files(follow_up, &job, files, self.texts)).await;
        }
        let (file, page) = at.unwrap_or_default();
        match follow_up.models(&self.assortment).as_slice() {
            [] => self.reply_home(Some(&self.texts.old_button())).await,
            [only] => self.open_with(&job, file, (*only).into(), at.and(self.pressed)).await,
            offered => {
                let list = screen::screen(follow_up, &job, (file, page), offered, &self.assortment, self.texts);
                // The message of the result itself is not edited: it holds the file.
                if at.is_some() { self.leave_form_for(&list).await } else { self.reply(&list).await }
            }
        }
    }

    /// Shows the form of the chosen model, with the file filled in, in the message of the list of models. `model` is a
    /// [short id](follow_up::short_id).
    pub(super) async fn start_with(&self, id: &JobId, file: u16, model: &str) -> Result<Replied, HandlerError> {
        let Some(job) = self.own_job(id).await? else { return self.reply_no_job().await };
        match follow_up::find_model(model) {
            Some(_) if job.stripped => self.reply_stripped().await,
            Some(model) => self.open_with(&job, file, model, self.pressed).await,
            None => self.reply_outdated().await,
        }
    }

    /// The job, if it is this chat's, or the person's own in the private chat: a message with buttons can be forwarded to
    /// any chat.
    pub(super) async fn own_job(&self, id: &JobId) -> Result<Option<Job>, HandlerError> {
        let is_own = |job: &Job| job.chat == self.chat || (self.is_private() && job.user == self.user);
        Ok(self.bot.service.job(id).await?.filter(is_own))
    }

    /// The answer to a button of a job whose input and result are not kept any more.
    pub(super) async fn reply_stripped(&self) -> Result<Replied, HandlerError> {
        self.reply(&notice::with_home(&self.texts.job_stripped(), self.texts)).await
    }

    pub(super) async fn reply_no_job(&self) -> Result<Replied, HandlerError> {
        self.reply(&notice::with_home(&self.texts.job_unknown(), self.texts)).await
    }

    /// Shows the form in a message, or in a new one without it. A second press continues the form of the first.
    async fn open_with(
        &self,
        job: &Job,
        file: u16,
        model: ModelRef,
        message: Option<i32>,
    ) -> Result<Replied, HandlerError> {
        let spec = model.spec;
        if !self.assortment.offers(spec) {
            let card = card::screen(model, &self.assortment, self.texts);
            return if message.is_some() { self.leave_form_for(&card).await } else { self.reply(&card).await };
        }
        let old = self.load_form().await?.filter(|(form, _)| !form.resting);
        if let Some(shown) = old.as_ref().and_then(|(form, _)| form.message).filter(|m| Some(*m) != message) {
            self.bot.telegram.delete(self.chat, shown).await;
        }
        let source = self.file_of(job, file).await?;
        // What the vendor has deleted is taken from the chat.
        let kept = job.result(file, self.bot.service.now());
        let url = kept.or_else(|| source.as_ref().and(job.result_url(file)));
        let has_it = |form: &Form| url.is_some_and(|url| form.attachment(url).is_some());
        let (mut form, problems) = match old {
            Some((form, other)) if std::ptr::eq(spec, other) && has_it(&form) => (form, Vec::new()),
            _ => {
                let mut form = Form::new(spec, self.bot.nonce());
                model.complete(&mut form.answers);
                form.guided = false;
                let filled = self.fill(&mut form, spec, job, url, source);
                (form, filled.err().unwrap_or_default())
            }
        };
        form.message = message;
        form.at = None;
        form.pending = None;
        self.show_with(&mut form, spec, None, &problems).await
    }

    /// The id by which Telegram has a file of a result, if the chat has received it.
    async fn file_of(&self, job: &Job, file: u16) -> Result<Option<String>, HandlerError> {
        let files = self.bot.service.files(&job.id).await?;
        Ok(files.into_iter().find(|known| known.index == u32::from(file)).map(|known| known.file_id))
    }

    /// Puts the file into the field that takes it.
    ///
    /// # Errors
    /// Sentences for the user: the file is gone, or the field refuses it.
    fn fill(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        job: &Job,
        url: Option<&str>,
        source: Option<String>,
    ) -> Result<(), Vec<String>> {
        let gone = || vec![self.texts.step_file_gone()];
        let url = url.ok_or_else(gone)?;
        let index = follow_up::result_kind(job).and_then(|kind| follow_up::field_for(spec, kind));
        let field = index.map(FieldPath::field).ok_or_else(gone)?;
        let list = field.target(spec).is_some_and(|target| matches!(target.kind, Kind::List(_)));
        let path = if list { field.child(item_count(form, spec, &field)) } else { field };
        let facts = FileFacts { name: name(url), seconds: self.pressed_seconds, ..FileFacts::default() };
        let value = self.check_file(form, spec, &path, url, facts.clone())?;
        let uploaded_at = job.begun_at();
        form.attachments.push(Attachment { url: url.to_owned(), source, uploaded_at, facts, is_result: true });
        form.put(spec, &path, value);
        Ok(())
    }
}

/// The last segment of a link's path.
fn name(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.path_segments()?.next_back().filter(|name| !name.is_empty()).map(str::to_owned)
}
