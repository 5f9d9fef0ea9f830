-- Since when the vendor has answered nothing but "no such task" about the job's task; null when its last answer was another
-- one. Counts only if it is not before `setbacks_since`: programs of the version before do not reset it.
ALTER TABLE jobs ADD COLUMN not_found_since INTEGER;
UPDATE schema_compat SET oldest = 11;
