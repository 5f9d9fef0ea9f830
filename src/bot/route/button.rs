//! Pressed buttons. A button that cannot be read, or leads to something that no longer exists, gets a new menu.

use super::access::Refusal;
use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::callback::ButtonData;
use crate::bot::draft::Form;
use crate::bot::field_path::FieldPath;
use crate::bot::incoming::PressedButton;
use crate::bot::screen::{Screen, home, models as list, notice};
use crate::l10n::{Lang, Messages};
use crate::models;
use crate::schema::spec::ModelRef;
use crate::user::User;

impl Conversation<'_> {
    /// Handles a pressed button by its callback data.
    pub(super) async fn on_button(&self, press: &PressedButton) -> Result<Replied, HandlerError> {
        let data = press.data.parse::<ButtonData>();
        if let Ok(data) = &data {
            match self.bot.refusal(press, self.chat, data).await? {
                // The present form is shown.
                None | Some(Refusal::OldForm) => {}
                // The person was told when the press was acknowledged.
                Some(Refusal::OthersForm | Refusal::OthersMenu | Refusal::OthersJob | Refusal::AdminsOnly) => {
                    return Ok(Replied::nothing_to_do());
                }
            }
        }
        match data {
            Ok(ButtonData::Home) => self.leave_form_for(&home::screen(&self.assortment, self.texts)).await,
            // The press is acknowledged already, and the button only shows a page number.
            Ok(ButtonData::Nothing) => Ok(Replied::nothing_to_do()),
            Ok(ButtonData::Languages) => self.edit_or_reply(&notice::languages(self.texts)).await,
            Ok(ButtonData::Language { code }) => self.set_language(&code).await,
            Ok(ButtonData::Task { task, page }) => match models::tasks().iter().find(|t| t.id == task) {
                Some(task) => self.leave_form_for(&list::screen(task, page, &self.assortment, self.texts)).await,
                None => self.reply_outdated().await,
            },
            Ok(ButtonData::Model { model }) => match models::find(&model) {
                Some(model) => self.leave_form_for(&self.card(model).await).await,
                None => self.reply_outdated().await,
            },
            Ok(ButtonData::Start { model }) => match models::find(&model) {
                Some(model) => self.open_form(model).await,
                None => self.reply_outdated().await,
            },
            Ok(ButtonData::Jobs) => self.show_privately(&press.id, &self.jobs_screen().await?).await,
            Ok(ButtonData::Job { id, action }) => self.on_job_button(&id, action, press).await,
            Ok(ButtonData::Form { nonce, path, action }) => self.on_form_button(&nonce, path, action).await,
            Ok(ButtonData::FollowUp { id, task, at }) => self.follow_up(&id, &task, at).await,
            Ok(ButtonData::StartWith { id, file, model }) => self.start_with(&id, file, &model).await,
            Ok(ButtonData::NextStep { id, step }) => self.next_step(&id, step).await,
            Ok(ButtonData::AskAccess) => {
                let notice = self.texts.access_granted();
                self.edit_or_reply(&home::screen(&self.assortment, self.texts).with_notice(Some(&notice))).await
            }
            Ok(ButtonData::Access { id, action }) => self.on_access_button(id, action, press).await,
            Ok(ButtonData::Admin(button)) => self.on_admin_button(button, press).await,
            Ok(ButtonData::Withdraw { code }) => self.withdraw_invite(&code).await,
            Ok(ButtonData::People { page }) => self.edit_or_reply(&self.people_screen(page).await?).await,
            Ok(
                ButtonData::Balance
                | ButtonData::Statement { .. }
                | ButtonData::TopUp
                | ButtonData::Pack { .. }
                | ButtonData::Plan { .. }
                | ButtonData::Subscription { .. },
            ) if !self.is_private() => self.reply(&Screen::text(self.texts.balance_private_only())).await,
            Ok(ButtonData::TopUp) => self.leave_form_for(&self.packs_screen().await?).await,
            Ok(ButtonData::Pack { stars, amount }) => self.sell(stars, amount).await,
            Ok(ButtonData::Plan { stars, amount }) => self.offer_plan(stars, amount).await,
            Ok(ButtonData::Subscription { invoice, action }) => self.on_subscription(&invoice, action).await,
            Ok(ButtonData::Balance) => self.leave_form_for(&self.balance_screen().await?).await,
            Ok(ButtonData::Statement { before }) => {
                self.leave_form_for(&self.statement_screen(Some(before)).await?).await
            }
            Ok(ButtonData::Purse) => self.leave_form_for(&self.purse_screen().await?).await,
            Ok(ButtonData::PurseStatement { before }) => {
                self.leave_form_for(&self.purse_statement_screen(before).await?).await
            }
            Err(error) => {
                tracing::info!(chat = self.chat.0, %error, "an unreadable button was pressed");
                self.reply_outdated().await
            }
        }
    }

    pub(super) async fn reply_outdated(&self) -> Result<Replied, HandlerError> {
        self.edit_or_reply(&home::screen(&self.assortment, self.texts).with_notice(Some(&self.texts.old_button())))
            .await
    }

    async fn set_language(&self, code: &str) -> Result<Replied, HandlerError> {
        let Some(lang) = Lang::from_code(code) else { return self.reply_outdated().await };
        let created_at = self.bot.service.now();
        self.bot.service.put_user(&User { id: self.user, language: lang.code().to_owned(), created_at }).await?;
        let texts = Messages::of(lang);
        self.edit_or_reply(&home::screen(&self.assortment, texts).with_notice(Some(&texts.language_set()))).await
    }

    /// Shows another screen in the pressed message. If that was the form's message, the form no longer has one.
    pub(super) async fn leave_form_for(&self, screen: &Screen) -> Result<Replied, HandlerError> {
        let form = self.load_form_if_readable().await?;
        if let Some((mut form, _)) = form.filter(|(form, _)| form.message == self.pressed) {
            self.remove_question(&mut form).await;
            form.message = None;
            form.at = None;
            form.pending = None;
            self.store_form(&form).await?;
        }
        self.edit_or_reply(screen).await
    }

    /// Shows a form in the message of the card: the unfinished form of the same model, or else a new one.
    async fn open_form(&self, model: ModelRef) -> Result<Replied, HandlerError> {
        let spec = model.spec;
        if !self.assortment.offers(spec) || !self.bot.service.receives(spec) {
            return self.edit_or_reply(&self.card(model).await).await;
        }
        let old = self.load_form().await?;
        if let Some(message) = old.as_ref().and_then(|(form, _)| form.message).filter(|m| Some(*m) != self.pressed) {
            self.bot.telegram.delete(self.chat, message).await;
        }
        let mut form = match old {
            Some((form, other)) if std::ptr::eq(spec, other) && !form.resting => form,
            _ => Form::new(spec, self.bot.nonce()),
        };
        model.complete(&mut form.answers);
        form.message = self.pressed;
        form.pending = None;
        form.at = form.first_missing(spec, &FieldPath::default()).map(|(index, _)| FieldPath::field(index));
        form.guided = form.at.is_some();
        self.show(form, spec).await
    }
}
