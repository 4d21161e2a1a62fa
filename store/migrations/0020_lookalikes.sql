-- The form of a login name in which names that look alike are the same: see package lookalike. The program computes it;
-- a start fills in what is empty.
ALTER TABLE users ADD COLUMN skeleton TEXT NOT NULL DEFAULT '';
CREATE INDEX users_skeleton ON users (skeleton);
