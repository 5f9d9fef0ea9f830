-- A database that has grown: each list and each search has an index, and what is old can be found.
--
-- Cost: writing to the tables waits while their indexes are built. With a million jobs and two cores that takes about 7 s for
-- jobs, 1 s for callbacks and replies, and 2 s for the bodies of 200 000 closed updates; after 20 s a waiting program gives
-- up a write and repeats it. CREATE INDEX CONCURRENTLY would wait for nobody, but not in the one transaction in which tables
-- change or stay as they are.
--
-- When what was kept for the job was deleted (its input, result and files). Null: it is all there.
ALTER TABLE jobs ADD COLUMN stripped_at BIGINT;

CREATE INDEX IF NOT EXISTS jobs_by_time ON jobs (created_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, created_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS jobs_of_user ON jobs (user_id, id);
-- Jobs that only a newer version can read: a version that knows more words adds an index of its own.
CREATE INDEX IF NOT EXISTS jobs_newer ON jobs (created_at DESC, id DESC) WHERE NOT (
    state IN ('held', 'submitting', 'running', 'ready', 'delivering', 'delivered', 'failed', 'unknown', 'unreadable',
        'undeliverable', 'cancelled')
    AND (quote_certainty IS NULL OR quote_certainty IN ('exact', 'at_most')));
CREATE INDEX IF NOT EXISTS jobs_settled ON jobs (updated_at)
    WHERE stripped_at IS NULL AND state IN ('delivered', 'failed', 'cancelled');
CREATE INDEX IF NOT EXISTS callbacks_by_time ON callbacks (received_at);
CREATE INDEX IF NOT EXISTS replies_by_time ON replies (received_at);
CREATE INDEX IF NOT EXISTS person_drafts_by_time ON person_drafts (updated_at);
CREATE INDEX IF NOT EXISTS person_drafts_of_user ON person_drafts (user_id);

-- A closed update keeps its number alone, by which a repetition is known; its chat (then 0) and its body go when it is
-- closed, unless more than one attempt was needed. These are the few that keep them.
CREATE INDEX IF NOT EXISTS updates_kept ON updates (chat_id) WHERE closed_at IS NOT NULL AND chat_id <> 0;
UPDATE updates SET chat_id = 0, body = '{}' WHERE closed_at IS NOT NULL AND chat_id <> 0;

UPDATE schema_compat SET oldest = 11;
