-- What people were asked to pay in Telegram Stars; `amount` is what their wallet gets, in hundredths of the operator's unit.
CREATE TABLE invoices (
    id TEXT PRIMARY KEY,
    person BIGINT NOT NULL,
    stars BIGINT NOT NULL CHECK (stars > 0),
    amount BIGINT NOT NULL CHECK (amount > 0),
    created_at BIGINT NOT NULL,
    payment TEXT UNIQUE
);
CREATE INDEX invoices_of_person ON invoices (person, created_at);
-- Every payment that Telegram has told of; `amount` is what was credited for it, 0 when no invoice agrees with it.
CREATE TABLE payments (
    id TEXT PRIMARY KEY,
    payload TEXT NOT NULL,
    person BIGINT NOT NULL,
    currency TEXT NOT NULL,
    total BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    received_at BIGINT NOT NULL
);
CREATE INDEX payments_of_person ON payments (person, received_at);
CREATE INDEX payments_received ON payments (received_at);

UPDATE schema_compat SET oldest = 11;
