//! Text messages: an answer to the open field, or a text for which a field is found.

use super::answer::{editor_path, item_count};
use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::draft::{Form, Pending};
use crate::bot::field::answer;
use crate::bot::field_path::FieldPath;
use crate::bot::screen::field_choice;
use crate::schema::spec::{Kind, ModelSpec};

impl Conversation<'_> {
    /// Handles a text message that is no command.
    pub(super) async fn on_text(&self, text: &str) -> Result<Replied, HandlerError> {
        let Some((mut form, spec)) = self.load_form().await? else {
            return self.reply_home(Some(&self.texts.unknown_text())).await;
        };
        form.pending = None;
        match form.at.clone() {
            Some(path) => self.answer(form, spec, path, text).await,
            None => self.find_field_for_text(form, spec, &FieldPath::default(), text).await,
        }
    }

    /// Handles a message that is neither text nor file: a sticker, a location, a poll.
    pub(super) async fn on_other(&self) -> Result<Replied, HandlerError> {
        let Some((mut form, spec)) = self.load_form().await? else {
            return self.reply_home(Some(&self.texts.unknown_content())).await;
        };
        self.show_with(&mut form, spec, None, &[self.texts.unknown_content()]).await
    }

    async fn answer(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: FieldPath,
        text: &str,
    ) -> Result<Replied, HandlerError> {
        let Some(target) = path.target(spec) else {
            // The registry has changed since the field was opened.
            form.at = None;
            return self.show(form, spec).await;
        };
        let optional = !target.field.required || target.field.default.is_some();
        if text.trim() == "-" && optional && target.item.is_none() {
            form.remove(spec, &path);
            self.advance(&mut form, spec, &path);
            return self.show(form, spec).await;
        }
        match target.kind {
            Kind::Object(_) => self.find_field_for_text(form, spec, &path, text).await,
            Kind::List(list) => match list.item {
                Kind::Object(_) | Kind::List(_) => {
                    self.show_with(&mut form, spec, None, &[self.texts.use_buttons()]).await
                }
                item => {
                    let next = path.child(item_count(&form, spec, &path));
                    self.put_text(form, spec, &next, item, text).await
                }
            },
            kind => self.put_text(form, spec, &path, kind, text).await,
        }
    }

    async fn put_text(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        kind: &'static Kind,
        text: &str,
    ) -> Result<Replied, HandlerError> {
        if matches!(kind, Kind::Media(_)) && !answer::is_link(kind, text) {
            form.at = Some(editor_path(spec, path));
            let lines = crate::bot::field::prompt::lines(kind, self.texts);
            return self.show_with(&mut form, spec, None, &lines[..1]).await;
        }
        self.submit_value(form, spec, path, answer::read(kind, text)).await
    }

    /// Puts a text into the field below `around` that could take it. When several could, the user is asked which.
    async fn find_field_for_text(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        around: &FieldPath,
        text: &str,
    ) -> Result<Replied, HandlerError> {
        let fields = around.fields(spec).unwrap_or_default();
        let paths: Vec<FieldPath> =
            answer::fields_for_text(fields, text).into_iter().map(|i| around.child(i)).collect();
        match paths.as_slice() {
            [] => self.show_with(&mut form, spec, None, &[self.texts.use_buttons()]).await,
            [only] => self.put_text_into(form, spec, only.clone(), text).await,
            _ => {
                form.pending = Some(Pending::Text(text.to_owned()));
                let screen = field_choice::screen(spec, &form, &paths, self.texts);
                self.show_form(&mut form, &screen).await
            }
        }
    }

    /// Puts a text into a field: as its value, or as one more item of its list.
    pub(super) async fn put_text_into(
        &self,
        form: Form,
        spec: &'static ModelSpec,
        path: FieldPath,
        text: &str,
    ) -> Result<Replied, HandlerError> {
        match path.target(spec).map(|t| t.kind) {
            Some(Kind::List(list)) => {
                let item = path.child(item_count(&form, spec, &path));
                self.put_text(form, spec, &item, list.item, text).await
            }
            Some(kind) => self.put_text(form, spec, &path, kind, text).await,
            None => self.show(form, spec).await,
        }
    }
}
