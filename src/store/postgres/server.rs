//! A server as errors name it, and what its errors say.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::super::url::redact;
use crate::store_error::StoreError;

/// One database on a server.
pub(super) struct DatabaseServer {
    label: String,
    /// What errors must not contain.
    secrets: Vec<String>,
    /// When the server was last found to be read-only.
    read_only_at: Mutex<Option<Instant>>,
}

impl DatabaseServer {
    pub(super) fn new(label: String, secrets: Vec<String>) -> Self {
        Self { label, secrets, read_only_at: Mutex::default() }
    }

    pub(super) fn label(&self) -> &str {
        &self.label
    }

    /// The server is read-only. A connection may lead to a server that has handed over to another one, and its session
    /// may stay read-only for ever: all of them are replaced.
    pub(super) fn outdate_connections(&self) {
        *self.read_only_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection of this age is from before [`DatabaseServer::outdate_connections`].
    pub(super) fn is_outdated(&self, age: Duration) -> bool {
        let read_only_at = *self.read_only_at.lock().unwrap_or_else(PoisonError::into_inner);
        read_only_at.is_some_and(|at| age >= at.elapsed())
    }

    /// The error of a start.
    pub(super) fn store_error(&self, error: &sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::Database(e) if !e.code().is_some_and(|code| is_temporary(&code)) => {
                StoreError::Statement(redact(e.message(), &self.secrets))
            }
            _ => self.unavailable(error),
        }
    }

    /// The error of a statement after the start.
    pub(super) fn later_error(&self, error: &sqlx::Error) -> StoreError {
        match error.as_database_error().and_then(|e| e.code()) {
            Some(code) if is_away(&code) => self.unavailable(error),
            _ => self.store_error(error),
        }
    }

    /// The error that the database does not answer now.
    pub(super) fn unavailable(&self, error: &sqlx::Error) -> StoreError {
        let (what, why) = match error.as_database_error() {
            Some(e) if e.code().is_some_and(|code| is_away(&code)) => ("used", e.message().to_owned()),
            Some(e) => ("reached", e.message().to_owned()),
            None => ("reached", error.to_string()),
        };
        StoreError::Open(redact(&format!("the database {} cannot be {what}: {why}", self.label), &self.secrets))
    }

    pub(super) fn timed_out(&self, limit: Duration) -> StoreError {
        let (label, seconds) = (&self.label, limit.as_secs_f32());
        StoreError::Open(format!("the database {label} does not answer within {seconds} s"))
    }
}

/// Whether the server answered with one of these codes: 08P01 protocol_violation is PgBouncer's answer to an unknown
/// parameter; 42P05 duplicate_prepared_statement and 26000 invalid_sql_statement_name are caused by a pooler.
pub(super) fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    error.as_database_error().and_then(|e| e.code()).is_some_and(|code| codes.contains(&code.as_ref()))
}

/// read_only_sql_transaction, <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
const READ_ONLY: &str = "25006";

/// Whether the server takes no changes.
pub(super) fn is_read_only(error: &sqlx::Error) -> bool {
    has_code(error, &[READ_ONLY])
}

/// Whether the cause of an error code is temporary: 08 connection exception, 40 transaction rollback (for example a
/// deadlock), 53 insufficient resources, 55P03 lock not available, 57 operator intervention (the server stops, or a
/// time limit ended the statement), 58 system error.
fn is_temporary(code: &str) -> bool {
    code == "55P03" || ["08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
}

/// Whether a database that has worked before is away: it hands over to another server ([`READ_ONLY`]) or is being
/// restored (28 invalid authorization, 3D000 invalid_catalog_name, 42501 insufficient_privilege). At a start the same
/// codes are the operator's mistakes.
fn is_away(code: &str) -> bool {
    [READ_ONLY, "3D000", "42501"].contains(&code) || code.starts_with("28")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_from_before_the_hand_over_are_outdated() {
        let server = DatabaseServer::new("db".to_owned(), Vec::new());
        assert!(!server.is_outdated(Duration::from_secs(9)));
        server.outdate_connections();
        assert!(server.is_outdated(Duration::from_secs(9)));
        assert!(!server.is_outdated(Duration::ZERO));
    }
}
