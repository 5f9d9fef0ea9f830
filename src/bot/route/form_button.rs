//! Buttons of a form.

use serde_json::{Map, Value};

use super::answer::item_count;
use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::callback::FormAction;
use crate::bot::draft::Form;
use crate::bot::field::literal_json;
use crate::bot::field_path::FieldPath;
use crate::bot::next_step;
use crate::job::JobId;
use crate::schema::spec::{Kind, ModelSpec};

impl Conversation<'_> {
    /// A button of the form with this nonce. Each order gives the form a new nonce: a button of an ordered form shows
    /// the job instead.
    pub(super) async fn on_form_button(
        &self,
        nonce: &str,
        path: FieldPath,
        action: FormAction,
    ) -> Result<Replied, HandlerError> {
        let Some((mut form, spec)) = self.load_form().await? else { return self.reply_outdated().await };
        if form.nonce != nonce {
            if let Some(ordered) = form.ordered.as_ref().filter(|o| o.nonce == nonce) {
                let job = ordered.job.clone();
                return self.already_ordered(&job).await;
            }
            return self.show_present_form(form, spec).await;
        }
        if form.message.is_none() {
            // The form has no message any more, but this one with its button is still visible: it becomes the form's.
            form.message = self.pressed;
        }
        self.on_form_action(form, spec, path, action).await
    }

    /// Shows the chat's form with a note that the button was of an older one.
    async fn show_present_form(&self, mut form: Form, spec: &'static ModelSpec) -> Result<Replied, HandlerError> {
        form.at = None;
        self.show_with(&mut form, spec, None, &[self.texts.old_form()]).await
    }

    async fn on_form_action(
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
            FormAction::Set(number) => self.set_option(form, spec, &path, number).await,
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
            FormAction::Add => self.add_item(form, spec, path).await,
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
            FormAction::Retry => self.retry_upload(form, spec, path).await,
            FormAction::Task(id) => self.pick_task(form, spec, path, &id).await,
            FormAction::Generate if self.does_poorly(spec).await => self.warn_of_health(form, spec).await,
            FormAction::Generate | FormAction::GenerateAnyway => self.order(form, spec).await,
        }
    }

    async fn set_option(
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
                let Some(value) = option(list.item) else { return self.show_present_form(form, spec).await };
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
                None => self.show_present_form(form, spec).await,
            },
            None => self.show_present_form(form, spec).await,
        }
    }

    /// Adds an item to a list of objects or lists, and opens its first required field.
    async fn add_item(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: FieldPath,
    ) -> Result<Replied, HandlerError> {
        let Some(Kind::List(list)) = path.target(spec).map(|t| t.kind) else {
            return self.show_present_form(form, spec).await;
        };
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
        let Some(pending) = &form.pending else { return self.show_present_form(form, spec).await };
        let problems = if pending.text().is_some() {
            let text = form.take_pending_text();
            match form.take_unplaced() {
                Some(written) => self.put_written_into(&mut form, spec, &path, written),
                // Asked by a version that did not remember the message.
                None => self.put_text_value(&mut form, spec, &path, &text.unwrap_or_default()),
            }
        } else {
            self.put_pending_files(&mut form, spec, &path)
        };
        self.respond(form, spec, &problems).await
    }

    async fn pick_task(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: FieldPath,
        id: &JobId,
    ) -> Result<Replied, HandlerError> {
        let job = self.bot.service.job(id).await?.filter(|job| job.chat == self.chat);
        let id = job.zip(path.target(spec)).and_then(|(job, target)| next_step::id_for(target.kind, &job));
        match id {
            Some(id) => {
                let problems = self.put_text_value(&mut form, spec, &path, &id);
                self.respond(form, spec, &problems).await
            }
            None => self.show_present_form(form, spec).await,
        }
    }
}
