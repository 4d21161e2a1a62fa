// Reactions: how a copy of a message follows what happens to its reactions.

package chat

import "slices"

// Reaction is one emoji under a message and the users who put it there, in the order they did so.
type Reaction struct {
	Emoji   string   `json:"emoji"`
	UserIDs []UserID `json:"user_ids"`
}

// MessageReactions are all the reactions to a message, without its text.
type MessageReactions struct {
	Seq int64 `json:"seq"`
	// Rev is the room's rev of the message's last change.
	Rev int64 `json:"rev"`
	// TextRev is the room's rev of the last change of the message's text. Whoever holds the message at this rev
	// or a later one has its text as it is now; whoever does not has to load the message.
	TextRev   int64      `json:"text_rev"`
	Reactions []Reaction `json:"reactions,omitempty"`
}

// Apply brings a copy of the message up to the event, unless the copy is newer already. When it returns false
// the copy is at another rev than the event starts from: it is left as it was, and has to be loaded.
func (c ReactionChanged) Apply(m *Message) bool {
	if m.Rev >= c.Rev {
		return true
	}
	if m.Rev != c.Was {
		return false
	}
	m.Rev, m.Reactions = c.Rev, c.applyTo(m.Reactions)
	return true
}

// applyTo returns the reactions after the change. It leaves list as it is, since copies may share it.
func (c ReactionChanged) applyTo(list []Reaction) []Reaction {
	now := Reaction{Emoji: c.Emoji}
	var others []Reaction
	for _, r := range list {
		if r.Emoji == c.Emoji {
			now.UserIDs = slices.DeleteFunc(slices.Clone(r.UserIDs), func(id UserID) bool { return id == c.UserID })
			continue
		}
		others = append(others, r)
	}
	if c.Added {
		now.UserIDs = append(now.UserIDs, c.UserID)
	}
	if len(now.UserIDs) == 0 {
		return others
	}
	return slices.Insert(others, min(max(c.Index, 0), len(others)), now)
}

// Apply brings a copy of the message up to the reactions, unless the copy is newer already. When it returns
// false the copy has an older text: it is left as it was, and has to be loaded.
func (r MessageReactions) Apply(m *Message) bool {
	if m.Rev < r.TextRev {
		return false
	}
	if m.Rev < r.Rev {
		m.Rev, m.Reactions = r.Rev, r.Reactions
	}
	return true
}
