-- Which of the account's keys made the task: a fingerprint, no secret.
ALTER TABLE jobs ADD COLUMN key_label TEXT;
-- How often the vendor has called about the job. A call that comes while a worker looks is not lost: the count has moved.
ALTER TABLE jobs ADD COLUMN calls INTEGER NOT NULL DEFAULT 0;
-- Results that wait for their chat to come back.
CREATE INDEX jobs_undeliverable ON jobs (chat_id) WHERE state = 'undeliverable';

-- Tasks that the vendor named when it called about a job. A job whose create was lost finds its task here.
CREATE TABLE callbacks (
    job TEXT NOT NULL REFERENCES jobs (id),
    task TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (job, task)
) STRICT;
