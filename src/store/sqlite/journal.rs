//! SQLite's two journals: the write-ahead log, and the rollback journal where the log is impossible.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqlitePoolOptions};
use sqlx::{ConnectOptions, Connection, SqlitePool};

/// Opens a database with a write-ahead log, and begins a transaction, which fails where the log is impossible.
pub(super) async fn open_wal(
    pool: SqlitePoolOptions,
    options: SqliteConnectOptions,
) -> Result<SqlitePool, sqlx::Error> {
    let pool = pool.connect_with(options.journal_mode(SqliteJournalMode::Wal)).await?;
    pool.begin_with("BEGIN IMMEDIATE").await?.rollback().await?;
    Ok(pool)
}

/// Opens a database with a rollback journal. A database that was written with a write-ahead log is changed first, which
/// needs no shared memory while one connection has it alone.
pub(super) async fn open_rollback(
    pool: SqlitePoolOptions,
    options: SqliteConnectOptions,
) -> Result<SqlitePool, sqlx::Error> {
    let options = options.journal_mode(SqliteJournalMode::Delete);
    let alone = options.clone().locking_mode(SqliteLockingMode::Exclusive);
    alone.connect().await?.close().await?;
    pool.connect_with(options).await
}

/// Logs what is slower, and what helps.
pub(super) fn warn(label: &str) {
    tracing::warn!(
        database = label,
        "the folder of the database cannot share memory (a network file system, a mount of a container): it is used \
         with a rollback journal, which is slower; a local volume or PostgreSQL is better"
    );
}
