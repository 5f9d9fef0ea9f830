-- People's money, in hundredths of the operator's unit. A wallet is a person's or (below 0) a group's; its row is the sum
-- of its transfers. Each transfer moves an amount from one account to another and is never changed.
CREATE TABLE wallets (
    id INTEGER PRIMARY KEY,
    available INTEGER NOT NULL CHECK (available >= 0),
    held INTEGER NOT NULL CHECK (held >= 0)
) STRICT;
CREATE TABLE transfers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    wallet INTEGER NOT NULL,
    amount INTEGER NOT NULL CHECK (amount >= 0),
    job TEXT,
    note TEXT,
    booked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX transfers_of_wallet ON transfers (wallet, id);
CREATE INDEX transfers_booked ON transfers (booked_at);
-- Who pays, how much, and the tariff of that time; null where the operator pays.
ALTER TABLE jobs ADD COLUMN charge TEXT;

UPDATE schema_compat SET oldest = 11;
