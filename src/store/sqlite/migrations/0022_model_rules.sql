-- What the operator has decided about single models. A row is never deleted: its revision tells whether somebody has changed
-- it meanwhile. A model that the registry no longer has keeps its row.
CREATE TABLE model_rules (
    model TEXT PRIMARY KEY,
    is_off INTEGER NOT NULL,
    -- A JSON list of people; null is all.
    only_for TEXT,
    -- A JSON object: field to list of values.
    denied TEXT NOT NULL,
    -- What an order is taken to cost at the vendor, in thousandths of a credit.
    credits INTEGER,
    -- What an order costs, in hundredths of the operator's unit.
    price INTEGER,
    -- What is added to a price, in hundredths of a percent.
    markup INTEGER,
    revision INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
UPDATE schema_compat SET oldest = 11;
