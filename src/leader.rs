//! Leader election: of all processes with the same bot token, only the one that holds the polling lock polls Telegram.
//!
//! With PostgreSQL the lock is a session advisory lock on a connection of its own; with SQLite it is a lock on a file.
//! Both are released by the system when their process ends, so no process ever takes the lock from another. A process
//! without the lock waits, without a time limit. [`Leader::status`] tells the present state.

mod file;
mod postgres;
mod term;

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sha2::{Digest, Sha256};
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub use file::ExclusiveFile;
pub use term::Lease;

use crate::backoff::SharedRng;

/// The key of the polling lock of a bot: the first 8 bytes of the SHA-256 of `telegram_polling:<token>`, big-endian,
/// modulo 2^63. It must not change between versions: old and new processes exclude each other during a deploy.
pub fn polling_key(token: &str) -> i64 {
    let digest = Sha256::new_with_prefix("telegram_polling:").chain_update(token).finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first) & i64::MAX
}

/// Why a campaign for the lock has failed.
#[derive(Debug, thiserror::Error)]
pub enum LeaderError {
    /// The address of the lock database cannot be read. The text contains no part of it.
    #[error("the address of the lock database is no PostgreSQL address")]
    Url,
    /// A second connection got the same lock: a pooler shares connections between clients, and a session lock does not
    /// exclude anything there.
    #[error(
        "the lock database is behind a connection pooler, where two instances would poll at once: set LOCK_DATABASE_URL to \
         the direct address of the server"
    )]
    Pooler,
    /// The lock file cannot be opened.
    #[error("the lock file {} cannot be opened: {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's error text.
        why: String,
    },
    /// The campaign was stopped.
    #[error("the campaign for the lock was stopped")]
    Stopped,
}

/// The state of a process in the election.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeaderStatus {
    /// It does not try to get the lock.
    Standby,
    /// It tries to get the lock.
    Campaigning {
        /// Why it does not have it yet.
        why: Obstacle,
    },
    /// It holds the lock.
    Leader,
    /// It releases the lock.
    SteppingDown,
}

/// Why a process does not have the lock yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The first attempt is under way.
    Unknown,
    /// Another process holds the lock.
    HeldByAnother,
    /// The database does not answer or refuses the connection, so it is not known which process holds the lock.
    DatabaseDown(String),
}

impl fmt::Display for LeaderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standby => f.write_str("standby"),
            Self::Campaigning { why: Obstacle::Unknown } => f.write_str("campaigning"),
            Self::Campaigning { why: Obstacle::HeldByAnother } => {
                f.write_str("campaigning: another instance holds the lock")
            }
            Self::Campaigning { why: Obstacle::DatabaseDown(why) } => {
                write!(f, "campaigning: the lock database cannot be used: {why}")
            }
            Self::Leader => f.write_str("leader"),
            Self::SteppingDown => f.write_str("stepping down"),
        }
    }
}

/// Pauses and time limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// Pause between two attempts; drawn at random each time, so that processes do not try at the same moment.
    pub retry: Range<Duration>,
    /// Pause between two checks of a lock that is held.
    pub heartbeat: Duration,
    /// Time limit for an answer of the database.
    pub timeout: Duration,
}

impl Timing {
    /// For a server: retry after 5 to 15 s, check every second, time limit 5 s. That is shorter than the server's own
    /// detection of a dead client (about 25 s), so the old leader notices the loss before there can be a new one. Where
    /// the server itself ends the session, a process in its queue for the lock may lead for up to a second before the
    /// old leader notices; a process that finds the lock free waits for that second.
    pub const POSTGRES: Self = Self {
        retry: Duration::from_secs(5)..Duration::from_secs(15),
        heartbeat: Duration::from_secs(1),
        timeout: Duration::from_secs(5),
    };

    /// For a file.
    pub const FILE: Self = Self {
        retry: Duration::from_millis(500)..Duration::from_millis(1000),
        heartbeat: Duration::from_secs(5),
        timeout: Duration::from_secs(5),
    };
}

/// A candidate for the lock.
#[derive(Debug)]
pub struct Leader {
    kind: Kind,
    timing: Timing,
    rng: SharedRng,
    status: StatusSender,
}

enum Kind {
    Postgres { options: Box<PgConnectOptions>, key: i64 },
    File { path: PathBuf },
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The password and the key, which is derived from the token, are not shown.
            Self::Postgres { .. } => f.write_str("Postgres"),
            Self::File { path } => f.debug_struct("File").field("path", path).finish(),
        }
    }
}

impl Leader {
    /// A candidate for an advisory lock. The address must lead to the server itself, not to a pooler that shares
    /// connections between transactions; see [`polling_key`] for the key.
    ///
    /// # Errors
    /// [`LeaderError::Url`].
    pub fn postgres(lock_database_url: &str, key: i64) -> Result<Self, LeaderError> {
        let url = lock_database_url.trim();
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(LeaderError::Url);
        }
        let options = PgConnectOptions::from_str(url).map_err(|_| LeaderError::Url)?;
        // The driver would log every wait for the lock as a slow statement.
        let options = Box::new(options.disable_statement_logging());
        Ok(Self::new(Kind::Postgres { options, key }, Timing::POSTGRES))
    }

    /// A candidate for the lock on a file. The file is created if it is missing, and never deleted.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::new(Kind::File { path: path.into() }, Timing::FILE)
    }

    fn new(kind: Kind, timing: Timing) -> Self {
        Self { kind, timing, rng: SharedRng::from_entropy(), status: StatusSender::new() }
    }

    /// With other pauses and time limits.
    pub fn with_timing(self, timing: Timing) -> Self {
        Self { timing, ..self }
    }

    /// With random pauses from a fixed seed.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { rng: SharedRng::from_seed(seed), ..self }
    }

    /// The present state, and every change from now on.
    pub fn status(&self) -> watch::Receiver<LeaderStatus> {
        self.status.sender.subscribe()
    }

    /// Waits until this process is the leader. After a loss it first pauses, for less than the shortest pause between
    /// two attempts: other processes may have lost their locks to the same cause. Dropping the future ends the
    /// campaign, and the lock is not held afterwards.
    ///
    /// # Errors
    /// [`LeaderError::Stopped`] when `stop` is cancelled; [`LeaderError::Pooler`] and [`LeaderError::File`], which do
    /// not go away by waiting. While the database is unavailable, the campaign continues.
    pub async fn campaign(&self, stop: &CancellationToken) -> Result<Lease, LeaderError> {
        let standby = self.status.standby_on_drop();
        self.status.set(LeaderStatus::Campaigning { why: Obstacle::Unknown });
        let won = async {
            if self.status.lost.swap(false, Ordering::Relaxed) {
                tokio::time::sleep(self.rng.in_range(Duration::ZERO..self.timing.retry.start)).await;
            }
            match &self.kind {
                Kind::Postgres { options, key } => postgres::campaign(self, options, *key).await,
                Kind::File { path } => file::campaign(self, path).await,
            }
        };
        let lease = tokio::select! {
            biased;
            () = stop.cancelled() => return Err(LeaderError::Stopped),
            won = won => won?,
        };
        standby.disarm();
        Ok(lease)
    }

    /// The pause before the next attempt.
    fn pause(&self) -> Duration {
        self.rng.in_range(self.timing.retry.clone())
    }
}

/// Publishes the status, and logs every change once.
#[derive(Debug, Clone)]
struct StatusSender {
    sender: Arc<watch::Sender<LeaderStatus>>,
    /// The last lease ended by the loss of the lock.
    lost: Arc<AtomicBool>,
}

impl StatusSender {
    fn new() -> Self {
        Self { sender: Arc::new(watch::Sender::new(LeaderStatus::Standby)), lost: Arc::default() }
    }

    fn set(&self, status: LeaderStatus) {
        self.sender.send_if_modified(|old| {
            if *old == status {
                return false;
            }
            match &status {
                LeaderStatus::Campaigning { why: Obstacle::DatabaseDown(_) } => {
                    tracing::warn!("polling lock: {status}");
                }
                _ => tracing::info!("polling lock: {status}"),
            }
            *old = status;
            true
        });
    }

    /// Sets the status to standby when the guard is dropped, unless it is disarmed.
    fn standby_on_drop(&self) -> StandbyGuard<'_> {
        StandbyGuard { status: Some(self) }
    }
}

struct StandbyGuard<'a> {
    status: Option<&'a StatusSender>,
}

impl StandbyGuard<'_> {
    fn disarm(mut self) {
        self.status = None;
    }
}

impl Drop for StandbyGuard<'_> {
    fn drop(&mut self) {
        if let Some(status) = self.status {
            status.set(LeaderStatus::Standby);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    /// F7: an unsigned key of 64 bits was too large for the server; a key derived in another way excludes no other
    /// process.
    #[test]
    fn f7_keys_are_those_of_older_versions() {
        let key = polling_key("123456:TEST");
        assert_eq!(key, 1_622_879_728_332_154_375);
        assert_eq!((key >> 32, key & 0xffff_ffff), (377_856_131, 3_094_062_599));
        // The first 8 bytes are above 2^63 here: 12970768120225137154.
        assert_eq!(polling_key("123456789:AAExampleTokenForTests"), 3_747_396_083_370_361_346);
    }

    /// F9: waiting processes tried at the same moment, every few seconds.
    #[test]
    fn f9_pauses_are_drawn_from_the_range_and_follow_the_seed() {
        let leader = || Leader::file("unused").with_timing(Timing::POSTGRES).with_seed(7);
        let (one, two) = (leader(), leader());
        let pauses: Vec<_> = (0..50).map(|_| one.pause()).collect();
        assert_eq!(pauses, (0..50).map(|_| two.pause()).collect::<Vec<_>>());
        assert!(pauses.iter().all(|p| Timing::POSTGRES.retry.contains(p)), "{pauses:?}");
        assert!(pauses.windows(2).any(|w| w[0] != w[1]));
    }

    /// F9: after an outage of the database all processes tried at the same moment.
    #[tokio::test]
    async fn f9_after_a_loss_a_process_waits_before_it_tries_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let hour = Duration::from_secs(3600);
        let timing = Timing { retry: hour..hour * 2, heartbeat: Duration::from_millis(10), timeout: hour };
        let leader = Leader::file(&path).with_timing(timing).with_seed(7);
        let stop = CancellationToken::new();
        leader.campaign(&stop).now_or_never().expect("nothing is lost yet").unwrap().release().await;
        let lease = leader.campaign(&stop).now_or_never().expect("a released lock is not lost").unwrap();
        std::fs::remove_file(&path).unwrap();
        lease.lost().await;
        assert!(leader.campaign(&stop).now_or_never().is_none(), "it waits");
        assert!(!path.exists(), "and does not try");
    }
}
