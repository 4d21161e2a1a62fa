-- Whether text that was deleted may still stand in the file: 0 no; 1 maybe, in gaps of pages; 2 anywhere, since earlier
-- versions did not overwrite what they deleted.
ALTER TABLE server ADD COLUMN leftovers INTEGER NOT NULL DEFAULT 2;
