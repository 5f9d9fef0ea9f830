//! What runs have done: one JSON line for each step, the last one of a model counts.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::super::CliError;
use super::super::outcome::Trouble;
use super::super::output::note;
use crate::clock::{Clock, SystemClock};
use crate::l10n::CliMessages;

/// On its way: found in a journal, nobody knows whether it arrived.
pub(super) const SENDING: &str = "sending";
/// It has a task id.
pub(super) const RUNNING: &str = "running";
/// It has a result.
pub(super) const SUCCEEDED: &str = "succeeded";

/// One step of one model. The word of an ended one is that of the outcome.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Unix milliseconds.
    #[serde(default)]
    pub(super) at: i64,
    /// The KIE that was asked: another one knows nothing of its tasks.
    #[serde(default)]
    pub(super) endpoint: String,
    pub(super) model: String,
    pub(super) state: String,
    pub(super) task_id: Option<String>,
    /// The key that made it, as the head of its hash.
    pub(super) key: Option<String>,
    pub(super) seconds: Option<f64>,
    pub(super) credits: Option<f64>,
    pub(super) error: Option<Trouble>,
}

impl Entry {
    /// Whether credits were spent on it.
    pub(super) fn was_paid(&self) -> bool {
        self.credits.is_some_and(|credits| credits > 0.0) || self.error.as_ref().is_some_and(|e| e.money_at_risk)
    }
}

/// The journal of one endpoint. While it is open for writing no other run can open it so.
#[derive(Debug)]
pub(super) struct Journal {
    endpoint: String,
    file: Option<Mutex<File>>,
    last: Mutex<HashMap<String, Entry>>,
}

impl Journal {
    /// What there is, to look at.
    ///
    /// # Errors
    /// When the file cannot be read or is none of ours.
    pub(super) fn read(path: &Path, endpoint: &str, phrases: &CliMessages) -> Result<Self, CliError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(CliError::BadInput(phrases.cannot_read(&path.display().to_string(), &error.to_string())));
            }
        };
        Ok(Self { endpoint: endpoint.to_owned(), file: None, last: Mutex::new(parse(path, &text, endpoint, phrases)?) })
    }

    /// What there is, to go on with.
    ///
    /// # Errors
    /// When the file cannot be written, is none of ours, or is in use.
    pub(super) fn open(path: &Path, endpoint: &str, phrases: &CliMessages) -> Result<Self, CliError> {
        let place = path.display().to_string();
        let unusable = |why: &str| CliError::BadInput(phrases.cannot_use(&place, why));
        let bad = |error: std::io::Error| unusable(&error.to_string());
        let file = File::options().read(true).append(true).create(true).open(path);
        let mut file = file.map_err(bad)?;
        if file.try_lock().is_err() {
            return Err(unusable(&phrases.journal_in_use()));
        }
        let mut text = String::new();
        file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_string(&mut text)).map_err(bad)?;
        let last = parse(path, &text, endpoint, phrases)?;
        if !text.is_empty() && !text.ends_with('\n') {
            // The last run died in the middle of a line.
            file.write_all(b"\n").map_err(bad)?;
        }
        Ok(Self { endpoint: endpoint.to_owned(), file: Some(Mutex::new(file)), last: Mutex::new(last) })
    }

    /// The last that is known of a model.
    pub(super) fn last(&self, model: &str) -> Option<Entry> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).get(model).cloned()
    }

    /// A finished task of one of these models; of any when none is named.
    pub(super) fn finished(&self, models: &[&str]) -> Option<String> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let id = |name: &str| crate::models::find(name).map(|model| model.spec.id);
        let is_wanted = |entry: &Entry| models.is_empty() || models.contains(&id(&entry.model).unwrap_or(&entry.model));
        let mut fits: Vec<&Entry> = last.values().filter(|e| e.state == SUCCEEDED && is_wanted(e)).collect();
        fits.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        fits.first()?.task_id.clone()
    }

    /// Adds a step. On the disk when it returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn add(&self, mut entry: Entry) -> std::io::Result<()> {
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

/// The last entry of each model. A line that was cut off is passed over: a create goes out only after its line is whole.
fn parse(path: &Path, text: &str, endpoint: &str, phrases: &CliMessages) -> Result<HashMap<String, Entry>, CliError> {
    let place = path.display().to_string();
    let mut last = HashMap::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<Entry>(line) {
            Ok(entry) if entry.endpoint == endpoint => drop(last.insert(entry.model.clone(), entry)),
            Ok(_) => {}
            Err(_) if number == 0 => {
                return Err(CliError::BadInput(phrases.no_journal(&place)));
            }
            Err(_) => note(&phrases.journal_line_broken(&place, number + 1)),
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

    fn entry(model: &str, state: &str) -> Entry {
        Entry {
            model: model.into(),
            state: state.into(),
            task_id: Some(format!("task-of-{model}")),
            ..Entry::default()
        }
    }

    #[test]
    fn the_last_word_on_a_model_counts_at_its_endpoint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.jsonl");
        let journal = open(&path).unwrap();
        journal.add(entry("a", SENDING)).unwrap();
        journal.add(entry("b", RUNNING)).unwrap();
        journal.add(entry("a", SUCCEEDED)).unwrap();
        assert!(open(&path).is_err(), "two runs must not pay for the same");
        drop(journal);
        let again = open(&path).unwrap();
        assert_eq!(
            (again.last("a").unwrap().state, again.last("b").unwrap().state),
            (SUCCEEDED.into(), RUNNING.into())
        );
        assert_eq!(again.finished(&["a", "b"]), Some("task-of-a".into()));
        assert_eq!((again.finished(&["b"]), again.finished(&[])), (None, Some("task-of-a".into())));
        drop(again);
        assert_eq!(read(&path, "http://elsewhere/").unwrap().last("a"), None);
    }

    #[test]
    fn a_line_that_was_cut_off_costs_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.jsonl");
        let journal = open(&path).unwrap();
        journal.add(entry("a", SUCCEEDED)).unwrap();
        drop(journal);
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str("{\"model\":\"b\",\"sta");
        std::fs::write(&path, text).unwrap();
        let again = open(&path).unwrap();
        again.add(entry("c", RUNNING)).unwrap();
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
