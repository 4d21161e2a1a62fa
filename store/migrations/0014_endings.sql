-- What has an end is found by it.
CREATE INDEX sessions_end ON sessions (expires_at);
CREATE INDEX notifications_age ON notifications (created_at);
CREATE INDEX inbox_notification ON inbox (notification_id);

-- The bytes of all notifications that are kept.
ALTER TABLE server ADD COLUMN notification_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE server
SET notification_bytes = (
  SELECT coalesce(sum(octet_length(key) + octet_length(title) + octet_length(body) + octet_length(url)
    + octet_length(data)), 0)
  FROM notifications);
