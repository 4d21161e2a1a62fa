// Looking up rooms and people by name, and what a client missed since a time.

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

// RoomNamed returns the room that the caller means by a name: their own first, then the public one. It fails with
// NotFound when there is none.
func (a *Actions) RoomNamed(ctx context.Context, by access.Caller, name string) (chat.RoomView, error) {
	key := Fold(strings.TrimSpace(name))
	return a.roomFound(ctx, by, func(tx *store.Tx) (chat.RoomID, error) { return tx.RoomNamed(by, key) })
}

// EveryonesRoom returns the oldest room of a kind that new users become members of: "general" for a public
// room, or the announcements.
func (a *Actions) EveryonesRoom(ctx context.Context, by access.Caller, kind chat.RoomKind) (chat.RoomView, error) {
	return a.roomFound(ctx, by, func(tx *store.Tx) (chat.RoomID, error) { return tx.EveryonesRoom(kind) })
}

func (a *Actions) roomFound(
	ctx context.Context, by access.Caller, find func(*store.Tx) (chat.RoomID, error),
) (chat.RoomView, error) {
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.RoomView, error) {
		id, err := find(tx)
		if err != nil {
			return chat.RoomView{}, err
		}
		found, err := tx.RoomFor(by, id)
		return found.View(), err
	})
}

// PersonCalled finds a user by their login name or their id. A text of digits is an id, since no name is all
// digits.
func (a *Actions) PersonCalled(ctx context.Context, nameOrID string) (chat.User, error) {
	return read(ctx, a.store, func(tx *store.Tx) (chat.User, error) {
		if id, err := strconv.ParseInt(nameOrID, 10, 64); err == nil {
			return tx.User(chat.UserID(id))
		}
		return tx.UserByName(Fold(strings.TrimSpace(nameOrID)))
	})
}

// Person returns a user by their id.
func (a *Actions) Person(ctx context.Context, id chat.UserID) (chat.User, error) {
	return read(ctx, a.store, func(tx *store.Tx) (chat.User, error) { return tx.User(id) })
}

// Missing is a message or a notification that a client has not seen. at is when it came, in UTC milliseconds.
type Missing struct {
	Message      *chat.Message
	Notification *chat.Notification
	at           int64
}

func (m Missing) bytes() int {
	if m.Message != nil {
		return store.MessageBytes(*m.Message)
	}
	return store.NotificationBytes(*m.Notification)
}

// TextBytes returns how many bytes the texts of a notification have.
func TextBytes(n chat.Notification) int { return len(n.Title) + len(n.Body) + len(n.URL) + len(n.Data) }

// Missed returns what a client missed between a time and the moment its socket opened, oldest first. That is
// the messages in the rooms that the welcome lists, and the unread notifications in the caller's inbox. When
// there are more than most, or they have more than maxBytes, Missed returns the newest. since is in UTC
// milliseconds, by the server's clock.
func (a *Actions) Missed(
	ctx context.Context, by access.Caller, opened chat.Welcome, since int64, most, maxBytes int,
) ([]Missing, error) {
	return readAs(ctx, a, by, func(tx *store.Tx) ([]Missing, error) {
		since := tx.Since(since)
		unread, err := tx.NotificationsMissed(by.User, opened.Inbox.Seq, since, most, maxBytes)
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
				since = max(since, all[0].at-1) // from the other rooms, older messages would not fit either
			}
		}
		return all, nil
	})
}

// newest sorts by time and keeps the newest: at most most, with at most maxBytes. left tells whether it left
// any out. The result is a copy, so that those that were left out do not stay in memory.
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

// missedStep bounds how many messages of a room are read at once, since each may have many bytes.
const missedStep = 100

// messagesSince returns the newest messages of a room with a seq of at most upTo that came after a time, in
// order: at most most, and about maxBytes. It reads backwards in growing steps, since usually there is almost
// nothing to find. It leaves deleted messages out.
func messagesSince(
	tx *store.Tx, room chat.RoomID, upTo, since int64, most, maxBytes int,
) ([]chat.Message, error) {
	var all []chat.Message
	for step := 1; len(all) < most && maxBytes > 0; step = min(step*10, missedStep) {
		page, err := tx.MessagesBefore(room, upTo+1, min(step, most-len(all)), min(maxBytes, PageBytes))
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
