//! One poller, always: only the instance that holds the lock asks Telegram for updates.
//!
//! With PostgreSQL the lock is a session advisory lock on a connection of its own; embedded, it is a lock on a file.
//! Either frees itself when its holder dies, so nobody ever evicts anybody. An instance without the lock waits, for
//! ever if need be. [`Leader::standing`] says at any time how things stand.

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

pub use file::Alone;
pub use term::Lease;

use crate::backoff::SharedRng;

/// The key of the polling lock of a bot: the first 8 bytes of the SHA-256 of `telegram_polling:<token>`, big-endian,
/// modulo 2^63. It never changes between versions: old and new exclude each other during a deploy.
pub fn polling_key(token: &str) -> i64 {
    let digest = Sha256::new_with_prefix("telegram_polling:").chain_update(token).finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first) & i64::MAX
}

/// Why there is no leadership to be had.
#[derive(Debug, thiserror::Error)]
pub enum LeaderError {
    /// The address of the lock database cannot be read. Repeats nothing of it.
    #[error("the address of the lock database is no PostgreSQL address")]
    Url,
    /// A second connection got the same lock: between us and the server stands a pooler that shares connections, and a
    /// session lock protects nothing there.
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
        /// The system's words.
        why: String,
    },
    /// The campaign was stopped.
    #[error("the campaign for the lock was stopped")]
    Stopped,
}

/// How an instance stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It does not try to poll.
    Standby,
    /// It tries to become the leader.
    Campaigning {
        /// What stands in the way.
        why: Obstacle,
    },
    /// It holds the lock.
    Leader,
    /// It lets the lock go.
    SteppingDown,
}

/// What stands between an instance and the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// Nothing yet: the first try is under way.
    Unknown,
    /// Another instance holds the lock.
    HeldByAnother,
    /// The database does not answer, or does not let us in. Nobody knows who holds the lock.
    DatabaseDown(String),
}

impl fmt::Display for Standing {
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

/// How often and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// Pause between two tries; drawn anew each time, so that instances do not march in step.
    pub retry: Range<Duration>,
    /// Pause between two looks at the lock while it is held.
    pub heartbeat: Duration,
    /// How long the database may take for an answer.
    pub timeout: Duration,
}

impl Timing {
    /// For a server: retry after 5 to 15 s, look every second, wait at most 5 s. That is shorter than the server's own
    /// detection of a dead client (about 25 s), so the old leader knows before a new one can be. Where the server ends
    /// the session by itself, one in the queue for the lock may lead for a second before the old one knows; one that
    /// finds the lock free waits for that second.
    pub const POSTGRES: Self = Self {
        retry: Duration::from_secs(5)..Duration::from_secs(15),
        heartbeat: Duration::from_secs(1),
        timeout: Duration::from_secs(5),
    };

    /// For a file, where a look costs nothing.
    pub const FILE: Self = Self {
        retry: Duration::from_millis(500)..Duration::from_millis(1000),
        heartbeat: Duration::from_secs(5),
        timeout: Duration::from_secs(5),
    };
}

/// A candidate for the one lock.
#[derive(Debug)]
pub struct Leader {
    kind: Kind,
    timing: Timing,
    rng: SharedRng,
    board: Board,
}

enum Kind {
    Postgres { options: Box<PgConnectOptions>, key: i64 },
    File { path: PathBuf },
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Neither the password nor anything made from the token.
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
        // Waiting for the lock is no slow statement that anybody needs to hear of.
        let options = Box::new(options.disable_statement_logging());
        Ok(Self::new(Kind::Postgres { options, key }, Timing::POSTGRES))
    }

    /// A candidate for the lock on a file. The file is made when it is missing, and stays.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::new(Kind::File { path: path.into() }, Timing::FILE)
    }

    fn new(kind: Kind, timing: Timing) -> Self {
        Self { kind, timing, rng: SharedRng::from_entropy(), board: Board::new() }
    }

    /// With other pauses and limits.
    pub fn with_timing(self, timing: Timing) -> Self {
        Self { timing, ..self }
    }

    /// With pauses that come out the same each time.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { rng: SharedRng::from_seed(seed), ..self }
    }

    /// How this instance stands, now and from now on.
    pub fn standing(&self) -> watch::Receiver<Standing> {
        self.board.sender.subscribe()
    }

    /// Waits until this instance is the leader. After a loss it stands back first, for less than the shortest pause
    /// between two tries: whatever took the lock from one instance may have taken it from others' hands too. Dropping
    /// the call ends the campaign and leaves no lock behind.
    ///
    /// # Errors
    /// [`LeaderError::Stopped`] when `stop` is cancelled; [`LeaderError::Pooler`] and [`LeaderError::File`], which
    /// waiting would not mend. A database that is down is no error: the campaign goes on.
    pub async fn campaign(&self, stop: &CancellationToken) -> Result<Lease, LeaderError> {
        let standby = self.board.standby_unless_kept();
        self.board.post(Standing::Campaigning { why: Obstacle::Unknown });
        let won = async {
            if self.board.lost.swap(false, Ordering::Relaxed) {
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
        standby.keep();
        Ok(lease)
    }

    /// The next pause.
    fn pause(&self) -> Duration {
        self.rng.in_range(self.timing.retry.clone())
    }
}

/// Where the standing is posted. Every change is logged once.
#[derive(Debug, Clone)]
struct Board {
    sender: Arc<watch::Sender<Standing>>,
    /// The last lease ended by a loss.
    lost: Arc<AtomicBool>,
}

impl Board {
    fn new() -> Self {
        Self { sender: Arc::new(watch::Sender::new(Standing::Standby)), lost: Arc::default() }
    }

    fn post(&self, standing: Standing) {
        self.sender.send_if_modified(|old| {
            if *old == standing {
                return false;
            }
            match &standing {
                Standing::Campaigning { why: Obstacle::DatabaseDown(_) } => tracing::warn!("polling lock: {standing}"),
                _ => tracing::info!("polling lock: {standing}"),
            }
            *old = standing;
            true
        });
    }

    /// Goes back to standby when a campaign ends without a lease, however it ends.
    fn standby_unless_kept(&self) -> Fallback<'_> {
        Fallback { board: Some(self) }
    }
}

struct Fallback<'a> {
    board: Option<&'a Board>,
}

impl Fallback<'_> {
    fn keep(mut self) {
        self.board = None;
    }
}

impl Drop for Fallback<'_> {
    fn drop(&mut self) {
        if let Some(board) = self.board {
            board.post(Standing::Standby);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    /// F7: a key of 64 bits without a sign was too large for the server; one that is made in another way excludes
    /// nobody.
    #[test]
    fn f7_keys_are_those_of_older_versions() {
        let key = polling_key("123456:TEST");
        assert_eq!(key, 1_622_879_728_332_154_375);
        assert_eq!((key >> 32, key & 0xffff_ffff), (377_856_131, 3_094_062_599));
        // The first 8 bytes are above 2^63 here: 12970768120225137154.
        assert_eq!(polling_key("123456789:AAExampleTokenForTests"), 3_747_396_083_370_361_346);
    }

    /// F9: instances that waited tried in step, every few seconds.
    #[test]
    fn f9_pauses_are_drawn_from_the_range_and_follow_the_seed() {
        let leader = || Leader::file("unused").with_timing(Timing::POSTGRES).with_seed(7);
        let (one, two) = (leader(), leader());
        let pauses: Vec<_> = (0..50).map(|_| one.pause()).collect();
        assert_eq!(pauses, (0..50).map(|_| two.pause()).collect::<Vec<_>>());
        assert!(pauses.iter().all(|p| Timing::POSTGRES.retry.contains(p)), "{pauses:?}");
        assert!(pauses.windows(2).any(|w| w[0] != w[1]));
    }

    /// F9: when their database went away and came back, all instances tried at the same moment.
    #[tokio::test]
    async fn f9_after_a_loss_an_instance_stands_back_for_a_while_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let hour = Duration::from_secs(3600);
        let timing = Timing { retry: hour..hour * 2, heartbeat: Duration::from_millis(10), timeout: hour };
        let leader = Leader::file(&path).with_timing(timing).with_seed(7);
        let stop = CancellationToken::new();
        leader.campaign(&stop).now_or_never().expect("nothing was lost yet").unwrap().release().await;
        let lease = leader.campaign(&stop).now_or_never().expect("a lock that was let go is no loss").unwrap();
        std::fs::remove_file(&path).unwrap();
        lease.lost().await;
        assert!(leader.campaign(&stop).now_or_never().is_none(), "it stands back");
        assert!(!path.exists(), "and does not try");
    }
}
