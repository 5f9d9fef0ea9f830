-- What an operator tells all people of the bot.
CREATE TABLE announcements (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- A list of languages and texts.
    texts JSONB NOT NULL,
    made_at BIGINT NOT NULL,
    -- Only people who were there after this time are told.
    seen_after BIGINT NOT NULL,
    -- The last person whose turn is over; they have their turns in the order of their numbers.
    after_user BIGINT NOT NULL DEFAULT 0,
    told BIGINT NOT NULL DEFAULT 0,
    unreachable BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    -- How often the next person could not be told for now.
    attempts BIGINT NOT NULL DEFAULT 0,
    -- When a worker may take it (again), on the database's clock; null for a draft and after the end.
    due_at BIGINT,
    -- Who has it, and the how-manieth claim that is.
    worker TEXT,
    claim BIGINT NOT NULL DEFAULT 0,
    ended_at BIGINT,
    is_stopped BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX announcements_due ON announcements (due_at) WHERE due_at IS NOT NULL;

UPDATE schema_compat SET oldest = 11;
