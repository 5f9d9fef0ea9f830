//! Users' files in a form, from the message to the vendor.

use serde::{Deserialize, Serialize};

use super::{Form, ReceivedFile};
use crate::bot::field_path::FieldPath;
use crate::clock::Timestamp;
use crate::job::Attachment;
use crate::schema::spec::ModelSpec;

/// After this long an upload may be begun anew, should its end have been lost; in seconds.
const OVERDUE: u64 = 900;

/// A user's file in the answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Upload {
    /// What stands for it in the answers: a placeholder until it is at the vendor, then its URL there.
    pub(crate) url: String,
    pub(crate) file: ReceivedFile,
    pub(crate) state: UploadState,
    pub(crate) begun_at: Timestamp,
    /// Its content is the answer, not the file.
    #[serde(default)]
    pub(crate) is_text: bool,
}

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UploadState {
    /// It is to be begun when the form is stored.
    Queued,
    Running,
    Failed(UploadFailure),
    Done,
}

/// Why a file is not at the vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UploadFailure {
    /// It has more bytes than Telegram hands over to a bot.
    TooBig {
        /// That many.
        limit: u64,
    },
    /// The Bot API server keeps it where the bot cannot read.
    NotOnDisk,
    /// Telegram does not hand it over.
    Unreachable,
    /// The vendor did not take it.
    NotTaken,
    /// It took too long.
    Late,
    /// It should be a text, and is none.
    NotText,
    /// It should be a text, and has more bytes than a text may have.
    TextTooBig,
    /// The field refuses it as it really is; sentences for the user.
    Unfit(Vec<String>),
    /// The bot failed.
    Broken,
}

impl UploadFailure {
    /// Whether it may help to begin the upload anew.
    pub(crate) const fn is_repeatable(&self) -> bool {
        match self {
            Self::Unreachable | Self::NotTaken | Self::Late | Self::Broken => true,
            Self::TooBig { .. } | Self::NotOnDisk | Self::NotText | Self::TextTooBig | Self::Unfit(_) => false,
        }
    }
}

impl Upload {
    /// Whether it is on its way.
    pub(crate) fn is_running(&self) -> bool {
        matches!(self.state, UploadState::Queued | UploadState::Running)
    }

    /// Whether the file does not get to the vendor by itself.
    pub(crate) fn is_stuck(&self, now: Timestamp) -> bool {
        match &self.state {
            UploadState::Queued | UploadState::Running => now.since(self.begun_at).as_secs() >= OVERDUE,
            UploadState::Failed(_) => true,
            UploadState::Done => false,
        }
    }

    /// Whether it may help to begin it anew.
    pub(crate) fn is_repeatable(&self, now: Timestamp) -> bool {
        match &self.state {
            UploadState::Failed(why) => why.is_repeatable(),
            UploadState::Queued | UploadState::Running | UploadState::Done => self.is_stuck(now),
        }
    }
}

impl Form {
    /// The user's file that this text in the answers stands for.
    pub(crate) fn upload(&self, url: &str) -> Option<&Upload> {
        self.uploads.iter().find(|upload| upload.url == url)
    }

    /// How many files are on their way.
    pub(crate) fn running_uploads(&self) -> usize {
        self.uploads.iter().filter(|upload| upload.is_running()).count()
    }

    /// The path of the first file that is not at the vendor and not on its way.
    pub(crate) fn failed_upload(&self, spec: &'static ModelSpec) -> Option<FieldPath> {
        let failed = self.uploads.iter().filter(|upload| matches!(upload.state, UploadState::Failed(_)));
        failed.filter_map(|upload| FieldPath::find(spec, &self.answers, &upload.url)).next()
    }

    /// Writes a user's file at a path, before it is at the vendor. `url`: a new placeholder.
    pub(crate) fn put_upload(
        &mut self,
        spec: &'static ModelSpec,
        path: &FieldPath,
        url: String,
        file: ReceivedFile,
        now: Timestamp,
    ) {
        let facts = file.facts.clone();
        self.attachments.push(Attachment {
            url: url.clone(),
            source: Some(file.file_id.clone()),
            uploaded_at: now,
            facts,
            is_result: false,
        });
        self.put_queued(spec, path, Upload { url, file, state: UploadState::Queued, begun_at: now, is_text: false });
    }

    /// Writes a user's file at the path of a text, which its content is to become. `url`: a new placeholder.
    pub(crate) fn put_text_file(
        &mut self,
        spec: &'static ModelSpec,
        path: &FieldPath,
        url: String,
        file: ReceivedFile,
        now: Timestamp,
    ) {
        self.put_queued(spec, path, Upload { url, file, state: UploadState::Queued, begun_at: now, is_text: true });
    }

    fn put_queued(&mut self, spec: &'static ModelSpec, path: &FieldPath, upload: Upload) {
        let value = upload.url.clone().into();
        self.uploads.push(upload);
        self.put(spec, path, value);
    }

    /// Notes that the file behind a placeholder is at the vendor; `path`: where it stands.
    pub(crate) fn finish_upload(&mut self, spec: &'static ModelSpec, path: &FieldPath, url: &str, done: Attachment) {
        let Some(upload) = self.uploads.iter_mut().find(|upload| upload.url == url) else { return };
        upload.state = UploadState::Done;
        done.url.clone_into(&mut upload.url);
        let value = done.url.clone().into();
        self.attachments.push(done);
        self.put(spec, path, value);
    }

    /// Notes that the file behind a placeholder is not at the vendor.
    pub(crate) fn fail_upload(&mut self, url: &str, why: UploadFailure) {
        if let Some(upload) = self.uploads.iter_mut().find(|upload| upload.url == url) {
            upload.state = UploadState::Failed(why);
        }
    }

    /// Whether a file of the form came in the same message, or waits for its field.
    pub(crate) fn has_message(&self, file: &ReceivedFile) -> bool {
        let waiting = self.pending.iter().flat_map(|pending| pending.files());
        let mut all = self.uploads.iter().map(|upload| &upload.file).chain(waiting);
        file.message.is_some() && all.any(|other| other.message == file.message)
    }

    /// Whether the form has this file: the same file sent twice has two ids and one unique id.
    pub(crate) fn has_file(&self, file: &ReceivedFile) -> bool {
        let is_same = |other: &ReceivedFile| {
            other.file_id == file.file_id || (file.unique_id.is_some() && other.unique_id == file.unique_id)
        };
        let mut sources = self.attachments.iter().filter_map(|attachment| attachment.source.as_deref());
        self.uploads.iter().any(|upload| is_same(&upload.file)) || sources.any(|source| source == file.file_id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bot::sample::STUDIO;
    use crate::job::placeholder_url;
    use crate::schema::FileFacts;
    use crate::schema::spec::MediaKind;

    fn file(id: &str, unique: &str) -> ReceivedFile {
        ReceivedFile {
            file_id: id.into(),
            kind: MediaKind::Image,
            facts: FileFacts::default(),
            caption: None,
            unique_id: Some(unique.into()),
            message: Some(4),
            album: None,
        }
    }

    #[test]
    fn a_placeholder_becomes_the_url_or_says_why_not() {
        let now = Timestamp::from_millis(5);
        let mut form = Form::new(&STUDIO, "n".into());
        let (first, second) = (placeholder_url(2), placeholder_url(4));
        form.put_upload(&STUDIO, &FieldPath(vec![1, 0]), first.clone(), file("a", "u"), now);
        form.put_upload(&STUDIO, &FieldPath(vec![1, 1]), second.clone(), file("b", "v"), now);
        assert_eq!((form.running_uploads(), form.attachments.len()), (2, 2));
        assert!(
            form.has_file(&file("other", "v")) && form.has_file(&file("a", "x")) && !form.has_file(&file("c", "w"))
        );
        form.fail_upload(&second, UploadFailure::Late);
        assert_eq!(form.failed_upload(&STUDIO), Some(FieldPath(vec![1, 1])));
        let done = Attachment {
            url: "https://kie/a.png".into(),
            source: Some("a".into()),
            uploaded_at: now,
            facts: FileFacts::default(),
            is_result: false,
        };
        form.finish_upload(&STUDIO, &FieldPath(vec![1, 0]), &first, done.clone());
        assert_eq!(form.answers["images"], json!(["https://kie/a.png", second]));
        assert_eq!((form.running_uploads(), form.upload(&done.url).unwrap().is_stuck(now)), (0, false));
        form.remove(&STUDIO, &FieldPath(vec![1, 1]));
        assert_eq!((form.uploads.len(), form.attachments), (1, vec![done]), "what is taken out is forgotten");
    }

    #[test]
    fn what_may_be_begun_anew() {
        let begun_at = Timestamp::from_millis(0);
        let (soon, late) = (Timestamp::from_millis(60_000), Timestamp::from_millis(OVERDUE as i64 * 1000));
        for (state, stuck, repeatable) in [
            (UploadState::Queued, false, false),
            (UploadState::Running, false, false),
            (UploadState::Failed(UploadFailure::Late), true, true),
            (UploadState::Failed(UploadFailure::NotText), true, false),
            (UploadState::Done, false, false),
        ] {
            let is_running = matches!(state, UploadState::Queued | UploadState::Running);
            let upload = Upload { url: "u".into(), file: file("a", "u"), state, begun_at, is_text: false };
            assert_eq!((upload.is_stuck(soon), upload.is_repeatable(soon)), (stuck, repeatable), "{upload:?}");
            assert_eq!(upload.is_stuck(late), stuck || is_running, "its end may be lost: {upload:?}");
        }
    }
}
