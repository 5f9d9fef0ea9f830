//! Messages with a file: the field that takes it is found, and the file is uploaded to the vendor.

use serde_json::Value;
use teloxide::types::ChatAction;

use super::answer::{editor_path, item_count};
use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::attachment::{self, FileError};
use crate::bot::draft::{Form, Pending, ReceivedFile};
use crate::bot::field::{answer, prompt};
use crate::bot::field_path::FieldPath;
use crate::bot::screen::field_choice;
use crate::schema::FileFacts;
use crate::schema::Files;
use crate::schema::spec::{Kind, MediaKind, ModelSpec};

/// The URL of a file that is checked before it is uploaded.
const PLACEHOLDER: &str = "https://upload.invalid/file";

impl Conversation<'_> {
    /// Handles a message with a file.
    pub(super) async fn on_file(&self, file: ReceivedFile) -> Result<Replied, HandlerError> {
        let Some((mut form, spec)) = self.load_form().await? else {
            return self.reply_home(Some(&self.texts.media_without_form())).await;
        };
        form.pending = None;
        let Some(path) = form.at.clone() else {
            return self.find_field_for_file(form, spec, &FieldPath::default(), file).await;
        };
        let Some(target) = path.target(spec) else {
            form.at = None;
            return self.show(form, spec).await;
        };
        match target.kind {
            Kind::Object(_) => self.find_field_for_file(form, spec, &path, file).await,
            kind if !answer::media_of(kind).is_empty() => self.put_file_into(form, spec, path, file).await,
            // The open field takes no files, but another one may.
            _ => self.find_field_for_file(form, spec, &FieldPath::default(), file).await,
        }
    }

    async fn find_field_for_file(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        around: &FieldPath,
        file: ReceivedFile,
    ) -> Result<Replied, HandlerError> {
        let fields = around.fields(spec).unwrap_or_default();
        let found = answer::fields_for_file(fields, &[file.kind]);
        let found = if found.is_empty() { answer::fields_for_file(fields, &[MediaKind::Document]) } else { found };
        let mut paths: Vec<FieldPath> = found.into_iter().map(|i| around.child(i)).collect();
        if paths.len() > 1 {
            // Fields with room come first.
            let room: Vec<_> = paths.iter().filter(|p| has_room(&form, spec, p)).cloned().collect();
            paths = if room.is_empty() { paths } else { room };
        }
        match paths.as_slice() {
            [] => {
                let given = prompt::kinds(&[file.kind], self.texts);
                let problem = self.texts.no_field_takes(&given);
                self.show_with(&mut form, spec, None, &[problem]).await
            }
            [only] => self.put_file_into(form, spec, only.clone(), file).await,
            _ => {
                form.pending = Some(Pending::File(file));
                let screen = field_choice::screen(spec, &form, &paths, self.texts);
                self.show_form(&mut form, &screen).await
            }
        }
    }

    /// Puts a file into a field: as its value, or as one more item of its list.
    pub(super) async fn put_file_into(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: FieldPath,
        file: ReceivedFile,
    ) -> Result<Replied, HandlerError> {
        let Some(target) = path.target(spec) else { return self.show(form, spec).await };
        let list = matches!(target.kind, Kind::List(_));
        let path = if list { path.child(item_count(&form, spec, &path)) } else { path };
        form.at = Some(editor_path(spec, &path));
        if let Err(problem) = self.check_received(&form, spec, &path, &file) {
            return self.show_with(&mut form, spec, None, &problem).await;
        }
        match self.upload(&mut form, spec, &path, &file).await {
            Ok(()) => {
                self.put_caption(&mut form, spec, file.caption.as_deref());
                if list {
                    self.close_full_list(&mut form, spec, &path);
                } else {
                    self.advance(&mut form, spec, &path);
                }
                self.show(form, spec).await
            }
            Err(problems) => self.show_with(&mut form, spec, None, &problems).await,
        }
    }

    /// Checks what is known before the file is downloaded: its kind, its size, its length.
    ///
    /// # Errors
    /// Sentences for the user.
    fn check_received(
        &self,
        form: &Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        file: &ReceivedFile,
    ) -> Result<(), Vec<String>> {
        let of = path.target(spec).map(|t| answer::media_of(t.kind)).unwrap_or_default();
        if !of.contains(&file.kind) && !of.contains(&MediaKind::Document) && file.kind != MediaKind::Document {
            let given = prompt::kinds(&[file.kind], self.texts);
            return Err(vec![self.texts.wrong_kind(&given, &prompt::kinds(of, self.texts))]);
        }
        if let Some(bytes) = file.facts.bytes.filter(|n| *n > self.bot.telegram.server.download_limit()) {
            return Err(vec![self.too_big(bytes)]);
        }
        self.check_file(form, spec, path, PLACEHOLDER, file.facts.clone()).map(|_| ())
    }

    fn too_big(&self, bytes: u64) -> String {
        // A size below the limit is rounded down, and one above it up.
        let limit = (self.bot.telegram.server.download_limit() / 1_000_000).to_string();
        self.texts.file_too_big(&limit, &self.texts.number((bytes as f64 / 100_000.0).ceil() / 10.0))
    }

    /// The URL of a file as the value at `path`.
    ///
    /// # Errors
    /// Why it is refused there, as sentences for the user.
    pub(super) fn check_file(
        &self,
        form: &Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        url: &str,
        facts: FileFacts,
    ) -> Result<Value, Vec<String>> {
        let files = Files::from([(url.to_owned(), facts)]);
        let checked = answer::check(form, spec, path, Value::from(url), &files);
        checked.map_err(|found| self.sentences(spec, path, &found))
    }

    async fn upload(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        file: &ReceivedFile,
    ) -> Result<(), Vec<String>> {
        let action = match file.kind {
            MediaKind::Image => ChatAction::UploadPhoto,
            MediaKind::Video => ChatAction::UploadVideo,
            MediaKind::Audio => ChatAction::UploadVoice,
            MediaKind::Document => ChatAction::UploadDocument,
        };
        let telegram = &self.bot.telegram;
        telegram.show_action(self.destination(), action).await;
        let fetched = attachment::fetch(telegram, &file.file_id, &file.facts).await.map_err(|error| {
            tracing::warn!(chat = self.chat.0, %error, "a user's file could not be downloaded");
            vec![match error {
                FileError::TooBig => self.too_big(file.facts.bytes.unwrap_or(telegram.server.download_limit())),
                FileError::NotOnDisk(_) => self.texts.file_not_on_disk(),
                FileError::Unreachable(_) => self.texts.file_unreachable(),
            }]
        })?;
        // The content may differ from what the message says.
        self.check_file(form, spec, path, PLACEHOLDER, fetched.facts.clone())?;
        telegram.show_action(self.destination(), action).await;
        let attachment = self.bot.service.attach(fetched).await.map_err(|error| {
            tracing::warn!(chat = self.chat.0, code = error.code(), "a user's file could not be uploaded");
            vec![self.texts.upload_failed()]
        })?;
        let value = self.check_file(form, spec, path, &attachment.url, attachment.facts.clone())?;
        form.attachments.push(attachment);
        form.put(spec, path, value);
        Ok(())
    }

    /// Writes the caption of a file into the main text field, if that is empty.
    fn put_caption(&self, form: &mut Form, spec: &'static ModelSpec, caption: Option<&str>) {
        let Some(caption) = caption else { return };
        let texts = spec.fields.iter().enumerate().filter(|(_, f)| matches!(f.kind, Kind::Text(_)) && !f.advanced);
        let main = texts.clone().find(|(_, f)| f.required).or_else(|| texts.clone().next());
        let Some((index, field)) = main.filter(|(_, f)| !form.answers.contains_key(f.name)) else { return };
        let (path, value) = (FieldPath::field(index), answer::read(&field.kind, caption));
        if let Ok(value) = answer::check(form, spec, &path, value, &form.files()) {
            form.put(spec, &path, value);
        }
    }
}

fn has_room(form: &Form, spec: &'static ModelSpec, path: &FieldPath) -> bool {
    match path.target(spec).map(|t| t.kind) {
        Some(Kind::List(list)) => list.max.is_none_or(|max| item_count(form, spec, path) < max as usize),
        _ => path.get(spec, &form.answers).is_none(),
    }
}
