//! What the handler of an update knows about its chat, and how it replies.

use std::time::Duration;

use teloxide::RequestError;
use teloxide::types::Message;

use crate::assortment::Assortment;
use crate::bot::Bot;
use crate::bot::draft::Form;
use crate::bot::field_path::FieldPath;
use crate::bot::next_step;
use crate::bot::screen::editor::EditorContext;
use crate::bot::screen::{self, Screen, home};
use crate::bot::telegram::{Destination, PERSISTENT};
use crate::inbox::Fence;
use crate::job::{ChatId, Job, TopicId, UserId};
use crate::l10n::Messages;
use crate::schema::report::Report;
use crate::schema::spec::ModelSpec;
use crate::service::{DEPLOY_TIME, GroupPayer, MessageRef, PricedOrder};
use crate::store_error::StoreError;
use crate::tariff::Tariff;
use crate::user::{Draft, DraftKey};

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

    /// By an invoice.
    pub(super) const fn with_invoice() -> Self {
        Self(())
    }

    /// By a message that is no screen.
    pub(super) const fn with_file(_: &Message) -> Self {
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
    /// Only a newer version of the bot, which runs beside this one during a deploy, can read the form. It stays as it is.
    #[error("the form is of a newer version")]
    NewerForm {
        /// Since its last change.
        age: Duration,
    },
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
    pub(super) topic: Option<TopicId>,
    /// Who has written or pressed.
    pub(super) user: UserId,
    /// What they may order.
    pub(super) assortment: Assortment,
    pub(super) texts: &'static Messages,
    /// The message that the user sent, if it has an id in this chat.
    pub(super) user_message: Option<i32>,
    /// The last message of the person here that the update tells of: the sent one, or the one that the pressed message
    /// answers.
    pub(super) person_message: Option<i32>,
    /// The message whose button was pressed, if it has an id in this chat.
    pub(super) pressed: Option<i32>,
    /// The number of the pressed message if the person alone sees it.
    pub(super) ephemeral: Option<i64>,
    /// Length in seconds of the video or sound in that message.
    pub(super) pressed_seconds: Option<f64>,
}

impl Conversation<'_> {
    /// The same conversation, in which the form is edited where it is, whatever the user has written below it.
    pub(super) fn in_place(&self) -> Self {
        Self { user_message: None, assortment: self.assortment.clone(), ..*self }
    }

    /// Sends a new message.
    pub(super) async fn reply(&self, screen: &Screen) -> Result<Replied, HandlerError> {
        self.send(screen).await?;
        Ok(Replied(()))
    }

    /// Edits the pressed message to show a screen; sends a new message when none was pressed.
    pub(super) async fn edit_or_reply(&self, screen: &Screen) -> Result<Replied, HandlerError> {
        if let Some(message) = self.ephemeral
            && self.bot.telegram.edit_ephemeral(self.destination(), message, screen, PERSISTENT).await?
        {
            return Ok(Replied(()));
        }
        match self.pressed {
            Some(message) => {
                self.edit(message, screen).await?;
                Ok(Replied(()))
            }
            None => self.reply(screen).await,
        }
    }

    /// Shows a screen that concerns the person alone, in answer to their press: in a group nobody else sees it, where
    /// Telegram can do that.
    pub(super) async fn show_privately(&self, press: &str, screen: &Screen) -> Result<Replied, HandlerError> {
        let is_shown = !self.is_private()
            && self.ephemeral.is_none()
            && self.bot.telegram.send_ephemeral(self.destination(), press, screen, PERSISTENT).await?;
        if is_shown { Ok(Replied(())) } else { self.leave_form_for(screen).await }
    }

    /// Whether nobody but the person and the bot is in the chat: a private chat has the number of its person.
    pub(super) const fn is_private(&self) -> bool {
        self.chat.0 == self.user.0
    }

    /// Where a new message goes.
    pub(super) fn destination(&self) -> Destination {
        // In a group, an answer shows whom it answers.
        let reply_to = self.person_message.filter(|_| !self.is_private());
        Destination { chat: self.chat, topic: self.topic, user: self.user, reply_to }
    }

    /// The key of the person's draft here.
    pub(super) const fn draft_key(&self) -> DraftKey {
        DraftKey { chat: self.chat, topic: self.topic, user: self.user }
    }

    async fn send(&self, screen: &Screen) -> Result<MessageRef, RequestError> {
        self.bot.telegram.send(self.destination(), screen, PERSISTENT).await
    }

    async fn edit(&self, message: i32, screen: &Screen) -> Result<MessageRef, RequestError> {
        self.bot.telegram.edit(self.destination(), message, screen, PERSISTENT).await
    }

    /// Sends the menu with a notice above it.
    pub(super) async fn reply_home(&self, notice: Option<&str>) -> Result<Replied, HandlerError> {
        self.reply(&home::screen(&self.assortment, self.texts).with_notice(notice)).await
    }

    /// The person's form. One that cannot be read is deleted, and the person is told, unless a newer version of the bot may
    /// go on with it: that is [`HandlerError::NewerForm`].
    pub(super) async fn load_form(&self) -> Result<Option<(Form, &'static ModelSpec)>, HandlerError> {
        let Some(draft) = self.bot.service.draft(&self.draft_key()).await? else { return Ok(None) };
        match Form::read(&draft.body) {
            // Updates of a chat are handled in order, so only the last one can be repeated.
            Ok((form, _)) if form.seen == Some(self.update) => Err(HandlerError::AlreadyHandled),
            Ok((mut form, spec)) => {
                if form.chat.is_some_and(|chat| chat != self.chat) {
                    form.message = None;
                    form.question = None;
                }
                Ok(Some((form, spec)))
            }
            Err(error) => {
                let age = self.bot.service.now().since(draft.updated_at);
                if error.may_be_newer() && age < DEPLOY_TIME {
                    tracing::warn!(chat = self.chat.0, %error, "a draft is left to a newer version");
                    return Err(HandlerError::NewerForm { age });
                }
                tracing::warn!(chat = self.chat.0, %error, "an unreadable draft is deleted");
                self.bot.service.delete_draft(&self.draft_key(), self.fence).await?;
                self.reply(&Screen::text(self.texts.draft_unreadable())).await?;
                Ok(None)
            }
        }
    }

    /// As [`load_form`](Self::load_form), for what needs no form: one of a newer version counts as none.
    pub(super) async fn load_form_if_readable(&self) -> Result<Option<(Form, &'static ModelSpec)>, HandlerError> {
        match self.load_form().await {
            Err(HandlerError::NewerForm { .. }) => Ok(None),
            loaded => loaded,
        }
    }

    pub(super) async fn store_form(&self, form: &Form) -> Result<(), HandlerError> {
        let draft = Draft { key: self.draft_key(), body: form.body(), updated_at: self.bot.service.now() };
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
        let mut order = self.bot.service.prepare(&self.assortment, spec, &form.answers, &form.attachments);
        if let Ok(order) = &mut order {
            self.bot.service.note_free(order, self.user).await?;
            self.bot.service.note_payer(order, self.chat).await?;
        }
        let screen = self.form_screen(form, spec, &order, page, problems).await?;
        problems.clone_into(&mut form.problems);
        let is_free = order.as_ref().is_ok_and(|order| order.free.is_some());
        let by_purse = order.as_ref().is_ok_and(|order| matches!(order.payer, Some(GroupPayer::Purse(_))));
        let price = order.ok().and_then(|order| order.price().ok());
        let before = (form.shown_price, form.shown_free, form.shown_purse);
        (form.shown_price, form.shown_free, form.shown_purse) = (price, is_free, by_purse);
        let shown = self.show_form(form, &screen).await;
        if let Err(HandlerError::Telegram(_)) = shown {
            // The user may still see the price before.
            (form.shown_price, form.shown_free, form.shown_purse) = before;
            self.store_form(form).await?;
        }
        shown
    }

    /// Shows a screen in the form's message and stores the form. The message is edited; when the user has written below
    /// it, a new one is sent and the old one deleted.
    pub(super) async fn show_form(&self, form: &mut Form, screen: &Screen) -> Result<Replied, HandlerError> {
        self.begin_uploads(form).await?;
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
        // The bot's own updates come between others, and need not be recognised.
        let is_persons = self.update >= 0;
        if is_persons {
            // Stored together with the change, so that a repeated update is recognised, and before the question: a handler
            // that is cut off while that waits must not make the change twice.
            form.seen = Some(self.update);
        }
        self.store_form(form).await?;
        let question = form.question;
        if is_persons {
            self.ask_for_reply(form).await;
        }
        if form.question != question {
            self.store_form(form).await?;
        }
        if let Some(old) = old.filter(|old| *old != message) {
            self.bot.telegram.delete(self.chat, old).await;
        }
        Ok(Replied(()))
    }

    /// In a group where the bot sees replies alone, asks for the open field in a message of its own that opens a reply: a
    /// message has either that or buttons (Bot API, `reply_markup`). The earlier question is removed.
    async fn ask_for_reply(&self, form: &mut Form) {
        self.remove_question(form).await;
        let Some(field) = form.open_question().filter(|_| !self.is_private()) else { return };
        if self.sees_all_messages().await {
            return;
        }
        let label = self.texts.localized(&field.label);
        let question = Screen::question(self.texts.reply_question(label), label);
        match self.send(&question).await {
            Ok(sent) => form.question = Some(sent.message),
            // The form itself asks as well.
            Err(error) => {
                let error = self.bot.telegram.describe(&error);
                tracing::warn!(chat = self.chat.0, error, "a question could not be asked");
            }
        }
    }

    /// Removes the message that asks for a reply.
    pub(super) async fn remove_question(&self, form: &mut Form) {
        if let Some(question) = form.question.take() {
            self.bot.telegram.delete(self.chat, question).await;
        }
    }

    /// Whether the bot sees every message of the group: its privacy mode is off, or it is an admin.
    async fn sees_all_messages(&self) -> bool {
        let telegram = &self.bot.telegram;
        if telegram.reads_groups().await == Some(true) {
            return true;
        }
        match telegram.user_id() {
            Some(bot) => telegram.is_admin(self.chat, bot).await,
            None => false,
        }
    }

    async fn form_screen(
        &self,
        form: &Form,
        spec: &'static ModelSpec,
        order: &Result<PricedOrder, Report>,
        page: Option<u16>,
        problems: &[String],
    ) -> Result<Screen, HandlerError> {
        if !self.assortment.offers(spec) {
            return Ok(screen::card::screen(spec, &self.assortment, self.texts));
        }
        if let Some(path) = &form.at {
            let jobs = self.jobs_for_field(spec, path).await?;
            let now = self.bot.service.now();
            let assortment = &self.assortment;
            let context = EditorContext { page, jobs: &jobs, problems, order: Some(order), assortment, now };
            if let Some(screen) = screen::editor::screen(spec, form, path, &context, self.texts) {
                return Ok(screen);
            }
        }
        let screen = screen::form::screen(spec, form, order, &self.assortment, self.texts);
        let notice = problems.join("\n");
        Ok(screen.with_notice(Some(notice.as_str()).filter(|n| !n.is_empty())))
    }

    /// What people pay for a model; `None` when the operator pays.
    pub(super) fn tariff(&self, spec: &ModelSpec) -> Option<Tariff> {
        self.assortment.tariff(spec)
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
