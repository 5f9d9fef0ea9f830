-- Who has opened the owner's link first. One row at most.
CREATE TABLE owner (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    user_id BIGINT NOT NULL,
    since BIGINT NOT NULL
);
