-- The rev of the last change of a message's text, where its reactions changed after that; 0: rev is that of the text.
-- Who comes back and has the text is then sent the reactions alone.
ALTER TABLE messages ADD COLUMN text_rev INTEGER NOT NULL DEFAULT 0;
