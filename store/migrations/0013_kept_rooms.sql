CREATE INDEX members_owners ON members (room_id, user_id) WHERE role = 'owner';
CREATE INDEX rooms_deleting ON rooms (id) WHERE deleting = 1; -- what is left of them is being dropped
