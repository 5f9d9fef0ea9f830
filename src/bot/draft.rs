//! The form that a user is filling in, as it is stored: it survives restarts, and any process can continue it. The
//! names of the fields below are those of the stored JSON.

mod album;
mod pending;
mod received_file;
mod stored;
mod upload;
mod written;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(crate) use self::album::Album;
pub(crate) use self::pending::Pending;
pub(crate) use self::received_file::ReceivedFile;
pub(crate) use self::stored::{DraftError, StoredForm};
pub(crate) use self::upload::{Upload, UploadFailure, UploadState};
pub(crate) use self::written::{TextPart, WrittenText};
use super::field_path::FieldPath;
use crate::job::{Attachment, ChatId, Job, JobId};
use crate::models;
use crate::schema::Files;
use crate::schema::spec::{FieldSpec, Kind, ModelRef, ModelSpec};
use crate::tariff::Price;

/// Version of the stored JSON. A draft of another version is not read; the user is told, and starts again unless a newer
/// version of the program, which may run beside this one, can go on with it.
const VERSION: u32 = 1;

/// A form in progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Form {
    version: u32,
    /// The id in every button of this form. An order uses it up, and the form gets a new one.
    pub(crate) nonce: String,
    model: String,
    /// The answers, with the vendor's names and JSON types.
    pub(crate) answers: Map<String, Value>,
    /// The files in the answers.
    pub(crate) attachments: Vec<Attachment>,
    /// The field or item that is open; `None` when the whole form is shown.
    pub(crate) at: Option<FieldPath>,
    /// Required fields are asked one after another until all are answered.
    pub(crate) guided: bool,
    /// The advanced fields are shown.
    pub(crate) unfolded: bool,
    /// The message that shows the form.
    pub(crate) message: Option<i32>,
    /// The chat of that message: message ids change when a chat moves.
    #[serde(default)]
    pub(crate) chat: Option<ChatId>,
    /// In a group, the message that asks for a reply.
    #[serde(default)]
    pub(crate) question: Option<i32>,
    /// Something sent that fits several fields; the user is asked for which.
    pub(crate) pending: Option<Pending>,
    /// The last order made from this form.
    pub(crate) ordered: Option<Ordered>,
    /// Nothing has changed since that order.
    pub(crate) resting: bool,
    /// The last update that changed the form and was replied to.
    #[serde(default)]
    pub(crate) seen: Option<i64>,
    /// The users' files in the answers.
    #[serde(default)]
    pub(crate) uploads: Vec<Upload>,
    /// The last texts that the user wrote.
    #[serde(default)]
    pub(crate) written: Vec<WrittenText>,
    /// The album whose files came last.
    #[serde(default)]
    pub(crate) album: Option<Album>,
    /// What was said about the last answer; it is said again while the form is shown again without a new one.
    #[serde(default)]
    pub(crate) problems: Vec<String>,
    /// The user wanted to order while files were on their way.
    #[serde(default)]
    pub(crate) is_order_waiting: bool,
    /// The price that the message shows. An order at another one is not what the user saw.
    #[serde(default)]
    pub(crate) shown_price: Option<Price>,
    /// The message says that the order is free.
    #[serde(default)]
    pub(crate) shown_free: bool,
    /// The message says that the group's purse pays.
    #[serde(default)]
    pub(crate) shown_purse: bool,
    /// What a newer version has stored besides; it is kept.
    #[serde(flatten)]
    newer: Map<String, Value>,
}

/// An order that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ordered {
    /// The nonce of the form at that time.
    pub(crate) nonce: String,
    pub(crate) job: JobId,
}

impl Form {
    /// An empty form.
    pub(crate) fn new(spec: &ModelSpec, nonce: String) -> Self {
        Self {
            version: VERSION,
            nonce,
            model: spec.id.to_owned(),
            answers: Map::new(),
            attachments: Vec::new(),
            at: None,
            guided: true,
            unfolded: false,
            message: None,
            chat: None,
            question: None,
            pending: None,
            ordered: None,
            resting: false,
            seen: None,
            uploads: Vec::new(),
            written: Vec::new(),
            album: None,
            problems: Vec::new(),
            is_order_waiting: false,
            shown_price: None,
            shown_free: false,
            shown_purse: false,
            newer: Map::new(),
        }
    }

    /// A form with the input of a job.
    pub(crate) fn of_job(model: ModelRef, job: &Job, nonce: String) -> Self {
        let mut form = Self::new(model.spec, nonce);
        form.answers = job.input.clone();
        model.complete(&mut form.answers);
        form.attachments = job.attachments.clone();
        form.guided = false;
        form
    }

    /// The field or item that is open, if it is answered by typing or sending something.
    pub(crate) fn open_question(&self) -> Option<&'static FieldSpec> {
        let spec = models::find(&self.model)?.spec;
        let target = self.at.as_ref()?.target(spec)?;
        let is_typed = |kind: &Kind| match kind {
            Kind::Text(_) | Kind::Integer(_) | Kind::Decimal(_) | Kind::Media(_) | Kind::Task(_) => true,
            Kind::Choice(_) | Kind::Boolean | Kind::List(_) | Kind::Object(_) => false,
        };
        let is_asked = match target.kind {
            Kind::List(list) => is_typed(list.item),
            kind => is_typed(kind),
        };
        is_asked.then_some(target.field)
    }

    /// Whether it is a form of this model.
    pub(crate) fn is_of(&self, spec: &ModelSpec) -> bool {
        self.model == spec.id
    }

    /// Reads a stored form, with its model.
    ///
    /// # Errors
    /// When it cannot be used.
    pub(crate) fn read(body: &Value) -> Result<(Self, &'static ModelSpec), DraftError> {
        let version = body.get("version").and_then(Value::as_u64).unwrap_or_default();
        if version != u64::from(VERSION) {
            return Err(DraftError::Version(version));
        }
        let mut form: Self = serde_json::from_value(body.clone()).map_err(|e| DraftError::Broken(e.to_string()))?;
        let model = models::find(&form.model).ok_or(DraftError::Model)?;
        // The id may have become an alias of another model since.
        model.complete(&mut form.answers);
        model.spec.id.clone_into(&mut form.model);
        Ok((form, model.spec))
    }

    /// The JSON for the store.
    pub(crate) fn body(&self) -> Value {
        // Maps with text keys and plain numbers always have a JSON form.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// What is known of the files, by URL.
    pub(crate) fn files(&self) -> Files {
        self.attachments.iter().map(|a| (a.url.clone(), a.facts.clone())).collect()
    }

    /// The file with this URL.
    pub(crate) fn attachment(&self, url: &str) -> Option<&Attachment> {
        self.attachments.iter().find(|a| a.url == url)
    }

    /// Writes an answer.
    pub(crate) fn put(&mut self, spec: &ModelSpec, path: &FieldPath, value: Value) {
        path.put(spec, &mut self.answers, value);
        self.mark_changed();
    }

    /// Removes an answer, and files that no answer uses any more.
    pub(crate) fn remove(&mut self, spec: &ModelSpec, path: &FieldPath) {
        path.remove(spec, &mut self.answers);
        self.mark_changed();
    }

    fn mark_changed(&mut self) {
        self.resting = false;
        let mut used = Vec::new();
        self.answers.values().for_each(|value| collect_strings(value, &mut used));
        self.attachments.retain(|a| used.contains(&a.url));
        self.uploads.retain(|upload| used.contains(&upload.url));
    }

    /// The first required field without an answer and without a default, in the form or in the object at `path`.
    pub(crate) fn first_missing(
        &self,
        spec: &'static ModelSpec,
        path: &FieldPath,
    ) -> Option<(usize, &'static FieldSpec)> {
        let fields = path.fields(spec)?;
        fields.iter().enumerate().find(|(i, field)| {
            field.required && field.default.is_none() && is_empty(path.child(*i).get(spec, &self.answers))
        })
    }
}

/// Whether an answer counts as absent.
pub(crate) fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(fields)) => fields.is_empty(),
        Some(Value::Bool(_) | Value::Number(_)) => false,
    }
}

fn collect_strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect_strings(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| collect_strings(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bot::sample::STUDIO;
    use crate::clock::Timestamp;
    use crate::schema::FileFacts;
    use crate::schema::spec::MediaKind;

    fn attachment(url: &str) -> Attachment {
        Attachment {
            url: url.into(),
            source: Some("file-1".into()),
            uploaded_at: Timestamp::from_millis(5),
            facts: FileFacts { seconds: Some(2.5), ..FileFacts::default() },
            is_result: false,
        }
    }

    fn file(kind: MediaKind) -> ReceivedFile {
        let facts = FileFacts::default();
        ReceivedFile { file_id: "f".into(), kind, facts, caption: None, unique_id: None, message: None, album: None }
    }

    /// As they were before files were uploaded beside the conversation, and texts were remembered.
    #[test]
    fn a_form_of_an_earlier_version_is_read() {
        let mut form = Form::new(&STUDIO, "abcd1234".into());
        form.pending = Some(Pending::File(file(MediaKind::Image)));
        let mut body = form.body();
        let fields = body.as_object_mut().unwrap();
        for later in ["uploads", "written", "album", "problems", "is_order_waiting", "shown_price", "shown_free"] {
            assert!(fields.remove(later).is_some(), "{later}");
        }
        let pending = fields["pending"]["file"].as_object_mut().unwrap();
        pending.retain(|name, _| ["file_id", "kind", "facts", "caption"].contains(&name.as_str()));
        assert_eq!(serde_json::from_value::<Form>(body).unwrap(), form);
    }

    #[test]
    fn a_form_survives_the_store() {
        let mut form = Form::new(&STUDIO, "abcd1234".into());
        form.attachments.push(attachment("https://x/a.png"));
        form.put(&STUDIO, &FieldPath(vec![1, 0]), json!("https://x/a.png"));
        form.at = Some(FieldPath(vec![1]));
        form.pending = Some(Pending::Text("hm".into()));
        form.ordered = Some(Ordered { nonce: "n".into(), job: JobId("j".into()) });
        assert_eq!(serde_json::from_value::<Form>(form.body()).unwrap(), form);
    }

    #[test]
    fn a_stored_file_names_its_kind_in_one_word() {
        for (kind, word) in [
            (MediaKind::Image, "image"),
            (MediaKind::Video, "video"),
            (MediaKind::Audio, "audio"),
            (MediaKind::Document, "document"),
        ] {
            let file = file(kind);
            let stored = serde_json::to_value(Pending::File(file.clone())).unwrap();
            assert_eq!(stored["file"]["kind"], word);
            assert_eq!(serde_json::from_value::<Pending>(stored).unwrap(), Pending::File(file));
        }
    }

    #[test]
    fn an_unreadable_draft_is_named() {
        let mut form = Form::new(&STUDIO, "abcd1234".into());
        assert_eq!(Form::read(&form.body()).unwrap_err(), DraftError::Model);
        form.version = 99;
        assert_eq!(Form::read(&form.body()).unwrap_err(), DraftError::Version(99));
        assert_eq!(Form::read(&json!({"step": "x"})).unwrap_err(), DraftError::Version(0));
        assert!(matches!(Form::read(&json!({"version": 1})), Err(DraftError::Broken(_))));
    }

    #[test]
    fn what_a_newer_version_has_stored_besides_is_kept() {
        let mut form = Form::new(&STUDIO, "abcd1234".into());
        form.put(&STUDIO, &FieldPath(vec![5]), json!(0.1));
        form.seen = Some(i64::MAX);
        let mut body = form.body();
        body["mood"] = json!({"fox": [1, 0.5]});
        let mut read: Form = serde_json::from_value(body.clone()).unwrap();
        assert_eq!((read.body(), read.seen), (body.clone(), form.seen));
        read.unfolded = true;
        body["unfolded"] = json!(true);
        assert_eq!(read.body(), body);
    }

    #[test]
    fn a_draft_that_a_newer_version_may_read_is_known() {
        let is_newer = |body: &Value| Form::read(body).unwrap_err().may_be_newer();
        let form = Form::new(&STUDIO, "abcd1234".into());
        assert!(is_newer(&form.body()), "a model of the newer version");
        assert!(is_newer(&Form { version: VERSION + 1, ..form.clone() }.body()));
        let mut body = form.body();
        body["pending"] = json!({"hologram": 1});
        assert!(is_newer(&body), "a value that is unknown here");
        assert!(!is_newer(&Form { version: VERSION - 1, ..form }.body()));
    }

    #[test]
    fn a_form_under_an_id_that_became_a_name_gets_what_it_stands_for() {
        let mut names = models::all().iter().flat_map(|spec| spec.aliases);
        let alias = names.find(|alias| !alias.presets.is_empty()).unwrap();
        let named = models::find(alias.name).unwrap();
        let mut form = Form::new(named.spec, "n".into());
        form.model = alias.name.to_owned();
        let (read, spec) = Form::read(&form.body()).unwrap();
        assert_eq!((spec.id, read.model.as_str()), (named.spec.id, named.spec.id));
        for preset in alias.presets {
            assert_eq!(read.answers[preset.field], preset.json());
        }
        // It is a form of that model now: a removed value is not added again.
        let emptied = Form { answers: Map::new(), ..read };
        assert!(Form::read(&emptied.body()).unwrap().0.answers.is_empty());
    }

    #[test]
    fn files_leave_with_the_last_answer_that_uses_them() {
        let mut form = Form::new(&STUDIO, "n".into());
        form.attachments = vec![attachment("https://x/a.png"), attachment("https://x/b.png")];
        form.put(&STUDIO, &FieldPath(vec![1]), json!(["https://x/a.png", "https://x/b.png"]));
        form.remove(&STUDIO, &FieldPath(vec![1, 0]));
        assert_eq!(form.attachments, vec![attachment("https://x/b.png")]);
    }

    #[test]
    fn missing_is_what_is_required_without_a_default() {
        let mut form = Form::new(&STUDIO, "n".into());
        assert_eq!(form.first_missing(&STUDIO, &FieldPath::default()).unwrap().1.name, "prompt");
        form.put(&STUDIO, &FieldPath(vec![0]), json!("fox"));
        assert!(form.first_missing(&STUDIO, &FieldPath::default()).is_none());
        form.put(&STUDIO, &FieldPath(vec![2, 0]), json!({}));
        assert_eq!(form.first_missing(&STUDIO, &FieldPath(vec![2, 0])).unwrap().1.name, "text");
    }
}
