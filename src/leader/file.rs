//! The lock on a file: for one machine, without a server.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::term::HeldLock;
use super::{Leader, LeaderError, Lease, Obstacle, Standing};

/// The proof that no other process has the file, until it is dropped.
#[derive(Debug)]
pub struct Alone {
    _file: File,
}

impl Alone {
    /// Takes a file for this process alone. It is made when it is missing, and stays. `None` when another process has
    /// it.
    ///
    /// # Errors
    /// [`LeaderError::File`].
    pub fn take(path: &Path) -> Result<Option<Self>, LeaderError> {
        Ok(attempt(path)?.map(|held| Self { _file: held.file }))
    }
}

struct Held {
    file: File,
    path: PathBuf,
}

pub(super) async fn campaign(leader: &Leader, path: &Path) -> Result<Lease, LeaderError> {
    loop {
        if let Some(held) = attempt(path)? {
            let timing = &leader.timing;
            return Ok(Lease::begin(held, leader.board.clone(), timing.heartbeat, timing.timeout));
        }
        leader.board.post(Standing::Campaigning { why: Obstacle::HeldByAnother });
        tokio::time::sleep(leader.pause()).await;
    }
}

/// One try; `None` when another instance holds it. Opens the file anew: the one of the last try may be gone.
fn attempt(path: &Path) -> Result<Option<Held>, LeaderError> {
    let failed = |why: &dyn std::fmt::Display| LeaderError::File { path: path.to_owned(), why: why.to_string() };
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| failed(&e))?;
    }
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(|e| failed(&e))?;
    match file.try_lock() {
        Ok(()) => {
            let held = Held { file, path: path.to_owned() };
            // Replaced between opening and locking: the lock is on a file that nobody else will see.
            Ok(held.is_in_place().then_some(held))
        }
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(e)) => Err(failed(&e)),
    }
}

impl Held {
    /// Whether the path still leads to the file that is locked.
    #[cfg(unix)]
    fn is_in_place(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        match (self.file.metadata(), std::fs::metadata(&self.path)) {
            (Ok(ours), Ok(there)) => (ours.dev(), ours.ino()) == (there.dev(), there.ino()),
            _ => false,
        }
    }

    /// Windows does not let an open file be replaced.
    #[cfg(not(unix))]
    fn is_in_place(&self) -> bool {
        self.path.exists()
    }
}

#[async_trait]
impl HeldLock for Held {
    async fn check(&mut self) -> Result<(), String> {
        if self.is_in_place() {
            Ok(())
        } else {
            Err(format!("the file {} was removed or replaced", self.path.display()))
        }
    }

    async fn abandon(self) {
        // The file that is locked is not the one that others see.
    }

    async fn release(self) {
        // Closing frees it in any case.
        if let Err(e) = self.file.unlock() {
            tracing::warn!("polling lock: {e}");
        }
    }
}
