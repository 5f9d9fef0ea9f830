//! Users' files that are not at the vendor, as users see them.

use serde_json::Value;

use crate::bot::draft::{Form, Upload, UploadFailure, UploadState};
use crate::l10n::Messages;

/// Why a file of this size is not taken; both in bytes.
pub(crate) fn too_big(limit: u64, bytes: u64, texts: &Messages) -> String {
    // A size below the limit is rounded down, and one above it up.
    let limit = (limit / 1_000_000).to_string();
    texts.file_too_big(&limit, &texts.number((bytes as f64 / 100_000.0).ceil() / 10.0))
}

/// What an upload does, in front of what is known of its file; `None` when it has ended well.
pub(crate) fn mark(upload: &Upload, texts: &Messages) -> Option<String> {
    match &upload.state {
        UploadState::Queued | UploadState::Running => Some(format!("⏳ {}", texts.value_uploading())),
        UploadState::Failed(_) => Some(format!("⚠️ {}", texts.value_not_uploaded())),
        UploadState::Done => None,
    }
}

/// How many of the files in a list are on their way, and how many are not at the vendor.
pub(crate) fn marks(items: &[Value], form: &Form, texts: &Messages) -> Vec<String> {
    let uploads = || items.iter().filter_map(|item| form.upload(item.as_str()?));
    let running = uploads().filter(|upload| upload.is_running()).count();
    let failed = uploads().filter(|upload| matches!(upload.state, UploadState::Failed(_))).count();
    let running = (running > 0).then(|| texts.value_uploads(running));
    running.into_iter().chain((failed > 0).then(|| texts.value_uploads_failed(failed))).collect()
}

/// Why an upload has failed, one sentence per line; none when it has not.
pub(crate) fn failure(upload: &Upload, texts: &Messages) -> Vec<String> {
    let UploadState::Failed(why) = &upload.state else { return Vec::new() };
    vec![match why {
        UploadFailure::TooBig { limit } => too_big(*limit, upload.file.facts.bytes.unwrap_or(*limit), texts),
        UploadFailure::NotOnDisk => texts.file_not_on_disk(),
        UploadFailure::Unreachable => texts.file_unreachable(),
        UploadFailure::NotTaken => texts.upload_failed(),
        UploadFailure::Late => texts.upload_late(),
        UploadFailure::NotText => texts.text_file_unreadable(),
        UploadFailure::TextTooBig => texts.text_file_too_big(),
        UploadFailure::Unfit(problems) => return problems.clone(),
        UploadFailure::Broken => texts.upload_broken(),
    }]
}
