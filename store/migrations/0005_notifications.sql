-- What people are told by programs, once for all whom it is for.
CREATE TABLE notifications (
  id         INTEGER PRIMARY KEY,
  sender_id  INTEGER NOT NULL REFERENCES users (id),
  key        TEXT    NOT NULL,
  hash       BLOB    NOT NULL, -- of all that was sent, so that a resend is told from something else
  created_at INTEGER NOT NULL,
  recipients INTEGER NOT NULL,
  delivered  INTEGER NOT NULL, -- how many of them, in order of id, have it in their inbox
  title      TEXT    NOT NULL,
  body       TEXT    NOT NULL,
  url        TEXT    NOT NULL,
  data       TEXT    NOT NULL,
  UNIQUE (sender_id, key)
) STRICT;

CREATE TABLE inbox (
  user_id         INTEGER NOT NULL REFERENCES users (id),
  seq             INTEGER NOT NULL, -- 1, 2, 3 … for each user
  notification_id INTEGER NOT NULL REFERENCES notifications (id),
  created_at      INTEGER NOT NULL, -- when it came here: later than it was sent, for the last of many
  read_at         INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (user_id, seq)
) STRICT, WITHOUT ROWID;

ALTER TABLE users ADD COLUMN inbox_seq INTEGER NOT NULL DEFAULT 0;    -- of the newest in the inbox
ALTER TABLE users ADD COLUMN inbox_unread INTEGER NOT NULL DEFAULT 0; -- how many there are unread
