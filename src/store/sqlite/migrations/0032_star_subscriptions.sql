-- Whether what is sold is paid again every 30 days.
ALTER TABLE invoices ADD COLUMN is_subscription INTEGER NOT NULL DEFAULT 0;

-- What people have paid for every 30 days, by the invoice that began it.
CREATE TABLE star_subscriptions (
    invoice TEXT PRIMARY KEY,
    person INTEGER NOT NULL,
    -- The first payment, by which Telegram knows the subscription.
    payment TEXT NOT NULL,
    stars INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    until INTEGER NOT NULL,
    -- automatic, canceled or allowed
    renewal TEXT NOT NULL
);
CREATE INDEX star_subscriptions_of_person ON star_subscriptions (person, until);

UPDATE schema_compat SET oldest = 11;
