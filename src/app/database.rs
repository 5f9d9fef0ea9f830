//! Opens the database at the start: with exclusive use of a SQLite file, or waiting for a server that is not ready yet.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use super::AppError;
use crate::config::Config;
use crate::http::{DatabaseState, Readiness};
use crate::leader::ExclusiveFile;
use crate::log_once::LogOnce;
use crate::store::{self, Store};

/// How often a database server that is not available at the start is tried again.
const RETRY_INTERVAL: Duration = Duration::from_secs(2);
/// How long the previous process may take to release a SQLite file: longer than platforms let it drain.
pub(super) const TAKEOVER_TIMEOUT: Duration = Duration::from_secs(45);
/// How often the lock of the file is tried meanwhile.
const LOCK_INTERVAL: Duration = Duration::from_millis(50);

/// Opens the database, with the exclusive lock of a SQLite file. `None` after a stop.
///
/// # Errors
/// [`AppError::InUse`], or when the database cannot be used; see [`connect`] for when it is waited for.
pub(super) async fn open(
    config: &Config,
    stop: &CancellationToken,
    readiness: &Readiness,
    takeover: Duration,
    wait: bool,
) -> Result<Option<(Arc<dyn Store>, Option<ExclusiveFile>)>, AppError> {
    let alone = match alone(config, stop, readiness, takeover).await {
        Err(AppError::Leader(error)) => {
            // If the lock file cannot be created, neither can the database, whose error is clearer.
            store::open(config.database_url.expose_secret()).await?;
            return Err(error.into());
        }
        other => other?,
    };
    Ok(connect(config, stop, readiness, wait).await?.map(|store| (store, alone)))
}

/// Locks a SQLite file, which only one process may use; waits for the previous process to release it. `None` for other
/// databases.
async fn alone(
    config: &Config,
    stop: &CancellationToken,
    readiness: &Readiness,
    takeover: Duration,
) -> Result<Option<ExclusiveFile>, AppError> {
    let Some(file) = config.database_file() else { return Ok(None) };
    let mut lock = canonical(&file).into_os_string();
    lock.push(".lock");
    let taken = async {
        let waiting = LogOnce::default();
        loop {
            if let Some(alone) = ExclusiveFile::lock(Path::new(&lock))? {
                return Ok(Some(alone));
            }
            readiness.database(DatabaseState::Locked);
            if waiting.changed(()) {
                let limit = takeover.as_secs();
                tracing::warn!(file = %file.display(), limit, "another process uses the database file; waiting for it to stop");
            }
            tokio::time::sleep(LOCK_INTERVAL).await;
        }
    };
    tokio::select! {
        taken = taken => taken,
        () = tokio::time::sleep(takeover) => Err(AppError::InUse(file.clone())),
        () = stop.cancelled() => Ok(None),
    }
}

/// The canonical path of a file, so that one file has one lock. A missing file is created as an empty database. If that
/// fails, other processes cannot open it either.
fn canonical(file: &Path) -> PathBuf {
    if let Some(folder) = file.parent() {
        // An error is reported when the lock is taken.
        let _ = std::fs::create_dir_all(folder);
    }
    let _ = OpenOptions::new().append(true).create(true).open(file);
    std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned())
}

/// Opens the database. With `wait` (a platform checks `/ready`), a server that is not available is waited for; else it
/// is an error at once. `None` after a stop.
async fn connect(
    config: &Config,
    stop: &CancellationToken,
    readiness: &Readiness,
    wait: bool,
) -> Result<Option<Arc<dyn Store>>, AppError> {
    let waiting = LogOnce::default();
    loop {
        let opened = tokio::select! {
            () = stop.cancelled() => return Ok(None),
            opened = store::open(config.database_url.expose_secret()) => opened,
        };
        match opened {
            Ok(store) => {
                readiness.database(DatabaseState::Available);
                return Ok(Some(store));
            }
            Err(error) if wait && error.is_unavailable() && config.database_file().is_none() => {
                readiness.database(DatabaseState::Unavailable);
                if waiting.changed(()) {
                    tracing::error!(%error, "waiting for the database");
                }
            }
            Err(error) => return Err(error.into()),
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(None),
            () = tokio::time::sleep(RETRY_INTERVAL) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_has_one_canonical_path() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("new/bot.db"), folder.path().join("link.db"));
        std::os::unix::fs::symlink(&file, &link).unwrap();
        std::fs::create_dir(folder.path().join("new")).unwrap();
        assert_eq!(canonical(&link), canonical(&file));
        assert_eq!(canonical(&folder.path().join("new/../new/bot.db")), canonical(&file));
        assert!(canonical(&file).ends_with("new/bot.db"));
        assert_eq!(canonical(&file.join("x")), file.join("x"), "a path that cannot exist is kept");
    }
}
