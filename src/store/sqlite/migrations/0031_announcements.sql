-- What an operator tells all people of the bot.
CREATE TABLE announcements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- A list of languages and texts.
    texts TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    -- Only people who were there after this time are told.
    seen_after INTEGER NOT NULL,
    -- The last person whose turn is over; they have their turns in the order of their numbers.
    after_user INTEGER NOT NULL DEFAULT 0,
    told INTEGER NOT NULL DEFAULT 0,
    unreachable INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    -- How often the next person could not be told for now.
    attempts INTEGER NOT NULL DEFAULT 0,
    -- When a worker may take it (again), on the database's clock; null for a draft and after the end.
    due_at INTEGER,
    -- Who has it, and the how-manieth claim that is.
    worker TEXT,
    claim INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER,
    is_stopped INTEGER NOT NULL DEFAULT FALSE
) STRICT;
CREATE INDEX announcements_due ON announcements (due_at) WHERE due_at IS NOT NULL;

UPDATE schema_compat SET oldest = 11;
