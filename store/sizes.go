// Sizes: about how many bytes things have on the wire, so that lists are read only as far as they fit into an
// answer.

package store

import (
	"errors"
	"math"

	"parley/chat"
)

// errEnough is returned by the function that Tx.rows calls for each row when it wants no more rows.
var errEnough = errors.New("enough rows")

// upTo returns a function that gets the bytes of one thing after the other, and tells whether each still
// belongs to the list: it does as long as those before it have less than maxBytes together. So a list has at
// least one thing, however large that is.
func upTo(maxBytes int) func(bytes int) bool {
	maxBytes = max(maxBytes, 1)
	return func(bytes int) bool {
		if maxBytes <= 0 {
			return false
		}
		maxBytes -= bytes
		return true
	}
}

// pageOf says how far a list is read. Every list that an answer may have is read with it. It ends with the
// thing that brings the sum of bytes to maxBytes: see upTo.
type pageOf[T any] struct {
	limit    int // at most so many things; 0 means any number
	maxBytes int
	scan     func(scanner) (T, error)
	size     func(T) int // about how many bytes a thing has on the wire
	endless  bool        // the query has no limit of its own
}

// read runs a query for the things of a list. more tells whether there are more than fit. A query that has a
// limit of its own needs one more than p.limit, or it cannot tell.
func (p pageOf[T]) read(tx *Tx, query string, args ...any) (list []T, more bool, err error) {
	list = []T{}
	if p.endless && p.maxBytes < math.MaxInt {
		var least T
		query += tx.sql.AtMost(p.maxBytes/p.size(least) + 2) // the one that is too much, and one more that tells so
	}
	keep := upTo(p.maxBytes)
	err = tx.rows(func(row scanner) error {
		thing, err := p.scan(row)
		if err != nil {
			return err
		}
		if more = p.limit > 0 && len(list) == p.limit || !keep(p.size(thing)); more {
			return errEnough
		}
		list = append(list, thing)
		return nil
	}, query, args...)
	return list, more, err
}

// jsonBytes returns how many bytes a text has inside a JSON string.
func jsonBytes[T ~string | ~[]byte](text T) int {
	n := len(text)
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f':
			n++
		case c < ' ':
			n += len(`\u0000`) - 1
		case c == 0xE2 && i+2 < len(text) && text[i+1] == 0x80 && text[i+2]&^1 == 0xA8: // U+2028 and U+2029
			n += len(`\u2028`) - 3
		}
	}
	return n
}

// The bytes of the names and numbers around the texts of each thing. They are what TestSizesAreThoseOnTheWire
// finds when every number has many digits.
const (
	aroundMessage      = 300
	aroundReaction     = 30
	aroundUser         = 130
	aroundRoom         = 260
	aroundKeptRoom     = 220
	aroundMember       = 80
	aroundInvite       = 150
	aroundReport       = 260
	aroundAudit        = 220
	aroundToken        = 220 + aroundUser
	aroundNotification = 180
	numberBytes        = 11 // an id and a comma
)

// MessageBytes returns about how many bytes a message has on the wire.
func MessageBytes(m chat.Message) int {
	return aroundMessage + jsonBytes(m.Body) + jsonBytes(m.HTML) + ReactionBytes(m)
}

// ReactionBytes returns about how many bytes the reactions to a message have on the wire.
func ReactionBytes(m chat.Message) (n int) {
	for _, r := range m.Reactions {
		n += aroundReaction + len(r.Emoji) + numberBytes*len(r.UserIDs)
	}
	return n
}

// reactionsBytes returns at most how many bytes so many reactions have on the wire, before they are read.
func reactionsBytes(reactions int) int {
	const different, emoji = 50, 64 // what the actions allow
	return min(reactions, different)*(aroundReaction+emoji) + reactions*numberBytes
}

func userBytes(u chat.User) int { return aroundUser + jsonBytes(u.Name) + jsonBytes(u.DisplayName) }

// RoomBytes returns about how many bytes a room has on the wire.
func RoomBytes(r chat.Room) int {
	return aroundRoom + jsonBytes(r.Name) + jsonBytes(r.Topic) + numberBytes*len(r.MemberIDs)
}

func keptRoomBytes(r chat.KeptRoom) int {
	return aroundKeptRoom + jsonBytes(r.Name) + numberBytes*len(r.OwnerIDs)
}

func memberBytes(chat.Member) int { return aroundMember }

func inviteBytes(chat.Invite) int { return aroundInvite }

func reportBytes(p chat.Report) int { return aroundReport + jsonBytes(p.Reason) }

func auditBytes(e chat.AuditEntry) int { return aroundAudit + jsonBytes(e.Detail) }

func tokenBytes(t chat.Token) int {
	return aroundToken + jsonBytes(t.Name) + jsonBytes(t.Bot.Name) + jsonBytes(t.Bot.DisplayName) +
		numberBytes*(len(t.RoomIDs)+len(t.Scopes))
}

// NotificationBytes returns about how many bytes a notification has on the wire.
func NotificationBytes(n chat.Notification) int {
	return aroundNotification + jsonBytes(n.Title) + jsonBytes(n.Body) + jsonBytes(n.URL) + len(n.Data)
}
