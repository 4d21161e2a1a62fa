// Finding what a person names instead of numbering it, and what they missed since a time.

package actions

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// RoomNamed gives the room of a name that the caller may see.
func (a *Actions) RoomNamed(ctx context.Context, by access.Caller, name string) (chat.RoomView, error) {
	key := Fold(strings.TrimSpace(name))
	return a.roomFound(ctx, by, func(tx *store.Tx) (chat.RoomID, error) { return tx.RoomNamed(key) })
}

// EveryonesRoom gives the first room of a kind that everyone is a member of: the one to talk in, or the
// announcements.
func (a *Actions) EveryonesRoom(ctx context.Context, by access.Caller, kind chat.RoomKind) (chat.RoomView, error) {
	return a.roomFound(ctx, by, func(tx *store.Tx) (chat.RoomID, error) { return tx.EveryonesRoom(kind) })
}

func (a *Actions) roomFound(
	ctx context.Context, by access.Caller, find func(*store.Tx) (chat.RoomID, error),
) (chat.RoomView, error) {
	return read(ctx, a.store, func(tx *store.Tx) (chat.RoomView, error) {
		id, err := find(tx)
		if err != nil {
			return chat.RoomView{}, err
		}
		found, err := tx.RoomFor(by, id)
		return found.View(), err
	})
}

// PersonCalled finds someone by their login name or by their id; no name is all digits.
func (a *Actions) PersonCalled(ctx context.Context, nameOrID string) (chat.User, error) {
	return read(ctx, a.store, func(tx *store.Tx) (chat.User, error) {
		if id, err := strconv.ParseInt(nameOrID, 10, 64); err == nil {
			return tx.User(chat.UserID(id))
		}
		return tx.UserByName(Fold(strings.TrimSpace(nameOrID)))
	})
}

// Person gives someone by their id.
func (a *Actions) Person(ctx context.Context, id chat.UserID) (chat.User, error) {
	return read(ctx, a.store, func(tx *store.Tx) (chat.User, error) { return tx.User(id) })
}

// Missing is a message or a notification, and when it came, UTC milliseconds.
type Missing struct {
	Message      *chat.Message
	Notification *chat.Notification
	at           int64
}

func (m Missing) bytes() int {
	if m.Message != nil {
		return store.MessageBytes(*m.Message)
	}
	return TextBytes(*m.Notification)
}

// TextBytes is how much a notification has to say.
func TextBytes(n chat.Notification) int { return len(n.Title) + len(n.Body) + len(n.URL) + len(n.Data) }

// Missed gives what was said after a time in the rooms that a socket of the caller opened with, and what waits
// in their inbox since and is unread, up to the heads of that moment and oldest first: the newest when it is
// more than most or maxBytes. since is UTC milliseconds, by the server's clock.
func (a *Actions) Missed(
	ctx context.Context, by access.Caller, opened chat.Welcome, since int64, most, maxBytes int,
) ([]Missing, error) {
	return read(ctx, a.store, func(tx *store.Tx) ([]Missing, error) {
		unread, err := tx.NotificationsMissed(by.User, opened.Inbox.Seq, since, most)
		if err != nil {
			return nil, err
		}
		var all []Missing
		for i := range unread {
			all = append(all, Missing{Notification: &unread[i], at: unread[i].CreatedAt})
		}
		all, _ = newest(all, most, maxBytes)
		for _, room := range opened.Rooms {
			messages, err := messagesSince(tx, room.ID, room.Seq, since, most, maxBytes)
			if err != nil {
				return nil, err
			}
			if len(messages) == 0 {
				continue
			}
			for i := range messages {
				all = append(all, Missing{Message: &messages[i], at: messages[i].CreatedAt})
			}
			var left bool
			if all, left = newest(all, most, maxBytes); left && len(all) > 0 {
				since = max(since, all[0].at-1) // what is older has no place in the other rooms either
			}
		}
		return all, nil
	})
}

// newest keeps the newest of what was missed, in order, and tells whether some is left out. What is left out is
// not kept alive.
func newest(all []Missing, most, maxBytes int) (kept []Missing, left bool) {
	slices.SortStableFunc(all, func(a, b Missing) int { return cmp.Compare(a.at, b.at) })
	first, bytes := len(all), 0
	for first > 0 && len(all)-first < most {
		if bytes += all[first-1].bytes(); bytes > maxBytes {
			break
		}
		first--
	}
	if first == 0 {
		return all, false
	}
	return slices.Clone(all[first:]), true
}

// missedStep is how many messages of a room are read at once; a long one has many bytes.
const missedStep = 100

// messagesSince gives the newest messages of a room up to a seq that came after a time, in order: no more than
// most, and not many more than maxBytes. It reads backwards in steps, since mostly there is next to nothing to
// find.
func messagesSince(
	tx *store.Tx, room chat.RoomID, upTo, since int64, most, maxBytes int,
) ([]chat.Message, error) {
	var all []chat.Message
	for step := 1; len(all) < most && maxBytes > 0; step = min(step*10, missedStep) {
		page, err := tx.MessagesBefore(room, upTo+1, min(step, most-len(all)))
		if err != nil {
			return nil, err
		}
		after := slices.IndexFunc(page, func(m chat.Message) bool { return m.CreatedAt > since })
		if after < 0 {
			break
		}
		for _, m := range page[after:] {
			maxBytes -= store.MessageBytes(m)
		}
		all = append(slices.Clone(page[after:]), all...)
		if after > 0 || page[0].Seq == 1 {
			break
		}
		upTo = page[0].Seq - 1
	}
	return slices.DeleteFunc(all, func(m chat.Message) bool { return m.DeletedAt != 0 }), nil
}
