-- Which of the account's keys made the task: a fingerprint, no secret.
ALTER TABLE jobs ADD COLUMN key_label TEXT;
-- How often the vendor has called about the job. A call that comes while a worker looks is not lost: the count has moved.
ALTER TABLE jobs ADD COLUMN calls BIGINT NOT NULL DEFAULT 0;
-- Results that wait for their chat to come back.
CREATE INDEX jobs_undeliverable ON jobs (chat_id) WHERE state = 'undeliverable';

-- Tasks that the vendor named when it called about a job. A job whose create was lost finds its task here.
CREATE TABLE callbacks (
    job TEXT NOT NULL REFERENCES jobs (id),
    task TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (job, task)
);

-- Requests counted by all instances together, on the server's clock in Unix milliseconds. Unlogged: what a crash of the
-- server forgets is over by the time it is back.
CREATE UNLOGGED TABLE budgets (
    name TEXT PRIMARY KEY,
    -- When the requests of the last window went out.
    taken BIGINT[] NOT NULL,
    held_until BIGINT NOT NULL,
    -- The last answer: how many milliseconds to wait; 0 was a yes.
    wait BIGINT NOT NULL
);
