//! PostgreSQL: a pool of connections, and a time limit for every wait.

mod budget;
mod listener;
mod skew;

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Postgres};

use super::engine::{Engine, Row, Statement, WriteResult, run};
use super::statement::{Dialect, DialectSql};
use super::url::{PostgresUrl, redact};
use super::{Budgets, Event, Subscription};
use crate::store_error::StoreError;
use budget::PostgresBudgets;
use listener::Listener;
use skew::Skew;

/// Without the lock of the migrator: it belongs to a session, and behind a pooler a session may never end.
static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut all = sqlx::migrate!("src/store/postgres/migrations");
    all.set_locking(false);
    all
});

/// The advisory lock under which one process at a time changes tables: `kie_migr` in ASCII.
const MIGRATION_KEY: i64 = 0x6b69_655f_6d69_6772;

const DIALECT: Dialect = Dialect {
    unfold: "jsonb_array_elements",
    unfold_text: "jsonb_array_elements_text",
    skip_locked: " FOR UPDATE SKIP LOCKED",
    share_lock: " FOR SHARE",
    update_lock: Some(" FOR UPDATE"),
};

static SQL: LazyLock<DialectSql> = LazyLock::new(|| DialectSql::new(&DIALECT));

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
    target: Arc<Target>,
    limit: Duration,
}

/// The database as errors name it, and what they must not contain.
struct Target {
    label: String,
    secrets: Vec<String>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").field("label", &self.target.label).finish_non_exhaustive()
    }
}

impl fmt::Debug for PostgresEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresEngine").field("label", &self.connector.target.label).finish_non_exhaustive()
    }
}

impl PostgresEngine {
    /// Connects, and creates or upgrades the tables. `timeout` limits every wait for a connection.
    pub(super) async fn open(url: PostgresUrl, timeout: Duration) -> Result<Self, StoreError> {
        let PostgresUrl { options, shown, secrets } = url;
        let target = Arc::new(Target { label: shown, secrets });
        // One connection first: the pool retries a refused one, and then reports a timeout instead of the reason.
        let options = match accepted_options(options, timeout).await {
            Some(Ok(options)) => options,
            Some(Err(e)) if has_code(&e, &["42P05", "26000"]) => {
                return Err(StoreError::Open(format!(
                    "the database {} is behind a pooler that shares connections between transactions and does not know \
                     prepared statements: use its session mode or the direct address",
                    target.label
                )));
            }
            Some(Err(e)) => return Err(target.unavailable(&e)),
            None => return Err(target.timed_out(timeout)),
        };
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(timeout)
            .connect_with(options.clone())
            .await
            .map_err(|e| target.store_error(&e))?;
        migrate(&pool, &target, timeout * TRANSACTION_TIMEOUTS).await?;
        let ping = PgPoolOptions::new().max_connections(1).acquire_timeout(timeout).connect_lazy_with(options.clone());
        let ping = Connector { pool: ping, target: Arc::clone(&target), limit: timeout };
        let skew = Skew::measure(&pool).await.map_err(|e| target.store_error(&e))?;
        let listener = Listener::start(pool.clone(), options, timeout);
        let connector = Connector { pool, target, limit: timeout * TRANSACTION_TIMEOUTS };
        Ok(Self { connector, ping, listener, skew })
    }
}

/// Creates or upgrades the tables. `limit` limits the wait for another process that does so.
async fn migrate(pool: &PgPool, target: &Target, limit: Duration) -> Result<(), StoreError> {
    let store_error = |e: sqlx::Error| {
        if has_code(&e, &["55P03"]) {
            return StoreError::Open(format!(
                "the database {} cannot be used: another instance has been changing its tables for {} s",
                target.label,
                limit.as_secs_f32()
            ));
        }
        target.store_error(&e)
    };
    let mut transaction = pool.begin().await.map_err(store_error)?;
    let set_timeout = format!("SET LOCAL lock_timeout = {}", limit.as_millis().max(1));
    // Safe: the only part that varies is a number.
    sqlx::raw_sql(AssertSqlSafe(set_timeout)).execute(&mut *transaction).await.map_err(store_error)?;
    let lock = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MIGRATION_KEY);
    lock.execute(&mut *transaction).await.map_err(store_error)?;
    MIGRATIONS.run(pool).await.map_err(|e| match e {
        MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => store_error(e),
        other => StoreError::Open(format!("{} was written by another version of the bot: {other}", target.label)),
    })?;
    transaction.commit().await.map_err(store_error)
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

/// Whether the server answered with one of these codes: 08P01 protocol_violation is PgBouncer's answer to an unknown
/// parameter; 42P05 duplicate_prepared_statement and 26000 invalid_sql_statement_name are caused by a pooler.
fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    error.as_database_error().and_then(|e| e.code()).is_some_and(|code| codes.contains(&code.as_ref()))
}

/// Whether the cause of an error code is temporary: 08 connection exception, 40 transaction rollback (for example a
/// deadlock), 53 insufficient resources, 55P03 lock not available, 57 operator intervention (the server stops, or a
/// time limit ended the statement), 58 system error.
fn is_temporary(code: &str) -> bool {
    code == "55P03" || ["08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
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
        let Self { pool, target, limit } = self.clone();
        // A task, so that a caller that stops waiting does not leave an open transaction in the pool.
        let task = tokio::spawn(async move {
            let mut connection = pool.acquire().await.map_err(|e| target.store_error(&e))?;
            match tokio::time::timeout(limit, write(&mut connection, statements)).await {
                Ok(result) => result.map_err(|e| target.store_error(&e)),
                Err(_) => {
                    connection.close_on_drop();
                    Err(target.timed_out(limit))
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

impl Target {
    fn store_error(&self, error: &sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::Database(e) if !e.code().is_some_and(|code| is_temporary(&code)) => {
                StoreError::Statement(redact(e.message(), &self.secrets))
            }
            _ => self.unavailable(error),
        }
    }

    fn unavailable(&self, error: &sqlx::Error) -> StoreError {
        let why = match error.as_database_error() {
            Some(e) => e.message().to_owned(),
            None => error.to_string(),
        };
        StoreError::Open(redact(&format!("the database {} cannot be reached: {why}", self.label), &self.secrets))
    }

    fn timed_out(&self, limit: Duration) -> StoreError {
        let (label, seconds) = (&self.label, limit.as_secs_f32());
        StoreError::Open(format!("the database {label} does not answer within {seconds} s"))
    }
}
