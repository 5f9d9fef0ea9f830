-- People's money, in hundredths of the operator's unit. A wallet is a person's or (below 0) a group's; its row is the sum
-- of its transfers. Each transfer moves an amount from one account to another and is never changed.
CREATE TABLE wallets (
    id BIGINT PRIMARY KEY,
    available BIGINT NOT NULL CHECK (available >= 0),
    held BIGINT NOT NULL CHECK (held >= 0)
);
CREATE TABLE transfers (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    wallet BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    job TEXT,
    note TEXT,
    booked_at BIGINT NOT NULL
);
CREATE INDEX transfers_of_wallet ON transfers (wallet, id);
CREATE INDEX transfers_booked ON transfers (booked_at);
-- Who pays, how much, and the tariff of that time; null where the operator pays.
ALTER TABLE jobs ADD COLUMN charge JSONB;

UPDATE schema_compat SET oldest = 11;
