-- What a person orders and runs, for the limits on it.
CREATE INDEX jobs_of_user_by_time ON jobs (user_id, created_at);
CREATE INDEX jobs_live ON jobs (user_id) WHERE state IN ('held', 'submitting', 'running', 'ready', 'delivering');
UPDATE schema_compat SET oldest = 11;
