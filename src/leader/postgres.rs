//! The session advisory lock of a PostgreSQL server, on a connection of its own.
//!
//! Statements use the simple query protocol: prepared statements would fail behind a pooler before the self-test could
//! detect it.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection, Row};

use super::term::HeldLock;
use super::{Leader, LeaderError, LeaderStatus, Lease, Obstacle};

/// With these the server notices a dead client in about 25 seconds and releases its lock.
const KEEPALIVE: [(&str, &str); 4] = [
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
];

/// This many connections try to get a lock that they must not get.
const SELF_TEST_CONNECTIONS: usize = 5;
/// This many connections of a pooler are searched for a lock that one of them has kept.
const POOLER_CONNECTIONS: usize = 20;

struct SessionLock {
    connection: PgConnection,
    key: i64,
    pid: i32,
    options: PgConnectOptions,
    timeout: Duration,
    /// The lock is no longer on this connection, which still works: a pooler has it on another one.
    is_misplaced: bool,
}

/// Why an attempt has failed.
enum LockError {
    Unavailable(String),
    Pooler,
}

impl From<sqlx::Error> for LockError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(text_of(&error))
    }
}

/// The error text of the server or the system. The driver puts neither a password nor a token into it.
fn text_of(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(e) => e.message().to_owned(),
        sqlx::Error::Io(e) => e.to_string(),
        other => other.to_string(),
    }
}

pub(super) async fn campaign(leader: &Leader, options: &PgConnectOptions, key: i64) -> Result<Lease, LeaderError> {
    loop {
        let error = match candidate(leader, options, key).await {
            Ok(lock) => {
                let timing = &leader.timing;
                return Ok(Lease::begin(lock, leader.status.clone(), timing.heartbeat, timing.timeout));
            }
            Err(error) => error,
        };
        let why = match error {
            LockError::Pooler => return Err(LeaderError::Pooler),
            LockError::Unavailable(why) => Obstacle::DatabaseDown(why),
        };
        leader.status.set(LeaderStatus::Campaigning { why });
        tokio::time::sleep(leader.pause()).await;
    }
}

/// Waits until this process has the lock or the connection fails. Dropping the future closes the connection, which
/// releases the lock.
async fn candidate(leader: &Leader, options: &PgConnectOptions, key: i64) -> Result<SessionLock, LockError> {
    let timeout = leader.timing.timeout;
    let mut connection = within(timeout, connect(options)).await?;
    let was_free = try_lock(&mut connection, key, timeout).await?;
    if !was_free {
        loop {
            leader.status.set(LeaderStatus::Campaigning { why: Obstacle::HeldByAnother });
            if wait_for_lock(&mut connection, key, leader.pause(), timeout).await? {
                break;
            }
        }
    }
    let mut lock = SessionLock { connection, key, pid: 0, options: options.clone(), timeout, is_misplaced: false };
    match lock.self_check().await {
        Ok(()) if was_free => {
            // The server may have just ended the session of an old leader that has not noticed yet.
            tokio::time::sleep(leader.timing.heartbeat.min(timeout)).await;
            lock.check().await.map_err(LockError::Unavailable)?;
            Ok(lock)
        }
        Ok(()) => Ok(lock),
        Err(error) => {
            match error {
                LockError::Pooler => release_misplaced(options, key, timeout).await,
                LockError::Unavailable(_) => unlock(&mut lock.connection, key, timeout).await,
            }
            Err(error)
        }
    }
}

/// With a time limit: that of the driver and of the system is too long.
async fn within<T>(timeout: Duration, call: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, LockError> {
    match tokio::time::timeout(timeout, call).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(LockError::Unavailable(format!("no answer within {} s", timeout.as_secs_f32()))),
    }
}

/// Connects with keepalive parameters, or without if a pooler refuses start-up parameters.
async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    match PgConnection::connect_with(&options.clone().options(KEEPALIVE)).await {
        // 08P01, protocol_violation: PgBouncer's answer to a parameter that it does not know.
        Err(sqlx::Error::Database(e)) if e.code().is_some_and(|code| code == "08P01") => {
            PgConnection::connect_with(&options.clone().extra_float_digits(None)).await
        }
        other => other,
    }
}

/// The first value of the first row.
async fn one<T>(connection: &mut PgConnection, statement: String) -> Result<T, sqlx::Error>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    // Safe: the only parts that vary are numbers.
    let row: PgRow = sqlx::raw_sql(AssertSqlSafe(statement)).fetch_one(connection).await?;
    row.try_get(0)
}

async fn try_lock(connection: &mut PgConnection, key: i64, timeout: Duration) -> Result<bool, LockError> {
    within(timeout, one(connection, format!("select pg_try_advisory_lock({key})"))).await
}

/// Waits in the server's queue for the lock, so that a hand-over costs only a round trip. Several statements in one
/// message are one transaction, and the local time limit ends with it.
async fn wait_for_lock(
    connection: &mut PgConnection,
    key: i64,
    wait: Duration,
    timeout: Duration,
) -> Result<bool, LockError> {
    let wait_ms = wait.as_millis().max(1);
    let statement = format!("set local lock_timeout = {wait_ms}; select pg_advisory_lock({key})");
    let call = sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection);
    match tokio::time::timeout(wait + timeout, call).await {
        Ok(Ok(_)) => Ok(true),
        // 55P03 lock_not_available: the wait is over. 57014 query_canceled: the server's own limit for a statement was
        // shorter.
        Ok(Err(sqlx::Error::Database(e))) if e.code().is_some_and(|code| code == "55P03" || code == "57014") => {
            Ok(false)
        }
        Ok(Err(e)) => Err(e.into()),
        Err(_) => Err(LockError::Unavailable("no answer in time".to_owned())),
    }
}

/// Checks that other connections do not get the lock while the first has it. A pooler may give the first few another
/// session than the one with the lock, so each is kept by an open transaction while the next one tries.
async fn self_test(options: &PgConnectOptions, key: i64, timeout: Duration) -> Result<(), LockError> {
    let mut others = vec![within(timeout, connect(options)).await?];
    loop {
        let last = others.len() - 1;
        let statement = format!("begin; select pg_try_advisory_lock({key})");
        if within(timeout, one::<bool>(&mut others[last], statement)).await? {
            unlock(&mut others[last], key, timeout).await;
            return Err(LockError::Pooler);
        }
        if others.len() == SELF_TEST_CONNECTIONS {
            return Ok(());
        }
        // A server may have no more connections to give.
        let Ok(next) = within(timeout, connect(options)).await else { return Ok(()) };
        others.push(next);
    }
}

/// Releases a lock that stayed on one of a pooler's connections; otherwise every process would wait for it. An open
/// transaction keeps each searched connection, so that the pooler gives another one next.
async fn release_misplaced(options: &PgConnectOptions, key: i64, timeout: Duration) {
    let mut kept = Vec::new();
    while kept.len() < POOLER_CONNECTIONS {
        let Ok(mut connection) = within(timeout, connect(options)).await else { break };
        let mut statement = format!("begin; select pg_advisory_unlock({key})");
        let mut was_here = false;
        // A session may have taken the lock more than once.
        while let Ok(true) = within(timeout, one::<bool>(&mut connection, statement)).await {
            was_here = true;
            statement = format!("select pg_advisory_unlock({key})");
        }
        if was_here {
            return;
        }
        kept.push(connection);
    }
    tracing::warn!("polling lock: a connection of the pooler has kept the lock until the pooler closes it");
}

/// Releases the lock. If that fails, the end of the connection releases it.
async fn unlock(connection: &mut PgConnection, key: i64, timeout: Duration) {
    let call = one::<bool>(connection, format!("select pg_advisory_unlock({key})"));
    match tokio::time::timeout(timeout, call).await {
        Ok(Ok(true)) => {}
        Ok(Ok(false)) => tracing::warn!("polling lock: the connection did not have the lock"),
        Ok(Err(e)) => tracing::warn!("polling lock: {}", text_of(&e)),
        Err(_) => tracing::warn!("polling lock: no answer in time"),
    }
}

impl SessionLock {
    /// Checks that the lock excludes other connections and stays on this one.
    async fn self_check(&mut self) -> Result<(), LockError> {
        let (key, timeout) = (self.key, self.timeout);
        if let Err(error) = self_test(&self.options, key, timeout).await {
            if matches!(error, LockError::Pooler) {
                // If the first connection has failed, its lock was released, and there need not be a pooler.
                within(timeout, one::<i32>(&mut self.connection, "select 1".to_owned())).await?;
            }
            return Err(error);
        }
        self.pid = within(timeout, one::<i32>(&mut self.connection, "select pg_backend_pid()".to_owned())).await?;
        // A session that is not shared still has the lock.
        if within(timeout, self.is_granted()).await? { Ok(()) } else { Err(LockError::Pooler) }
    }

    /// Whether the server says that this connection has the lock. The key of 64 bits is in two columns of 32.
    async fn is_granted(&mut self) -> Result<bool, sqlx::Error> {
        let (high, low, pid) = (self.key >> 32, self.key & 0xffff_ffff, self.pid);
        let statement = format!(
            "select exists (select 1 from pg_locks where locktype = 'advisory' and granted and pid = {pid}
             and pid = pg_backend_pid() and classid = {high} and objid = {low} and objsubid = 1
             and database = (select oid from pg_database where datname = current_database()))"
        );
        one(&mut self.connection, statement).await
    }
}

#[async_trait]
impl HeldLock for SessionLock {
    async fn check(&mut self) -> Result<(), String> {
        match self.is_granted().await {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.is_misplaced = true;
                Err("the connection does not have the lock any more".to_owned())
            }
            Err(e) => Err(text_of(&e)),
        }
    }

    async fn abandon(self) {
        if self.is_misplaced {
            release_misplaced(&self.options, self.key, self.timeout).await;
        }
    }

    async fn release(mut self) {
        match one::<bool>(&mut self.connection, format!("select pg_advisory_unlock({})", self.key)).await {
            Ok(true) => {}
            Ok(false) => tracing::warn!("polling lock: the connection did not have the lock"),
            Err(e) => tracing::warn!("polling lock: {}", text_of(&e)),
        }
        let _ = self.connection.close().await;
    }
}
