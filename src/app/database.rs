//! Opens the database at the start: with exclusive use of a SQLite file, or waiting for a server that is not ready yet.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use super::AppError;
use crate::clock::{Clock, SystemClock};
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
            opened = open_own(config) => opened,
        };
        match opened {
            Ok(store) => {
                readiness.database(DatabaseState::Available);
                return Ok(Some(store));
            }
            Err(AppError::Store(error)) if wait && error.is_unavailable() && config.database_file().is_none() => {
                readiness.database(DatabaseState::Unavailable);
                if waiting.changed(()) {
                    tracing::error!(%error, "waiting for the database");
                }
            }
            Err(error) => return Err(error),
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(None),
            () = tokio::time::sleep(RETRY_INTERVAL) => {}
        }
    }
}

/// Opens the database, which becomes this bot's unless it is another one's.
async fn open_own(config: &Config) -> Result<Arc<dyn Store>, AppError> {
    let ours = config.need_bot_id()?;
    let store = store::open(config.database_url.expose_secret()).await?;
    let owner = store.put_bot(ours, config.adopt_database, SystemClock.now()).await?;
    if owner == ours {
        return Ok(store);
    }
    store.close().await;
    Err(AppError::OtherBot { theirs: owner, ours })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::UserId;
    use crate::user::User;

    /// Another bot's token on the same database mixed up the conversations of two bots.
    #[tokio::test]
    async fn a_database_is_one_bots() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("bot.db").display());
        let config = |token: &str, adopt: &str| {
            let values = [("TELEGRAM_BOT_TOKEN", token), ("ADOPT_DATABASE", adopt), ("DATABASE_URL", &url)];
            Config::load(|name| values.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned()))
                .unwrap()
        };
        let open = async |token: &str, adopt: &str| match open_own(&config(token, adopt)).await {
            Ok(store) => Ok(store),
            Err(AppError::OtherBot { theirs, ours }) => Err((theirs.0, ours.0)),
            Err(other) => panic!("{other}"),
        };
        open("333:slip", "off").await.unwrap().close().await;
        let store = open("111:old", "off").await.unwrap();
        let user = User { id: UserId(5), language: "en".to_owned(), created_at: SystemClock.now() };
        store.put_user(&user).await.unwrap();
        store.close().await;
        open("111:new", "off").await.unwrap().close().await;
        assert_eq!(open("222:other", "off").await.map(drop).unwrap_err(), (111, 222));
        open("222:other", "on").await.unwrap().close().await;
        open("222:other", "off").await.unwrap().close().await;
        assert_eq!(open("111:new", "off").await.map(drop).unwrap_err(), (222, 111));
    }

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
