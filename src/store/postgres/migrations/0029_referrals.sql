-- The code of each person's link for friends.
CREATE TABLE referral_codes (
    user_id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    made_at BIGINT NOT NULL
);
-- Who came by whose link, and that both were rewarded for it.
CREATE TABLE referrals (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Null for one who was forgotten: they still count for whoever has brought them.
    friend BIGINT UNIQUE,
    inviter BIGINT NOT NULL,
    came_at BIGINT NOT NULL,
    rewarded_at BIGINT,
    -- The friend's order for which they were.
    rewarded_by TEXT,
    -- What the inviter got, in hundredths of the operator's unit.
    earned BIGINT NOT NULL CHECK (earned >= 0)
);
CREATE INDEX referrals_of_inviter ON referrals (inviter);

UPDATE schema_compat SET oldest = 11;
