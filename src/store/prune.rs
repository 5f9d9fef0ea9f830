//! The end of what was kept long enough, in batches.

use super::dialect::{Dialect, in_states};
use super::engine::{Param, Statement};
use super::sql::SqlStore;
use crate::clock::Timestamp;
use crate::job::{JobId, JobState};
use crate::store_error::StoreError;

/// Most rows, or jobs, of one transaction that deletes what is old. A constant of the statements: for a number that may be
/// any, PostgreSQL plans as for a tenth of the table.
pub const PRUNE_BATCH: u64 = 500;

/// What is not kept for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Prunable {
    /// Updates that were handled: their numbers, and of the few that took several attempts the chats and texts.
    Updates,
    /// Drafts that nobody has changed.
    Drafts,
    /// Tasks that webhooks have named, of settled jobs.
    Webhooks,
    /// What the vendor said about settled jobs.
    Replies,
    /// Inputs, results and files of settled jobs. A row of ids, state and price stays, and so does the ledger.
    Jobs,
}

impl Prunable {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Updates, Self::Drafts, Self::Webhooks, Self::Replies, Self::Jobs];
}

/// The states of jobs of which nothing is owed or disputed, once their person has been told and their hold is closed.
pub(super) const fn is_settled(state: JobState) -> bool {
    match state {
        JobState::Delivered | JobState::Failed | JobState::Cancelled => true,
        JobState::Held
        | JobState::Submitting
        | JobState::Running
        | JobState::Ready
        | JobState::Delivering
        | JobState::Unknown
        | JobState::Unreadable
        | JobState::Undeliverable => false,
    }
}

/// The condition for nobody to wait for word of a job, and for what was held for it to be spent or given back. A sum, since
/// PostgreSQL may look for a row that does not exist in the whole ledger.
pub(super) const CLOSED: &str = "jobs.due_at IS NULL AND COALESCE((
        SELECT SUM(CASE kind WHEN 'hold' THEN 1 WHEN 'capture' THEN -1 WHEN 'release' THEN -1 ELSE 0 END)
        FROM ledger WHERE ledger.job = jobs.id), 0) <= 0";

/// The condition for a job to be in a settled state. Written as in its partial index, which SQLite requires.
pub(super) fn in_settled_state() -> String {
    in_states(&JobState::ALL.into_iter().filter(|state| is_settled(*state)).collect::<Vec<_>>())
}

/// The statements of [`Prunable`]; in each, $1 is the time unless its comment says otherwise. Rows that another transaction
/// has locked are passed over, so these wait for nobody.
#[derive(Debug)]
pub(super) struct PruneSql {
    updates: String,
    drafts: String,
    webhooks: String,
    replies: String,
    settled_jobs: String,
    /// $1 ids of jobs, $2 the time before which they were settled, $3 the present.
    strip: String,
    /// $1 ids of jobs, of which the stripped ones lose what was kept beside them.
    pub(super) strip_files: String,
    pub(super) strip_webhooks: String,
    pub(super) strip_replies: String,
}

impl PruneSql {
    pub(super) fn new(dialect: &Dialect) -> Self {
        let skip_locked = dialect.skip_locked;
        let settled = format!("{} AND {CLOSED}", in_settled_state());
        let ids = dialect.texts("$1");
        let of_settled = |table: &str, key: &str| {
            format!(
                "DELETE FROM {table} WHERE (job, {key}) IN (
                    SELECT job, {key} FROM {table}
                    WHERE received_at < $1 AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = {table}.job AND {settled})
                    ORDER BY received_at LIMIT {PRUNE_BATCH}{skip_locked})
                RETURNING job"
            )
        };
        let of_stripped = |table: &str| {
            format!(
                "DELETE FROM {table} WHERE job IN (
                    SELECT id FROM jobs WHERE stripped_at IS NOT NULL AND id IN ({ids}))"
            )
        };
        Self {
            updates: format!(
                "DELETE FROM updates WHERE id IN (
                    SELECT id FROM updates WHERE closed_at < $1 ORDER BY closed_at LIMIT {PRUNE_BATCH}{skip_locked})
                RETURNING id"
            ),
            drafts: format!(
                "DELETE FROM person_drafts WHERE (chat_id, topic, user_id) IN (
                    SELECT chat_id, topic, user_id FROM person_drafts
                    WHERE updated_at < $1 ORDER BY updated_at LIMIT {PRUNE_BATCH}{skip_locked})
                RETURNING chat_id"
            ),
            webhooks: of_settled("callbacks", "task"),
            replies: of_settled("replies", "source"),
            settled_jobs: format!(
                "SELECT id FROM jobs WHERE stripped_at IS NULL AND {settled} AND updated_at < $1
                ORDER BY updated_at LIMIT {PRUNE_BATCH}"
            ),
            strip: format!(
                "UPDATE jobs SET input = '{{}}', attachments = '[]', output = NULL, failure = NULL, stripped_at = $3
                WHERE stripped_at IS NULL AND {settled} AND updated_at < $2 AND id IN (
                    SELECT id FROM jobs WHERE id IN ({ids}) ORDER BY id{skip_locked})
                RETURNING id"
            ),
            strip_files: of_stripped("files"),
            strip_webhooks: of_stripped("callbacks"),
            strip_replies: of_stripped("replies"),
        }
    }

    /// Every statement, by name.
    pub(super) fn all(&self) -> [(&'static str, &str); 9] {
        let Self {
            updates,
            drafts,
            webhooks,
            replies,
            settled_jobs,
            strip,
            strip_files,
            strip_webhooks,
            strip_replies,
        } = self;
        [
            ("prune updates", updates),
            ("prune drafts", drafts),
            ("prune webhooks", webhooks),
            ("prune replies", replies),
            ("settled_jobs", settled_jobs),
            ("strip", strip),
            ("strip_files", strip_files),
            ("strip_webhooks", strip_webhooks),
            ("strip_replies", strip_replies),
        ]
    }
}

/// The ids of jobs as a parameter.
pub(super) fn ids(jobs: &[JobId]) -> Result<Param, StoreError> {
    Param::json(&jobs)
}

impl SqlStore {
    /// As [`Store::prune`](super::Store::prune).
    pub(super) async fn prune_batch(
        &self,
        what: Prunable,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let sql = &self.engine().sql().prune;
        let delete = match what {
            Prunable::Updates => &sql.updates,
            Prunable::Drafts => &sql.drafts,
            Prunable::Webhooks => &sql.webhooks,
            Prunable::Replies => &sql.replies,
            Prunable::Jobs => return self.strip_batch(before, now).await,
        };
        let deleted = self.run(vec![Statement::new(delete, vec![before.millis().into()])]).await?;
        Ok(deleted.iter().map(|rows| rows.len() as u64).sum())
    }

    async fn strip_batch(&self, before: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        let sql = &self.engine().sql().prune;
        let settled = Statement::new(&sql.settled_jobs, vec![before.millis().into()]);
        let jobs = self.all(settled, super::row::job_id).await?;
        if jobs.is_empty() {
            return Ok(0);
        }
        // A job may have been stripped or erased since: the statement looks again.
        let params = vec![ids(&jobs)?, before.millis().into(), now.millis().into()];
        let mut statements = vec![Statement::new(&sql.strip, params)];
        statements.extend(self.strip_beside(&jobs)?);
        let all = self.run(statements).await?;
        Ok(all.first().map_or(0, |rows| rows.len() as u64))
    }

    /// Deletes what is kept beside those of these jobs that are stripped.
    pub(super) fn strip_beside(&self, jobs: &[JobId]) -> Result<Vec<Statement>, StoreError> {
        let sql = &self.engine().sql().prune;
        let tables = [&sql.strip_files, &sql.strip_webhooks, &sql.strip_replies];
        tables.into_iter().map(|sql| Ok(Statement::new(sql, vec![ids(jobs)?]))).collect()
    }
}
