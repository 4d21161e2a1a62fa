-- Whom people do not want to hear from. The list of each is private.
CREATE TABLE blocks (
  user_id    INTEGER NOT NULL REFERENCES users (id),
  blocked_id INTEGER NOT NULL REFERENCES users (id),
  PRIMARY KEY (user_id, blocked_id)
) STRICT, WITHOUT ROWID;
