//! SQLite: one connection that writes, a few that read.

mod journal;
mod set_back;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use sqlx::error::DatabaseError;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Sqlite, SqlitePool, Transaction};
use tokio::sync::{mpsc, oneshot};

use super::dialect::{Dialect, DialectSql};
use super::engine::{Engine, Row, Statement, WriteResult, run};
use super::migration::{TableQueries, TablesVersion, Upgrade, missing};
use super::notify::Wakeups;
use super::url::SqliteUrl;
use super::{Event, Subscription};
use crate::store_error::StoreError;

/// Newer migrations than these are allowed: [`TablesVersion`] judges them.
static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut all = sqlx::migrate!("src/store/sqlite/migrations");
    all.set_ignore_missing(true);
    all
});

const TABLES: TableQueries = TableQueries {
    has_migrations: "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
    has_compat: "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_compat'",
};

/// SQLite has one writer: a transaction is alone while it runs, so it locks no rows.
const DIALECT: Dialect = Dialect {
    unfold: "json_each",
    unfold_text: "json_each",
    skip_locked: "",
    share_lock: "",
    update_lock: None,
    person_lock: None,
};

static SQL: LazyLock<DialectSql> = LazyLock::new(|| DialectSql::new(&DIALECT));

/// Every statement in this dialect, by name.
pub(super) fn statements() -> Vec<(String, &'static str)> {
    SQL.all()
}

/// Connections that read while another one writes, which write-ahead logging allows.
const READERS: u32 = 4;
/// Writes in one disk transaction, at most.
const BATCH: usize = 100;

/// SQLite, in a file or in memory.
pub(super) struct SqliteEngine {
    writer: SqlitePool,
    readers: SqlitePool,
    queue: mpsc::UnboundedSender<WriteRequest>,
    label: Arc<str>,
    wakeups: Wakeups,
    /// See [`Engine::clock_offset`].
    clock_offset: i64,
}

/// A transaction that waits for the writer.
struct WriteRequest {
    statements: Vec<Statement>,
    reply: oneshot::Sender<Result<WriteResult, StoreError>>,
}

impl fmt::Debug for SqliteEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteEngine").field("label", &self.label).finish_non_exhaustive()
    }
}

impl SqliteEngine {
    /// Opens or creates the database. `timeout` limits the wait for another program's lock.
    pub(super) async fn open(url: SqliteUrl, timeout: Duration, upgrade: Upgrade) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .create_if_missing(upgrade == Upgrade::Apply)
            .busy_timeout(timeout)
            .foreign_keys(true)
            // With less, a power cut could undo what was confirmed already: a stored update, a job that is being sent.
            .synchronous(SqliteSynchronous::Full)
            // The driver would log every wait for another program's lock as a slow statement; a wait that fails is
            // reported as an error anyway.
            .disable_statement_logging();
        // A database in memory ends with its last connection, so the pool must not close it.
        let single = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        match url {
            SqliteUrl::Memory => {
                let label: Arc<str> = "SQLite in memory".into();
                let writer = single
                    .connect_with(options.in_memory(true).shared_cache(true))
                    .await
                    .map_err(|e| store_error(&label, &e))?;
                Self::start(writer.clone(), writer, label, upgrade).await
            }
            SqliteUrl::File(path) => {
                let label: Arc<str> = path.display().to_string().into();
                match upgrade {
                    Upgrade::Apply => create_folder(&path)?,
                    Upgrade::Refuse if !path.exists() => return Err(missing(&label)),
                    Upgrade::Refuse => {}
                }
                let options = options.filename(&path);
                let wal = options.clone().journal_mode(SqliteJournalMode::Wal);
                let writer = match journal::open_wal(single.clone(), wal.clone()).await {
                    Ok(writer) => writer,
                    Err(error) if is_without_shared_memory(&error) => {
                        let writer =
                            journal::open_rollback(single, options).await.map_err(|e| store_error(&label, &e))?;
                        journal::warn(&label);
                        return Self::start(writer.clone(), writer, label, upgrade).await;
                    }
                    Err(error) => return Err(store_error(&label, &error)),
                };
                let readers = SqlitePoolOptions::new()
                    .max_connections(READERS)
                    .min_connections(1)
                    .connect_lazy_with(wal.pragma("query_only", "on"));
                Self::start(readers, writer, label, upgrade).await
            }
        }
    }

    async fn start(
        readers: SqlitePool,
        writer: SqlitePool,
        label: Arc<str>,
        upgrade: Upgrade,
    ) -> Result<Self, StoreError> {
        let (queue, requests) = mpsc::unbounded_channel();
        let mut engine = Self { writer, readers, queue, label, wakeups: Wakeups::default(), clock_offset: 0 };
        engine.prepare_tables(upgrade).await?;
        let mut connection = engine.writer.acquire().await.map_err(|e| store_error(&engine.label, &e))?;
        let offset = set_back::measure(&mut connection).await;
        drop(connection);
        engine.clock_offset = offset.map_err(|e| store_error(&engine.label, &e))?;
        // A task, so that a caller that stops waiting does not interrupt a transaction. It ends with the engine.
        tokio::spawn(write_requests(engine.writer.clone(), Arc::clone(&engine.label), requests));
        Ok(engine)
    }

    async fn prepare_tables(&self, upgrade: Upgrade) -> Result<(), StoreError> {
        let failed = |e: &sqlx::Error| store_error(&self.label, e);
        let mut connection = self.writer.acquire().await.map_err(|e| failed(&e))?;
        let version = TablesVersion::read::<Sqlite>(&mut connection, &TABLES).await.map_err(|e| failed(&e))?;
        if upgrade == Upgrade::Refuse {
            return version.check(&MIGRATIONS, &self.label);
        }
        version.fit(&MIGRATIONS, &self.label)?;
        drop(connection);
        MIGRATIONS.run(&self.writer).await.map_err(|e| match e {
            MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => failed(&e),
            other => StoreError::Version(format!("{} was written by another version of the bot: {other}", self.label)),
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
    fn sql(&self) -> &'static DialectSql {
        &SQL
    }

    fn clock_offset(&self) -> i64 {
        self.clock_offset
    }

    async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let rows = statement.query().fetch_all(&self.readers).await.map_err(|e| store_error(&self.label, &e))?;
        Ok(rows.into_iter().map(Row::Sqlite).collect())
    }

    async fn write(&self, statements: Vec<Statement>) -> Result<WriteResult, StoreError> {
        let (reply, result) = oneshot::channel();
        let closed = || store_error(&self.label, &sqlx::Error::PoolClosed);
        self.queue.send(WriteRequest { statements, reply }).map_err(|_| closed())?;
        result.await.unwrap_or_else(|_| Err(closed()))
    }

    fn notify(&self, event: Event) {
        // `Event::Updates` is for other processes, and there are none.
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

/// Writes requests until the engine is gone. All requests that arrive during one disk transaction share the next one.
async fn write_requests(pool: SqlitePool, label: Arc<str>, mut requests: mpsc::UnboundedReceiver<WriteRequest>) {
    let mut batch = Vec::new();
    while requests.recv_many(&mut batch, BATCH).await > 0 {
        let (statements, replies): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|request| (request.statements, request.reply)).unzip();
        // A caller may have stopped waiting for its reply.
        match write(&pool, statements).await {
            Ok(results) => {
                for (reply, result) in replies.into_iter().zip(results) {
                    let _ = reply.send(result.map_err(|e| store_error(&label, &e)));
                }
            }
            Err(error) => {
                for reply in replies {
                    let _ = reply.send(Err(store_error(&label, &error)));
                }
            }
        }
    }
}

/// Writes several transactions as one, each in a savepoint: one that is refused or fails does not affect the others.
///
/// # Errors
/// When the whole transaction fails; then nothing is written.
async fn write(
    pool: &SqlitePool,
    all: Vec<Vec<Statement>>,
) -> Result<Vec<Result<WriteResult, sqlx::Error>>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    // Immediate: a transaction that begins as a reader may fail to become a writer.
    let transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let written = write_all(transaction, all).await;
    if written.is_err() && pool.connect_options().get_filename().exists() {
        // SQLite may have ended the transaction by itself, which the driver does not notice: it would begin no other one on
        // this connection. A database in memory has no file, and would end with the connection.
        connection.close_on_drop();
    }
    written
}

async fn write_all(
    mut transaction: Transaction<'_, Sqlite>,
    all: Vec<Vec<Statement>>,
) -> Result<Vec<Result<WriteResult, sqlx::Error>>, sqlx::Error> {
    let mut results = Vec::with_capacity(all.len());
    for statements in all {
        let mut savepoint = transaction.begin().await?;
        let result = run::<Sqlite>(&mut savepoint, statements, Row::Sqlite).await;
        let ended = match &result {
            Ok(WriteResult::Committed(_)) => savepoint.commit().await,
            Ok(WriteResult::Refused(_)) | Err(_) => savepoint.rollback().await,
        };
        match (result, ended) {
            (result, Ok(())) => results.push(result),
            // For example a full disk, which ends the whole transaction.
            (Err(error), Err(_)) | (Ok(_), Err(error)) => return Err(error),
        }
    }
    transaction.commit().await?;
    Ok(results)
}

/// SQLite's result codes, <https://www.sqlite.org/rescode.html>; the low byte is the primary one.
fn primary_code(error: &dyn DatabaseError) -> Option<u32> {
    error.code()?.parse::<u32>().ok().map(|code| code & 0xff)
}

/// Whether a database may be one whose folder cannot share memory: write-ahead logging needs a file that is mapped into
/// memory, which network file systems and some mounts of containers refuse (<https://www.sqlite.org/wal.html>). Any other
/// cause meets the next attempt as well.
fn is_without_shared_memory(error: &sqlx::Error) -> bool {
    const READ_ONLY: u32 = 8;
    const IO_ERROR: u32 = 10;
    const CANNOT_OPEN: u32 = 14;
    const LOCKING_PROTOCOL: u32 = 15;
    let code = error.as_database_error().and_then(primary_code);
    code.is_some_and(|code| [READ_ONLY, IO_ERROR, CANNOT_OPEN, LOCKING_PROTOCOL].contains(&code))
}

fn store_error(label: &str, error: &sqlx::Error) -> StoreError {
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
