//! The lock on a file, for processes on one machine.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::term::HeldLock;
use super::{Leader, LeaderError, LeaderStatus, Lease, Obstacle};

/// A locked file: until it is dropped, no other process can lock it.
#[derive(Debug)]
pub struct ExclusiveFile {
    _file: File,
}

impl ExclusiveFile {
    /// Locks a file, which is created if it is missing, and never deleted. `None` when another process has locked it.
    ///
    /// # Errors
    /// [`LeaderError::File`].
    pub fn lock(path: &Path) -> Result<Option<Self>, LeaderError> {
        Ok(attempt(path)?.map(|lock| Self { _file: lock.file }))
    }
}

struct FileLock {
    file: File,
    path: PathBuf,
}

pub(super) async fn campaign(leader: &Leader, path: &Path) -> Result<Lease, LeaderError> {
    loop {
        if let Some(lock) = attempt(path)? {
            let timing = &leader.timing;
            return Ok(Lease::begin(lock, leader.status.clone(), timing.heartbeat, timing.timeout));
        }
        leader.status.set(LeaderStatus::Campaigning { why: Obstacle::HeldByAnother });
        tokio::time::sleep(leader.pause()).await;
    }
}

/// One attempt; `None` when another process has the lock. Opens the file each time, since it may have been replaced.
fn attempt(path: &Path) -> Result<Option<FileLock>, LeaderError> {
    let failed = |why: &dyn std::fmt::Display| LeaderError::File { path: path.to_owned(), why: why.to_string() };
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| failed(&e))?;
    }
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(|e| failed(&e))?;
    match file.try_lock() {
        Ok(()) => {
            let lock = FileLock { file, path: path.to_owned() };
            // If the file was replaced between opening and locking, other processes lock another file.
            Ok(lock.is_in_place().then_some(lock))
        }
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(e)) => Err(failed(&e)),
    }
}

impl FileLock {
    /// Whether the path still names the locked file.
    #[cfg(unix)]
    fn is_in_place(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        match (self.file.metadata(), std::fs::metadata(&self.path)) {
            (Ok(ours), Ok(there)) => (ours.dev(), ours.ino()) == (there.dev(), there.ino()),
            _ => false,
        }
    }

    /// Windows does not allow an open file to be replaced.
    #[cfg(not(unix))]
    fn is_in_place(&self) -> bool {
        self.path.exists()
    }
}

#[async_trait]
impl HeldLock for FileLock {
    async fn check(&mut self) -> Result<(), String> {
        if self.is_in_place() {
            Ok(())
        } else {
            Err(format!("the file {} was removed or replaced", self.path.display()))
        }
    }

    async fn abandon(self) {
        // The locked file is gone: nothing is left to release.
    }

    async fn release(self) {
        // Closing the file releases the lock in any case.
        if let Err(e) = self.file.unlock() {
            tracing::warn!("polling lock: {e}");
        }
    }
}
