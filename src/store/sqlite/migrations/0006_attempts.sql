-- How often somebody has begun to handle an update, how many of these times were given back because nothing had gone wrong
-- (an ordinary stop, a database that was away), and who began it last.
ALTER TABLE updates ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN released INTEGER NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN begun_by TEXT;
