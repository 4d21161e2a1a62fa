// Reactions: emoji under messages.

package store

import (
	"slices"

	"parley/chat"
)

// reactions lists the reactions to a message: the emoji, and the users under each, in the order they came.
func (tx *Tx) reactions(room chat.RoomID, seq int64) ([]chat.Reaction, error) {
	var list []chat.Reaction
	err := tx.rows(func(row scanner) error {
		var emoji string
		var user chat.UserID
		if err := row.Scan(&emoji, &user); err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(r chat.Reaction) bool { return r.Emoji == emoji })
		if i < 0 {
			list = append(list, chat.Reaction{Emoji: emoji})
			i = len(list) - 1
		}
		list[i].UserIDs = append(list[i].UserIDs, user)
		return nil
	}, `
		SELECT emoji, user_id
		FROM reactions
		WHERE message_id = $1
		ORDER BY id`, messageKey(room, seq))
	return list, err
}

// AddReaction puts a user's emoji under a message and tells the room. The caller has checked that the user
// has not put the emoji there yet.
func (tx *WriteTx) AddReaction(m chat.Message, user chat.UserID, emoji string) (chat.MessageSent, error) {
	_, err := tx.returningKeepingRights(`
		INSERT INTO reactions (message_id, emoji, user_id)
		VALUES ($1, $2, $3)
		RETURNING id`, messageKey(m.RoomID, m.Seq), emoji, user)
	if err != nil {
		return chat.MessageSent{}, err
	}
	return tx.reactionChanged(m, chat.ReactionChanged{Emoji: emoji, UserID: user, Added: true})
}

// RemoveReaction takes a user's emoji away from a message and tells the room.
func (tx *WriteTx) RemoveReaction(m chat.Message, user chat.UserID, emoji string) (chat.MessageSent, error) {
	err := tx.runOneKeepingRights(`
		DELETE FROM reactions
		WHERE message_id = $1 AND emoji = $2 AND user_id = $3`, messageKey(m.RoomID, m.Seq), emoji, user)
	if err != nil {
		return chat.MessageSent{}, err
	}
	return tx.reactionChanged(m, chat.ReactionChanged{Emoji: emoji, UserID: user})
}

// reactionChanged stores the change of a reaction to m under the room's next rev, and tells the room: sockets
// that asked for deltas the reaction, all others the message.
func (tx *WriteTx) reactionChanged(m chat.Message, c chat.ReactionChanged) (chat.MessageSent, error) {
	var err error
	if m.Reactions, err = tx.reactions(m.RoomID, m.Seq); err != nil {
		return chat.MessageSent{}, err
	}
	heads, err := tx.headsOf(m.RoomID)
	if err != nil {
		return chat.MessageSent{}, err
	}
	heads.Rev++
	c.RoomID, c.Seq, c.Was, c.Rev = m.RoomID, m.Seq, m.Rev, heads.Rev
	c.Index = max(0, slices.IndexFunc(m.Reactions, func(r chat.Reaction) bool { return r.Emoji == c.Emoji }))
	m.Rev = heads.Rev
	err = tx.runOneKeepingRights(`
		UPDATE messages
		SET text_rev = CASE text_rev WHEN 0 THEN rev ELSE text_rev END, rev = $2, reacted = $3
		WHERE id = $1`, messageKey(m.RoomID, m.Seq), m.Rev, reactedTo(m))
	if err != nil {
		return chat.MessageSent{}, err
	}
	tx.tell(chat.Change{
		Event: "message.changed", Data: chat.MessageChanged{Message: m},
		Delta: &chat.Delta{Event: "reaction.changed", Data: c},
		Room:  m.RoomID, Heads: *heads,
	})
	return SentOf(m), nil
}

// reactedTo returns how many reactions a message has.
func reactedTo(m chat.Message) (n int) {
	for _, r := range m.Reactions {
		n += len(r.UserIDs)
	}
	return n
}
