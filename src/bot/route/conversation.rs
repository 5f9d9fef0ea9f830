//! What the handler of an update knows about its chat, and how it replies.

use teloxide::RequestError;

use crate::bot::Bot;
use crate::bot::draft::Form;
use crate::bot::field::answer;
use crate::bot::field_path::FieldPath;
use crate::bot::screen::editor::EditorContext;
use crate::bot::screen::{self, Screen, home};
use crate::bot::telegram::PERSISTENT;
use crate::inbox::Fence;
use crate::job::{ChatId, Job, UserId};
use crate::l10n::Messages;
use crate::schema::spec::{Kind, ModelSpec};
use crate::service::MessageRef;
use crate::store_error::StoreError;
use crate::user::Draft;

/// Jobs offered where an earlier task is asked for.
const TASKS: usize = 10;

/// Proof that a handler came to an end on purpose: the user got an answer, or there was nothing to do
/// ([`Replied::nothing_to_do`]). A handler that forgets to answer does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Replied(());

impl Replied {
    /// Without an answer: a group's message that is not meant for the bot, or a button that only shows a page number.
    pub(super) const fn nothing_to_do() -> Self {
        Self(())
    }
}

/// Why a handler did not reply.
#[derive(Debug, thiserror::Error)]
pub(super) enum HandlerError {
    #[error("Telegram did not take a message")]
    Telegram(RequestError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The form was already changed by this update: the reply was sent and the change stored.
    #[error("the update was handled before")]
    AlreadyHandled,
}

impl From<RequestError> for HandlerError {
    fn from(error: RequestError) -> Self {
        Self::Telegram(error)
    }
}

/// The context of one update: the chat, its user, the language, and the messages involved.
#[derive(Debug)]
pub(super) struct Conversation<'a> {
    pub(super) bot: &'a Bot,
    /// Telegram's id of the update.
    pub(super) update: i64,
    /// It may have been handled before.
    pub(super) again: bool,
    /// Makes the store refuse writes once this worker no longer holds the chat.
    pub(super) fence: Fence<'a>,
    /// The chat, by its present id.
    pub(super) chat: ChatId,
    pub(super) user: UserId,
    pub(super) texts: &'static Messages,
    /// The message that the user sent, if it has an id in this chat.
    pub(super) heard: Option<i32>,
    /// The message whose button was pressed, if it has an id in this chat.
    pub(super) pressed: Option<i32>,
    /// Length in seconds of the video or sound in that message.
    pub(super) seconds: Option<f64>,
}

impl Conversation<'_> {
    /// Sends a new message.
    pub(super) async fn reply(&self, screen: &Screen) -> Result<Replied, HandlerError> {
        self.send(screen).await?;
        Ok(Replied(()))
    }

    /// Edits the pressed message to show a screen; sends a new message when none was pressed.
    pub(super) async fn edit_or_reply(&self, screen: &Screen) -> Result<Replied, HandlerError> {
        match self.pressed {
            Some(message) => {
                self.edit(message, screen).await?;
                Ok(Replied(()))
            }
            None => self.reply(screen).await,
        }
    }

    async fn send(&self, screen: &Screen) -> Result<MessageRef, RequestError> {
        self.bot.telegram.send(self.chat, screen, PERSISTENT).await
    }

    async fn edit(&self, message: i32, screen: &Screen) -> Result<MessageRef, RequestError> {
        self.bot.telegram.edit(self.chat, message, screen, PERSISTENT).await
    }

    /// Sends the menu with a notice above it.
    pub(super) async fn home(&self, notice: Option<&str>) -> Result<Replied, HandlerError> {
        self.reply(&home::screen(self.texts).with_notice(notice)).await
    }

    /// The chat's form. One that cannot be read is dropped, and counts as none.
    pub(super) async fn form(&self) -> Result<Option<(Form, &'static ModelSpec)>, HandlerError> {
        let Some(draft) = self.bot.service.draft(self.chat).await? else { return Ok(None) };
        match Form::read(&draft.body) {
            // Updates of a chat are handled in order, so only the last one can come again.
            Ok((form, _)) if form.seen == Some(self.update) => Err(HandlerError::AlreadyHandled),
            Ok((mut form, spec)) => {
                if form.chat.is_some_and(|chat| chat != self.chat) {
                    form.message = None;
                }
                Ok(Some((form, spec)))
            }
            Err(error) => {
                tracing::warn!(chat = self.chat.0, %error, "a draft is dropped");
                self.bot.service.delete_draft(self.chat, self.fence).await?;
                self.reply(&Screen::text(self.texts.draft_unreadable())).await?;
                Ok(None)
            }
        }
    }

    pub(super) async fn keep(&self, form: &Form) -> Result<(), HandlerError> {
        let draft = Draft { chat: self.chat, body: form.body(), updated_at: self.bot.service.now() };
        Ok(self.bot.service.put_draft(&draft, self.fence).await?)
    }

    /// Shows the form (the field that is open, or all of it) and stores it.
    pub(super) async fn show(&self, mut form: Form, spec: &'static ModelSpec) -> Result<Replied, HandlerError> {
        self.show_with(&mut form, spec, None, &[]).await
    }

    /// Like [`show`](Self::show), with a page of options and the problems of the last answer.
    pub(super) async fn show_with(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        page: Option<u16>,
        problems: &[String],
    ) -> Result<Replied, HandlerError> {
        let screen = self.form_screen(form, spec, page, problems).await?;
        self.show_form(form, &screen).await
    }

    /// Shows a screen in the form's message and stores the form. The message is edited in place; it is sent anew and the
    /// old one deleted when the user has written below it.
    pub(super) async fn show_form(&self, form: &mut Form, screen: &Screen) -> Result<Replied, HandlerError> {
        let old = form.message;
        let placed = match (old, self.heard) {
            (Some(old), Some(heard)) if old < heard => self.send(screen).await,
            (Some(old), _) => self.edit(old, screen).await,
            (None, _) => self.send(screen).await,
        };
        let MessageRef { chat, message } = match placed {
            Ok(spot) => spot,
            Err(error) => {
                // What the person said stays, and they may see its screen: perhaps only Telegram's reply was lost.
                self.keep(form).await?;
                return Err(error.into());
            }
        };
        (form.message, form.chat) = (Some(message), Some(chat));
        // In the same write as the change: whoever handles this update again finds that it has had its effect.
        form.seen = Some(self.update);
        self.keep(form).await?;
        if let Some(old) = old.filter(|old| *old != message) {
            self.bot.telegram.delete(self.chat, old).await;
        }
        Ok(Replied(()))
    }

    async fn form_screen(
        &self,
        form: &Form,
        spec: &'static ModelSpec,
        page: Option<u16>,
        problems: &[String],
    ) -> Result<Screen, HandlerError> {
        let order = self.bot.service.prepare(spec, &form.answers, &form.attachments);
        if let Some(path) = &form.at {
            let jobs = self.fitting_jobs(spec, path).await?;
            let context = EditorContext { page, jobs: &jobs, problems, order: Some(&order) };
            if let Some(screen) = screen::editor::screen(spec, form, path, &context, self.texts) {
                return Ok(screen);
            }
        }
        let screen = screen::form::screen(spec, form, &order, self.texts);
        let notice = problems.join("\n");
        Ok(screen.with_notice(Some(notice.as_str()).filter(|n| !n.is_empty())))
    }

    /// The chat's jobs whose tasks the field at `path` takes, newest first.
    async fn fitting_jobs(&self, spec: &'static ModelSpec, path: &FieldPath) -> Result<Vec<Job>, HandlerError> {
        let models = match path.target(spec).map(|t| t.kind) {
            Some(Kind::Task(task)) => task.models,
            Some(Kind::List(list)) => match list.item {
                Kind::Task(task) => task.models,
                _ => return Ok(Vec::new()),
            },
            _ => return Ok(Vec::new()),
        };
        let mut jobs = self.bot.service.jobs_of(self.chat, 50, 0).await?;
        jobs.retain(|job| job.task.is_some() && (models.is_empty() || models.contains(&job.model.as_str())));
        jobs.truncate(TASKS);
        Ok(jobs)
    }

    /// After an answer at `path`: opens the next field to ask for, or the form.
    pub(super) fn advance(&self, form: &mut Form, spec: &'static ModelSpec, path: &FieldPath) {
        let around = path.parent();
        if around.is_root() {
            let next = if form.guided { form.first_missing(spec, &around) } else { None };
            form.at = next.map(|(index, _)| FieldPath::field(index));
            form.guided = form.at.is_some();
            return;
        }
        let next = form.first_missing(spec, &around).map(|(index, _)| around.child(index));
        form.at = Some(next.unwrap_or(around));
    }

    /// Sentences for what refuses an answer.
    pub(super) fn sentences(
        &self,
        spec: &ModelSpec,
        path: &FieldPath,
        found: &[crate::schema::report::Violation],
    ) -> Vec<String> {
        let field = path.target(spec).map(|t| t.field);
        let sentence = |violation: &crate::schema::report::Violation| match field {
            Some(field) if !violation.field.contains('.') => self.texts.violation(violation, Some(field)),
            _ => self.texts.violation_in(violation, spec),
        };
        let mut lines: Vec<String> = found.iter().map(sentence).collect();
        lines.dedup();
        lines
    }

    /// Checks a value and writes it at `path`. A refused value is explained and asked for again.
    pub(super) async fn submit_value(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        value: serde_json::Value,
    ) -> Result<Replied, HandlerError> {
        form.pending = None;
        match answer::check(&form, spec, path, value, &form.files()) {
            Ok(value) => {
                form.put(spec, path, value);
                self.advance(&mut form, spec, path);
                self.settle_list(&mut form, spec, path);
                self.show(form, spec).await
            }
            Err(found) => {
                let problems = self.sentences(spec, path, &found);
                form.at = Some(asked(spec, path));
                self.show_with(&mut form, spec, None, &problems).await
            }
        }
    }

    /// Finishes a list that is full after an item was added at `path`.
    pub(super) fn settle_list(&self, form: &mut Form, spec: &'static ModelSpec, path: &FieldPath) {
        let list = path.parent();
        if form.at.as_ref() != Some(&list) {
            return;
        }
        let Some(target) = list.target(spec) else { return };
        let Kind::List(kind) = target.kind else { return };
        let count = list.get(spec, &form.answers).and_then(|v| v.as_array()).map_or(0, Vec::len);
        if kind.max.is_some_and(|max| count >= max as usize) {
            self.advance(form, spec, &list);
        }
    }
}

/// The path of the editor that asks for an answer at `path`: a plain item is asked for by its list.
pub(super) fn asked(spec: &'static ModelSpec, path: &FieldPath) -> FieldPath {
    let Some(target) = path.target(spec) else { return path.clone() };
    match (target.item, target.kind) {
        (Some(_), Kind::Object(_) | Kind::List(_)) | (None, _) => path.clone(),
        (Some(_), _) => path.parent(),
    }
}
