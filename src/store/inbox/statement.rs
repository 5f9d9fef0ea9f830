//! The SQL of the inbox. Lists of rows are one JSON parameter, which each database unfolds with a function of its own.
//!
//! The order of locks is that of the store: updates by id, chats (table `turns`) by number, workers. A batch locks the chats
//! that it names first and claims the others in one statement. Updates are started last, and only by the worker that has
//! claimed their chat.
//!
//! Some tables and columns have older names than the code: `holders` are workers, a row of `turns` is the claim on a
//! chat, `updates.begun` counts starts.

use crate::inbox::UPLOAD_CHATS;
use crate::store::dialect::Dialect;
use crate::store::statement::{chat_now, statements};

statements! {
pub(super) const REGISTER = "INSERT INTO holders (name, until) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET until = excluded.until";
pub(super) const HEARTBEAT = "UPDATE holders SET until = $2 WHERE name = $1 AND until > $3 RETURNING name";
pub(super) const DEREGISTER = "DELETE FROM holders WHERE name = $1";
pub(super) const RELEASE_STARTED = "UPDATE updates SET released = released + 1, begun_by = NULL
    WHERE closed_at IS NULL AND begun_by = $1";
pub(super) const RELEASE_ALL_CHATS = "DELETE FROM turns";
pub(super) const EXPIRE_WORKERS = "DELETE FROM holders";
pub(super) const CLAIMED_CHATS = "SELECT chat_id FROM turns WHERE holder = $1";
pub(super) const OPEN_UPDATES =
    "SELECT id, chat_id, body FROM updates WHERE closed_at IS NULL ORDER BY id LIMIT $1";
}

/// The statements that depend on the dialect. In each, $1 is the worker unless its comment says otherwise.
#[derive(Debug)]
pub(in crate::store) struct InboxSql {
    /// $1 the time. Passes over workers that another transaction is just deleting.
    pub(super) delete_expired: String,
    /// $1 `[{id, chat, body}]`, $2 the time.
    pub(super) put: String,
    /// $1 ids of updates, $2 the time. What is left is the number, by which a repetition is known: the text of a person
    /// is not kept without need. An update that was not handled at the first attempt is kept for whoever looks into that.
    pub(super) close: String,
    /// $2 ids of updates.
    pub(super) release_updates: String,
    /// All chats of the worker.
    pub(super) release_claims: String,
    /// $1 chats. Before all else about chats, where several transactions write at once: locks them in their order, which
    /// also waits for those that have just stored an update for one of them and left it to this worker.
    pub(super) lock_chats: Option<String>,
    /// $2 chats. Releases those without open updates.
    pub(super) release_chats: String,
    /// $2 chats. Those that the worker has.
    pub(super) still_claimed: String,
    /// $2 the time, $3 chats, $4 how many updates of other chats are looked at: so many chats at most, $5 the same of
    /// chats of uploads. Claims those that have open updates and no live worker.
    pub(super) claim: String,
    /// $2 the number of attempts from which an update is not started, $3 ids of updates that are started all the same.
    pub(super) start: String,
    /// $2 chats.
    pub(super) claimed_updates: String,
    /// $1 the chat, $2 the topic, $3 the person, $4 the body, $5 the time, $6 the worker and $7 the chat of the fence.
    pub(in crate::store) put_draft: String,
    /// $1 the chat, $2 the topic, $3 the person, $4 the worker and $5 the chat of the fence.
    pub(in crate::store) delete_draft: String,
}

impl InboxSql {
    pub(in crate::store) fn new(dialect: &Dialect) -> Self {
        let Dialect { unfold, unfold_text, skip_locked, share_lock, update_lock, .. } = dialect;
        let integers = |param: &str| format!("SELECT CAST(value AS BIGINT) FROM {unfold_text}({param})");
        let (ids_1, ids_2, ids_3) = (integers("$1"), integers("$2"), integers("$3"));
        let first_open = "(SELECT MIN(first.id) FROM updates AS first
            WHERE first.chat_id = turns.chat_id AND first.closed_at IS NULL)";
        let (draft_chat, is_open, uploads) = (chat_now!("$1"), "updates.closed_at IS NULL", UPLOAD_CHATS.0);
        let named = integers("$3");
        let free = |of_kind: &str, limit: &str| {
            format!(
                "SELECT updates.chat_id FROM updates
                WHERE {is_open} AND updates.chat_id {of_kind} {uploads} AND updates.chat_id NOT IN ({named}) AND NOT EXISTS (
                    SELECT 1 FROM turns JOIN holders ON holders.name = turns.holder
                    WHERE turns.chat_id = updates.chat_id AND holders.until > $2)
                ORDER BY updates.id LIMIT {limit}"
            )
        };
        let (free_chats, free_uploads) = (free(">=", "$4"), free("<", "$5"));
        Self {
            delete_expired: format!(
                "DELETE FROM holders WHERE name IN (
                    SELECT name FROM holders
                    WHERE until <= $1 AND NOT EXISTS (SELECT 1 FROM turns WHERE turns.holder = holders.name){skip_locked})"
            ),
            put: format!(
                "INSERT INTO updates (id, chat_id, body, received_at)
                SELECT CAST(value ->> 'id' AS BIGINT), CAST(value ->> 'chat' AS BIGINT), value -> 'body', $2
                FROM {unfold}($1) WHERE true ORDER BY 1
                ON CONFLICT (id) DO NOTHING RETURNING id"
            ),
            close: format!(
                "UPDATE updates SET closed_at = $2,
                    chat_id = CASE WHEN begun - released > 1 THEN chat_id ELSE 0 END,
                    body = CASE WHEN begun - released > 1 THEN body ELSE '{{}}' END
                WHERE {is_open} AND id IN ({ids_1})"
            ),
            release_updates: format!(
                "UPDATE updates SET released = released + 1, begun_by = NULL
                WHERE {is_open} AND begun_by = $1 AND id IN ({ids_2})"
            ),
            release_claims: format!(
                "DELETE FROM turns WHERE chat_id IN (SELECT chat_id FROM turns WHERE holder = $1 ORDER BY chat_id{})",
                update_lock.unwrap_or_default()
            ),
            lock_chats: update_lock.map(|update_lock| {
                format!("SELECT chat_id FROM turns WHERE chat_id IN ({ids_1}) ORDER BY chat_id{update_lock}")
            }),
            release_chats: format!(
                "DELETE FROM turns WHERE holder = $1 AND chat_id IN ({ids_2})
                AND NOT EXISTS (SELECT 1 FROM updates WHERE updates.chat_id = turns.chat_id AND {is_open})"
            ),
            still_claimed: format!("SELECT chat_id FROM turns WHERE holder = $1 AND chat_id IN ({ids_2})"),
            claim: format!(
                "INSERT INTO turns (chat_id, holder)
                SELECT chat_id, $1 FROM (SELECT DISTINCT chat_id FROM (
                    SELECT CAST(value AS BIGINT) AS chat_id FROM {unfold_text}($3) AS named
                    WHERE EXISTS (SELECT 1 FROM updates WHERE updates.chat_id = CAST(value AS BIGINT) AND {is_open})
                    UNION ALL SELECT chat_id FROM ({free_chats}) AS free_chats
                    UNION ALL SELECT chat_id FROM ({free_uploads}) AS free_uploads) AS wanted) AS chats
                WHERE true ORDER BY chat_id
                ON CONFLICT (chat_id) DO UPDATE SET holder = excluded.holder WHERE NOT EXISTS (
                    SELECT 1 FROM holders WHERE holders.name = turns.holder AND holders.until > $2)
                RETURNING chat_id"
            ),
            start: format!(
                "UPDATE updates SET begun = begun + 1, begun_by = $1
                WHERE (begun_by IS NULL OR begun_by <> $1)
                AND (begun - released < $2 OR id IN ({ids_3}))
                AND id IN (SELECT {first_open} FROM turns WHERE turns.holder = $1)"
            ),
            claimed_updates: format!(
                "SELECT updates.id, updates.chat_id, updates.body, updates.begun, updates.released, updates.begun_by
                FROM turns JOIN updates ON updates.id = {first_open}
                WHERE turns.holder = $1 AND turns.chat_id IN ({ids_2}) ORDER BY updates.chat_id"
            ),
            put_draft: format!(
                "INSERT INTO person_drafts (chat_id, topic, user_id, body, updated_at)
                SELECT {draft_chat}, CAST($2 AS BIGINT), CAST($3 AS BIGINT), $4, $5
                FROM (SELECT chat_id FROM turns WHERE chat_id = $7 AND holder = $6{share_lock}) AS fence WHERE true
                ON CONFLICT (chat_id, topic, user_id) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at
                RETURNING chat_id"
            ),
            delete_draft: format!(
                "DELETE FROM person_drafts WHERE topic = $2 AND user_id = $3 AND chat_id IN (
                    SELECT {draft_chat} FROM turns WHERE chat_id = $5 AND holder = $4{share_lock})"
            ),
        }
    }
    /// Every statement, by name.
    pub(in crate::store) fn all(&self) -> Vec<(&'static str, &str)> {
        let Self {
            delete_expired,
            put,
            close,
            release_updates,
            release_claims,
            lock_chats,
            release_chats,
            still_claimed,
            claim,
            start,
            claimed_updates,
            put_draft,
            delete_draft,
        } = self;
        let mut all = vec![
            ("delete_expired", delete_expired.as_str()),
            ("put", put),
            ("close", close),
            ("release_updates", release_updates),
            ("release_chats", release_chats),
            ("still_claimed", still_claimed),
            ("release_claims", release_claims),
            ("claim chats", claim),
            ("start", start),
            ("claimed_updates", claimed_updates),
            ("put_draft", put_draft),
            ("delete_draft", delete_draft),
        ];
        all.extend(lock_chats.as_deref().map(|sql| ("lock_chats", sql)));
        all
    }
}
