-- Promo codes, in capitals; `amount` is what each person gets, in hundredths of the operator's unit.
CREATE TABLE promo_codes (
    code TEXT PRIMARY KEY,
    amount BIGINT NOT NULL CHECK (amount > 0),
    uses BIGINT NOT NULL CHECK (uses > 0),
    used BIGINT NOT NULL CHECK (used BETWEEN 0 AND uses),
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    -- When an admin has stopped it.
    stopped_at BIGINT
);
-- Who has used which.
CREATE TABLE promo_uses (
    code TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (code, user_id)
);
CREATE INDEX promo_uses_of_user ON promo_uses (user_id);
-- Wrong codes that people have sent lately.
CREATE TABLE promo_misses (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id BIGINT NOT NULL,
    missed_at BIGINT NOT NULL
);
CREATE INDEX promo_misses_of_user ON promo_misses (user_id, missed_at);

UPDATE schema_compat SET oldest = 11;
