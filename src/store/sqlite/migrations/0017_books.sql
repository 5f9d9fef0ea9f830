-- The ledger by day. Its entries have a new kind, 'cost': what the vendor has charged. A program of the version before passes
-- over it: it sums holds, captures and releases by name.
CREATE INDEX ledger_by_time ON ledger (booked_at);
UPDATE schema_compat SET oldest = 11;
