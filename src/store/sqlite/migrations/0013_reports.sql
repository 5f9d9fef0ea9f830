-- When the operator is to be told that the result of a job reached no chat, on the database's clock; null when nothing is to
-- be told. It is moved ahead while somebody tells it.
ALTER TABLE jobs ADD COLUMN report_due INTEGER;
CREATE INDEX jobs_to_report ON jobs (report_due) WHERE report_due IS NOT NULL;
UPDATE schema_compat SET oldest = 11;
