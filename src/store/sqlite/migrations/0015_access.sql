-- Who may use the bot besides those of the settings, and who may not: people and groups (below 0) by Telegram's number.
CREATE TABLE access_entries (
    id INTEGER PRIMARY KEY,
    is_allowed INTEGER NOT NULL,
    -- 'admin', 'invite' or 'request'
    origin TEXT NOT NULL,
    name TEXT NOT NULL,
    user_name TEXT,
    -- The admin who has decided so, or whose invitation it was.
    decided_by INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT;
CREATE INDEX access_entries_by_time ON access_entries (since DESC, id);

-- Links that let people in. One that has ended is kept for a while, so that who opens it is told so.
CREATE TABLE invites (
    code TEXT PRIMARY KEY,
    uses_left INTEGER NOT NULL,
    made_by INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX invites_by_end ON invites (ends_at);

-- People who have asked to be let in, one row for each.
CREATE TABLE access_requests (
    user_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    user_name TEXT,
    -- 'open', 'allowed' or 'refused'
    state TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    -- When the admins were told of it; null when they were not.
    told_at INTEGER,
    -- Their messages: [{admin, message}]
    notices TEXT,
    decided_by INTEGER,
    decider TEXT,
    decided_at INTEGER
) STRICT;
CREATE INDEX access_requests_open ON access_requests (asked_at, user_id) WHERE state = 'open';
CREATE INDEX access_requests_told ON access_requests (told_at) WHERE told_at IS NOT NULL;

-- The former numbers of a chat.
CREATE INDEX moves_became ON moves (became);

UPDATE schema_compat SET oldest = 11;
