//! The session advisory lock of a PostgreSQL server, on a connection of its own.
//!
//! Statements go by the simple protocol: they need no prepared statement, which a pooler would mix up before the
//! self-test could tell that it is there.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection, Row};

use super::term::HeldLock;
use super::{Leader, LeaderError, Lease, Obstacle, Standing};

/// The server finds a dead client in about 25 seconds and frees its lock.
const KEEPALIVE: [(&str, &str); 4] = [
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
];

/// So many connections of a pooler are searched for a lock that one of them has kept.
const STRAYS: usize = 20;

struct Held {
    connection: PgConnection,
    key: i64,
    pid: i32,
    options: PgConnectOptions,
    timeout: Duration,
    /// The server no longer has it on our connection, and that lives: a pooler has it on another one.
    astray: bool,
}

/// Why a try did not win.
enum Defeat {
    Down(String),
    Pooler,
}

impl From<sqlx::Error> for Defeat {
    fn from(error: sqlx::Error) -> Self {
        Self::Down(words(&error))
    }
}

/// The server's or the system's words. The driver puts neither a password nor a token into them.
fn words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(e) => e.message().to_owned(),
        sqlx::Error::Io(e) => e.to_string(),
        other => other.to_string(),
    }
}

pub(super) async fn campaign(leader: &Leader, options: &PgConnectOptions, key: i64) -> Result<Lease, LeaderError> {
    loop {
        let defeat = match candidate(leader, options, key).await {
            Ok(held) => {
                let timing = &leader.timing;
                return Ok(Lease::begin(held, leader.board.clone(), timing.heartbeat, timing.timeout));
            }
            Err(defeat) => defeat,
        };
        let why = match defeat {
            Defeat::Pooler => return Err(LeaderError::Pooler),
            Defeat::Down(why) => Obstacle::DatabaseDown(why),
        };
        leader.board.post(Standing::Campaigning { why });
        tokio::time::sleep(leader.pause()).await;
    }
}

/// Goes on until the lock is ours or the connection fails. Dropping it drops the connection, and with it the lock.
async fn candidate(leader: &Leader, options: &PgConnectOptions, key: i64) -> Result<Held, Defeat> {
    let timeout = leader.timing.timeout;
    let mut connection = within(timeout, connect(options)).await?;
    let was_free = try_lock(&mut connection, key, timeout).await?;
    if !was_free {
        loop {
            leader.board.post(Standing::Campaigning { why: Obstacle::HeldByAnother });
            if wait_for_lock(&mut connection, key, leader.pause(), timeout).await? {
                break;
            }
        }
    }
    let mut held = Held { connection, key, pid: 0, options: options.clone(), timeout, astray: false };
    match held.prove().await {
        Ok(()) if was_free => {
            // It may have been another's until a moment ago: the server has ended its session, and it has yet to look.
            tokio::time::sleep(leader.timing.heartbeat.min(timeout)).await;
            held.check().await.map_err(Defeat::Down)?;
            Ok(held)
        }
        Ok(()) => Ok(held),
        Err(defeat) => {
            match defeat {
                Defeat::Pooler => free(options, key, timeout).await,
                Defeat::Down(_) => unlock(&mut held.connection, key, timeout).await,
            }
            Err(defeat)
        }
    }
}

/// With an end to the wait: neither the driver nor the system has a short one.
async fn within<T>(timeout: Duration, call: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, Defeat> {
    match tokio::time::timeout(timeout, call).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(Defeat::Down(format!("no answer within {} s", timeout.as_secs_f32()))),
    }
}

/// Connects with keepalive parameters, or without when something in between refuses start-up parameters.
async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    match PgConnection::connect_with(&options.clone().options(KEEPALIVE)).await {
        // 08P01, protocol_violation: PgBouncer's answer to a parameter that it does not know.
        Err(sqlx::Error::Database(e)) if e.code().is_some_and(|code| code == "08P01") => {
            PgConnection::connect_with(&options.clone().extra_float_digits(None)).await
        }
        other => other,
    }
}

/// One value of one row.
async fn one<T>(connection: &mut PgConnection, statement: String) -> Result<T, sqlx::Error>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    // Safe: no statement here holds anything but numbers.
    let row: PgRow = sqlx::raw_sql(AssertSqlSafe(statement)).fetch_one(connection).await?;
    row.try_get(0)
}

async fn try_lock(connection: &mut PgConnection, key: i64, timeout: Duration) -> Result<bool, Defeat> {
    within(timeout, one(connection, format!("select pg_try_advisory_lock({key})"))).await
}

/// Stands in the server's queue for the lock, so that a hand-over takes no longer than the way there. Several
/// statements in one message are one transaction, so the limit is gone with it.
async fn wait_for_lock(
    connection: &mut PgConnection,
    key: i64,
    wait: Duration,
    timeout: Duration,
) -> Result<bool, Defeat> {
    let wait_ms = wait.as_millis().max(1);
    let statement = format!("set local lock_timeout = {wait_ms}; select pg_advisory_lock({key})");
    let call = sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection);
    match tokio::time::timeout(wait + timeout, call).await {
        Ok(Ok(_)) => Ok(true),
        // lock_not_available: the wait is over. query_canceled: the server's own limit for a statement was shorter.
        Ok(Err(sqlx::Error::Database(e))) if e.code().is_some_and(|code| code == "55P03" || code == "57014") => {
            Ok(false)
        }
        Ok(Err(e)) => Err(e.into()),
        Err(_) => Err(Defeat::Down("no answer in time".to_owned())),
    }
}

/// A second connection must not get the lock while the first has it.
async fn self_test(options: &PgConnectOptions, key: i64, timeout: Duration) -> Result<(), Defeat> {
    let mut second = within(timeout, connect(options)).await?;
    let got_it = try_lock(&mut second, key, timeout).await?;
    if got_it {
        unlock(&mut second, key, timeout).await;
    }
    let _ = tokio::time::timeout(timeout, second.close()).await;
    if got_it { Err(Defeat::Pooler) } else { Ok(()) }
}

/// Frees a lock that stayed with one of a pooler's connections, where nobody would find it again and every instance
/// would wait for it. Each open transaction keeps one of them, so that the next one comes to another.
async fn free(options: &PgConnectOptions, key: i64, timeout: Duration) {
    let mut kept = Vec::new();
    while kept.len() < STRAYS {
        let Ok(mut connection) = within(timeout, connect(options)).await else { break };
        let mut statement = format!("begin; select pg_advisory_unlock({key})");
        let mut was_here = false;
        // A session may have it more than once.
        while let Ok(true) = within(timeout, one::<bool>(&mut connection, statement)).await {
            was_here = true;
            statement = format!("select pg_advisory_unlock({key})");
        }
        if was_here {
            return;
        }
        kept.push(connection);
    }
    tracing::warn!("polling lock: a connection of the pooler has kept it; it is free when the pooler ends that one");
}

/// Frees the lock as well as it can be: a connection that fails here frees it by its end.
async fn unlock(connection: &mut PgConnection, key: i64, timeout: Duration) {
    let call = one::<bool>(connection, format!("select pg_advisory_unlock({key})"));
    match tokio::time::timeout(timeout, call).await {
        Ok(Ok(true)) => {}
        Ok(Ok(false)) => tracing::warn!("polling lock: the connection did not hold it"),
        Ok(Err(e)) => tracing::warn!("polling lock: {}", words(&e)),
        Err(_) => tracing::warn!("polling lock: no answer in time"),
    }
}

impl Held {
    /// Sees that the lock keeps others out and stays where it was taken.
    async fn prove(&mut self) -> Result<(), Defeat> {
        let (key, timeout) = (self.key, self.timeout);
        if let Err(defeat) = self_test(&self.options, key, timeout).await {
            if matches!(defeat, Defeat::Pooler) {
                // A lock that went with its connection is free for everybody, and that says nothing of a pooler.
                within(timeout, one::<i32>(&mut self.connection, "select 1".to_owned())).await?;
            }
            return Err(defeat);
        }
        self.pid = within(timeout, one::<i32>(&mut self.connection, "select pg_backend_pid()".to_owned())).await?;
        // A session that is ours alone has what it took.
        if within(timeout, self.look()).await? { Ok(()) } else { Err(Defeat::Pooler) }
    }

    /// Whether the server says that this connection holds the lock. A key of 64 bits stands in two columns of 32.
    async fn look(&mut self) -> Result<bool, sqlx::Error> {
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
impl HeldLock for Held {
    async fn check(&mut self) -> Result<(), String> {
        match self.look().await {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.astray = true;
                Err("the server does not have it any more".to_owned())
            }
            Err(e) => Err(words(&e)),
        }
    }

    async fn abandon(self) {
        if self.astray {
            free(&self.options, self.key, self.timeout).await;
        }
    }

    async fn release(mut self) {
        match one::<bool>(&mut self.connection, format!("select pg_advisory_unlock({})", self.key)).await {
            Ok(true) => {}
            Ok(false) => tracing::warn!("polling lock: the connection did not hold it"),
            Err(e) => tracing::warn!("polling lock: {}", words(&e)),
        }
        let _ = self.connection.close().await;
    }
}
