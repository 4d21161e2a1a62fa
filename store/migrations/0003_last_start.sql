-- A word that is new at each start, and stands in a file beside the database too: where the two differ, the database is
-- not the one that the server last ran with.
ALTER TABLE server ADD COLUMN last_start TEXT NOT NULL DEFAULT '';
