//! The database at the start: for this process alone where it must be, and waited for where it may be late.

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

/// How often a database that is not there at the start is tried again.
const REOPEN: Duration = Duration::from_secs(2);
/// How long the process before us may take to leave a SQLite file: longer than a platform lets it drain.
pub(super) const LEAVE: Duration = Duration::from_secs(45);
/// How often it is seen whether it has.
const LOOK: Duration = Duration::from_millis(50);

/// Opens the database, with the proof that nobody else uses its file. `None` after a stop.
///
/// # Errors
/// [`AppError::InUse`], and a database that cannot be used; see [`connect`] for which one is waited for.
pub(super) async fn open(
    config: &Config,
    stop: &CancellationToken,
    readiness: &Readiness,
    leave: Duration,
    wait: bool,
) -> Result<Option<(Arc<dyn Store>, Option<ExclusiveFile>)>, AppError> {
    let alone = match alone(config, stop, readiness, leave).await {
        Err(AppError::Leader(error)) => {
            // Where no lock file can be, no database can be either, and its words are the clearer ones.
            store::open(config.database_url.expose_secret()).await?;
            return Err(error.into());
        }
        other => other?,
    };
    Ok(connect(config, stop, readiness, wait).await?.map(|store| (store, alone)))
}

/// A SQLite file serves one process. The one before us may be about to leave. `None` for other databases.
async fn alone(
    config: &Config,
    stop: &CancellationToken,
    readiness: &Readiness,
    leave: Duration,
) -> Result<Option<ExclusiveFile>, AppError> {
    let Some(file) = config.database_file() else { return Ok(None) };
    let mut lock = itself(&file).into_os_string();
    lock.push(".lock");
    let taken = async {
        let waiting = LogOnce::default();
        loop {
            if let Some(alone) = ExclusiveFile::lock(Path::new(&lock))? {
                return Ok(Some(alone));
            }
            readiness.database(DatabaseState::Locked);
            if waiting.changed(()) {
                let limit = leave.as_secs();
                tracing::warn!(file = %file.display(), limit, "another process has the database file; waiting for it to leave");
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        taken = taken => taken,
        () = tokio::time::sleep(leave) => Err(AppError::InUse(file.clone())),
        () = stop.cancelled() => Ok(None),
    }
}

/// The file that a path means in the end: one file has one lock, however it is called. It is made when it is missing, as
/// an empty database. Where that cannot be, nobody else can open it either.
fn itself(file: &Path) -> PathBuf {
    if let Some(folder) = file.parent() {
        // What is wrong here is said when the lock is taken.
        let _ = std::fs::create_dir_all(folder);
    }
    let _ = OpenOptions::new().append(true).create(true).open(file);
    std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned())
}

/// Opens the database. A server that is not there is waited for when a platform looks at `/ready`; a person at a terminal
/// is told at once. `None` after a stop.
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
            () = tokio::time::sleep(REOPEN) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_has_one_name_whatever_leads_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("new/bot.db"), folder.path().join("link.db"));
        std::os::unix::fs::symlink(&file, &link).unwrap();
        std::fs::create_dir(folder.path().join("new")).unwrap();
        assert_eq!(itself(&link), itself(&file));
        assert_eq!(itself(&folder.path().join("new/../new/bot.db")), itself(&file));
        assert!(itself(&file).ends_with("new/bot.db"));
        assert_eq!(itself(&file.join("x")), file.join("x"), "what cannot be keeps its name");
    }
}
