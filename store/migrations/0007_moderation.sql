ALTER TABLE messages ADD COLUMN deleted_by INTEGER NOT NULL DEFAULT 0; -- 0: its author

-- Messages that somebody reported to the owner and the admins.
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
CREATE INDEX reports_closed ON reports (closed_at);
