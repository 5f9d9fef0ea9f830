//! What the handler of an update knows about its chat, and how it replies.

use teloxide::RequestError;

use crate::bot::Bot;
use crate::bot::draft::Form;
use crate::bot::field_path::FieldPath;
use crate::bot::next_step;
use crate::bot::screen::editor::EditorContext;
use crate::bot::screen::{self, Screen, home};
use crate::bot::telegram::PERSISTENT;
use crate::inbox::Fence;
use crate::job::{ChatId, Job, UserId};
use crate::l10n::Messages;
use crate::schema::spec::ModelSpec;
use crate::service::MessageRef;
use crate::store_error::StoreError;
use crate::user::Draft;

/// Most jobs offered where an earlier task is asked for.
const MAX_TASKS: usize = 10;

/// Proof that a handler replied to the user, or had nothing to reply ([`Replied::nothing_to_do`]). A handler that
/// forgets to reply does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Replied(());

impl Replied {
    /// No reply: for a group's message that is not meant for the bot, or a button that only shows a page number.
    pub(super) const fn nothing_to_do() -> Self {
        Self(())
    }
}

/// Why a handler did not reply.
#[derive(Debug, thiserror::Error)]
pub(super) enum HandlerError {
    #[error("a message could not be sent")]
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
    /// A handler was started for the update before, and may have had its effect.
    pub(super) is_retry: bool,
    /// Makes the store refuse writes once this worker no longer holds the chat.
    pub(super) fence: Fence<'a>,
    /// The chat, by its present id.
    pub(super) chat: ChatId,
    pub(super) user: UserId,
    pub(super) texts: &'static Messages,
    /// The message that the user sent, if it has an id in this chat.
    pub(super) user_message: Option<i32>,
    /// The message whose button was pressed, if it has an id in this chat.
    pub(super) pressed: Option<i32>,
    /// Length in seconds of the video or sound in that message.
    pub(super) pressed_seconds: Option<f64>,
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
    pub(super) async fn reply_home(&self, notice: Option<&str>) -> Result<Replied, HandlerError> {
        self.reply(&home::screen(self.texts).with_notice(notice)).await
    }

    /// The chat's form. One that cannot be read is deleted, and the user is told.
    pub(super) async fn load_form(&self) -> Result<Option<(Form, &'static ModelSpec)>, HandlerError> {
        let Some(draft) = self.bot.service.draft(self.chat).await? else { return Ok(None) };
        match Form::read(&draft.body) {
            // Updates of a chat are handled in order, so only the last one can be repeated.
            Ok((form, _)) if form.seen == Some(self.update) => Err(HandlerError::AlreadyHandled),
            Ok((mut form, spec)) => {
                if form.chat.is_some_and(|chat| chat != self.chat) {
                    form.message = None;
                }
                Ok(Some((form, spec)))
            }
            Err(error) => {
                tracing::warn!(chat = self.chat.0, %error, "an unreadable draft is deleted");
                self.bot.service.delete_draft(self.chat, self.fence).await?;
                self.reply(&Screen::text(self.texts.draft_unreadable())).await?;
                Ok(None)
            }
        }
    }

    pub(super) async fn store_form(&self, form: &Form) -> Result<(), HandlerError> {
        let draft = Draft { chat: self.chat, body: form.body(), updated_at: self.bot.service.now() };
        Ok(self.bot.service.put_draft(&draft, self.fence).await?)
    }

    /// Shows the form (the open field, or the whole form) and stores it.
    pub(super) async fn show(&self, mut form: Form, spec: &'static ModelSpec) -> Result<Replied, HandlerError> {
        self.show_with(&mut form, spec, None, &[]).await
    }

    /// Like [`show`](Self::show), with a page of options, and with the problems of the last answer.
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

    /// Shows a screen in the form's message and stores the form. The message is edited; when the user has written below
    /// it, a new one is sent and the old one deleted.
    pub(super) async fn show_form(&self, form: &mut Form, screen: &Screen) -> Result<Replied, HandlerError> {
        let old = form.message;
        let shown = match (old, self.user_message) {
            (Some(old), Some(sent)) if old < sent => self.send(screen).await,
            (Some(old), _) => self.edit(old, screen).await,
            (None, _) => self.send(screen).await,
        };
        let MessageRef { chat, message } = match shown {
            Ok(message) => message,
            Err(error) => {
                // The change is kept: the user may see the screen, if only Telegram's response was lost.
                self.store_form(form).await?;
                return Err(error.into());
            }
        };
        (form.message, form.chat) = (Some(message), Some(chat));
        // Stored together with the change, so that a repeated update is recognised.
        form.seen = Some(self.update);
        self.store_form(form).await?;
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
            let jobs = self.jobs_for_field(spec, path).await?;
            let context = EditorContext { page, jobs: &jobs, problems, order: Some(&order) };
            if let Some(screen) = screen::editor::screen(spec, form, path, &context, self.texts) {
                return Ok(screen);
            }
        }
        let screen = screen::form::screen(spec, form, &order, self.texts);
        let notice = problems.join("\n");
        Ok(screen.with_notice(Some(notice.as_str()).filter(|n| !n.is_empty())))
    }

    /// The chat's jobs whose tasks the field at `path` accepts, newest first.
    async fn jobs_for_field(&self, spec: &'static ModelSpec, path: &FieldPath) -> Result<Vec<Job>, HandlerError> {
        let Some(kind) = path.target(spec).map(|target| target.kind) else { return Ok(Vec::new()) };
        if next_step::task_of(kind).is_none() {
            return Ok(Vec::new());
        }
        let mut jobs = self.bot.service.jobs_of(self.chat, 50, 0).await?;
        jobs.retain(|job| next_step::id_for(kind, job).is_some());
        jobs.truncate(MAX_TASKS);
        Ok(jobs)
    }
}
