-- What whoever runs the bot has to hear, one row for each matter. A row goes when it was told that the matter is over.
CREATE TABLE alerts (
    kind TEXT NOT NULL,
    -- A key's label, a model or a job; empty where there is one matter of the kind.
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    since INTEGER NOT NULL,
    -- Null while it lasts.
    over_at INTEGER,
    -- Whether somebody has begun to tell it.
    told INTEGER NOT NULL,
    -- When it is to be told, on the database's clock; null when there is nothing to tell. It is moved ahead while somebody
    -- tells it.
    due_at INTEGER,
    PRIMARY KEY (kind, subject)
) STRICT;

UPDATE schema_compat SET oldest = 11;
