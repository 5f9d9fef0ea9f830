//! PostgreSQL: a pool, and an end to every wait.

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

use super::engine::{Engine, Record, Step, Written};
use super::inbox::{self, Statements};
use super::statement::{QUEUES_POSTGRES, QueueSql};
use super::url::{PostgresUrl, redact};
use super::{Budgets, Event, JobQueue, Subscription};
use crate::store_error::StoreError;
use budget::PostgresBudgets;
use listener::Listener;
use skew::Skew;

/// Their own lock would belong to a session, and behind a pooler it could stay there for ever.
static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut all = sqlx::migrate!("src/store/postgres/migrations");
    all.set_locking(false);
    all
});

/// The lock under which one instance at a time changes tables: `kie_migr` in ASCII.
const MIGRATION_KEY: i64 = 0x6b69_655f_6d69_6772;

/// Connections of one process.
const CONNECTIONS: u32 = 10;

/// How long the steps of one transaction may take, in multiples of the patience for a connection. Without an end, a cut
/// network holds a connection for ever: the driver has no keepalive of its own.
const STEPS: u32 = 4;

/// The server finds a dead client in about 25 seconds and lets its locks go.
const KEEPALIVE: [(&str, &str); 4] = [
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
];

/// PostgreSQL on a server.
pub(super) struct PostgresEngine {
    line: Line,
    /// A connection of its own, for the question whether the server answers: that all others are busy is no answer.
    pulse: Line,
    listener: Listener,
    skew: Skew,
}

/// The way to the server.
#[derive(Clone)]
struct Line {
    pool: PgPool,
    words: Arc<Words>,
    limit: Duration,
}

/// What errors are made of.
struct Words {
    label: String,
    secrets: Vec<String>,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("label", &self.words.label).finish_non_exhaustive()
    }
}

impl fmt::Debug for PostgresEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresEngine").field("label", &self.line.words.label).finish_non_exhaustive()
    }
}

impl PostgresEngine {
    /// Connects and creates or upgrades the tables. `patience` bounds every wait for a connection.
    pub(super) async fn open(url: PostgresUrl, patience: Duration) -> Result<Self, StoreError> {
        let PostgresUrl { options, shown, secrets } = url;
        let words = Arc::new(Words { label: shown, secrets });
        // One connection first: the pool tries a refused one again and then only says that time is up.
        let options = match accepted(options, patience).await {
            Some(Ok(options)) => options,
            Some(Err(e)) if has_code(&e, &["42P05", "26000"]) => {
                return Err(StoreError::Open(format!(
                    "the database {} is behind a pooler that shares connections between transactions and does not know \
                     prepared statements: use its session mode or the direct address",
                    words.label
                )));
            }
            Some(Err(e)) => return Err(words.unreachable(&e)),
            None => {
                return Err(StoreError::Open(format!(
                    "the database {} does not answer within {} s",
                    words.label,
                    patience.as_secs_f32()
                )));
            }
        };
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(patience)
            .connect_with(options.clone())
            .await
            .map_err(|e| words.failed(&e))?;
        migrate(&pool, &words, patience * STEPS).await?;
        let pulse =
            PgPoolOptions::new().max_connections(1).acquire_timeout(patience).connect_lazy_with(options.clone());
        let pulse = Line { pool: pulse, words: Arc::clone(&words), limit: patience };
        let skew = Skew::measure(&pool).await.map_err(|e| words.failed(&e))?;
        let listener = Listener::start(pool.clone(), options, patience);
        Ok(Self { line: Line { pool, words, limit: patience * STEPS }, pulse, listener, skew })
    }
}

/// Creates or upgrades the tables. `limit` bounds the wait for another instance that does so.
async fn migrate(pool: &PgPool, words: &Words, limit: Duration) -> Result<(), StoreError> {
    let failed = |e: sqlx::Error| {
        if has_code(&e, &["55P03"]) {
            return StoreError::Open(format!(
                "the database {} cannot be used: another instance has been changing its tables for {} s",
                words.label,
                limit.as_secs_f32()
            ));
        }
        words.failed(&e)
    };
    let mut transaction = pool.begin().await.map_err(failed)?;
    let bound = format!("SET LOCAL lock_timeout = {}", limit.as_millis().max(1));
    // Safe: it holds nothing but a number.
    sqlx::raw_sql(AssertSqlSafe(bound)).execute(&mut *transaction).await.map_err(failed)?;
    let lock = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MIGRATION_KEY);
    lock.execute(&mut *transaction).await.map_err(failed)?;
    MIGRATIONS.run(pool).await.map_err(|e| match e {
        MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => failed(e),
        other => StoreError::Open(format!("{} was written by another version of the bot: {other}", words.label)),
    })?;
    transaction.commit().await.map_err(failed)
}

/// The options that the server lets in: a pooler may refuse start-up parameters. `None` when time is up.
async fn accepted(options: PgConnectOptions, patience: Duration) -> Option<Result<PgConnectOptions, sqlx::Error>> {
    let full = options.clone().options(KEEPALIVE);
    let plain = options.extra_float_digits(None);
    let attempt = async {
        let (first, accepted) = match PgConnection::connect_with(&full).await {
            Err(e) if has_code(&e, &["08P01"]) => (PgConnection::connect_with(&plain).await?, plain),
            other => (other?, full),
        };
        keep_apart(first, PgConnection::connect_with(&accepted).await?).await?;
        Ok(accepted)
    };
    tokio::time::timeout(patience, attempt).await.ok()
}

/// Prepares a statement on each of two connections. The driver counts its statements from one, so they have the same name,
/// and behind a pooler that hands a server connection from one client to the next they collide. Better now than at times.
async fn keep_apart(mut first: PgConnection, mut second: PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT 'first'").execute(&mut first).await?;
    sqlx::query("SELECT 'second'").execute(&mut second).await?;
    // Their work is done; how they say goodbye matters to nobody.
    let _ = (first.close().await, second.close().await);
    Ok(())
}

/// Whether the server answered with one of these codes: 08P01 protocol_violation is PgBouncer's answer to a parameter that
/// it does not know; 42P05 duplicate_prepared_statement and 26000 invalid_sql_statement_name are a pooler's doing.
fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    error.as_database_error().and_then(|e| e.code()).is_some_and(|code| codes.contains(&code.as_ref()))
}

/// Whether what the server says with this code is over when it is asked again: 08 connection exception, 40 transaction
/// rollback (a deadlock, say), 53 insufficient resources, 55P03 lock not available, 57 operator intervention (it goes or has
/// gone, or a time limit ended the statement), 58 system error.
fn passes(code: &str) -> bool {
    code == "55P03" || ["08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
}

#[async_trait]
impl Engine for PostgresEngine {
    fn queue_sql(&self, queue: JobQueue) -> &'static QueueSql {
        &QUEUES_POSTGRES[queue as usize]
    }

    fn ahead(&self) -> i64 {
        self.skew.ahead()
    }

    fn inbox(&self) -> &'static Statements {
        &inbox::POSTGRES
    }

    async fn read(&self, step: Step) -> Result<Vec<Record>, StoreError> {
        match self.line.write(vec![step]).await? {
            Written::Done(mut all) => Ok(all.pop().unwrap_or_default()),
            Written::Refused(_) => Ok(Vec::new()),
        }
    }

    async fn write(&self, steps: Vec<Step>) -> Result<Written, StoreError> {
        self.line.write(steps).await
    }

    async fn ping(&self, step: Step) -> Result<(), StoreError> {
        self.pulse.write(vec![step]).await.map(drop)
    }

    fn notify(&self, event: Event) {
        self.listener.notify(event);
    }

    fn subscribe(&self) -> Subscription {
        self.listener.wakeups().subscribe()
    }

    fn budgets(&self) -> Option<Arc<dyn Budgets>> {
        Some(Arc::new(PostgresBudgets { line: self.line.clone() }))
    }

    async fn close(&self) {
        self.listener.stop().await;
        self.skew.stop();
        self.pulse.pool.close().await;
        self.line.pool.close().await;
    }
}

impl Line {
    async fn write(&self, steps: Vec<Step>) -> Result<Written, StoreError> {
        let (pool, words, limit) = (self.pool.clone(), Arc::clone(&self.words), self.limit);
        // A task of its own: a caller that is dropped in the middle would leave an open transaction in the pool.
        let task = tokio::spawn(async move {
            let mut connection = pool.acquire().await.map_err(|e| words.failed(&e))?;
            match tokio::time::timeout(limit, write(&mut connection, steps)).await {
                Ok(result) => result.map_err(|e| words.failed(&e)),
                Err(_) => {
                    connection.close_on_drop();
                    Err(StoreError::Open(format!(
                        "the database {} does not answer within {} s",
                        words.label,
                        limit.as_secs_f32()
                    )))
                }
            }
        });
        task.await.unwrap_or_else(|e| Err(StoreError::Statement(e.to_string())))
    }
}

async fn write(connection: &mut PgConnection, steps: Vec<Step>) -> Result<Written, sqlx::Error> {
    if let [_] = steps.as_slice() {
        // A statement alone is a transaction; saying so costs two more round trips.
        return run(connection, steps).await;
    }
    let mut transaction: sqlx::Transaction<'_, Postgres> = connection.begin().await?;
    let written = run(&mut transaction, steps).await?;
    match written {
        Written::Done(_) => transaction.commit().await?,
        Written::Refused(_) => transaction.rollback().await?,
    }
    Ok(written)
}

async fn run(connection: &mut PgConnection, steps: Vec<Step>) -> Result<Written, sqlx::Error> {
    let mut all = Vec::with_capacity(steps.len());
    for (position, step) in steps.into_iter().enumerate() {
        let needed = step.needed;
        let rows = step.query().fetch_all(&mut *connection).await?;
        if needed && rows.is_empty() {
            return Ok(Written::Refused(position));
        }
        all.push(rows.into_iter().map(Record::Postgres).collect());
    }
    Ok(Written::Done(all))
}

impl Words {
    fn unreachable(&self, error: &sqlx::Error) -> StoreError {
        let why = match error.as_database_error() {
            Some(e) => e.message().to_owned(),
            None => error.to_string(),
        };
        StoreError::Open(redact(&format!("the database {} cannot be reached: {why}", self.label), &self.secrets))
    }

    fn failed(&self, error: &sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::Database(e) if !e.code().is_some_and(|code| passes(&code)) => {
                StoreError::Statement(redact(e.message(), &self.secrets))
            }
            _ => self.unreachable(error),
        }
    }
}
