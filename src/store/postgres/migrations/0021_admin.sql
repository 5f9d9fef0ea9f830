-- What admins did: only ever added to.
CREATE TABLE audit (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    acted_at BIGINT NOT NULL,
    -- A person's number, or 'cli:' and the name of an account of the system.
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    -- The person or the chat that it was about; null where it was about neither.
    about BIGINT,
    -- What else it was about: a job, a model.
    subject TEXT,
    old_value TEXT,
    new_value TEXT
);
CREATE INDEX audit_about ON audit (about, id) WHERE about IS NOT NULL;
CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of the audit never changes';
END
$$;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION audit_kept();

-- People's names as they were last told, and when they were last there.
ALTER TABLE users ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN user_name TEXT;
ALTER TABLE users ADD COLUMN seen_at BIGINT;
CREATE INDEX users_by_seen ON users (seen_at, id) WHERE seen_at IS NOT NULL;

-- The words of people's names in small letters, so that people are found by the beginning of any of them.
CREATE TABLE name_words (
    word TEXT COLLATE "C" NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (word, user_id)
);
CREATE INDEX name_words_of_user ON name_words (user_id);

-- Limits of a person's own in place of those of the settings: null for that of the settings, -1 for none.
CREATE TABLE person_quotas (
    user_id BIGINT PRIMARY KEY,
    running BIGINT,
    starts BIGINT,
    order_credits BIGINT,
    day_credits BIGINT,
    month_credits BIGINT
);

UPDATE schema_compat SET oldest = 11;
