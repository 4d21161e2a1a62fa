-- Raised now and then while changes are made, and written into a file beside the database too: a database whose mark is
-- below that in the file is older than the one that the server last used.
ALTER TABLE server ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;

-- The runs of the server in this history, each by a random word. A client that knows a run which is not here has copies
-- from a history that is lost.
CREATE TABLE runs (
  id   INTEGER PRIMARY KEY AUTOINCREMENT,
  word TEXT NOT NULL
) STRICT;
