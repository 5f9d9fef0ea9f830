-- JSON is kept as text. Times are Unix milliseconds; money is thousandths of a credit.
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    language TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE drafts (
    chat_id INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE updates (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL,
    body TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;
CREATE INDEX updates_open ON updates (id) WHERE closed_at IS NULL;
CREATE INDEX updates_closed ON updates (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    draft TEXT NOT NULL,
    model TEXT NOT NULL,
    input TEXT NOT NULL,
    attachments TEXT NOT NULL,
    quote_credits INTEGER,
    quote_certainty TEXT,
    state TEXT NOT NULL,
    task TEXT UNIQUE,
    output TEXT,
    failure TEXT,
    progress_message INTEGER,
    detached INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    submitted_at INTEGER,
    updated_at INTEGER NOT NULL,
    -- When a worker may take it (again): the end of a lease, or of a pause. Null in a final state.
    due_at INTEGER,
    -- Who has it, and the how-manieth claim that is.
    worker TEXT,
    claim INTEGER NOT NULL DEFAULT 0,
    UNIQUE (chat_id, draft),
    CHECK ((quote_credits IS NULL) = (quote_certainty IS NULL))
) STRICT;
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_of_chat ON jobs (chat_id, created_at DESC, id DESC);

CREATE TABLE ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL REFERENCES jobs (id),
    kind TEXT NOT NULL,
    credits INTEGER NOT NULL,
    booked_at INTEGER NOT NULL,
    UNIQUE (job, kind)
) STRICT;

CREATE TABLE files (
    job TEXT NOT NULL REFERENCES jobs (id),
    position INTEGER NOT NULL,
    file_id TEXT NOT NULL,
    sent_as TEXT NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (job, position)
) STRICT;
