//! PostgreSQL: a pool of connections, and a time limit for every wait.

mod budget;
mod listener;
mod server;
mod skew;

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Postgres};

use super::dialect::{Dialect, DialectSql};
use super::engine::{Engine, Row, Statement, WriteResult, run};
use super::migration::{TableQueries, TablesVersion, Upgrade};
use super::url::PostgresUrl;
use super::{Budgets, Event, Subscription};
use crate::store_error::StoreError;
use budget::PostgresBudgets;
use listener::Listener;
use server::{DatabaseServer, has_code, is_read_only};
use skew::Skew;

/// Without the lock of the migrator: it belongs to a session, and behind a pooler a session may never end. Newer
/// migrations than these are allowed: [`TablesVersion`] judges them.
static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut all = sqlx::migrate!("src/store/postgres/migrations");
    all.set_locking(false).set_ignore_missing(true);
    all
});

const TABLES: TableQueries = TableQueries {
    has_migrations: "SELECT COUNT(to_regclass('_sqlx_migrations'))",
    has_compat: "SELECT COUNT(to_regclass('schema_compat'))",
};

/// The advisory lock under which one process at a time changes tables: `kie_migr` in ASCII.
const MIGRATION_KEY: i64 = 0x6b69_655f_6d69_6772;

const DIALECT: Dialect = Dialect {
    unfold: "jsonb_array_elements",
    unfold_text: "jsonb_array_elements_text",
    skip_locked: " FOR UPDATE SKIP LOCKED",
    share_lock: " FOR SHARE",
    update_lock: Some(" FOR UPDATE"),
    // Locks of two numbers are apart from the polling lock, which is of one.
    person_lock: Some("SELECT pg_advisory_xact_lock(1, hashint8($1))"),
};

static SQL: LazyLock<DialectSql> = LazyLock::new(|| DialectSql::new(&DIALECT));

/// Every statement in this dialect, by name.
pub(super) fn statements() -> Vec<(String, &'static str)> {
    let budgets = budget::ALL.iter().map(|(name, sql)| ((*name).to_owned(), *sql));
    SQL.all().into_iter().chain(budgets).collect()
}

/// Connections of one process.
const CONNECTIONS: u32 = 10;

/// The time limit of a transaction, in multiples of that for a connection. Without a limit, a cut network would hold a
/// connection for ever: the driver sends no keepalives.
const TRANSACTION_TIMEOUTS: u32 = 4;

/// With these the server notices a dead client in about 25 seconds and releases its locks.
const KEEPALIVE: [(&str, &str); 4] = [
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
];

/// PostgreSQL on a server.
pub(super) struct PostgresEngine {
    connector: Connector,
    /// A connection for [`Engine::ping`] alone: that all others are busy says nothing about the server.
    ping: Connector,
    listener: Listener,
    skew: Skew,
}

/// Runs transactions on connections of a pool.
#[derive(Clone)]
struct Connector {
    pool: PgPool,
    server: Arc<DatabaseServer>,
    limit: Duration,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").field("label", &self.server.label()).finish_non_exhaustive()
    }
}

impl fmt::Debug for PostgresEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresEngine").field("label", &self.connector.server.label()).finish_non_exhaustive()
    }
}

impl PostgresEngine {
    /// Connects, and creates, upgrades or checks the tables. `timeout` limits every wait for a connection.
    pub(super) async fn open(url: PostgresUrl, timeout: Duration, upgrade: Upgrade) -> Result<Self, StoreError> {
        let PostgresUrl { options, shown, secrets } = url;
        let server = Arc::new(DatabaseServer::new(shown, secrets));
        // One connection first: the pool retries a refused one, and then reports a timeout instead of the reason.
        let options = match accepted_options(options, timeout).await {
            Some(Ok(options)) => options,
            Some(Err(e)) if has_code(&e, &["42P05", "26000"]) => {
                return Err(StoreError::Open(format!(
                    "the database {} is behind a pooler that shares connections between transactions and does not know \
                     prepared statements: use its session mode or the direct address",
                    server.label()
                )));
            }
            Some(Err(e)) => return Err(server.unavailable(&e)),
            None => return Err(server.timed_out(timeout)),
        };
        let pool = pool_options(CONNECTIONS, timeout, &server)
            .connect_with(options.clone())
            .await
            .map_err(|e| server.store_error(&e))?;
        match upgrade {
            Upgrade::Apply => migrate(&pool, &server, timeout * TRANSACTION_TIMEOUTS).await?,
            Upgrade::Refuse => {
                let mut connection = pool.acquire().await.map_err(|e| server.store_error(&e))?;
                let version = TablesVersion::read::<Postgres>(&mut connection, &TABLES).await;
                version.map_err(|e| server.store_error(&e))?.check(&MIGRATIONS, server.label())?;
            }
        }
        let ping = pool_options(1, timeout, &server).connect_lazy_with(options.clone());
        let ping = Connector { pool: ping, server: Arc::clone(&server), limit: timeout };
        let skew = Skew::measure(&pool).await.map_err(|e| server.store_error(&e))?;
        let listener = Listener::start(pool.clone(), options, timeout);
        let connector = Connector { pool, server, limit: timeout * TRANSACTION_TIMEOUTS };
        Ok(Self { connector, ping, listener, skew })
    }
}

/// A pool that lends no connection which may still lead to a server that has become read-only.
fn pool_options(connections: u32, timeout: Duration, server: &Arc<DatabaseServer>) -> PgPoolOptions {
    let server = Arc::clone(server);
    PgPoolOptions::new().max_connections(connections).acquire_timeout(timeout).before_acquire(move |_, connection| {
        let is_outdated = server.is_outdated(connection.age);
        Box::pin(async move { Ok(!is_outdated) })
    })
}

/// Creates or upgrades the tables, in one transaction. `limit` limits the wait for another process that does so, and each
/// wait for a table that somebody uses.
async fn migrate(pool: &PgPool, server: &DatabaseServer, limit: Duration) -> Result<(), StoreError> {
    let store_error = |e: sqlx::Error, whom: &str| {
        if has_code(&e, &["55P03"]) {
            let (label, seconds) = (server.label(), limit.as_secs_f32());
            return StoreError::Open(format!("the database {label} cannot be used: {whom} for {seconds} s"));
        }
        server.store_error(&e)
    };
    let before = |e| store_error(e, "another instance has been changing its tables");
    let mut transaction = pool.begin().await.map_err(before)?;
    let set_timeout = format!("SET LOCAL lock_timeout = {}", limit.as_millis().max(1));
    // Safe: the only part that varies is a number.
    sqlx::raw_sql(AssertSqlSafe(set_timeout)).execute(&mut *transaction).await.map_err(before)?;
    let lock = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MIGRATION_KEY);
    lock.execute(&mut *transaction).await.map_err(before)?;
    let version = TablesVersion::read::<Postgres>(&mut transaction, &TABLES).await.map_err(before)?;
    version.fit(&MIGRATIONS, server.label())?;
    // On the connection for which the limit holds.
    MIGRATIONS.run_direct(None, &mut *transaction, false).await.map_err(|e| match e {
        MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => {
            store_error(e, "its tables are to be changed, and another session has been using them")
        }
        other => StoreError::Version(format!("{} was written by another version of the bot: {other}", server.label())),
    })?;
    transaction.commit().await.map_err(before)
}

/// The options that the server accepts: a pooler may refuse start-up parameters. `None` after `timeout`.
async fn accepted_options(
    options: PgConnectOptions,
    timeout: Duration,
) -> Option<Result<PgConnectOptions, sqlx::Error>> {
    let full = options.clone().options(KEEPALIVE);
    let plain = options.extra_float_digits(None);
    let attempt = async {
        let (first, accepted) = match PgConnection::connect_with(&full).await {
            Err(e) if has_code(&e, &["08P01"]) => (PgConnection::connect_with(&plain).await?, plain),
            other => (other?, full),
        };
        check_sessions(first, PgConnection::connect_with(&accepted).await?).await?;
        Ok(accepted)
    };
    tokio::time::timeout(timeout, attempt).await.ok()
}

/// Prepares a statement on each of two connections, to fail now rather than at some time later. The driver numbers the
/// statements of each connection from one, so both have the same name; behind a pooler that shares server connections
/// between clients they collide.
async fn check_sessions(mut first: PgConnection, mut second: PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT 'first'").execute(&mut first).await?;
    sqlx::query("SELECT 'second'").execute(&mut second).await?;
    // The check is done; an error on closing has no consequence.
    let _ = (first.close().await, second.close().await);
    Ok(())
}

#[async_trait]
impl Engine for PostgresEngine {
    fn sql(&self) -> &'static DialectSql {
        &SQL
    }

    fn clock_offset(&self) -> i64 {
        self.skew.offset()
    }

    async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        match self.connector.write(vec![statement]).await? {
            WriteResult::Committed(mut all) => Ok(all.pop().unwrap_or_default()),
            WriteResult::Refused(_) => Ok(Vec::new()),
        }
    }

    async fn write(&self, statements: Vec<Statement>) -> Result<WriteResult, StoreError> {
        self.connector.write(statements).await
    }

    async fn ping(&self, statement: Statement) -> Result<(), StoreError> {
        self.ping.write(vec![statement]).await.map(drop)
    }

    fn notify(&self, event: Event) {
        self.listener.notify(event);
    }

    fn subscribe(&self) -> Subscription {
        self.listener.wakeups().subscribe()
    }

    fn budgets(&self) -> Option<Arc<dyn Budgets>> {
        Some(Arc::new(PostgresBudgets { connector: self.connector.clone() }))
    }

    async fn close(&self) {
        self.listener.stop().await;
        self.skew.stop();
        self.ping.pool.close().await;
        self.connector.pool.close().await;
    }
}

impl Connector {
    async fn write(&self, statements: Vec<Statement>) -> Result<WriteResult, StoreError> {
        let Self { pool, server, limit } = self.clone();
        // A task, so that a caller that stops waiting does not leave an open transaction in the pool.
        let task = tokio::spawn(async move {
            // The server has let this process in before, so that it refuses to now is for the moment, whatever it says.
            let mut connection = pool.acquire().await.map_err(|e| server.unavailable(&e))?;
            match tokio::time::timeout(limit, write(&mut connection, statements)).await {
                Ok(Ok(result)) => Ok(result),
                Ok(Err(error)) => {
                    if is_read_only(&error) {
                        // The next connection may lead to the server that has taken over.
                        server.outdate_connections();
                        connection.close_on_drop();
                    }
                    Err(server.later_error(&error))
                }
                Err(_) => {
                    connection.close_on_drop();
                    Err(server.timed_out(limit))
                }
            }
        });
        task.await.unwrap_or_else(|e| Err(StoreError::Statement(e.to_string())))
    }
}

async fn write(connection: &mut PgConnection, statements: Vec<Statement>) -> Result<WriteResult, sqlx::Error> {
    if let [_] = statements.as_slice() {
        // A single statement is a transaction; BEGIN and COMMIT would cost two more round trips.
        return run::<Postgres>(connection, statements, Row::Postgres).await;
    }
    let mut transaction: sqlx::Transaction<'_, Postgres> = connection.begin().await?;
    let result = run::<Postgres>(&mut transaction, statements, Row::Postgres).await?;
    match result {
        WriteResult::Committed(_) => transaction.commit().await?,
        WriteResult::Refused(_) => transaction.rollback().await?,
    }
    Ok(result)
}
