-- Times are Unix milliseconds; money is thousandths of a credit.
CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE drafts (
    chat_id BIGINT PRIMARY KEY,
    body JSONB NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE updates (
    id BIGINT PRIMARY KEY,
    chat_id BIGINT NOT NULL,
    body JSONB NOT NULL,
    received_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX updates_open ON updates (id) WHERE closed_at IS NULL;
CREATE INDEX updates_closed ON updates (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    draft TEXT NOT NULL,
    model TEXT NOT NULL,
    input JSONB NOT NULL,
    attachments JSONB NOT NULL,
    quote_credits BIGINT,
    quote_certainty TEXT,
    state TEXT NOT NULL,
    task TEXT UNIQUE,
    output JSONB,
    failure JSONB,
    progress_message BIGINT,
    detached BOOLEAN NOT NULL,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    submitted_at BIGINT,
    updated_at BIGINT NOT NULL,
    -- When a worker may take it (again): the end of a lease, or of a pause. Null in a final state.
    due_at BIGINT,
    -- Who has it, and the how-manieth claim that is.
    worker TEXT,
    claim BIGINT NOT NULL DEFAULT 0,
    UNIQUE (chat_id, draft),
    CHECK ((quote_credits IS NULL) = (quote_certainty IS NULL))
);
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_of_chat ON jobs (chat_id, created_at DESC, id DESC);

CREATE TABLE ledger (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job TEXT NOT NULL REFERENCES jobs (id),
    kind TEXT NOT NULL,
    credits BIGINT NOT NULL,
    booked_at BIGINT NOT NULL,
    UNIQUE (job, kind)
);

CREATE TABLE files (
    job TEXT NOT NULL REFERENCES jobs (id),
    position BIGINT NOT NULL,
    file_id TEXT NOT NULL,
    sent_as TEXT NOT NULL,
    message BIGINT NOT NULL,
    PRIMARY KEY (job, position)
);
