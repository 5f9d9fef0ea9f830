-- Whether what is sold is paid again every 30 days.
ALTER TABLE invoices ADD COLUMN is_subscription BOOLEAN NOT NULL DEFAULT FALSE;

-- What people have paid for every 30 days, by the invoice that began it.
CREATE TABLE star_subscriptions (
    invoice TEXT PRIMARY KEY,
    person BIGINT NOT NULL,
    -- The first payment, by which Telegram knows the subscription.
    payment TEXT NOT NULL,
    stars BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    until BIGINT NOT NULL,
    -- automatic, canceled or allowed
    renewal TEXT NOT NULL
);
CREATE INDEX star_subscriptions_of_person ON star_subscriptions (person, until);

UPDATE schema_compat SET oldest = 11;
