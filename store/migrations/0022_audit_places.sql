-- Who owns a room fills the audit log with what they do there. That pushes out nothing of those who look after the server.
ALTER TABLE audit ADD COLUMN staff INTEGER NOT NULL DEFAULT 1; -- 0: done by somebody who looks after a room only
ALTER TABLE audit ADD COLUMN place INTEGER NOT NULL DEFAULT 0; -- among the entries with the same staff, from 1
UPDATE audit SET place = id;
CREATE UNIQUE INDEX audit_place ON audit (staff, place);
CREATE INDEX audit_rooms ON audit (by_id, place) WHERE staff = 0;
