-- Each person has a draft in each topic of each chat. Topic 0: none. The table `drafts` is left to the processes of the
-- version before, which may still run; a later version drops it.
CREATE TABLE person_drafts (
    chat_id INTEGER NOT NULL,
    topic INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (chat_id, topic, user_id)
) STRICT;
-- A private chat has the number of its person. In a group, the last one who ordered is the most likely owner.
INSERT INTO person_drafts (chat_id, topic, user_id, body, updated_at)
SELECT chat_id, 0,
    CASE WHEN chat_id > 0 THEN chat_id
    ELSE COALESCE((SELECT user_id FROM jobs WHERE jobs.chat_id = drafts.chat_id
        ORDER BY created_at DESC, id DESC LIMIT 1), 0) END,
    body, updated_at
FROM drafts;

-- The topic of the chat in which the job was ordered; null for none.
ALTER TABLE jobs ADD COLUMN topic INTEGER;
