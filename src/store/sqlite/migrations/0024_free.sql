-- Free orders, each with its job. The row of an order that came to nothing is deleted: it does not count.
CREATE TABLE free_uses (
    job TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL,
    allowance TEXT NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX free_uses_of_user ON free_uses (user_id, allowance, used_at);

UPDATE schema_compat SET oldest = 11;
