//! The inbox in SQL. Many rows come as one JSON array, which each database unfolds with functions of its own.
//!
//! Locks are taken in one order by everybody: updates by id, then turns by chat. What is begun comes last, and is touched by
//! nobody but the worker of its chat.

use crate::store::statement::chat_now;

/// What the two databases say differently.
#[derive(Debug)]
pub(in crate::store) struct Statements {
    pub(super) put: &'static str,
    pub(super) close: &'static str,
    pub(super) give_back: &'static str,
    /// Before [`Statements::release`], where writers run beside each other: it waits for those that have just stored an
    /// update for a chat of ours and seen that it is not theirs.
    pub(super) lock: Option<&'static str>,
    pub(super) release: &'static str,
    pub(super) kept: &'static str,
    pub(super) claim_new_chats: &'static str,
    pub(super) claim_free: &'static str,
    pub(super) start: &'static str,
    pub(super) next: &'static str,
    /// As those of any writer, but only for the worker of the chat.
    pub(in crate::store) put_draft: &'static str,
    pub(in crate::store) delete_draft: &'static str,
}

pub(super) const JOIN: &str = "INSERT INTO holders (name, until) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET until = excluded.until";
pub(super) const FORGET: &str = "DELETE FROM holders
    WHERE until <= $1 AND NOT EXISTS (SELECT 1 FROM turns WHERE turns.holder = holders.name)";
pub(super) const STAY: &str = "UPDATE holders SET until = $2 WHERE name = $1 AND until > $3 RETURNING name";
pub(super) const HELD: &str = "SELECT chat_id FROM turns WHERE holder = $1";
pub(super) const GIVE_BACK_ALL: &str = "UPDATE updates SET released = released + 1, begun_by = NULL
    WHERE closed_at IS NULL AND begun_by = $1";
pub(super) const LEAVE_TURNS: &str = "DELETE FROM turns WHERE holder = $1";
pub(super) const LEAVE: &str = "DELETE FROM holders WHERE name = $1";
pub(super) const CLEAR_TURNS: &str = "DELETE FROM turns";
pub(super) const CLEAR: &str = "DELETE FROM holders";
pub(super) const OPEN_UPDATES: &str =
    "SELECT id, chat_id, body FROM updates WHERE closed_at IS NULL ORDER BY id LIMIT $1";
pub(super) const PRUNE: &str = "DELETE FROM updates WHERE closed_at < $1 RETURNING id";

/// Takes chats for $1 that no living holder has; $2 is the time.
macro_rules! claim_free {
    ($candidates:expr) => {
        concat!(
            "INSERT INTO turns (chat_id, holder) SELECT chat_id, $1 FROM (SELECT DISTINCT chat_id FROM (",
            $candidates,
            ") AS free) AS chats WHERE true ORDER BY chat_id
            ON CONFLICT (chat_id) DO UPDATE SET holder = excluded.holder WHERE NOT EXISTS (
                SELECT 1 FROM holders WHERE holders.name = turns.holder AND holders.until > $2)
            RETURNING chat_id"
        )
    };
}

/// The first open update of a turn's chat.
macro_rules! first {
    () => {
        "(SELECT MIN(first.id) FROM updates AS first WHERE first.chat_id = turns.chat_id AND first.closed_at IS NULL)"
    };
}

/// With the functions that unfold a JSON array: into values, and into integers; and with what keeps a turn from changing its
/// holder until the transaction ends.
macro_rules! statements {
    ($each:literal, $each_text:literal, $share:literal, $lock:expr) => {
        Statements {
            // $1 [{id, chat, body}], $2 the time.
            put: concat!(
                "INSERT INTO updates (id, chat_id, body, received_at)
                SELECT CAST(value ->> 'id' AS BIGINT), CAST(value ->> 'chat' AS BIGINT), value -> 'body', $2 FROM ",
                $each,
                "($1) WHERE true ORDER BY 1 ON CONFLICT (id) DO NOTHING RETURNING id"
            ),
            // $1 ids, $2 the time.
            close: concat!(
                "UPDATE updates SET closed_at = $2
                WHERE closed_at IS NULL AND id IN (SELECT CAST(value AS BIGINT) FROM ",
                $each_text,
                "($1))"
            ),
            // $1 the worker, $2 ids.
            give_back: concat!(
                "UPDATE updates SET released = released + 1, begun_by = NULL
                WHERE closed_at IS NULL AND begun_by = $1 AND id IN (SELECT CAST(value AS BIGINT) FROM ",
                $each_text,
                "($2))"
            ),
            lock: $lock,
            // $1 the worker, $2 chats.
            release: concat!(
                "DELETE FROM turns WHERE holder = $1 AND chat_id IN (SELECT CAST(value AS BIGINT) FROM ",
                $each_text,
                "($2)) AND NOT EXISTS (
                    SELECT 1 FROM updates WHERE updates.chat_id = turns.chat_id AND updates.closed_at IS NULL)"
            ),
            // $1 the worker, $2 chats.
            kept: concat!(
                "SELECT chat_id FROM turns WHERE holder = $1 AND chat_id IN (SELECT CAST(value AS BIGINT) FROM ",
                $each_text,
                "($2))"
            ),
            // $1 the worker, $2 the time, $3 chats.
            claim_new_chats: claim_free!(concat!(
                "SELECT CAST(value AS BIGINT) AS chat_id FROM ",
                $each_text,
                "($3) AS named WHERE EXISTS (SELECT 1 FROM updates
                    WHERE updates.chat_id = CAST(value AS BIGINT) AND updates.closed_at IS NULL)"
            )),
            // $1 the worker, $2 the time, $3 how many updates are looked at: as many chats at most.
            claim_free: claim_free!(
                "SELECT updates.chat_id FROM updates WHERE updates.closed_at IS NULL AND NOT EXISTS (
                    SELECT 1 FROM turns JOIN holders ON holders.name = turns.holder
                    WHERE turns.chat_id = updates.chat_id AND holders.until > $2)
                ORDER BY updates.id LIMIT $3"
            ),
            // $1 the worker, $2 how many attempts are too many, $3 ids for which none are.
            start: concat!(
                "UPDATE updates SET begun = begun + 1, begun_by = $1
                WHERE (begun_by IS NULL OR begun_by <> $1) AND (begun - released < $2 OR id IN (
                    SELECT CAST(value AS BIGINT) FROM ",
                $each_text,
                "($3))) AND id IN (SELECT ",
                first!(),
                " FROM turns WHERE turns.holder = $1)"
            ),
            // $1 the worker, $2 chats.
            next: concat!(
                "SELECT updates.id, updates.chat_id, updates.body, updates.begun, updates.released, updates.begun_by
                FROM turns JOIN updates ON updates.id = ",
                first!(),
                " WHERE turns.holder = $1 AND turns.chat_id IN (SELECT CAST(value AS BIGINT) FROM ",
                $each_text,
                "($2)) ORDER BY updates.chat_id"
            ),
            // $1 the chat, $2 the body, $3 the time, $4 the worker, $5 the chat whose turn it is.
            put_draft: concat!(
                "INSERT INTO drafts (chat_id, body, updated_at) SELECT ",
                chat_now!("$1"),
                ", $2, $3 FROM (
                    SELECT chat_id FROM turns WHERE chat_id = $5 AND holder = $4",
                $share,
                ") AS mine WHERE true
                ON CONFLICT (chat_id) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at
                RETURNING chat_id"
            ),
            // $1 the chat, $2 the worker, $3 the chat whose turn it is.
            delete_draft: concat!(
                "DELETE FROM drafts WHERE chat_id IN (SELECT ",
                chat_now!("$1"),
                " FROM turns WHERE chat_id = $3 AND holder = $2",
                $share,
                ")"
            ),
        }
    };
}

/// SQLite has one writer: a transaction is alone while it runs.
pub(in crate::store) static SQLITE: Statements = statements!("json_each", "json_each", "", None);

pub(in crate::store) static POSTGRES: Statements = statements!(
    "jsonb_array_elements",
    "jsonb_array_elements_text",
    " FOR SHARE",
    Some(
        "SELECT chat_id FROM turns
        WHERE holder = $1 AND chat_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_array_elements_text($2))
        ORDER BY chat_id FOR UPDATE"
    )
);
