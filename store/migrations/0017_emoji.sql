-- An emoji had as many forms as people's devices write it in, and was as many reactions: with and without U+FE0F, which
-- asks for a picture. Each gets the one form that actions/emoji.go gives new ones.
CREATE TABLE emoji_forms (was TEXT PRIMARY KEY, now TEXT NOT NULL) STRICT;
WITH RECURSIVE
  text_first(chars) AS (SELECT
    '©®‼⁉™ℹ↔↕↖↗↘↙↩↪⌨⏏⏭⏮⏯⏱⏲⏸⏹⏺Ⓜ▪▫▶◀◻◼☀☁☂☃☄☎☑☘☝☠☢☣☦☪☮☯☸☹☺♀♂♟♠♣♥♦♨♻♾⚒⚔⚕⚖⚗⚙⚛⚜⚠⚧' ||
    '⚰⚱⛈⛏⛑⛓⛩⛰⛱⛴⛷⛸⛹✂✈✉✌✍✏✒✔✖✝✡✳✴❄❇❣❤➡⤴⤵⬅⬆⬇〰〽㊗㊙🅰🅱🅾🅿🈂🈷🌡🌤🌥🌦🌧🌨🌩🌪🌫🌬🌶🍽🎖🎗🎙🎚🎛🎞🎟🏋🏌🏍🏎🏔' ||
    '🏕🏖🏗🏘🏙🏚🏛🏜🏝🏞🏟🏳🏵🏷🐿👁📽🕉🕊🕯🕰🕳🕴🕵🕶🕷🕸🕹🖇🖊🖋🖌🖍🖐🖥🖨🖱🖲🖼🗂🗃🗄🗑🗒🗓🗜🗝🗞🗡🗣🗨🗯🗳🗺🛋🛍🛎🛏🛠🛡🛢🛣🛤🛥🛩🛰🛳'
  ),
  -- One character of the list after the other, each followed by U+FE0F.
  qualified(was, n, now) AS (
    SELECT DISTINCT emoji, 1, replace(replace(emoji, char(0xfe0f), ''), char(0xfe0e), '') FROM reactions
    UNION ALL
    SELECT was, n + 1, replace(now, substr(chars, n, 1), substr(chars, n, 1) || char(0xfe0f))
    FROM qualified, text_first
    WHERE n <= length(chars)
  ),
  -- A color of skin takes its place, and on a key every character has it.
  skins(was, n, now) AS (
    SELECT was, 0, replace(now, char(0x20e3), char(0xfe0f, 0x20e3))
    FROM qualified, text_first
    WHERE n = length(chars) + 1
    UNION ALL
    SELECT was, n + 1, replace(now, char(0xfe0f, 0x1f3fb + n), char(0x1f3fb + n))
    FROM skins
    WHERE n < 5
  )
INSERT INTO emoji_forms
SELECT was, now FROM skins WHERE n = 5 AND was <> now;

CREATE TABLE emoji_messages (id INTEGER PRIMARY KEY, room_id INTEGER NOT NULL, n INTEGER NOT NULL) STRICT;
INSERT INTO emoji_messages
SELECT id, room_id, row_number() OVER (PARTITION BY room_id ORDER BY id)
FROM messages
WHERE id IN (SELECT message_id FROM reactions WHERE emoji IN (SELECT was FROM emoji_forms));

-- Where somebody reacted in two forms, the other row has the form already.
UPDATE OR IGNORE reactions
SET emoji = now
FROM emoji_forms
WHERE emoji = was;
DELETE FROM reactions WHERE emoji IN (SELECT was FROM emoji_forms);

-- Clients that come back are told.
UPDATE messages
SET text_rev = CASE text_rev WHEN 0 THEN messages.rev ELSE text_rev END,
  rev = rooms.rev + n,
  reacted = (SELECT count(*) FROM reactions WHERE message_id = messages.id)
FROM emoji_messages, rooms
WHERE messages.id = emoji_messages.id AND rooms.id = emoji_messages.room_id;
UPDATE rooms
SET rev = rev + (SELECT max(n) FROM emoji_messages WHERE room_id = rooms.id)
WHERE id IN (SELECT room_id FROM emoji_messages);

DROP TABLE emoji_messages;
DROP TABLE emoji_forms;
