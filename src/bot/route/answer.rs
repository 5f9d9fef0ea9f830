//! Answers to fields: checked, written into the form, and what is asked for next.

use serde_json::Value;

use super::conversation::{Conversation, HandlerError, Replied};
use super::input::fields_for_text;
use super::media::fields_for_files;
use crate::bot::draft::Form;
use crate::bot::field::answer;
use crate::bot::field_path::FieldPath;
use crate::bot::screen::field_choice;
use crate::schema::report::{Report, Violation};
use crate::schema::spec::{Kind, ModelSpec};

impl Conversation<'_> {
    /// Checks a value and writes it at `path`. When it is refused, the user is told why, and the field stays open.
    pub(super) async fn submit_value(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        value: Value,
    ) -> Result<Replied, HandlerError> {
        form.pending = None;
        let problems = self.put_value(&mut form, spec, path, value);
        self.respond(form, spec, &problems).await
    }

    /// Checks a value and writes it at `path`; then the next field is open. When it is refused, its own field is. Returns
    /// what is wrong with it, as sentences for the user.
    pub(super) fn put_value(
        &self,
        form: &mut Form,
        spec: &'static ModelSpec,
        path: &FieldPath,
        value: Value,
    ) -> Vec<String> {
        let checked = answer::check(form, spec, path, value, &form.files());
        match checked.and_then(|value| self.refuse_denied(spec, path, value)) {
            Ok(value) => {
                form.put(spec, path, value);
                self.advance(form, spec, path);
                self.close_full_list(form, spec, path);
                Vec::new()
            }
            Err(found) => {
                form.at = Some(editor_path(spec, path));
                self.sentences(spec, path, &found)
            }
        }
    }

    /// Refuses a value that the person may not order.
    fn refuse_denied(&self, spec: &ModelSpec, path: &FieldPath, value: Value) -> Result<Value, Vec<Violation>> {
        // Fields of objects have no values that can be denied.
        let field = path.target(spec).map(|target| target.field);
        let field = field.filter(|field| spec.fields.iter().any(|own| std::ptr::eq(own, *field)));
        match field.and_then(|field| self.assortment.denied_value(spec, field, &value)) {
            Some(denied) => Err(Report::from(denied).violations),
            None => Ok(value),
        }
    }

    /// Asks for the field of what has none yet, or else shows the form (the open field, or the whole form). `problems`:
    /// what is wrong with what was sent.
    pub(super) async fn respond(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
        problems: &[String],
    ) -> Result<Replied, HandlerError> {
        let fields = match &form.pending {
            Some(pending) => match pending.text() {
                Some(text) => fields_for_text(&form, spec, text),
                None => fields_for_files(&form, spec, pending.files()),
            },
            None => Vec::new(),
        };
        if fields.is_empty() {
            form.pending = None;
            return self.show_with(&mut form, spec, None, problems).await;
        }
        let notice = problems.join("\n");
        let screen = field_choice::screen(spec, &form, &fields, self.texts);
        let screen = screen.with_notice(Some(notice.as_str()).filter(|notice| !notice.is_empty()));
        self.show_form(&mut form, &screen).await
    }

    /// Opens the next field after an answer at `path`: the next one to ask for, else the object or form around it.
    pub(super) fn advance(&self, form: &mut Form, spec: &'static ModelSpec, path: &FieldPath) {
        let around = path.parent();
        if around.is_root() {
            let next = if form.guided { form.first_missing(spec, &around) } else { None };
            form.at = next.map(|(index, _)| FieldPath::field(index));
            form.guided = form.at.is_some();
            return;
        }
        let next = form.first_missing(spec, &around).map(|(index, _)| around.child(index));
        form.at = Some(next.unwrap_or(around));
    }

    /// Leaves the field or item at `path`: an item returns to its list.
    pub(super) fn advance_past(&self, form: &mut Form, spec: &'static ModelSpec, path: &FieldPath) {
        let item = path.target(spec).is_some_and(|t| t.item.is_some());
        if item {
            form.at = Some(path.parent());
        } else {
            self.advance(form, spec, path);
        }
    }

    /// Leaves a list that is full after an item was added at `path`.
    pub(super) fn close_full_list(&self, form: &mut Form, spec: &'static ModelSpec, path: &FieldPath) {
        let list = path.parent();
        if form.at.as_ref() != Some(&list) {
            return;
        }
        let Some(target) = list.target(spec) else { return };
        let Kind::List(kind) = target.kind else { return };
        let count = list.get(spec, &form.answers).and_then(|v| v.as_array()).map_or(0, Vec::len);
        if kind.max.is_some_and(|max| count >= max as usize) {
            self.advance(form, spec, &list);
        }
    }

    /// Why an answer was refused, as sentences.
    pub(super) fn sentences(&self, spec: &ModelSpec, path: &FieldPath, found: &[Violation]) -> Vec<String> {
        let field = path.target(spec).map(|t| t.field);
        let sentence = |violation: &Violation| match field {
            Some(field) if !violation.field.contains('.') => self.texts.violation(violation, Some(field)),
            _ => self.texts.violation_in(violation, spec),
        };
        let mut lines: Vec<String> = found.iter().map(sentence).collect();
        lines.dedup();
        lines
    }
}

/// The path of the editor where an answer at `path` is given: for a plain item, its list.
pub(super) fn editor_path(spec: &'static ModelSpec, path: &FieldPath) -> FieldPath {
    let Some(target) = path.target(spec) else { return path.clone() };
    match (target.item, target.kind) {
        (Some(_), Kind::Object(_) | Kind::List(_)) | (None, _) => path.clone(),
        (Some(_), _) => path.parent(),
    }
}

/// The object that is open, or else the form: what is sent without a field of its own goes into one of its fields.
pub(super) fn object_around(form: &Form, spec: &'static ModelSpec) -> FieldPath {
    let is_object = |path: &&FieldPath| path.target(spec).is_some_and(|target| matches!(target.kind, Kind::Object(_)));
    form.at.as_ref().filter(is_object).cloned().unwrap_or_default()
}

/// The number of items of the list at `path`.
pub(super) fn item_count(form: &Form, spec: &'static ModelSpec, path: &FieldPath) -> usize {
    path.get(spec, &form.answers).and_then(|v| v.as_array()).map_or(0, Vec::len)
}
