-- The version of the oldest program that may use the tables as they are now. One row. Every later migration says it:
-- UPDATE schema_compat SET oldest = ...
CREATE TABLE schema_compat (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    oldest BIGINT NOT NULL
);
INSERT INTO schema_compat (one, oldest) VALUES (1, 10);
