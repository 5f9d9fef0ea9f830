//! What was seen at the last run, in a JSON file that is replaced as a whole.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::diff::was_compared;
use crate::cli::CliError;
use crate::cli::registry::file;
use crate::l10n::CliMessages;
use crate::market::{Announcement, DriftReport, Feed, FeedPrice, VendorAnswers};

/// The version of the file.
const VERSION: u32 = 1;
/// Announcements that are remembered.
const MAX_ANNOUNCEMENTS: usize = 500;

/// What was seen. The names of the fields are those of the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct WatchState {
    version: u32,
    /// Differences, as `registry check --json` writes them.
    pub(super) drift: Vec<Value>,
    /// Limits that the vendor does not state, of the models in `compared`.
    pub(super) unstated: Vec<Value>,
    /// The models whose schemas were ever compared.
    pub(super) compared: BTreeSet<String>,
    /// The price feed; null when it was never read.
    pub(super) prices: Option<Vec<FeedPrice>>,
    /// The announcements; null when they were never read.
    pub(super) announcements: Option<Vec<Announcement>>,
}

impl WatchState {
    /// What is known after a comparison: what it found, and what was known before of everything that it could not see.
    pub(super) fn of(report: &DriftReport, answers: &VendorAnswers, earlier: Option<&Self>) -> Self {
        let earlier = earlier.cloned().unwrap_or_default();
        let compared = models_compared(answers);
        let json =
            |found: &[_]| -> Vec<Value> { found.iter().filter_map(|one| serde_json::to_value(one).ok()).collect() };
        let unseen = earlier.drift.into_iter().filter(|drift| !was_compared(drift, answers, report));
        let still =
            earlier.unstated.into_iter().filter(|limit| limit["model"].as_str().is_none_or(|m| !compared.contains(m)));
        let announcements = match &answers.announcements {
            Feed::Read(read) => {
                let old = earlier.announcements.unwrap_or_default().into_iter().filter(|old| !read.contains(old));
                Some(read.iter().cloned().chain(old).take(MAX_ANNOUNCEMENTS).collect())
            }
            Feed::Unread | Feed::Failed(_) => earlier.announcements,
        };
        Self {
            version: VERSION,
            drift: json(&report.drift).into_iter().chain(unseen).collect(),
            unstated: json(&report.unstated).into_iter().chain(still).collect(),
            compared: earlier.compared.into_iter().chain(compared.iter().map(|model| (*model).to_owned())).collect(),
            prices: match &answers.price_feed {
                Feed::Read(read) => Some(read.clone()),
                Feed::Unread | Feed::Failed(_) => earlier.prices,
            },
            announcements,
        }
    }

    /// Reads the file; `None` when there is none yet.
    ///
    /// # Errors
    /// When it cannot be used; the sentence says how to begin anew.
    pub(super) fn read(path: &Path, messages: &CliMessages) -> Result<Option<Self>, CliError> {
        let unusable = |why: &str| CliError::BadInput(messages.watch_state_unusable(&path.display().to_string(), why));
        let saved = match file::read(path) {
            Ok(saved) => saved,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(unusable(&error.sentence(messages))),
        };
        match saved.get("version").and_then(Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) => return Err(unusable(&messages.watch_state_version(&version.to_string()))),
            None => return Err(unusable(&messages.watch_state_other())),
        }
        serde_json::from_value(saved).map(Some).map_err(|error| unusable(&error.to_string()))
    }

    /// Replaces the file at once: a run that is killed leaves the old one or the new one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self, path: &Path, messages: &CliMessages) -> Result<(), CliError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let replace = || -> std::io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            serde_json::to_writer_pretty(&mut file, self)?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        };
        replace()
            .map_err(|error| CliError::Failed(messages.cannot_write(&path.display().to_string(), &error.to_string())))
    }
}

/// The models whose schemas were read.
pub(super) fn models_compared(answers: &VendorAnswers) -> BTreeSet<&str> {
    let read = answers.schemas.iter().filter(|(_, openapi)| openapi.is_some());
    read.map(|(model, _)| model.as_str()).collect()
}
