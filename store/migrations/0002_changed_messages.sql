-- A message that was only added is found by its place, so the index by rev need not hold it: it was one more page to
-- write for most messages, and it grew with all of them.
DROP INDEX messages_rev;
CREATE UNIQUE INDEX messages_changed ON messages (room_id, rev) WHERE rev > added_rev;
