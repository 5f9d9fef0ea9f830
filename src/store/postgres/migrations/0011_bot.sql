-- The bot whose database this is, by its number at Telegram. One row at most.
CREATE TABLE bot (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    bot_id BIGINT NOT NULL,
    since BIGINT NOT NULL
);
UPDATE schema_compat SET oldest = 10;
