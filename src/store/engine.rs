//! What one database must be able to do for [`Sql`](super::sql::Sql): read, and run statements as one transaction.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::query::Query;
use sqlx::sqlite::SqliteRow;
use sqlx::types::Json;
use sqlx::{Database, Decode, Encode, Postgres, Row, Sqlite, Type};

use super::inbox::Statements;
use super::statement::QueueSql;
use super::{Budgets, Event, JobQueue, Subscription};
use crate::store_error::StoreError;

/// A database.
#[async_trait]
pub(super) trait Engine: fmt::Debug + Send + Sync {
    /// The statements of a lane of jobs.
    fn queue_sql(&self, queue: JobQueue) -> &'static QueueSql;

    /// By how many milliseconds the database's clock is ahead of this process's. What several processes judge by time (leases,
    /// pauses, who lives) is written and compared on the database's; 0 where one process is alone.
    fn ahead(&self) -> i64 {
        0
    }

    /// The statements of the inbox.
    fn inbox(&self) -> &'static Statements;

    /// Rows of one statement that changes nothing.
    async fn read(&self, step: Step) -> Result<Vec<Record>, StoreError>;

    /// As [`Engine::read`], beside everything else that is going on.
    async fn ping(&self, step: Step) -> Result<(), StoreError> {
        self.read(step).await.map(drop)
    }

    /// Runs the steps as one transaction and gives the rows of each. When a needed step gives no row, nothing is changed
    /// and the step's position is the answer. Goes on to its end when the caller stops waiting.
    async fn write(&self, steps: Vec<Step>) -> Result<Written, StoreError>;

    /// Tells everybody who listens that something has changed. That there are updates is news for other instances alone.
    fn notify(&self, event: Event);

    /// Hears of changes from now on.
    fn subscribe(&self) -> Subscription;

    /// The shared count of requests, where there is one.
    fn budgets(&self) -> Option<Arc<dyn Budgets>> {
        None
    }

    /// Ends every connection.
    async fn close(&self);
}

/// What became of a transaction.
#[derive(Debug)]
pub(super) enum Written {
    /// It is done; rows by step.
    Done(Vec<Vec<Record>>),
    /// Nothing was changed: this step gave no row.
    Refused(usize),
}

/// One statement.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) sql: &'static str,
    pub(super) args: Vec<Arg>,
    pub(super) needed: bool,
}

impl Step {
    pub(super) fn new(sql: &'static str, args: Vec<Arg>) -> Self {
        Self { sql, args, needed: false }
    }

    /// The transaction is refused when the statement gives no row.
    pub(super) fn needed(self) -> Self {
        Self { needed: true, ..self }
    }

    /// The statement with its arguments, for one of the databases.
    pub(super) fn query<'q, DB>(self) -> Query<'q, DB, <DB as Database>::Arguments>
    where
        DB: Database,
        Option<i64>: Encode<'q, DB> + Type<DB>,
        Option<String>: Encode<'q, DB> + Type<DB>,
        Option<Json<Value>>: Encode<'q, DB> + Type<DB>,
        bool: Encode<'q, DB> + Type<DB>,
    {
        self.args.into_iter().fold(sqlx::query(self.sql), |query, arg| match arg {
            Arg::Integer(v) => query.bind(v),
            Arg::Text(v) => query.bind(v),
            Arg::Json(v) => query.bind(v.map(Json)),
            Arg::Flag(v) => query.bind(v),
        })
    }
}

/// An argument of a statement. PostgreSQL wants to know the type of a null too.
#[derive(Debug)]
pub(super) enum Arg {
    Integer(Option<i64>),
    Text(Option<String>),
    Json(Option<Value>),
    Flag(bool),
}

impl Arg {
    /// A value as JSON. PostgreSQL's JSONB has no place for U+0000, so it becomes U+FFFD in both databases: one such
    /// character in an update must not stop the inbox.
    pub(super) fn json(value: &impl Serialize) -> Result<Self, StoreError> {
        let mut value = serde_json::to_value(value).map_err(|e| StoreError::Statement(e.to_string()))?;
        replace_nul(&mut value);
        Ok(Self::Json(Some(value)))
    }

    /// As [`Arg::json`], for a value that may be absent.
    pub(super) fn maybe_json(value: Option<&impl Serialize>) -> Result<Self, StoreError> {
        value.map_or(Ok(Self::Json(None)), Self::json)
    }
}

impl From<i64> for Arg {
    fn from(v: i64) -> Self {
        Self::Integer(Some(v))
    }
}

impl From<Option<i64>> for Arg {
    fn from(v: Option<i64>) -> Self {
        Self::Integer(v)
    }
}

impl From<&str> for Arg {
    fn from(v: &str) -> Self {
        Self::Text(Some(v.to_owned()))
    }
}

impl From<Option<&str>> for Arg {
    fn from(v: Option<&str>) -> Self {
        Self::Text(v.map(str::to_owned))
    }
}

impl From<bool> for Arg {
    fn from(v: bool) -> Self {
        Self::Flag(v)
    }
}

fn replace_nul(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(items) => items.iter_mut().for_each(replace_nul),
        Value::Object(map) => {
            if map.keys().any(|k| k.contains('\0')) {
                *map = std::mem::take(map).into_iter().map(|(k, v)| (k.replace('\0', "\u{fffd}"), v)).collect();
            }
            map.values_mut().for_each(replace_nul);
        }
        _ => {}
    }
}

/// A row of either database.
pub(super) enum Record {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Record")
    }
}

impl Record {
    /// A column by name.
    pub(super) fn column<T>(&self, name: &str) -> Result<T, sqlx::Error>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(name),
            Self::Postgres(row) => row.try_get(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nul_is_replaced_everywhere() {
        let Ok(Arg::Json(Some(value))) = Arg::json(&json!({"a\0": ["x\0y", {"b": "\0"}], "n": 1})) else {
            panic!("not JSON");
        };
        assert_eq!(value, json!({"a\u{fffd}": ["x\u{fffd}y", {"b": "\u{fffd}"}], "n": 1}));
    }
}
