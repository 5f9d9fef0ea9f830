//! Edited messages: what a message has given to the form changes with it. After the order the person is told that it has
//! the old words. Edits of all other messages are passed over.

use super::command::prompt_of;
use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::callback::{ButtonData, JobAction};
use crate::bot::command::CommandText;
use crate::bot::draft::{Form, ReceivedFile, TextPart, WrittenText};
use crate::bot::field_path::FieldPath;
use crate::bot::incoming::{Content, IncomingMessage};
use crate::bot::screen::{Button, Screen};
use crate::schema::spec::ModelSpec;

/// What an edit has done to the form.
enum Edited {
    /// Nothing: the message gave no answer, or the edit is known.
    Nothing,
    /// The form has changed; what is wrong with the new answer.
    Form(Vec<String>),
    /// The answer is in an order.
    Ordered,
}

impl Conversation<'_> {
    /// Handles the edit of a message.
    pub(super) async fn on_edit(&self, message: &IncomingMessage) -> Result<Replied, HandlerError> {
        let (text, file) = match &message.content {
            // The words after a foreign command were the answer.
            Content::Text(text) if text.starts_with('/') => (Some(prompt_of(CommandText::of(text).rest)), None),
            Content::Text(text) => (Some(text.as_str()), None),
            Content::File(file) => (file.caption.as_deref(), Some(file)),
            Content::Other | Content::Passing => return Ok(Replied::nothing_to_do()),
        };
        let Some((mut form, spec)) = self.load_form().await? else { return Ok(Replied::nothing_to_do()) };
        let is_known = file.is_some_and(|file| form.has_message(file));
        let mut edits = Vec::new();
        if let Some(part) = text.map(|text| message.part(text)) {
            edits.push(match form.take_written(message.id) {
                Some(written) => self.edit_written(&mut form, spec, written, part),
                // A caption where there was none.
                None if is_known && !form.resting => Edited::Form(self.put_caption(&mut form, spec, part)),
                None => Edited::Nothing,
            });
        }
        if let Some(file) = file.filter(|_| is_known) {
            edits.push(self.edit_file(&mut form, spec, file));
        }
        if edits.iter().any(|edit| matches!(edit, Edited::Ordered)) {
            self.store_form(&form).await?;
            return self.reply_ordered(&form).await;
        }
        let changes = edits.into_iter().filter_map(|edit| match edit {
            Edited::Form(problems) => Some(problems),
            Edited::Nothing | Edited::Ordered => None,
        });
        match changes.reduce(|all, more| [all, more].concat()) {
            Some(problems) => self.respond(form, spec, &problems).await,
            None => Ok(Replied::nothing_to_do()),
        }
    }

    fn edit_written(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        mut written: WrittenText,
        part: TextPart,
    ) -> Edited {
        let place = written.find_in(form, spec);
        let Some(known) = written.parts.iter_mut().find(|known| known.message == part.message) else {
            return Edited::Nothing;
        };
        // An edit may come twice, and after a later one. Telegram counts whole seconds.
        if known.text == part.text || part.edited_at < known.edited_at {
            form.remember(written);
            return Edited::Nothing;
        }
        (known.edited_at, known.text) = (part.edited_at, part.text);
        if form.resting {
            // From now on the message is another one than the order has, which is told once.
            form.remember(written);
            return if place.is_some() { Edited::Ordered } else { Edited::Nothing };
        }
        if written.at.is_none() {
            form.ask_for_text(written.text());
            form.remember(written);
            return Edited::Form(Vec::new());
        }
        // A text that was refused counts while no later one was given for the same field.
        let is_later = |other: &WrittenText| {
            other.at == written.at && other.parts.last().map(|p| p.message) > written.parts.last().map(|p| p.message)
        };
        let refused = written.at.clone().filter(|_| written.is_refused && !form.written.iter().any(is_later));
        match place.or(refused) {
            Some(path) => {
                let at = form.at.clone();
                let problems = self.put_written(form, spec, &path, written);
                if problems.is_empty() && at.as_ref() != Some(&path) {
                    // The field that is open now stays open.
                    form.at = at;
                }
                Edited::Form(problems)
            }
            None => Edited::Nothing,
        }
    }

    fn edit_file(&self, form: &mut Form, spec: &'static ModelSpec, file: &ReceivedFile) -> Edited {
        if form.has_file(file) {
            return Edited::Nothing;
        }
        if form.resting {
            return Edited::Ordered;
        }
        let mut waiting = form.take_pending_files();
        let is_waiting = waiting.iter_mut().find(|other| other.message == file.message).is_some_and(|other| {
            let is_new = other.file_id != file.file_id;
            *other = file.clone();
            is_new
        });
        form.ask_for_files(waiting);
        if is_waiting {
            return Edited::Form(Vec::new());
        }
        let old = form.uploads.iter().find(|upload| upload.file.message == file.message);
        let path = old.and_then(|old| FieldPath::find(spec, &form.answers, &old.url));
        match path {
            Some(path) => Edited::Form(self.put_file(form, spec, &path, file.clone())),
            None => Edited::Nothing,
        }
    }

    async fn reply_ordered(&self, form: &Form) -> Result<Replied, HandlerError> {
        let mut screen = Screen::text(self.texts.edit_too_late());
        if let Some(ordered) = &form.ordered {
            let change = ButtonData::Job { id: ordered.job.clone(), action: JobAction::Change };
            screen = screen.row(vec![Button::new(self.texts.button_change(), &change)]);
        }
        self.reply(&screen).await
    }
}
