-- Since when the account at the vendor has too few credits, for all processes together. The row outlives the shortage, so
-- that one that comes back at once is looked into less often.
CREATE TABLE shortage (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    since INTEGER NOT NULL,
    -- The most, in thousandths of a credit, that the vendor refused.
    needed INTEGER NOT NULL,
    -- The balance that was read last, in thousandths of a credit; null when it is not known.
    remaining INTEGER,
    -- When the balance is read next, and how long after the last time that is in milliseconds. On the database's clock.
    probe_at INTEGER NOT NULL,
    pause INTEGER NOT NULL,
    -- Null while it lasts.
    ended_at INTEGER
) STRICT;

UPDATE schema_compat SET oldest = 11;
