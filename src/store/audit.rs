//! What admins did, row by row. A row is written in the transaction of the act, and never changes.

use async_trait::async_trait;

use super::engine::{Row, Statement};
use super::row::RowReader;
use super::sql::SqlStore;
use super::statement::statements;
use crate::audit::{AuditAction, AuditEntry};
use crate::store_error::StoreError;

statements! {
/// $1 the time, $2 who, $3 what, $4 about whom, $5 about what, $6 and $7 what was before and is after.
const ADD_AUDIT = "INSERT INTO audit (acted_at, actor, action, about, subject, old_value, new_value)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// $1 before which row, $2 the most rows.
const AUDIT = "SELECT id, acted_at, actor, action, about, subject, old_value, new_value FROM audit
    WHERE id < $1 ORDER BY id DESC LIMIT $2";
/// $1 before which row, $2 the most rows, $3 about whom.
const AUDIT_ABOUT = "SELECT id, acted_at, actor, action, about, subject, old_value, new_value FROM audit
    WHERE about = $3 AND id < $1 ORDER BY id DESC LIMIT $2";
}

/// Reads and writes what admins did.
#[async_trait]
pub trait AuditStore: std::fmt::Debug + Send + Sync {
    /// Adds an act that changes nothing else in the database.
    async fn add_audit(&self, entry: &AuditEntry) -> Result<(), StoreError>;
    /// The acts, newest first, at most `limit`; with `about`, those about one person or chat; with `before`, those before
    /// that one. An act of a kind that this version does not know is left out.
    async fn audit(
        &self,
        about: Option<i64>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, AuditEntry)>, StoreError>;
}

/// The statement that adds an act to the transaction that does it.
pub(super) fn add(entry: &AuditEntry) -> Statement {
    let AuditEntry { at, actor, action, about, subject, before, after } = entry;
    let params = vec![
        at.millis().into(),
        actor.to_string().as_str().into(),
        action.as_str().into(),
        (*about).into(),
        subject.as_deref().into(),
        before.as_deref().into(),
        after.as_deref().into(),
    ];
    Statement::new(ADD_AUDIT, params)
}

#[async_trait]
impl AuditStore for SqlStore {
    async fn add_audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.run(vec![add(entry)]).await.map(drop)
    }

    async fn audit(
        &self,
        about: Option<i64>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, AuditEntry)>, StoreError> {
        let mut params = vec![before.unwrap_or(i64::MAX).into(), i64::from(limit).into()];
        let statement = match about {
            Some(id) => {
                params.push(id.into());
                Statement::new(AUDIT_ABOUT, params)
            }
            None => Statement::new(AUDIT, params),
        };
        self.readable(statement, entry).await
    }
}

fn entry(row: &Row) -> Result<(i64, AuditEntry), StoreError> {
    let id: i64 = RowReader::new(row, "audit", "?").get("id")?;
    let f = RowReader::new(row, "audit", id);
    let entry = AuditEntry {
        at: f.time("acted_at")?,
        actor: f.word("actor", |word| word.parse().ok())?,
        action: f.word("action", AuditAction::from_word)?,
        about: f.get("about")?,
        subject: f.get("subject")?,
        before: f.get("old_value")?,
        after: f.get("new_value")?,
    };
    Ok((id, entry))
}
