-- A database as the first version of Parley left it: migrations/0001_start.sql as it was then, and some of
-- everything that it holds. Never change this file.

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

INSERT INTO server VALUES (1, 'Home', 'invite', 'EPOCH', x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 2);
INSERT INTO users VALUES
  (1, 'ann', 'ann', 'Ann', 'owner', '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 1764547200000, 0, 3, 1),
  (2, '小明', '小明', '小明', 'member', '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 1764547201000, 1764547300000, 2, 2);
INSERT INTO sessions VALUES ('SESSION', 1, 1764547200000, 9000000000000);
INSERT INTO invites VALUES (1, x'00', 1, 1764547200000, 1765152000000, 0, 1);
INSERT INTO rooms VALUES
  (1, 'public', 'general', 'general', NULL, 'All', 1, 2, 1764547200000, 3, 7, 2),
  (2, 'direct', '', NULL, '1,2', '', 0, 2, 1764547202000, 0, 0, 2);
INSERT INTO members VALUES (1, 1, 'owner', 1764547200000, 3), (2, 1, 'member', 1764547201000, 1),
  (1, 2, 'member', 1764547202000, 0), (2, 2, 'member', 1764547202000, 0);
INSERT INTO messages (id, rev, added_rev, author_id, client_id, draft_hash, created_at, edited_at, deleted_at,
  reacted, html_version, body, html) VALUES
  (4294967297, 1, 1, 1, x'019ab0000000700080000000000000a1', x'01', 1764547210000, 0, 0, 0, 1, 'Hello **Bob**',
    '<p>Hello <strong>Bob</strong></p>'),
  (4294967298, 4, 2, 2, x'019ab0000000700080000000000000a2', x'02', 1764547211000, 0, 1764547212000, 0, 1, '', ''),
  (4294967299, 7, 3, 1, x'019ab0000000700080000000000000a3', x'03', 1764547213000, 1764547214000, 0, 2, 1, '你好',
    '<p>你好</p>');
INSERT INTO reactions VALUES (1, 4294967299, '👍', 2), (2, 4294967299, '👍', 1);
PRAGMA user_version = 1;
