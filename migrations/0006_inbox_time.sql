-- When it came into the inbox: the last of many have a notification some time after it was made.
ALTER TABLE inbox ADD COLUMN added_at INTEGER NOT NULL DEFAULT 0;
UPDATE inbox
SET added_at = (SELECT n.created_at FROM notifications n WHERE n.id = notification_id);
