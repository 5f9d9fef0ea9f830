//! Next steps: a file of a result goes into a form of another model.

use url::Url;

use super::conversation::{Conversation, Failure, Replied};
use super::input::item_count;
use crate::bot::draft::Form;
use crate::bot::field_path::FieldPath;
use crate::bot::screen::{card, notice, step as screen};
use crate::bot::step::{self, Step};
use crate::job::{Attachment, FileFacts, Job, JobId};
use crate::schema::spec::{Kind, ModelSpec, Named};
use crate::service::Service;

impl Conversation<'_> {
    /// The models that a result can go on with, or the form where there is one alone; before that, which file of it.
    pub(super) async fn step(&self, id: &JobId, task: &str, at: Option<(u16, u16)>) -> Result<Replied, Failure> {
        let Some(job) = self.own_job(id).await? else { return self.no_job().await };
        let Some(step) = Step::find(task) else { return self.home(Some(&self.texts.old_button())).await };
        let files = job.output.as_ref().map_or(0, |output| output.urls.len());
        if at.is_none() && files > 1 && job.result(0, self.bot.service.now()).is_some() {
            return self.reply(&screen::which(step, &job, files, self.texts)).await;
        }
        let (file, page) = at.unwrap_or_default();
        match step.models().as_slice() {
            [] => self.home(Some(&self.texts.old_button())).await,
            [only] => self.open_with(&job, file, (*only).into(), at.and(self.pressed)).await,
            offered => {
                let list = screen::screen(step, &job, (file, page), offered, self.texts);
                // The result stays where it is.
                if at.is_some() { self.leave_form_for(&list).await } else { self.reply(&list).await }
            }
        }
    }

    /// A form with a file of a result in it, in the place of the list of models.
    pub(super) async fn start_with(&self, id: &JobId, file: u16, word: &str) -> Result<Replied, Failure> {
        let Some(job) = self.own_job(id).await? else { return self.no_job().await };
        match step::model(word) {
            Some(model) => self.open_with(&job, file, model, self.pressed).await,
            None => self.outdated().await,
        }
    }

    /// A job belongs to its chat; a button can be forwarded anywhere.
    pub(super) async fn own_job(&self, id: &JobId) -> Result<Option<Job>, Failure> {
        Ok(self.bot.service.job(id).await?.filter(|job| job.chat == self.chat))
    }

    pub(super) async fn no_job(&self) -> Result<Replied, Failure> {
        self.reply(&notice::with_home(&self.texts.job_unknown(), self.texts)).await
    }

    /// The form, in the place of a message or in a new one. A second press goes on with the form of the first.
    async fn open_with(&self, job: &Job, file: u16, model: Named, path: Option<i32>) -> Result<Replied, Failure> {
        let spec = model.spec;
        if !Service::offers(spec) {
            let card = card::screen(model, self.texts);
            return if path.is_some() { self.leave_form_for(&card).await } else { self.reply(&card).await };
        }
        let old = self.form().await?.filter(|(form, _)| !form.resting);
        if let Some(message) = old.as_ref().and_then(|(form, _)| form.message).filter(|m| Some(*m) != path) {
            self.bot.telegram.delete(self.chat, message).await;
        }
        let url = job.result(file, self.bot.service.now());
        let has_it = |form: &Form| url.is_some_and(|url| form.attachment(url).is_some());
        let (mut form, problems) = match old {
            Some((form, other)) if std::ptr::eq(spec, other) && has_it(&form) => (form, Vec::new()),
            _ => {
                let mut form = Form::new(spec, self.bot.nonce());
                model.complete(&mut form.answers);
                form.guided = false;
                let filled = self.fill(&mut form, spec, job, url);
                (form, filled.err().unwrap_or_default())
            }
        };
        form.message = path;
        form.at = None;
        form.pending = None;
        self.show_with(&mut form, spec, None, &problems).await
    }

    /// Puts the file into the field that takes it, or says why it does not.
    fn fill(&self, form: &mut Form, spec: &'static ModelSpec, job: &Job, url: Option<&str>) -> Result<(), Vec<String>> {
        let gone = || vec![self.texts.step_file_gone()];
        let url = url.ok_or_else(gone)?;
        let field = step::sort(job).and_then(|sort| step::field(spec, sort)).map(FieldPath::field).ok_or_else(gone)?;
        let list = field.target(spec).is_some_and(|target| matches!(target.kind, Kind::List(_)));
        let path = if list { field.child(item_count(form, spec, &field)) } else { field };
        let facts = FileFacts { name: name(url), seconds: self.seconds, ..FileFacts::default() };
        let value = self.check(form, spec, &path, url, facts.clone())?;
        let uploaded_at = self.bot.service.now();
        form.attachments.push(Attachment { url: url.to_owned(), source: None, uploaded_at, facts });
        form.put(spec, &path, value);
        Ok(())
    }
}

/// The file's name in its link.
fn name(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.path_segments()?.next_back().filter(|name| !name.is_empty()).map(str::to_owned)
}
