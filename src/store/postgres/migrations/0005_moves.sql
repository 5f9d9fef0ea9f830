-- Groups that have become supergroups, which have numbers of their own. Everything of the old number has moved to the new
-- one; this is for those who still name the old one.
CREATE TABLE moves (
    chat_id BIGINT PRIMARY KEY,
    became BIGINT NOT NULL
);
