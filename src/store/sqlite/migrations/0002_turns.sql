-- Processes that handle updates. One whose time is over is dead: its chats are free.
CREATE TABLE holders (
    name TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;

-- Whose a chat's open updates are. A row goes when the chat has none left.
CREATE TABLE turns (
    chat_id INTEGER PRIMARY KEY,
    holder TEXT NOT NULL
) STRICT;
CREATE INDEX turns_of_holder ON turns (holder);

CREATE INDEX updates_of_chat ON updates (chat_id, id) WHERE closed_at IS NULL;
