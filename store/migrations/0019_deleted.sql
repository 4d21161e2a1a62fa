-- What is deleted of a room is found by its place: it does not count as unread. Only tombstones are in the index, so a
-- new message costs nothing more.
CREATE INDEX messages_deleted ON messages (id, rev) WHERE deleted_at <> 0;
