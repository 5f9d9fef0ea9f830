-- Tries that came to nothing, in a row, and since when: creates that were refused, looks that brought nothing.
ALTER TABLE jobs ADD COLUMN setbacks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN setbacks_since INTEGER;
-- Where a held job stands in the queue: people take turns, however many jobs each of them has.
ALTER TABLE jobs ADD COLUMN place INTEGER NOT NULL DEFAULT 0;

-- An index for each lane of the workers. An end is due for as long as the
-- person has not heard of it.
DROP INDEX jobs_due;
CREATE INDEX jobs_held ON jobs (place, due_at, id) WHERE state = 'held';
CREATE INDEX jobs_held_of_user ON jobs (user_id, place) WHERE state = 'held';
CREATE INDEX jobs_watched ON jobs (due_at, id) WHERE state IN ('submitting', 'running');
CREATE INDEX jobs_for_chats ON jobs (due_at, id)
    WHERE state IN ('ready', 'delivering', 'failed', 'unknown') AND due_at IS NOT NULL;
