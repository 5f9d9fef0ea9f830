-- The version of the oldest program that may use the tables as they are now. One row. Every later migration says it:
-- UPDATE schema_compat SET oldest = ...
CREATE TABLE schema_compat (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    oldest INTEGER NOT NULL
) STRICT;
INSERT INTO schema_compat (one, oldest) VALUES (1, 10);
