//! The journal of sanity runs: a JSON Lines file. Each line is one state change of one model's task; the last line of a
//! model counts.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::super::CliError;
use super::super::output::note;
use super::super::summary::ErrorSummary;
use crate::clock::{Clock, SystemClock};
use crate::l10n::CliMessages;

/// The create request was about to be sent. As the last state in a journal: it is unknown whether KIE accepted it.
pub(super) const SENDING: &str = "sending";
/// KIE accepted it: the entry has a task id.
pub(super) const RUNNING: &str = "running";
/// The task has a result.
pub(super) const SUCCEEDED: &str = "succeeded";

/// One line: the state of one model's task. A state after the end is one of [`crate::client::OutcomeState`]'s words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct JournalEntry {
    /// Unix milliseconds.
    #[serde(default)]
    pub(super) at: i64,
    /// The KIE base URL. Task ids are valid at that endpoint only.
    #[serde(default)]
    pub(super) endpoint: String,
    pub(super) model: String,
    pub(super) state: String,
    pub(super) task_id: Option<String>,
    /// The API key that created the task, as the first characters of its hash.
    pub(super) key: Option<String>,
    pub(super) seconds: Option<f64>,
    pub(super) credits: Option<f64>,
    pub(super) error: Option<ErrorSummary>,
}

impl JournalEntry {
    /// Whether credits were, or may have been, spent on it.
    pub(super) fn was_paid(&self) -> bool {
        self.credits.is_some_and(|credits| credits > 0.0) || self.error.as_ref().is_some_and(|e| e.money_at_risk)
    }
}

/// The entries of one endpoint. While it is open for writing the file is locked: a second run cannot open it.
#[derive(Debug)]
pub(super) struct Journal {
    endpoint: String,
    file: Option<Mutex<File>>,
    last: Mutex<HashMap<String, JournalEntry>>,
}

impl Journal {
    /// Reads a journal without locking it; a missing file is an empty journal. Entries added later are kept in memory
    /// only.
    ///
    /// # Errors
    /// When the file cannot be read or is not a journal.
    pub(super) fn read(path: &Path, endpoint: &str, messages: &CliMessages) -> Result<Self, CliError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(CliError::BadInput(messages.cannot_read(&path.display().to_string(), &error.to_string())));
            }
        };
        Ok(Self {
            endpoint: endpoint.to_owned(),
            file: None,
            last: Mutex::new(parse(path, &text, endpoint, messages)?),
        })
    }

    /// Opens a journal for appending, and locks it.
    ///
    /// # Errors
    /// When the file cannot be written, is not a journal, or is locked by another run.
    pub(super) fn open(path: &Path, endpoint: &str, messages: &CliMessages) -> Result<Self, CliError> {
        let place = path.display().to_string();
        let unusable = |why: &str| CliError::BadInput(messages.cannot_use(&place, why));
        let bad = |error: std::io::Error| unusable(&error.to_string());
        let file = File::options().read(true).append(true).create(true).open(path);
        let mut file = file.map_err(bad)?;
        if file.try_lock().is_err() {
            return Err(unusable(&messages.journal_in_use()));
        }
        let mut text = String::new();
        file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_string(&mut text)).map_err(bad)?;
        let last = parse(path, &text, endpoint, messages)?;
        if !text.is_empty() && !text.ends_with('\n') {
            // The last run was killed in the middle of a line.
            file.write_all(b"\n").map_err(bad)?;
        }
        Ok(Self { endpoint: endpoint.to_owned(), file: Some(Mutex::new(file)), last: Mutex::new(last) })
    }

    /// The last entry of a model.
    pub(super) fn last(&self, model: &str) -> Option<JournalEntry> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).get(model).cloned()
    }

    /// The task id of the newest successful task of one of these models; of any model when the list is empty.
    pub(super) fn finished_task(&self, models: &[&str]) -> Option<String> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let id = |name: &str| crate::models::find(name).map(|model| model.spec.id);
        let is_wanted =
            |entry: &JournalEntry| models.is_empty() || models.contains(&id(&entry.model).unwrap_or(&entry.model));
        let mut fits: Vec<&JournalEntry> = last.values().filter(|e| e.state == SUCCEEDED && is_wanted(e)).collect();
        fits.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        fits.first()?.task_id.clone()
    }

    /// Appends an entry, and syncs it to the disk.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn append(&self, mut entry: JournalEntry) -> std::io::Result<()> {
        entry.at = SystemClock.now().millis();
        entry.endpoint.clone_from(&self.endpoint);
        let mut line = serde_json::to_string(&entry).map_err(std::io::Error::other)?;
        line.push('\n');
        if let Some(file) = &self.file {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.write_all(line.as_bytes())?;
            file.sync_data()?;
        }
        self.last.lock().unwrap_or_else(PoisonError::into_inner).insert(entry.model.clone(), entry);
        Ok(())
    }
}

/// The last entry of each model. A truncated line is skipped: a create request is sent only after its line is complete.
fn parse(
    path: &Path,
    text: &str,
    endpoint: &str,
    messages: &CliMessages,
) -> Result<HashMap<String, JournalEntry>, CliError> {
    let place = path.display().to_string();
    let mut last = HashMap::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<JournalEntry>(line) {
            Ok(entry) if entry.endpoint == endpoint => drop(last.insert(entry.model.clone(), entry)),
            Ok(_) => {}
            Err(_) if number == 0 => {
                return Err(CliError::BadInput(messages.no_journal(&place)));
            }
            Err(_) => note(&messages.journal_line_broken(&place, number + 1)),
        }
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::l10n::Lang;

    const HERE: &str = "http://here/";

    fn open(path: &Path) -> Result<Journal, CliError> {
        Journal::open(path, HERE, CliMessages::of(Lang::En))
    }

    fn read(path: &Path, endpoint: &str) -> Result<Journal, CliError> {
        Journal::read(path, endpoint, CliMessages::of(Lang::En))
    }

    fn entry(model: &str, state: &str) -> JournalEntry {
        JournalEntry {
            model: model.into(),
            state: state.into(),
            task_id: Some(format!("task-of-{model}")),
            ..JournalEntry::default()
        }
    }

    #[test]
    fn the_last_entry_of_a_model_counts_at_its_endpoint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.jsonl");
        let journal = open(&path).unwrap();
        journal.append(entry("a", SENDING)).unwrap();
        journal.append(entry("b", RUNNING)).unwrap();
        journal.append(entry("a", SUCCEEDED)).unwrap();
        assert!(open(&path).is_err(), "two runs must not pay for the same task");
        drop(journal);
        let again = open(&path).unwrap();
        assert_eq!(
            (again.last("a").unwrap().state, again.last("b").unwrap().state),
            (SUCCEEDED.into(), RUNNING.into())
        );
        assert_eq!(again.finished_task(&["a", "b"]), Some("task-of-a".into()));
        assert_eq!((again.finished_task(&["b"]), again.finished_task(&[])), (None, Some("task-of-a".into())));
        drop(again);
        assert_eq!(read(&path, "http://elsewhere/").unwrap().last("a"), None);
    }

    #[test]
    fn a_truncated_line_is_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.jsonl");
        let journal = open(&path).unwrap();
        journal.append(entry("a", SUCCEEDED)).unwrap();
        drop(journal);
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str("{\"model\":\"b\",\"sta");
        std::fs::write(&path, text).unwrap();
        let again = open(&path).unwrap();
        again.append(entry("c", RUNNING)).unwrap();
        drop(again);
        let later = read(&path, HERE).unwrap();
        assert_eq!((later.last("a").is_some(), later.last("b"), later.last("c").is_some()), (true, None, true));
    }

    #[test]
    fn another_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        std::fs::write(&path, "dear diary").unwrap();
        for error in [open(&path).unwrap_err(), read(&path, HERE).unwrap_err()] {
            assert!(error.to_string().contains("is no journal"), "{error}");
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "dear diary");
        assert!(read(&folder.path().join("none"), HERE).unwrap().last("a").is_none());
        assert!(!folder.path().join("none").exists());
    }
}
