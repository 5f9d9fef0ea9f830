-- Who has opened the owner's link first. One row at most.
CREATE TABLE owner (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    user_id INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT;
