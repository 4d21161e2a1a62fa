-- A room's number is never given twice, names of private rooms are nobody else's matter, and each membership says who
-- caused it. SQLite cannot drop a UNIQUE column, so the rooms are made anew, with the tables that point at them.
ALTER TABLE reports RENAME TO old_reports;
ALTER TABLE members RENAME TO old_members;
ALTER TABLE rooms RENAME TO old_rooms;

CREATE TABLE rooms (
  id           INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 2147483647),
  kind         TEXT    NOT NULL,
  name         TEXT    NOT NULL,
  name_key     TEXT,             -- NULL for direct rooms
  direct_key   TEXT    UNIQUE,   -- the ids of all for whom it was made, until one of them leaves; NULL for all others
  people       TEXT    NOT NULL DEFAULT '', -- the ids of the members of a direct room, in order
  topic        TEXT    NOT NULL,
  everyone     INTEGER NOT NULL, -- 1: new users become members
  member_count INTEGER NOT NULL DEFAULT 0,
  created_at   INTEGER NOT NULL,
  created_by   INTEGER NOT NULL DEFAULT 0, -- 0: not known
  archived_at  INTEGER NOT NULL DEFAULT 0,
  deleting     INTEGER NOT NULL DEFAULT 0, -- 1: nobody sees it, and its messages are being deleted
  seq          INTEGER NOT NULL DEFAULT 0,
  rev          INTEGER NOT NULL DEFAULT 0,
  meta         INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO rooms (id, kind, name, name_key, direct_key, people, topic, everyone, member_count, created_at, archived_at,
  seq, rev, meta)
SELECT id, kind, name, name_key, direct_key, coalesce(direct_key, ''), topic, everyone, member_count, created_at,
  iif(member_count = 0, unixepoch() * 1000, 0), seq, rev, meta
FROM old_rooms;

CREATE TABLE members (
  user_id      INTEGER NOT NULL REFERENCES users (id),
  room_id      INTEGER NOT NULL REFERENCES rooms (id),
  role         TEXT    NOT NULL,
  joined_at    INTEGER NOT NULL,
  read_seq     INTEGER NOT NULL,
  added_by     INTEGER NOT NULL DEFAULT 0, -- the member, or who brought them in; 0: not known, or the server
  hidden_until INTEGER NOT NULL DEFAULT 0, -- the seq with which the member sees the room in their list again
  PRIMARY KEY (user_id, room_id)
) STRICT, WITHOUT ROWID;
INSERT INTO members (user_id, room_id, role, joined_at, read_seq, added_by)
SELECT m.user_id, m.room_id, m.role, m.joined_at, m.read_seq,
  iif(m.role = 'owner' OR (r.kind = 'public' AND r.everyone = 0), m.user_id, 0)
FROM old_members m
JOIN old_rooms r ON r.id = m.room_id;

CREATE TABLE reports (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  room_id     INTEGER NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  seq         INTEGER NOT NULL,
  author_id   INTEGER NOT NULL,
  reporter_id INTEGER NOT NULL,
  reason      TEXT    NOT NULL,
  created_at  INTEGER NOT NULL,
  closed_at   INTEGER NOT NULL DEFAULT 0,
  closed_by   INTEGER NOT NULL DEFAULT 0,
  UNIQUE (room_id, seq, reporter_id)
) STRICT;
INSERT INTO reports SELECT * FROM old_reports;

DROP TABLE old_reports;
DROP TABLE old_members;
DROP TABLE old_rooms;

CREATE UNIQUE INDEX rooms_public_name ON rooms (name_key) WHERE kind IN ('public', 'announcements') AND archived_at = 0;
CREATE INDEX rooms_name ON rooms (name_key);
CREATE INDEX rooms_made ON rooms (created_by);
CREATE INDEX members_room ON members (room_id, user_id);
CREATE INDEX reports_closed ON reports (closed_at);
CREATE INDEX members_added ON members (added_by, user_id);
