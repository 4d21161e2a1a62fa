-- 0, or since when nobody can sign in to the account.
ALTER TABLE users ADD COLUMN deactivated_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX users_made_by ON users (made_by) WHERE made_by IS NOT NULL;
CREATE INDEX users_owners ON users (role) WHERE role = 'owner';
CREATE INDEX invites_maker ON invites (created_by);

-- Links by which people choose another password.
CREATE TABLE resets (
  user_id    INTEGER PRIMARY KEY REFERENCES users (id), -- a later link takes the place of an earlier one
  code_hash  BLOB    NOT NULL UNIQUE, -- the code itself is shown once and kept nowhere
  expires_at INTEGER NOT NULL
) STRICT;

-- People whose messages are being deleted.
CREATE TABLE erasures (
  user_id  INTEGER PRIMARY KEY REFERENCES users (id),
  by_id    INTEGER NOT NULL, -- who asked for it; 0: on the server's command line
  after_id INTEGER NOT NULL -- up to this message, all of theirs are deleted
) STRICT;
