//! The database at the start: for this process alone where it must be, and waited for where it may be late.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use super::AppError;
use crate::config::Config;
use crate::http::Status;
use crate::leader::Alone;
use crate::store::{self, Store};

/// How often a database that is not there at the start is tried again.
const REOPEN: Duration = Duration::from_secs(2);
/// How long the process before us may take to leave a SQLite file.
const LEAVE: Duration = Duration::from_secs(5);

/// Opens the database, with the proof that nobody else uses its file. `None` after a stop.
///
/// # Errors
/// [`AppError::InUse`], and a database that cannot be used; see [`connect`] for which one is waited for.
pub(super) async fn open(
    config: &Config,
    stop: &CancellationToken,
    status: &Status,
    wait: bool,
) -> Result<Option<(Arc<dyn Store>, Option<Alone>)>, AppError> {
    let alone = match alone(config, stop).await {
        Err(AppError::Leader(error)) => {
            // Where no lock file can be, no database can be either, and its words are the clearer ones.
            store::open(config.database_url.expose_secret()).await?;
            return Err(error.into());
        }
        other => other?,
    };
    Ok(connect(config, stop, status, wait).await?.map(|store| (store, alone)))
}

/// A SQLite file serves one process. The one before us may be about to leave. `None` for other databases.
async fn alone(config: &Config, stop: &CancellationToken) -> Result<Option<Alone>, AppError> {
    let Some(file) = config.database_file() else { return Ok(None) };
    let mut lock = file.clone().into_os_string();
    lock.push(".lock");
    let taken = async {
        loop {
            if let Some(alone) = Alone::take(Path::new(&lock))? {
                return Ok(Some(alone));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        taken = taken => taken,
        () = tokio::time::sleep(LEAVE) => Err(AppError::InUse(file)),
        () = stop.cancelled() => Ok(None),
    }
}

/// Opens the database. A server that is not there is waited for when a platform looks at `/ready`; a person at a terminal
/// is told at once. `None` after a stop.
async fn connect(
    config: &Config,
    stop: &CancellationToken,
    status: &Status,
    wait: bool,
) -> Result<Option<Arc<dyn Store>>, AppError> {
    let mut told = false;
    loop {
        let opened = tokio::select! {
            () = stop.cancelled() => return Ok(None),
            opened = store::open(config.database_url.expose_secret()) => opened,
        };
        match opened {
            Ok(store) => {
                status.database(true);
                return Ok(Some(store));
            }
            Err(error) if wait && error.is_unavailable() && config.database_file().is_none() => {
                status.database(false);
                if !std::mem::replace(&mut told, true) {
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
