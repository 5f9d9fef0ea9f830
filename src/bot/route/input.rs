//! Text messages: an answer to the open field, or a text for which a field is found.

use super::answer::{editor_path, item_count, object_around};
use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::draft::{Form, ReceivedFile, TextPart, WrittenText};
use crate::bot::field::{answer, prompt};
use crate::bot::field_path::FieldPath;
use crate::bot::screen::form as form_screen;
use crate::schema::Files;
use crate::schema::spec::{Kind, ModelSpec};

impl Conversation<'_> {
    /// Handles a text message that is no command. `replied`: the file in the message that it replies to.
    pub(super) async fn on_text(&self, part: TextPart, replied: Option<ReceivedFile>) -> Result<Replied, HandlerError> {
        let Some((mut form, spec)) = self.load_form().await? else {
            return self.reply_home(Some(&self.texts.unknown_text())).await;
        };
        let mut problems = match form.take_continued(&part) {
            Some(written) => self.put_continued(&mut form, spec, written),
            None => self.put_new_text(&mut form, spec, WrittenText::new(part), replied.is_some()),
        };
        if let Some(file) = replied {
            problems.extend(self.put_replied(&mut form, spec, file));
        }
        self.respond(form, spec, &problems).await
    }

    /// Handles a message that is neither text nor file: a sticker, a location, a poll.
    pub(super) async fn on_other(&self) -> Result<Replied, HandlerError> {
        let Some((mut form, spec)) = self.load_form().await? else {
            return self.reply_home(Some(&self.texts.unknown_content())).await;
        };
        self.show_with(&mut form, spec, None, &[self.texts.unknown_content()]).await
    }

    /// Puts a text with one more part where it was before, or asks again for its place. Returns what is wrong with it.
    fn put_continued(&self, form: &mut Form, spec: &'static ModelSpec, written: WrittenText) -> Vec<String> {
        match written.at.clone() {
            Some(path) => self.put_written(form, spec, &path, written),
            None => {
                form.ask_for_text(written.text());
                form.remember(written);
                Vec::new()
            }
        }
    }

    /// Puts a text into the open field, or finds one. `has_file`: it is about a file, so a field for files that is open
    /// does not wait for a link.
    fn put_new_text(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        written: WrittenText,
        has_file: bool,
    ) -> Vec<String> {
        // Said in other words.
        if form.take_pending_text().is_some() {
            form.take_unplaced();
        }
        let text = written.text();
        let Some(path) = form.at.clone() else { return self.find_field_for_text(form, spec, written) };
        let Some(target) = path.target(spec) else {
            // The registry has changed since the field was opened.
            form.at = None;
            return Vec::new();
        };
        let optional = !target.field.required || target.field.default.is_some();
        if text.trim() == "-" && optional && target.item.is_none() {
            form.remove(spec, &path);
            self.advance(form, spec, &path);
            return Vec::new();
        }
        if has_file && !answer::media_of(target.kind).is_empty() && !answer::is_link(target.kind, &text) {
            return self.find_field_for_text(form, spec, written);
        }
        match target.kind {
            Kind::Object(_) => self.find_field_for_text(form, spec, written),
            Kind::List(list) => match list.item {
                Kind::Object(_) | Kind::List(_) => vec![self.texts.use_buttons()],
                _ => self.put_written_into(form, spec, &path, written),
            },
            _ => self.put_written(form, spec, &path, written),
        }
    }

    /// Puts a text into the field that could take it. When several could, the user is asked which.
    fn find_field_for_text(&self, form: &mut Form, spec: &'static ModelSpec, written: WrittenText) -> Vec<String> {
        let text = written.text();
        match fields_for_text(form, spec, &text).as_slice() {
            [] => vec![self.texts.use_buttons()],
            [only] => self.put_written_into(form, spec, only, written),
            _ => {
                form.ask_for_text(text);
                form.remember(written);
                Vec::new()
            }
        }
    }

    /// Puts a text into a field: as its value, or as one more item of its list.
    pub(super) fn put_written_into(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        written: WrittenText,
    ) -> Vec<String> {
        let is_list = path.target(spec).is_some_and(|target| matches!(target.kind, Kind::List(_)));
        let path = if is_list { path.child(item_count(form, spec, path)) } else { path.clone() };
        self.put_written(form, spec, &path, written)
    }

    /// Checks a text and writes it at `path`. When it is refused, the field stays open, without the beginning of the
    /// text that may stand there. The text is remembered. Returns what is wrong with it.
    pub(super) fn put_written(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        mut written: WrittenText,
    ) -> Vec<String> {
        let Some(kind) = path.target(spec).map(|target| target.kind) else { return Vec::new() };
        let text = written.text();
        written.at = Some(path.clone());
        let problems = if matches!(kind, Kind::Media(_)) && !answer::is_link(kind, &text) {
            form.at = Some(editor_path(spec, path));
            prompt::lines(kind, self.texts).into_iter().take(1).collect()
        } else {
            self.put_value(form, spec, path, answer::read(kind, &text))
        };
        written.is_refused = !problems.is_empty();
        if written.is_refused {
            let mut before = written.clone();
            before.parts.pop();
            if let Some(path) = before.find_in(form, spec).filter(|_| !before.parts.is_empty()) {
                form.remove(spec, &path);
            }
        }
        form.remember(written);
        problems
    }

    /// Puts a text that came in no message into a field: an id that a button stands for. Returns what is wrong with it.
    pub(super) fn put_text_value(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        text: &str,
    ) -> Vec<String> {
        match path.target(spec).map(|target| target.kind) {
            Some(Kind::List(list)) => {
                let item = path.child(item_count(form, spec, path));
                self.put_value(form, spec, &item, answer::read(list.item, text))
            }
            Some(kind) => self.put_value(form, spec, path, answer::read(kind, text)),
            None => Vec::new(),
        }
    }

    /// Puts the caption of a file into the main text field, if that is empty. Returns what is wrong with it.
    pub(super) fn put_caption(&self, form: &mut Form, spec: &'static ModelSpec, caption: TextPart) -> Vec<String> {
        let texts = spec.fields.iter().enumerate().filter(|(_, f)| matches!(f.kind, Kind::Text(_)) && !f.advanced);
        let main = texts.clone().find(|(_, f)| f.required).or_else(|| texts.clone().next());
        let Some((index, field)) = main.filter(|(_, f)| !form.answers.contains_key(f.name)) else { return Vec::new() };
        let (path, value) = (FieldPath::field(index), answer::read(&field.kind, &caption.text));
        let mut written = WrittenText { at: Some(path.clone()), ..WrittenText::new(caption) };
        let problems = match answer::check(form, spec, &path, value, &Files::new()) {
            Ok(value) => {
                form.put(spec, &path, value);
                if form.at.as_ref() == Some(&path) {
                    self.advance(form, spec, &path);
                }
                Vec::new()
            }
            Err(found) => form_screen::sentences(spec, &found, self.texts),
        };
        written.is_refused = !problems.is_empty();
        form.remember(written);
        problems
    }
}

/// The fields that could take a text, in the open object or else in the form.
pub(super) fn fields_for_text(form: &Form, spec: &'static ModelSpec, text: &str) -> Vec<FieldPath> {
    let around = object_around(form, spec);
    let fields = around.fields(spec).unwrap_or_default();
    answer::fields_for_text(fields, text).into_iter().map(|index| around.child(index)).collect()
}
