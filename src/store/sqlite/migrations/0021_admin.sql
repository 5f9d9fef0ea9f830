-- What admins did: only ever added to.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    acted_at INTEGER NOT NULL,
    -- A person's number, or 'cli:' and the name of an account of the system.
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    -- The person or the chat that it was about; null where it was about neither.
    about INTEGER,
    -- What else it was about: a job, a model.
    subject TEXT,
    old_value TEXT,
    new_value TEXT
) STRICT;
CREATE INDEX audit_about ON audit (about, id) WHERE about IS NOT NULL;
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'a row of the audit never changes');
END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'a row of the audit is never deleted');
END;

-- People's names as they were last told, and when they were last there.
ALTER TABLE users ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN user_name TEXT;
ALTER TABLE users ADD COLUMN seen_at INTEGER;
CREATE INDEX users_by_seen ON users (seen_at, id) WHERE seen_at IS NOT NULL;

-- The words of people's names in small letters, so that people are found by the beginning of any of them.
CREATE TABLE name_words (
    word TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (word, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX name_words_of_user ON name_words (user_id);

-- Limits of a person's own in place of those of the settings: null for that of the settings, -1 for none.
CREATE TABLE person_quotas (
    user_id INTEGER PRIMARY KEY,
    running INTEGER,
    starts INTEGER,
    order_credits INTEGER,
    day_credits INTEGER,
    month_credits INTEGER
) STRICT;

UPDATE schema_compat SET oldest = 11;
