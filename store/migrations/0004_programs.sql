-- A program is a user that nobody signs in as. NULL is a person; 0 was made on the server's command line.
ALTER TABLE users ADD COLUMN made_by INTEGER;

-- A program's token is a session that a program holds: with the session it ends.
CREATE TABLE tokens (
  id           INTEGER PRIMARY KEY AUTOINCREMENT, -- a revoked one never comes to mean another
  session_id   TEXT    NOT NULL UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
  token_hash   BLOB    NOT NULL UNIQUE, -- the token itself is shown once and kept nowhere
  name         TEXT    NOT NULL,
  scopes       TEXT    NOT NULL, -- with a space between
  room_ids     TEXT    NOT NULL, -- with a comma between; empty: all rooms of the program
  created_by   INTEGER NOT NULL, -- 0: on the server's command line
  last_used_at INTEGER NOT NULL DEFAULT 0
) STRICT;
