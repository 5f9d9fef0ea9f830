-- How often a refund was begun: with the number of the payment it makes the keys of its transfers.
ALTER TABLE payments ADD COLUMN refund_tries BIGINT NOT NULL DEFAULT 0;
-- Since when it has been asked for, and when Telegram has carried it out.
ALTER TABLE payments ADD COLUMN refund_asked_at BIGINT;
ALTER TABLE payments ADD COLUMN refunded_at BIGINT;
-- What was taken from the wallet for it: less than was credited when Telegram has refunded it by itself and the rest was spent.
ALTER TABLE payments ADD COLUMN refund_amount BIGINT;

UPDATE schema_compat SET oldest = 11;
