-- The code of each person's link for friends.
CREATE TABLE referral_codes (
    user_id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    made_at INTEGER NOT NULL
) STRICT;
-- Who came by whose link, and that both were rewarded for it.
CREATE TABLE referrals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Null for one who was forgotten: they still count for whoever has brought them.
    friend INTEGER UNIQUE,
    inviter INTEGER NOT NULL,
    came_at INTEGER NOT NULL,
    rewarded_at INTEGER,
    -- The friend's order for which they were.
    rewarded_by TEXT,
    -- What the inviter got, in hundredths of the operator's unit.
    earned INTEGER NOT NULL CHECK (earned >= 0)
) STRICT;
CREATE INDEX referrals_of_inviter ON referrals (inviter);

UPDATE schema_compat SET oldest = 11;
