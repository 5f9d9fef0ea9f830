//! Where the SQL of the databases differs, and the statements that depend on it.

use super::JobQueue;
use super::erasure::ErasureSql;
use super::inbox::InboxSql;
use super::prune::PruneSql;
use super::quota::QuotaSql;
use super::row::CERTAINTIES;
use super::statement::job_columns;
use crate::job::JobState;

/// What a database calls things that others call differently.
#[derive(Debug)]
pub(super) struct Dialect {
    /// The function that unfolds a JSON array into rows with a column `value`, each a JSON value.
    pub(super) unfold: &'static str,
    /// The same, each value as text.
    pub(super) unfold_text: &'static str,
    /// Ends a subquery of rows to be claimed: rows that another transaction is just claiming are passed over.
    pub(super) skip_locked: &'static str,
    /// Ends a query of rows that must not change before the transaction ends.
    pub(super) share_lock: &'static str,
    /// Ends a query of rows that no other transaction may lock before this one ends. `None` where only one transaction
    /// writes at a time.
    pub(super) update_lock: Option<&'static str>,
    /// Waits for all other transactions that have asked for the same number $1, a person's, until this one ends. `None`
    /// where only one transaction writes at a time.
    pub(super) person_lock: Option<&'static str>,
}

impl Dialect {
    /// A query of the texts in a JSON array.
    pub(super) fn texts(&self, param: &str) -> String {
        format!("SELECT CAST(value AS TEXT) FROM {}({param})", self.unfold_text)
    }
}

/// The statements that depend on the dialect.
#[derive(Debug)]
pub(super) struct DialectSql {
    /// In the order of [`JobQueue::ALL`].
    pub(super) queues: [QueueSql; 4],
    /// $1 the most rows.
    pub(super) newer_jobs: String,
    /// $1 the old number of a chat, $2 the new one. The new chat numbers messages anew, so the id of a progress message
    /// would be another message's. A draft name that has a job in both chats is made unique.
    pub(super) move_jobs: String,
    /// $1 the old number of a chat, $2 the new one. A draft that its person has begun in the new chat stays.
    pub(super) move_drafts: String,
    /// $1 when they may be claimed again, $2 the time, $3 the most jobs.
    pub(super) claim_reports: String,
    pub(super) inbox: InboxSql,
    pub(super) prune: PruneSql,
    pub(super) erasure: ErasureSql,
    pub(super) quota: QuotaSql,
}

impl DialectSql {
    pub(super) fn new(dialect: &Dialect) -> Self {
        let update_lock = dialect.update_lock.unwrap_or_default();
        Self {
            queues: JobQueue::ALL.map(|queue| QueueSql::new(dialect, queue)),
            newer_jobs: format!(
                "SELECT {} FROM jobs WHERE NOT ({} AND {}) ORDER BY created_at DESC, id DESC LIMIT $1",
                job_columns!(),
                in_states(&JobState::ALL),
                known_certainty()
            ),
            move_jobs: format!(
                "UPDATE jobs SET chat_id = $2, progress_message = NULL, draft = CASE
                    WHEN EXISTS (SELECT 1 FROM jobs AS there WHERE there.chat_id = $2 AND there.draft = jobs.draft)
                    THEN draft || ' of ' || id ELSE draft END
                WHERE id IN (SELECT id FROM jobs WHERE chat_id = $1 ORDER BY id{update_lock})"
            ),
            move_drafts: format!(
                "UPDATE person_drafts SET chat_id = $2
                WHERE chat_id = $1 AND (topic, user_id) IN (
                    SELECT topic, user_id FROM person_drafts WHERE chat_id = $1 ORDER BY topic, user_id{update_lock})
                AND NOT EXISTS (SELECT 1 FROM person_drafts AS there
                    WHERE there.chat_id = $2 AND there.topic = person_drafts.topic AND there.user_id = person_drafts.user_id)"
            ),
            claim_reports: format!(
                "UPDATE jobs SET report_due = $1 WHERE id IN (
                    SELECT id FROM jobs WHERE report_due <= $2 AND state = 'undeliverable'
                    ORDER BY report_due, id LIMIT $3{})
                RETURNING {}",
                dialect.skip_locked,
                job_columns!()
            ),
            inbox: InboxSql::new(dialect),
            prune: PruneSql::new(dialect),
            erasure: ErasureSql::new(dialect),
            quota: QuotaSql::new(dialect),
        }
    }

    /// Every statement built here, by name.
    pub(super) fn all(&self) -> Vec<(String, &str)> {
        let Self { queues, newer_jobs, move_jobs, move_drafts, claim_reports, inbox, prune, erasure, quota } = self;
        let named = [
            ("newer_jobs", newer_jobs),
            ("move_jobs", move_jobs),
            ("move_drafts", move_drafts),
            ("claim_reports", claim_reports),
        ];
        let mut all: Vec<(String, &str)> = named.map(|(name, sql)| (name.to_owned(), sql.as_str())).into();
        for (QueueSql { claim, next_due }, queue) in queues.iter().zip(JobQueue::ALL) {
            all.push((format!("claim from {queue:?}"), claim));
            all.push((format!("next_due in {queue:?}"), next_due));
        }
        let parts = inbox.all().into_iter().chain(prune.all()).chain(erasure.all()).chain(quota.all());
        all.extend(parts.map(|(name, sql)| (name.to_owned(), sql)));
        all
    }
}

/// The condition for the price of a job to be of a kind that this version knows.
fn known_certainty() -> String {
    let words = CERTAINTIES.map(|(word, _)| format!("'{word}'")).join(", ");
    format!("(quote_certainty IS NULL OR quote_certainty IN ({words}))")
}

/// The condition for a job to be in one of these states.
pub(super) fn in_states(states: &[JobState]) -> String {
    let words: Vec<String> = states.iter().map(|state| format!("'{}'", state.as_str())).collect();
    match words.as_slice() {
        [word] => format!("state = {word}"),
        words => format!("state IN ({})", words.join(", ")),
    }
}

/// The condition for a job to be in a queue. A state that this version does not know is in none. Written as in the partial
/// index of the queue, which SQLite requires.
fn condition(queue: JobQueue) -> String {
    let is_in = |state: &JobState| JobQueue::of(*state) == Some(queue);
    in_states(&JobState::ALL.into_iter().filter(is_in).collect::<Vec<_>>())
}

/// The queues that have an index of their own; together they are [`JobQueue::All`].
const INDEXED: [JobQueue; 3] = [JobQueue::Submit, JobQueue::Poll, JobQueue::Deliver];

/// The statements of one queue of jobs.
#[derive(Debug)]
pub(super) struct QueueSql {
    /// $1 the worker, $2 the end of the lease, $3 the time, $4 ids of jobs that are passed over.
    pub(super) claim: String,
    pub(super) next_due: String,
}

impl QueueSql {
    fn new(dialect: &Dialect, queue: JobQueue) -> Self {
        let (columns, known, skip_locked) = (job_columns!(), known_certainty(), dialect.skip_locked);
        let passed_over = dialect.texts("$4");
        let first = |queue: JobQueue, order: &str| {
            format!(
                "SELECT id, due_at FROM jobs
                WHERE {} AND {known} AND due_at <= $3 AND id NOT IN ({passed_over}) ORDER BY {order} LIMIT 1{skip_locked}",
                condition(queue)
            )
        };
        let min = |queue: JobQueue| {
            format!(
                "SELECT MIN(due_at) AS due_at FROM jobs WHERE {} AND {known} AND due_at IS NOT NULL",
                condition(queue)
            )
        };
        let (found, next_due) = match queue {
            JobQueue::Submit => (first(queue, "place, due_at, id"), min(queue)),
            JobQueue::Poll | JobQueue::Deliver => (first(queue, "due_at, id"), min(queue)),
            // One after the other, since no index has them all.
            JobQueue::All => {
                let firsts =
                    INDEXED.map(|queue| format!("SELECT * FROM ({}) AS {queue:?}", first(queue, "due_at, id")));
                (
                    format!(
                        "SELECT id, due_at FROM ({}) AS firsts ORDER BY due_at, id LIMIT 1",
                        firsts.join(" UNION ALL ")
                    ),
                    format!("SELECT MIN(due_at) AS due_at FROM ({}) AS firsts", INDEXED.map(min).join(" UNION ALL ")),
                )
            }
        };
        Self {
            claim: format!(
                "UPDATE jobs SET worker = $1, due_at = $2, claim = claim + 1, attempts = attempts + 1
                WHERE id = (SELECT id FROM ({found}) AS found) RETURNING {columns}"
            ),
            next_due,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_those_of_the_indices() {
        assert_eq!(
            INDEXED.map(condition),
            [
                "state = 'held'",
                "state IN ('submitting', 'running')",
                "state IN ('ready', 'delivering', 'failed', 'unknown', 'unreadable')",
            ]
        );
    }
}
