-- The bot whose database this is, by its number at Telegram. One row at most.
CREATE TABLE bot (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    bot_id INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT;
UPDATE schema_compat SET oldest = 10;
