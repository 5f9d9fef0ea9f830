//! Messages with a file: the field that takes it is found. The file is passed on to the vendor beside the conversation;
//! a placeholder stands in the form at once.

use serde_json::Value;

use super::answer::{editor_path, item_count, object_around};
use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::draft::{Album, Form, ReceivedFile, TextPart};
use crate::bot::field::{answer, prompt, upload as field_upload};
use crate::bot::field_path::FieldPath;
use crate::bot::text_file::{self, TEXT_LIMIT};
use crate::bot::upload;
use crate::job::placeholder_url;
use crate::schema::spec::{Kind, MediaKind, ModelSpec};
use crate::schema::{FileFacts, Files};

impl Conversation<'_> {
    /// Handles a message with a file.
    pub(super) async fn on_file(&self, file: ReceivedFile, caption: Option<TextPart>) -> Result<Replied, HandlerError> {
        let Some((mut form, spec)) = self.load_form().await? else {
            if file.album.as_ref().is_some_and(|album| !self.bot.recent_albums.note(album)) {
                return Ok(Replied::nothing_to_do());
            }
            return self.reply_home(Some(&self.texts.media_without_form())).await;
        };
        let is_more = form.album.as_ref().is_some_and(|album| Some(&album.id) == file.album.as_ref());
        if !is_more {
            form.album = file.album.clone().map(Album::new);
        }
        let is_expected =
            open_for_file(&form, spec, &file).is_some() || !fields_for_file(&form, spec, &file).is_empty();
        let mut problems = self.put_received(&mut form, spec, file);
        if let Some(caption) = caption.filter(|_| is_expected) {
            problems.extend(self.put_caption(&mut form, spec, caption));
        }
        if let Some(album) = &mut form.album {
            album.problems.extend(problems);
            album.problems.dedup();
            problems = album.problems.clone();
            if album.left_out > 0 {
                problems.push(self.texts.files_left_out(album.left_out));
            }
        }
        if is_more {
            // One answer for the whole album, wherever its messages stand.
            return self.in_place().respond(form, spec, &problems).await;
        }
        self.respond(form, spec, &problems).await
    }

    /// Puts a file where it belongs, or notes that the user has to be asked. Returns what is wrong with it.
    fn put_received(&self, form: &mut Form, spec: &'static ModelSpec, file: ReceivedFile) -> Vec<String> {
        if form.at.as_ref().is_some_and(|path| path.target(spec).is_none()) {
            // The registry has changed since the field was opened.
            form.at = None;
        }
        let album = form.album.clone().filter(|album| Some(&album.id) == file.album.as_ref());
        let fields = fields_for_file(form, spec, &file);
        if form.pending.as_ref().is_some_and(|pending| !pending.files().is_empty()) && fields.len() > 1 {
            // Whoever is asked about one file and sends another means both.
            form.ask_for_files(vec![file]);
            return Vec::new();
        }
        let mut problems = Vec::new();
        if let Some((album, path)) = album.as_ref().and_then(|album| Some((album, album.at.as_ref()?))) {
            if is_list(spec, path) && has_room(form, spec, path) && takes(spec, path, &file) {
                return self.put_file_into(form, spec, path, file);
            }
            let left_out = self.put_rest(form, spec, vec![file], album.is_bound, &mut problems);
            form.note_left_out(left_out);
            return problems;
        }
        let open = open_for_file(form, spec, &file);
        match open.as_ref().map_or(fields.as_slice(), std::slice::from_ref) {
            [] => vec![self.no_field_takes(&file)],
            [path] => {
                let is_bound = open.is_some() && is_list(spec, path);
                if album.is_some() && is_list(spec, path) && !has_room(form, spec, path) {
                    form.note_left_out(1);
                } else {
                    problems = self.put_file_into(form, spec, path, file);
                }
                if let Some(album) = form.album.as_mut().filter(|_| problems.is_empty()) {
                    (album.at, album.is_bound) = (Some(path.clone()), is_bound);
                }
                problems
            }
            _ => {
                form.ask_for_files(vec![file]);
                Vec::new()
            }
        }
    }

    /// Puts the files that have no field yet into the chosen one: as many as it has room for. For the others the user is
    /// asked again, or told that there is no room. Returns what is wrong.
    pub(super) fn put_pending_files(&self, form: &mut Form, spec: &'static ModelSpec, path: &FieldPath) -> Vec<String> {
        let files = form.take_pending_files();
        let album = files.first().and_then(|file| file.album.clone());
        let (mut problems, mut rest, mut is_first) = (Vec::new(), Vec::new(), true);
        for file in files {
            // The value of a field is replaced by one file, not by one after another.
            let is_replaced = is_first && !is_list(spec, path);
            if !takes(spec, path, &file) || !(is_replaced || has_room(form, spec, path)) {
                rest.push(file);
                continue;
            }
            let found = self.put_file_into(form, spec, path, file);
            is_first &= !found.is_empty();
            problems.extend(found);
        }
        let left_out = self.put_rest(form, spec, rest, false, &mut problems);
        if let Some(known) = form.album.as_mut().filter(|known| Some(&known.id) == album.as_ref()) {
            known.at = Some(path.clone());
            known.left_out += left_out;
        }
        if left_out > 0 {
            problems.push(self.texts.files_left_out(left_out));
        }
        problems.dedup();
        problems
    }

    /// Asks for the place of files, if a field has room for them; the others are left out, and so are all when they are
    /// bound to a field that is full. Returns how many are left out.
    fn put_rest(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        files: Vec<ReceivedFile>,
        is_bound: bool,
        problems: &mut Vec<String>,
    ) -> usize {
        let mut left_out = 0;
        for file in files {
            let fields = fields_for_file(form, spec, &file);
            if fields.is_empty() {
                problems.push(self.no_field_takes(&file));
            } else if !is_bound && fields.iter().any(|path| has_room(form, spec, path)) {
                form.ask_for_files(vec![file]);
            } else {
                left_out += 1;
            }
        }
        left_out
    }

    /// Puts a file into a field, as its value or as one more item of its list, and has it passed on to the vendor. What
    /// the message says of it is checked. Returns what is wrong.
    fn put_file_into(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        file: ReceivedFile,
    ) -> Vec<String> {
        let is_list = is_list(spec, path);
        let path = if is_list { path.child(item_count(form, spec, path)) } else { path.clone() };
        form.at = Some(editor_path(spec, &path));
        let problems = self.put_file(form, spec, &path, file);
        if problems.is_empty() {
            if is_list {
                self.close_full_list(form, spec, &path);
            } else {
                self.advance(form, spec, &path);
            }
        }
        problems
    }

    /// Puts a file at a path, and has it passed on to the vendor. What the message says of it is checked. Returns what
    /// is wrong.
    pub(super) fn put_file(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        file: ReceivedFile,
    ) -> Vec<String> {
        let now = self.bot.service.now();
        let url = placeholder_url(upload::new_number(now, &self.bot.rng));
        if is_text_field(spec, path) {
            if file.facts.bytes.is_some_and(|bytes| bytes > TEXT_LIMIT) {
                return vec![self.texts.text_file_too_big()];
            }
            form.put_text_file(spec, path, url, file, now);
            return Vec::new();
        }
        match self.check_received(form, spec, path, &url, &file) {
            Ok(()) => {
                form.put_upload(spec, path, url, file, now);
                Vec::new()
            }
            Err(problems) => problems,
        }
    }

    /// Puts the file of the message that a text replies to into a field for it that is empty, unless the form has the
    /// file. Returns what is wrong with it.
    pub(super) fn put_replied(&self, form: &mut Form, spec: &'static ModelSpec, file: ReceivedFile) -> Vec<String> {
        if form.has_file(&file) || text_file::is_text(&file) {
            return Vec::new();
        }
        let fields = fields_for_file(form, spec, &file);
        let empty: Vec<_> = fields.iter().filter(|path| has_room(form, spec, path)).collect();
        match empty.as_slice() {
            [] if fields.is_empty() => Vec::new(),
            [] => vec![self.texts.files_left_out(1)],
            [only] => {
                let before = form.at.clone();
                let problems = self.put_file_into(form, spec, only, file);
                if problems.is_empty() && before.as_ref() != Some(*only) {
                    // The field to which the text has led stays open.
                    form.at = before;
                }
                problems
            }
            _ => {
                form.ask_for_files(vec![file]);
                Vec::new()
            }
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
        url: &str,
        file: &ReceivedFile,
    ) -> Result<(), Vec<String>> {
        let of = path.target(spec).map(|t| answer::media_of(t.kind)).unwrap_or_default();
        if !of.contains(&file.kind) && !of.contains(&MediaKind::Document) && file.kind != MediaKind::Document {
            let given = prompt::kinds(&[file.kind], self.texts);
            return Err(vec![self.texts.wrong_kind(&given, &prompt::kinds(of, self.texts))]);
        }
        let limit = self.bot.telegram.server.download_limit();
        if let Some(bytes) = file.facts.bytes.filter(|bytes| *bytes > limit) {
            return Err(vec![field_upload::too_big(limit, bytes, self.texts)]);
        }
        self.check_file(form, spec, path, url, file.facts.clone()).map(|_| ())
    }

    fn no_field_takes(&self, file: &ReceivedFile) -> String {
        self.texts.no_field_takes(&prompt::kinds(&[file.kind], self.texts))
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
}

/// The open field, if it is for such files: one that takes files, or a text for a text file.
fn open_for_file(form: &Form, spec: &'static ModelSpec, file: &ReceivedFile) -> Option<FieldPath> {
    let path = form.at.as_ref()?;
    let of = answer::media_of(path.target(spec)?.kind);
    let is_meant = if text_file::is_text(file) {
        of.contains(&MediaKind::Document) || is_text_field(spec, path)
    } else {
        !of.is_empty()
    };
    is_meant.then(|| path.clone())
}

/// The fields that take a file, in the open object or else in the form; where several do, those with room, if there are
/// any. A text file goes into a field for texts where none takes documents.
fn fields_for_file(form: &Form, spec: &'static ModelSpec, file: &ReceivedFile) -> Vec<FieldPath> {
    let around = object_around(form, spec);
    let fields = around.fields(spec).unwrap_or_default();
    let mut found = answer::fields_for_file(fields, &[file.kind]);
    if found.is_empty() {
        found = answer::fields_for_file(fields, &[MediaKind::Document]);
    }
    if found.is_empty() && text_file::is_text(file) {
        found = answer::text_fields(fields);
    }
    let paths: Vec<FieldPath> = found.into_iter().map(|index| around.child(index)).collect();
    let roomy: Vec<_> = paths.iter().filter(|path| has_room(form, spec, path)).cloned().collect();
    if paths.len() > 1 && !roomy.is_empty() { roomy } else { paths }
}

/// The fields that take any of these files, in the order of the form.
pub(super) fn fields_for_files(form: &Form, spec: &'static ModelSpec, files: &[ReceivedFile]) -> Vec<FieldPath> {
    let mut paths: Vec<_> = files.iter().flat_map(|file| fields_for_file(form, spec, file)).collect();
    paths.sort_by(|a, b| a.0.cmp(&b.0));
    paths.dedup();
    paths
}

/// Whether a field is for such files.
fn takes(spec: &'static ModelSpec, path: &FieldPath, file: &ReceivedFile) -> bool {
    let of = path.target(spec).map(|target| answer::media_of(target.kind)).unwrap_or_default();
    of.contains(&file.kind)
        || of.contains(&MediaKind::Document)
        || (!of.is_empty() && file.kind == MediaKind::Document)
        || (is_text_field(spec, path) && text_file::is_text(file))
}

fn is_list(spec: &'static ModelSpec, path: &FieldPath) -> bool {
    path.target(spec).is_some_and(|target| matches!(target.kind, Kind::List(_)))
}

fn is_text_field(spec: &'static ModelSpec, path: &FieldPath) -> bool {
    path.target(spec).is_some_and(|target| answer::is_text(target.kind))
}

fn has_room(form: &Form, spec: &'static ModelSpec, path: &FieldPath) -> bool {
    match path.target(spec).map(|t| t.kind) {
        Some(Kind::List(list)) => list.max.is_none_or(|max| item_count(form, spec, path) < max as usize),
        _ => path.get(spec, &form.answers).is_none(),
    }
}
