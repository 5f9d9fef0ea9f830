//! Pressed buttons. A button that cannot be read, or belongs to a form that no longer exists, gets a new menu.

use serde_json::{Map, Value};

use super::conversation::{Conversation, HandlerError, Replied};
use super::input::item_count;
use crate::bot::callback::{ButtonData, FormAction};
use crate::bot::draft::{Form, Pending};
use crate::bot::field::literal_json;
use crate::bot::field_path::FieldPath;
use crate::bot::screen::{Screen, card, home, models as list, notice};
use crate::job::JobId;
use crate::l10n::{Lang, Messages};
use crate::models;
use crate::schema::spec::{Kind, ModelRef, ModelSpec};
use crate::service::Service;
use crate::user::User;

impl Conversation<'_> {
    pub(super) async fn on_button(&self, data: &str) -> Result<Replied, HandlerError> {
        match data.parse::<ButtonData>() {
            Ok(ButtonData::Home) => self.leave_form_for(&home::screen(self.texts)).await,
            // The button was answered; a page number does nothing else.
            Ok(ButtonData::Nothing) => Ok(Replied::nothing_to_do()),
            Ok(ButtonData::Languages) => self.edit_or_reply(&notice::languages(self.texts)).await,
            Ok(ButtonData::Language { code }) => self.language(&code).await,
            Ok(ButtonData::Task { task, page }) => match models::tasks().iter().find(|t| t.id == task) {
                Some(task) => self.leave_form_for(&list::screen(task, page, self.texts)).await,
                None => self.outdated().await,
            },
            Ok(ButtonData::Model { model }) => match models::find(&model) {
                Some(model) => self.leave_form_for(&card::screen(model, self.texts)).await,
                None => self.outdated().await,
            },
            Ok(ButtonData::Start { model }) => match models::find(&model) {
                Some(model) => self.begin(model).await,
                None => self.outdated().await,
            },
            Ok(ButtonData::Jobs) => self.leave_form_for(&self.jobs().await?).await,
            Ok(ButtonData::Job { id, action }) => self.job(&id, action).await,
            Ok(ButtonData::Form { nonce, path, action }) => self.in_form(&nonce, path, action).await,
            Ok(ButtonData::FollowUp { id, task, at }) => self.follow_up(&id, &task, at).await,
            Ok(ButtonData::StartWith { id, file, model }) => self.start_with(&id, file, &model).await,
            Err(error) => {
                tracing::info!(chat = self.chat.0, %error, "an old button was pressed");
                self.outdated().await
            }
        }
    }

    pub(super) async fn outdated(&self) -> Result<Replied, HandlerError> {
        self.edit_or_reply(&home::screen(self.texts).with_notice(Some(&self.texts.old_button()))).await
    }

    async fn language(&self, code: &str) -> Result<Replied, HandlerError> {
        let Some(lang) = Lang::from_code(code) else { return self.outdated().await };
        let created_at = self.bot.service.now();
        self.bot.service.put_user(&User { id: self.user, language: lang.code().to_owned(), created_at }).await?;
        let texts = Messages::of(lang);
        self.edit_or_reply(&home::screen(texts).with_notice(Some(&texts.language_set()))).await
    }

    /// Shows another screen in the pressed message. If that was the form's message, the form no longer has one.
    pub(super) async fn leave_form_for(&self, screen: &Screen) -> Result<Replied, HandlerError> {
        if let Some((mut form, _)) = self.form().await?.filter(|(form, _)| form.message == self.pressed) {
            form.message = None;
            form.at = None;
            form.pending = None;
            self.keep(&form).await?;
        }
        self.edit_or_reply(screen).await
    }

    /// Shows a form in the message of the card: the unfinished form of the same model, or else a new one.
    async fn begin(&self, model: ModelRef) -> Result<Replied, HandlerError> {
        let spec = model.spec;
        if !Service::offers(spec) {
            return self.edit_or_reply(&card::screen(model, self.texts)).await;
        }
        let old = self.form().await?;
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

    async fn in_form(&self, nonce: &str, path: FieldPath, action: FormAction) -> Result<Replied, HandlerError> {
        let Some((mut form, spec)) = self.form().await? else { return self.outdated().await };
        if form.nonce != nonce {
            if let Some(ordered) = form.ordered.as_ref().filter(|o| o.nonce == nonce) {
                let job = ordered.job.clone();
                return self.already_ordered(&job).await;
            }
            return self.stale(form, spec).await;
        }
        if form.message.is_none() {
            // The form was left, but the message with this button is still visible: it becomes the form's message.
            form.message = self.pressed;
        }
        self.action(form, spec, path, action).await
    }

    /// A button of a form that is no longer the chat's: the present one is shown.
    async fn stale(&self, mut form: Form, spec: &'static ModelSpec) -> Result<Replied, HandlerError> {
        form.at = None;
        self.show_with(&mut form, spec, None, &[self.texts.old_form()]).await
    }

    async fn action(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: FieldPath,
        action: FormAction,
    ) -> Result<Replied, HandlerError> {
        match action {
            FormAction::Open => {
                form.pending = None;
                form.guided = false;
                form.at = Some(path).filter(|p| p.target(spec).is_some());
                self.show(form, spec).await
            }
            FormAction::Page(page) => {
                form.at = Some(path);
                self.show_with(&mut form, spec, Some(page), &[]).await
            }
            FormAction::Set(number) => self.set(form, spec, &path, number).await,
            FormAction::Clear => {
                form.remove(spec, &path);
                form.at = Some(path);
                self.show(form, spec).await
            }
            FormAction::Pop => {
                if let Some(last) = item_count(&form, spec, &path).checked_sub(1) {
                    form.remove(spec, &path.child(last));
                }
                form.at = Some(path);
                self.show(form, spec).await
            }
            FormAction::Add => self.add(form, spec, path).await,
            FormAction::Done | FormAction::Skip => {
                self.advance_past(&mut form, spec, &path);
                self.show(form, spec).await
            }
            FormAction::Remove => {
                form.remove(spec, &path);
                form.at = Some(path.parent());
                self.show(form, spec).await
            }
            FormAction::Fold => {
                form.unfolded = !form.unfolded;
                form.at = None;
                self.show(form, spec).await
            }
            FormAction::Use => self.use_pending(form, spec, path).await,
            FormAction::Task(id) => self.pick_task(form, spec, path, &id).await,
            FormAction::Generate => self.generate(form, spec).await,
        }
    }

    /// Leaves a field without an answer; a list inside a list returns to the outer list.
    fn advance_past(&self, form: &mut Form, spec: &'static ModelSpec, path: &FieldPath) {
        let item = path.target(spec).is_some_and(|t| t.item.is_some());
        if item {
            form.at = Some(path.parent());
        } else {
            self.advance(form, spec, path);
        }
    }

    async fn set(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        number: u16,
    ) -> Result<Replied, HandlerError> {
        let option = |kind: &Kind| match kind {
            Kind::Choice(choice) => choice.options.get(usize::from(number)).map(|o| literal_json(&o.value)),
            Kind::Boolean => Some(Value::from(number == 1)),
            _ => None,
        };
        match path.target(spec).map(|t| t.kind) {
            Some(Kind::List(list)) => {
                let Some(value) = option(list.item) else { return self.stale(form, spec).await };
                let chosen = path.get(spec, &form.answers).and_then(Value::as_array);
                match chosen.and_then(|all| all.iter().position(|v| *v == value)) {
                    Some(index) => {
                        form.remove(spec, &path.child(index));
                        form.at = Some(path.clone());
                        self.show(form, spec).await
                    }
                    None => {
                        let next = path.child(item_count(&form, spec, path));
                        self.submit_value(form, spec, &next, value).await
                    }
                }
            }
            Some(kind) => match option(kind) {
                Some(value) => self.submit_value(form, spec, path, value).await,
                None => self.stale(form, spec).await,
            },
            None => self.stale(form, spec).await,
        }
    }

    /// A new item of a list of groups or lists, opened at its first needed part.
    async fn add(&self, mut form: Form, spec: &'static ModelSpec, path: FieldPath) -> Result<Replied, HandlerError> {
        let Some(Kind::List(list)) = path.target(spec).map(|t| t.kind) else { return self.stale(form, spec).await };
        let item = path.child(item_count(&form, spec, &path));
        match list.item {
            Kind::Object(_) => {
                form.put(spec, &item, Value::Object(Map::new()));
                let first = form.first_missing(spec, &item).map(|(index, _)| item.child(index));
                form.at = Some(first.unwrap_or(item));
            }
            Kind::List(_) => {
                form.put(spec, &item, Value::Array(Vec::new()));
                form.at = Some(item);
            }
            _ => form.at = Some(path),
        }
        self.show(form, spec).await
    }

    async fn use_pending(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: FieldPath,
    ) -> Result<Replied, HandlerError> {
        match form.pending.take() {
            Some(Pending::Text(text)) => self.put_text_into(form, spec, path, &text).await,
            Some(Pending::File(file)) => self.put_file_into(form, spec, path, file).await,
            None => self.stale(form, spec).await,
        }
    }

    async fn pick_task(
        &self,
        form: Form,
        spec: &'static ModelSpec,
        path: FieldPath,
        id: &JobId,
    ) -> Result<Replied, HandlerError> {
        let job = self.bot.service.job(id).await?.filter(|job| job.chat == self.chat);
        match job.and_then(|job| job.task) {
            Some(task) => self.put_text_into(form, spec, path, &task.0).await,
            None => self.stale(form, spec).await,
        }
    }
}
