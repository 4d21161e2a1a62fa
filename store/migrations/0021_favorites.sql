-- The rooms that a person wants to see first.
ALTER TABLE members ADD COLUMN favorite INTEGER NOT NULL DEFAULT 0; -- 1: it is one of them
