//! The SQL of who may use the bot. The same for all databases.

use crate::job::ChatId;
use crate::store::engine::Statement;
use crate::store::statement::{chat_now, statements};

/// Every column of a request.
macro_rules! request_columns {
    () => {
        "user_id, name, user_name, state, asked_at, notices, decided_by, decider"
    };
}

statements! {
/// $1 the person, $2 the chat.
pub(super) const ACCESS_OF = "SELECT is_allowed, NULL AS former FROM access_entries WHERE id IN ($1, $2)
    UNION ALL SELECT NULL, chat_id FROM moves WHERE became = $2";
/// A name that is not told leaves the known one.
pub(super) const PUT_ACCESS = concat!(
    "INSERT INTO access_entries (id, is_allowed, origin, name, user_name, decided_by, since) VALUES (",
    chat_now!("$1"),
    ", $2, $3, $4, $5, $6, $7)
    ON CONFLICT (id) DO UPDATE SET is_allowed = excluded.is_allowed, origin = excluded.origin,
        name = CASE WHEN excluded.name = '' THEN access_entries.name ELSE excluded.name END,
        user_name = CASE WHEN excluded.name = '' THEN access_entries.user_name ELSE excluded.user_name END,
        decided_by = excluded.decided_by, since = excluded.since"
);
pub(super) const REMOVE_ACCESS = "DELETE FROM access_entries WHERE id = $1 RETURNING id";
pub(super) const ACCESS_ENTRIES = "SELECT id, is_allowed, origin, name, user_name, decided_by, since FROM access_entries
    ORDER BY since DESC, id LIMIT $1 OFFSET $2";
/// An entry that the new chat has already stays.
const MOVE_ENTRY = "UPDATE access_entries SET id = $2
    WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM access_entries AS there WHERE there.id = $2)";

pub(super) const ADD_INVITE = "INSERT INTO invites (code, uses_left, made_by, made_at, ends_at)
    VALUES ($1, $2, $3, $4, $5)";
pub(super) const FORGET_INVITES = "DELETE FROM invites WHERE ends_at < $1";
pub(super) const OPEN_INVITES = "SELECT code, uses_left, made_by, made_at, ends_at FROM invites
    WHERE uses_left > 0 AND ends_at > $1 ORDER BY made_at DESC, code LIMIT $2";
pub(super) const INVITE = "SELECT code FROM invites WHERE code = $1";
/// $1 the code, $2 the time.
pub(super) const END_INVITE = "UPDATE invites SET uses_left = 0
    WHERE code = $1 AND uses_left > 0 AND ends_at > $2 RETURNING code";
/// $1 the code, $2 the time.
pub(super) const USE_INVITE = "UPDATE invites SET uses_left = uses_left - 1
    WHERE code = $1 AND uses_left > 0 AND ends_at > $2 RETURNING made_by";
/// $1 the person, $2 and $3 the names, $4 the code, $5 the time.
pub(super) const ADMIT_INVITED = "INSERT INTO access_entries (id, is_allowed, origin, name, user_name, decided_by, since)
    VALUES ($1, TRUE, 'invite', $2, $3, (SELECT made_by FROM invites WHERE code = $4), $5)
    ON CONFLICT (id) DO NOTHING RETURNING id";

pub(super) const REQUEST =
    concat!("SELECT ", request_columns!(), " FROM access_requests WHERE user_id = $1");
/// A person who was let in and removed since may ask again.
pub(super) const ADD_REQUEST = "INSERT INTO access_requests (user_id, name, user_name, state, asked_at)
    VALUES ($1, $2, $3, 'open', $4)
    ON CONFLICT (user_id) DO UPDATE SET state = excluded.state, name = excluded.name, user_name = excluded.user_name,
        asked_at = excluded.asked_at, told_at = NULL, notices = NULL, decided_by = NULL, decider = NULL, decided_at = NULL
        WHERE access_requests.state = 'allowed'";
/// $1 the person, $2 the time, $3 since when and $4 how many of them at most.
pub(super) const NOTE_TOLD = "UPDATE access_requests SET told_at = $2
    WHERE user_id = $1 AND state = 'open' AND told_at IS NULL
        AND (SELECT COUNT(*) FROM access_requests AS told WHERE told.told_at IS NOT NULL AND told.told_at > $3) < $4
    RETURNING user_id";
pub(super) const PUT_NOTICES = "UPDATE access_requests SET notices = $2 WHERE user_id = $1";
pub(super) const OPEN_REQUESTS = concat!(
    "SELECT ",
    request_columns!(),
    " FROM access_requests WHERE state = 'open' ORDER BY asked_at, user_id LIMIT $1"
);
/// $1 the person, $2 the new state, $3 who has decided, $4 their name, $5 the time.
pub(super) const DECIDE_REQUEST = concat!(
    "UPDATE access_requests SET state = $2, decided_by = $3, decider = $4, decided_at = $5
    WHERE user_id = $1 AND state = 'open' RETURNING ",
    request_columns!()
);
/// $1 the person, $2 the time, $3 the code.
pub(super) const DECIDE_INVITED = concat!(
    "UPDATE access_requests SET state = 'allowed', decided_by = (SELECT made_by FROM invites WHERE code = $3),
        decider = '', decided_at = $2
    WHERE user_id = $1 AND state = 'open' RETURNING ",
    request_columns!()
);
/// $1 the person, $2 who has decided, $3 the time.
pub(super) const ADMIT_REQUESTER = "INSERT INTO access_entries (id, is_allowed, origin, name, user_name, decided_by, since)
    SELECT user_id, TRUE, 'request', name, user_name, $2, $3 FROM access_requests WHERE user_id = $1
    ON CONFLICT (id) DO UPDATE SET is_allowed = excluded.is_allowed, origin = excluded.origin, name = excluded.name,
        user_name = excluded.user_name, decided_by = excluded.decided_by, since = excluded.since";
}

/// What moves with a chat to its new number.
pub(in crate::store) fn move_entry(old: ChatId, new: ChatId) -> [Statement; 2] {
    [Statement::new(MOVE_ENTRY, vec![old.0.into(), new.0.into()]), Statement::new(REMOVE_ACCESS, vec![old.0.into()])]
}
