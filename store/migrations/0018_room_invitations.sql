-- Who wants to be asked before others bring them into a room, and what they are asked.
ALTER TABLE users ADD COLUMN asks INTEGER NOT NULL DEFAULT 0; -- 1: others ask

CREATE TABLE room_invitations (
  user_id  INTEGER NOT NULL REFERENCES users (id),
  room_id  INTEGER NOT NULL REFERENCES rooms (id),
  by_id    INTEGER NOT NULL,           -- who asked; 0: nobody who still may
  asked_at INTEGER NOT NULL,
  declined INTEGER NOT NULL DEFAULT 0, -- 1: kept only so that nobody asks again
  PRIMARY KEY (user_id, room_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_invitations_by ON room_invitations (by_id, room_id);
CREATE INDEX room_invitations_room ON room_invitations (room_id);
CREATE INDEX room_invitations_age ON room_invitations (asked_at);
