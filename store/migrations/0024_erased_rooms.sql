-- An erasure may delete rooms, too, before it comes to the messages.
ALTER TABLE erasures ADD COLUMN after_room INTEGER NOT NULL DEFAULT -1; -- those up to this one are done; -1: no rooms
