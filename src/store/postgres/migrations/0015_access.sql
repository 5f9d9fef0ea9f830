-- Who may use the bot besides those of the settings, and who may not: people and groups (below 0) by Telegram's number.
CREATE TABLE access_entries (
    id BIGINT PRIMARY KEY,
    is_allowed BOOLEAN NOT NULL,
    -- 'admin', 'invite' or 'request'
    origin TEXT NOT NULL,
    name TEXT NOT NULL,
    user_name TEXT,
    -- The admin who has decided so, or whose invitation it was.
    decided_by BIGINT NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX access_entries_by_time ON access_entries (since DESC, id);

-- Links that let people in. One that has ended is kept for a while, so that who opens it is told so.
CREATE TABLE invites (
    code TEXT PRIMARY KEY,
    uses_left BIGINT NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX invites_by_end ON invites (ends_at);

-- People who have asked to be let in, one row for each.
CREATE TABLE access_requests (
    user_id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    user_name TEXT,
    -- 'open', 'allowed' or 'refused'
    state TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    -- When the admins were told of it; null when they were not.
    told_at BIGINT,
    -- Their messages: [{admin, message}]
    notices JSONB,
    decided_by BIGINT,
    decider TEXT,
    decided_at BIGINT
);
CREATE INDEX access_requests_open ON access_requests (asked_at, user_id) WHERE state = 'open';
CREATE INDEX access_requests_told ON access_requests (told_at) WHERE told_at IS NOT NULL;

-- The former numbers of a chat.
CREATE INDEX moves_became ON moves (became);

UPDATE schema_compat SET oldest = 11;
