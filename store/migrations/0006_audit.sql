-- What the owner, the admins and the operator did to others. The newest 100,000 stay.
CREATE TABLE audit (
  id      INTEGER PRIMARY KEY AUTOINCREMENT, -- so that no later entry takes the place of one that is gone
  at      INTEGER NOT NULL,
  by_id   INTEGER NOT NULL, -- 0: on the server's command line
  act     TEXT    NOT NULL, -- chat.Act
  user_id INTEGER NOT NULL, -- whom it was done to, or 0
  room_id INTEGER NOT NULL, -- … or which room
  seq     INTEGER NOT NULL, -- … or which message in it
  detail  TEXT    NOT NULL
) STRICT;
