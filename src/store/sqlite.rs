//! SQLite: one connection that writes, a few that read.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::error::DatabaseError;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::engine::{Engine, Record, Step, Written};
use super::inbox::{self, Statements};
use super::notify::Wakeups;
use super::statement::{QUEUES_SQLITE, QueueSql};
use super::url::SqliteUrl;
use super::{Event, JobQueue, Subscription};
use crate::store_error::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/sqlite/migrations");

/// Connections that read beside the writer. Write-ahead logging lets them.
const READERS: u32 = 4;
/// So many writes at most share one wait for the disk.
const TOGETHER: usize = 100;

/// SQLite, in a file or in memory.
pub(super) struct SqliteEngine {
    writer: SqlitePool,
    readers: SqlitePool,
    queue: mpsc::UnboundedSender<Letter>,
    label: Arc<str>,
    wakeups: Wakeups,
}

/// What waits for the writer.
struct Letter {
    steps: Vec<Step>,
    done: oneshot::Sender<Result<Written, StoreError>>,
}

impl fmt::Debug for SqliteEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteEngine").field("label", &self.label).finish_non_exhaustive()
    }
}

impl SqliteEngine {
    /// Opens or creates the database. `patience` bounds the wait for another program's lock.
    pub(super) async fn open(url: SqliteUrl, patience: Duration) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .create_if_missing(true)
            .busy_timeout(patience)
            .foreign_keys(true)
            // Less would let a power cut take back what was answered for: an update that is confirmed, a create that is
            // noted.
            .synchronous(SqliteSynchronous::Full)
            // What waits for another program's lock is not slow, and says so itself when it gives up. In a list of writers
            // everything waits.
            .disable_statement_logging();
        // The last connection takes a database in memory with it, so the pool may not close it.
        let one = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        match url {
            SqliteUrl::Memory => {
                let label: Arc<str> = "SQLite in memory".into();
                let writer = one
                    .connect_with(options.in_memory(true).shared_cache(true))
                    .await
                    .map_err(|e| failed(&label, &e))?;
                Self::over(writer.clone(), writer, label).await
            }
            SqliteUrl::File(path) => {
                create_folder(&path)?;
                let label: Arc<str> = path.display().to_string().into();
                let options = options.filename(&path).journal_mode(SqliteJournalMode::Wal);
                let writer = one.connect_with(options.clone()).await.map_err(|e| failed(&label, &e))?;
                let readers = SqlitePoolOptions::new()
                    .max_connections(READERS)
                    .min_connections(1)
                    .connect_lazy_with(options.pragma("query_only", "on"));
                Self::over(readers, writer, label).await
            }
        }
    }

    async fn over(readers: SqlitePool, writer: SqlitePool, label: Arc<str>) -> Result<Self, StoreError> {
        let (queue, waiting) = mpsc::unbounded_channel();
        let engine = Self { writer, readers, queue, label, wakeups: Wakeups::default() };
        engine.migrate().await?;
        // A task of its own: a caller that is dropped in the middle cuts nothing in two. It ends with the engine.
        tokio::spawn(write_on(engine.writer.clone(), Arc::clone(&engine.label), waiting));
        Ok(engine)
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        MIGRATIONS.run(&self.writer).await.map_err(|e| match e {
            MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => failed(&self.label, &e),
            other => StoreError::Open(format!("{} was written by another version of the bot: {other}", self.label)),
        })
    }
}

fn create_folder(path: &Path) -> Result<(), StoreError> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder).map_err(|e| {
            StoreError::Open(format!("{}: the folder of the database cannot be created: {e}", path.display()))
        }),
        _ => Ok(()),
    }
}

#[async_trait]
impl Engine for SqliteEngine {
    fn queue_sql(&self, queue: JobQueue) -> &'static QueueSql {
        &QUEUES_SQLITE[queue as usize]
    }

    fn inbox(&self) -> &'static Statements {
        &inbox::SQLITE
    }

    async fn read(&self, step: Step) -> Result<Vec<Record>, StoreError> {
        let rows = step.query().fetch_all(&self.readers).await.map_err(|e| failed(&self.label, &e))?;
        Ok(rows.into_iter().map(Record::Sqlite).collect())
    }

    async fn write(&self, steps: Vec<Step>) -> Result<Written, StoreError> {
        let (done, outcome) = oneshot::channel();
        let closed = || failed(&self.label, &sqlx::Error::PoolClosed);
        self.queue.send(Letter { steps, done }).map_err(|_| closed())?;
        outcome.await.unwrap_or_else(|_| Err(closed()))
    }

    fn notify(&self, event: Event) {
        // There is no other instance.
        if event == Event::Jobs {
            self.wakeups.notify(event);
        }
    }

    fn subscribe(&self) -> Subscription {
        self.wakeups.subscribe()
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Writes what waits. What has come in while the disk wrote goes to it together: one wait for the disk serves them all.
async fn write_on(pool: SqlitePool, label: Arc<str>, mut waiting: mpsc::UnboundedReceiver<Letter>) {
    let mut letters = Vec::new();
    while waiting.recv_many(&mut letters, TOGETHER).await > 0 {
        let (steps, callers): (Vec<_>, Vec<_>) = letters.drain(..).map(|letter| (letter.steps, letter.done)).unzip();
        // Whoever asked may be gone.
        match write(&pool, steps).await {
            Ok(all) => {
                for (caller, outcome) in callers.into_iter().zip(all) {
                    let _ = caller.send(outcome.map_err(|e| failed(&label, &e)));
                }
            }
            Err(error) => {
                for caller in callers {
                    let _ = caller.send(Err(failed(&label, &error)));
                }
            }
        }
    }
}

/// Each in a savepoint of its own: one that is refused or fails leaves the others as they are.
///
/// # Errors
/// What undid all of them: none is written then.
async fn write(pool: &SqlitePool, all: Vec<Vec<Step>>) -> Result<Vec<Result<Written, sqlx::Error>>, sqlx::Error> {
    // Immediate: a transaction that begins as a reader may not be able to write.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let mut outcomes = Vec::with_capacity(all.len());
    for steps in all {
        let mut part = transaction.begin().await?;
        let outcome = run(&mut part, steps).await;
        let settled = match &outcome {
            Ok(Written::Done(_)) => part.commit().await,
            Ok(Written::Refused(_)) | Err(_) => part.rollback().await,
        };
        match (outcome, settled) {
            (outcome, Ok(())) => outcomes.push(outcome),
            // A full disk, say, ends the whole transaction.
            (Err(error), Err(_)) | (Ok(_), Err(error)) => return Err(error),
        }
    }
    transaction.commit().await?;
    Ok(outcomes)
}

async fn run(connection: &mut SqliteConnection, steps: Vec<Step>) -> Result<Written, sqlx::Error> {
    let mut all = Vec::with_capacity(steps.len());
    for (position, step) in steps.into_iter().enumerate() {
        let needed = step.needed;
        let rows = step.query().fetch_all(&mut *connection).await?;
        if needed && rows.is_empty() {
            return Ok(Written::Refused(position));
        }
        all.push(rows.into_iter().map(Record::Sqlite).collect());
    }
    Ok(Written::Done(all))
}

/// SQLite's result codes, <https://www.sqlite.org/rescode.html>; the low byte is the primary one.
fn primary_code(error: &dyn DatabaseError) -> Option<u32> {
    error.code()?.parse::<u32>().ok().map(|code| code & 0xff)
}

fn failed(label: &str, error: &sqlx::Error) -> StoreError {
    let why = match error {
        sqlx::Error::Database(e) => match primary_code(e.as_ref()) {
            Some(5 | 6) => "is locked by another program",
            Some(8) => "is read-only",
            Some(10) => "cannot be read or written (disk error)",
            Some(13) => "cannot grow: the disk is full",
            Some(14) => "cannot be opened: no file can be written there",
            Some(26) => "is not a SQLite database",
            _ => return StoreError::Statement(e.message().to_owned()),
        },
        sqlx::Error::PoolTimedOut => "is busy",
        sqlx::Error::PoolClosed => "is closed",
        _ => return StoreError::Open(format!("the database {label} cannot be used: {error}")),
    };
    StoreError::Open(format!("the database {label} {why}"))
}
