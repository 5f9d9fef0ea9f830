-- What the vendor said about a job, word for word, where a person or a later version has to read it.
CREATE TABLE replies (
    job TEXT NOT NULL REFERENCES jobs (id),
    -- `poll`: the record of a task that succeeded without a result that can be read. `webhook`: a signed one.
    source TEXT NOT NULL,
    body TEXT NOT NULL,
    -- When the first one came.
    received_at BIGINT NOT NULL,
    PRIMARY KEY (job, source)
);

-- The job was once `unknown`: the vendor may have charged for a task that nobody found.
ALTER TABLE jobs ADD COLUMN doubted BOOLEAN NOT NULL DEFAULT FALSE;

-- The state `unreadable` is told to the person too.
DROP INDEX jobs_for_chats;
CREATE INDEX jobs_for_chats ON jobs (due_at, id)
    WHERE state IN ('ready', 'delivering', 'failed', 'unknown', 'unreadable') AND due_at IS NOT NULL;
