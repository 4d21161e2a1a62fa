-- One row: what the server knows of itself.
CREATE TABLE server (
  one          INTEGER PRIMARY KEY CHECK (one = 1),
  name         TEXT    NOT NULL,
  registration TEXT    NOT NULL,
  epoch        TEXT    NOT NULL, -- changes only when history may have gone backwards
  token_key    BLOB    NOT NULL CHECK (length(token_key) >= 32),
  directory    INTEGER NOT NULL  -- raised with every new or changed profile
) STRICT;

CREATE TABLE users (
  id            INTEGER PRIMARY KEY,
  name          TEXT    NOT NULL,
  name_key      TEXT    NOT NULL UNIQUE, -- name after NFKC and case folding
  display_name  TEXT    NOT NULL,
  role          TEXT    NOT NULL,
  password_hash TEXT    NOT NULL,
  created_at    INTEGER NOT NULL,
  last_seen_at  INTEGER NOT NULL DEFAULT 0,
  rev           INTEGER NOT NULL DEFAULT 0, -- what is private to the user
  directory     INTEGER NOT NULL UNIQUE     -- what everyone may see of the user
) STRICT;

CREATE TABLE sessions (
  id         TEXT    PRIMARY KEY,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE invites (
  id         INTEGER PRIMARY KEY,
  code_hash  BLOB    NOT NULL UNIQUE, -- the code itself is shown once and kept nowhere
  created_by INTEGER NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  max_uses   INTEGER NOT NULL, -- 0: no limit
  uses       INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE rooms (
  id           INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 2147483647),
  kind         TEXT    NOT NULL,
  name         TEXT    NOT NULL,
  name_key     TEXT    UNIQUE, -- NULL for direct rooms
  direct_key   TEXT    UNIQUE, -- the members' ids in order; NULL for all others
  topic        TEXT    NOT NULL,
  everyone     INTEGER NOT NULL, -- 1: new users become members
  member_count INTEGER NOT NULL DEFAULT 0,
  created_at   INTEGER NOT NULL,
  seq          INTEGER NOT NULL DEFAULT 0,
  rev          INTEGER NOT NULL DEFAULT 0,
  meta         INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE members (
  user_id   INTEGER NOT NULL REFERENCES users (id),
  room_id   INTEGER NOT NULL REFERENCES rooms (id),
  role      TEXT    NOT NULL,
  joined_at INTEGER NOT NULL,
  read_seq  INTEGER NOT NULL,
  PRIMARY KEY (user_id, room_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_room ON members (room_id, user_id);

CREATE TABLE messages (
  id           INTEGER PRIMARY KEY, -- room_id << 32 | seq
  room_id      INTEGER GENERATED ALWAYS AS (id >> 32) VIRTUAL,
  rev          INTEGER NOT NULL, -- of the last change
  added_rev    INTEGER NOT NULL, -- of the first, so that a resend gets the first answer
  author_id    INTEGER NOT NULL,
  client_id    BLOB    NOT NULL CHECK (length(client_id) = 16),
  draft_hash   BLOB    NOT NULL, -- of what was first sent
  created_at   INTEGER NOT NULL,
  edited_at    INTEGER NOT NULL DEFAULT 0,
  deleted_at   INTEGER NOT NULL DEFAULT 0,
  reacted      INTEGER NOT NULL DEFAULT 0, -- rows in reactions
  html_version INTEGER NOT NULL, -- of the renderer; an older html is rendered again when read
  body         TEXT    NOT NULL,
  html         TEXT    NOT NULL
) STRICT;
-- In this order the index grows at its right edge, since client ids grow with time.
CREATE UNIQUE INDEX messages_sent ON messages (client_id, author_id);
CREATE UNIQUE INDEX messages_rev ON messages (room_id, rev);

CREATE TABLE reactions (
  id         INTEGER PRIMARY KEY, -- the order in which they came
  message_id INTEGER NOT NULL,
  emoji      TEXT    NOT NULL,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  UNIQUE (message_id, emoji, user_id)
) STRICT;
