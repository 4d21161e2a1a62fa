-- The names under which the server is reached and answers, beside localhost and addresses.
CREATE TABLE hosts (
  name     TEXT    PRIMARY KEY, -- in lower case, without a port
  added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- When a server that was used before it checked host names began to: for a while after that it learns them. 0: it always
-- checked them.
ALTER TABLE server ADD COLUMN hosts_since INTEGER NOT NULL DEFAULT 0;
UPDATE server SET hosts_since = unixepoch() * 1000 WHERE EXISTS (SELECT 1 FROM users);
