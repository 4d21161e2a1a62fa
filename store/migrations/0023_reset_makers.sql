-- A link for another password ends with the right to make it. Those of before do not say who made them.
DELETE FROM resets;
ALTER TABLE resets ADD COLUMN by_id INTEGER NOT NULL DEFAULT 0; -- 0: on the server's command line
CREATE INDEX resets_by ON resets (by_id);
