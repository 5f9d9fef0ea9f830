-- Promo codes, in capitals; `amount` is what each person gets, in hundredths of the operator's unit.
CREATE TABLE promo_codes (
    code TEXT PRIMARY KEY,
    amount INTEGER NOT NULL CHECK (amount > 0),
    uses INTEGER NOT NULL CHECK (uses > 0),
    used INTEGER NOT NULL CHECK (used BETWEEN 0 AND uses),
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    -- When an admin has stopped it.
    stopped_at INTEGER
) STRICT;
-- Who has used which.
CREATE TABLE promo_uses (
    code TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (code, user_id)
) STRICT;
CREATE INDEX promo_uses_of_user ON promo_uses (user_id);
-- Wrong codes that people have sent lately.
CREATE TABLE promo_misses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    missed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX promo_misses_of_user ON promo_misses (user_id, missed_at);

UPDATE schema_compat SET oldest = 11;
