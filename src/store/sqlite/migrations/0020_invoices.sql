-- What people were asked to pay in Telegram Stars; `amount` is what their wallet gets, in hundredths of the operator's unit.
CREATE TABLE invoices (
    id TEXT PRIMARY KEY,
    person INTEGER NOT NULL,
    stars INTEGER NOT NULL CHECK (stars > 0),
    amount INTEGER NOT NULL CHECK (amount > 0),
    created_at INTEGER NOT NULL,
    payment TEXT UNIQUE
) STRICT;
CREATE INDEX invoices_of_person ON invoices (person, created_at);
-- Every payment that Telegram has told of; `amount` is what was credited for it, 0 when no invoice agrees with it.
CREATE TABLE payments (
    id TEXT PRIMARY KEY,
    payload TEXT NOT NULL,
    person INTEGER NOT NULL,
    currency TEXT NOT NULL,
    total INTEGER NOT NULL,
    amount INTEGER NOT NULL CHECK (amount >= 0),
    received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payments_of_person ON payments (person, received_at);
CREATE INDEX payments_received ON payments (received_at);

UPDATE schema_compat SET oldest = 11;
