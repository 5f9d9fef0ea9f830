//! The folder of this process for files that it needs for a moment: results and users' files on their way. A process
//! that is killed leaves its folder behind, so each process removes those of dead ones when it starts.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::AppError;

const PREFIX: &str = "kie-bot-scratch-";
/// The file in the folder that a living process keeps locked.
const LOCK: &str = "lock";
/// A folder without a lock file may be just being made, unless it is older than this.
const MAKING: Duration = Duration::from_secs(3600);

/// The folder. It is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Scratch {
    folder: TempDir,
    _lock: File,
}

impl Scratch {
    /// Removes the folders of dead processes in `parent`, and makes one for this process.
    ///
    /// # Errors
    /// [`AppError::Scratch`] when it cannot be made.
    pub(super) fn open(parent: &Path) -> Result<Self, AppError> {
        remove_abandoned(parent);
        let fail = |why| AppError::Scratch { parent: parent.to_path_buf(), why };
        loop {
            let folder = private_folder().tempdir_in(parent).map_err(fail)?;
            let path = folder.path().join(LOCK);
            let lock = File::create(&path).map_err(fail)?;
            lock.lock().map_err(fail)?;
            // A process that started at the same moment may have taken the folder for abandoned before it was locked.
            if path.exists() {
                return Ok(Self { folder, _lock: lock });
            }
        }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }
}

/// A folder that no other user of this machine may look into: people's files and results pass through it.
fn private_folder() -> tempfile::Builder<'static, 'static> {
    let mut folder = tempfile::Builder::new();
    folder.prefix(PREFIX);
    #[cfg(unix)]
    folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    folder
}

/// Removes the folders whose process has ended. What cannot be removed is left, and costs nothing but its space.
fn remove_abandoned(parent: &Path) {
    let Ok(entries) = std::fs::read_dir(parent) else { return };
    let ours = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    for folder in ours.map(|entry| entry.path()) {
        let claimed = match File::open(folder.join(LOCK)) {
            // It is locked until the folder is gone.
            Ok(lock) => lock.try_lock().is_ok().then_some(lock),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_old(&folder) => File::open(&folder).ok(),
            Err(_) => None,
        };
        if claimed.is_some() {
            match std::fs::remove_dir_all(&folder) {
                Ok(()) => tracing::debug!(folder = %folder.display(), "removed the files of a process that was killed"),
                Err(error) => tracing::warn!(folder = %folder.display(), %error, "old files could not be removed"),
            }
        }
    }
}

fn is_old(folder: &Path) -> bool {
    let made = std::fs::metadata(folder).and_then(|facts| facts.modified());
    made.is_ok_and(|made| SystemTime::now().duration_since(made).is_ok_and(|age| age > MAKING))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn other_users_of_the_machine_may_not_look_in() {
        let parent = tempfile::tempdir().unwrap();
        let scratch = Scratch::open(parent.path()).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(scratch.path()).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn folders_of_dead_processes_are_removed_and_no_others() {
        let parent = tempfile::tempdir().unwrap();
        let alive = Scratch::open(parent.path()).unwrap();
        std::fs::write(alive.path().join("result"), "paid").unwrap();
        let make = |name: &str, has_lock: bool| {
            let folder = parent.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            if has_lock {
                std::fs::write(folder.join(LOCK), "").unwrap();
                std::fs::write(folder.join("result"), "paid").unwrap();
            }
            folder
        };
        let dead = make("kie-bot-scratch-dead", true);
        let being_made = make("kie-bot-scratch-new", false);
        let old = make("kie-bot-scratch-old", false);
        File::open(&old).unwrap().set_modified(SystemTime::now() - MAKING * 2).unwrap();
        let foreign = make("kie-bot-other", true);

        let next = Scratch::open(parent.path()).unwrap();
        assert!(!dead.exists() && !old.exists());
        assert!(being_made.exists() && foreign.exists() && alive.path().join("result").exists());
        let path = next.path();
        drop(next);
        assert!(!path.exists(), "a process that ends removes its own");
        let error = Scratch::open(&parent.path().join("missing")).unwrap_err().to_string();
        assert!(error.contains("missing") && error.contains("TMPDIR"), "{error}");
    }
}
