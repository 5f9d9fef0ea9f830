//! What each SQL database must provide for [`SqlStore`](super::sql::SqlStore): reads, and statements in one
//! transaction.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value;
use sqlx::postgres::PgRow;
use sqlx::query::Query;
use sqlx::sqlite::SqliteRow;
use sqlx::types::Json;
use sqlx::{Database, Decode, Encode, Executor, IntoArguments, Postgres, Row as _, Sqlite, Type};

use super::dialect::DialectSql;
use super::{Budgets, Event, Subscription};
use crate::store_error::StoreError;

/// A database.
#[async_trait]
pub(super) trait Engine: fmt::Debug + Send + Sync {
    /// The statements in the database's own dialect.
    fn sql(&self) -> &'static DialectSql;

    /// How many milliseconds the database's clock is ahead of this process's. Times that several processes compare
    /// (leases, due times, pauses) are stored on the database's clock.
    fn clock_offset(&self) -> i64;

    /// Runs one statement that changes nothing, and returns its rows.
    async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError>;

    /// Runs one write that changes nothing; where there are several writers, without waiting for one that is busy.
    async fn ping(&self, statement: Statement) -> Result<(), StoreError> {
        self.write(vec![statement]).await.map(drop)
    }

    /// Runs the statements as one transaction, to its end even if the caller stops waiting.
    async fn write(&self, statements: Vec<Statement>) -> Result<WriteResult, StoreError>;

    /// Notifies subscribers of a change. [`Event::Updates`] is of interest to other processes only.
    fn notify(&self, event: Event);

    /// Notifies of changes from now on.
    fn subscribe(&self) -> Subscription;

    /// The budgets that all processes share, if there are any.
    fn budgets(&self) -> Option<Arc<dyn Budgets>> {
        None
    }

    /// Closes every connection.
    async fn close(&self);
}

/// What became of a transaction.
#[derive(Debug)]
pub(super) enum WriteResult {
    /// Committed; the rows of each statement.
    Committed(Vec<Vec<Row>>),
    /// Rolled back: the required statement at this position returned no row.
    Refused(usize),
}

/// One SQL statement with its parameters.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) sql: &'static str,
    pub(super) params: Vec<Param>,
    /// See [`Statement::required`].
    pub(super) is_required: bool,
}

impl Statement {
    pub(super) fn new(sql: &'static str, params: Vec<Param>) -> Self {
        Self { sql, params, is_required: false }
    }

    /// The transaction is rolled back when the statement returns no row.
    pub(super) fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// The statement with its parameters bound, for one kind of database.
    pub(super) fn query<'q, DB>(self) -> Query<'q, DB, <DB as Database>::Arguments>
    where
        DB: Database,
        Option<i64>: Encode<'q, DB> + Type<DB>,
        Option<String>: Encode<'q, DB> + Type<DB>,
        Option<Json<Value>>: Encode<'q, DB> + Type<DB>,
        bool: Encode<'q, DB> + Type<DB>,
    {
        self.params.into_iter().fold(sqlx::query(self.sql), |query, param| match param {
            Param::Integer(v) => query.bind(v),
            Param::Text(v) => query.bind(v),
            Param::Json(v) => query.bind(v.map(Json)),
            Param::Flag(v) => query.bind(v),
        })
    }
}

/// Runs the statements of one transaction on a connection. The caller commits or rolls back.
pub(super) async fn run<DB>(
    connection: &mut DB::Connection,
    statements: Vec<Statement>,
    row: fn(DB::Row) -> Row,
) -> Result<WriteResult, sqlx::Error>
where
    DB: Database,
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    Option<i64>: for<'q> Encode<'q, DB> + Type<DB>,
    Option<String>: for<'q> Encode<'q, DB> + Type<DB>,
    Option<Json<Value>>: for<'q> Encode<'q, DB> + Type<DB>,
    bool: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut all = Vec::with_capacity(statements.len());
    for (position, statement) in statements.into_iter().enumerate() {
        let is_required = statement.is_required;
        let rows = statement.query::<DB>().fetch_all(&mut *connection).await?;
        if is_required && rows.is_empty() {
            return Ok(WriteResult::Refused(position));
        }
        all.push(rows.into_iter().map(row).collect());
    }
    Ok(WriteResult::Committed(all))
}

/// A parameter of a statement. PostgreSQL needs the type of a null too.
#[derive(Debug)]
pub(super) enum Param {
    Integer(Option<i64>),
    Text(Option<String>),
    Json(Option<Value>),
    Flag(bool),
}

impl Param {
    /// A value as JSON. PostgreSQL's JSONB cannot hold U+0000, so it becomes U+FFFD in both databases: one such
    /// character in an update must not stop the inbox.
    pub(super) fn json(value: &impl Serialize) -> Result<Self, StoreError> {
        let mut value = serde_json::to_value(value).map_err(|e| StoreError::Statement(e.to_string()))?;
        replace_nul(&mut value);
        Ok(Self::Json(Some(value)))
    }

    /// As [`Param::json`], for a value that may be missing.
    pub(super) fn maybe_json(value: Option<&impl Serialize>) -> Result<Self, StoreError> {
        value.map_or(Ok(Self::Json(None)), Self::json)
    }
}

impl From<i64> for Param {
    fn from(v: i64) -> Self {
        Self::Integer(Some(v))
    }
}

impl From<Option<i64>> for Param {
    fn from(v: Option<i64>) -> Self {
        Self::Integer(v)
    }
}

impl From<&str> for Param {
    fn from(v: &str) -> Self {
        Self::Text(Some(v.to_owned()))
    }
}

impl From<Option<&str>> for Param {
    fn from(v: Option<&str>) -> Self {
        Self::Text(v.map(str::to_owned))
    }
}

impl From<bool> for Param {
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
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Row")
    }
}

/// A type that a column of every database can have.
pub(super) trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl<T> Column for T where T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> {}

impl Row {
    /// A column by name.
    pub(super) fn column<T: Column>(&self, name: &str) -> Result<T, sqlx::Error> {
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
        let Ok(Param::Json(Some(value))) = Param::json(&json!({"a\0": ["x\0y", {"b": "\0"}], "n": 1})) else {
            panic!("not JSON");
        };
        assert_eq!(value, json!({"a\u{fffd}": ["x\u{fffd}y", {"b": "\u{fffd}"}], "n": 1}));
    }
}
