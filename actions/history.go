// History: pages of messages, what changed since a rev, and the snapshot that a socket opens with.

package actions

import (
	"context"
	"log/slog"
	"math"
	"slices"
	"time"

	"parley/access"
	"parley/chat"
	"parley/rooms"
	"parley/store"
)

// The bounds of one answer.
const (
	MaxChangesRooms = 200
	changesPage     = 200  // messages for one room
	ChangesTooFar   = 1000 // a rev that is further behind than this is answered too_far
	changesBytes    = PageBytes
)

// History returns a page of a room that the caller may see.
func (a *Actions) History(ctx context.Context, by access.Caller, room chat.RoomID, of PageOf) (chat.Page, error) {
	if err := of.check(store.MaxSeq); err != nil {
		return chat.Page{}, err
	}
	return readAs(ctx, a, by, func(tx *store.Tx) (chat.Page, error) {
		found, err := tx.RoomFor(by, room)
		if err != nil {
			return chat.Page{}, err
		}
		page := chat.Page{Seq: found.Room.Seq, Rev: found.Room.Rev}
		switch {
		case of.After != nil:
			page.Messages, err = tx.MessagesAfter(room, *of.After, of.Limit, PageBytes)
		case of.Around != nil:
			page.Messages, err = messagesAround(tx, room, *of.Around, of.Limit)
		case of.Before != nil:
			page.Messages, err = tx.MessagesBefore(room, *of.Before, of.Limit, PageBytes)
		default:
			page.Messages, err = tx.MessagesBefore(room, found.Room.Seq+1, of.Limit, PageBytes)
		}
		page.Before, page.After = more(of, page.Messages, messageSeq, 1, page.Seq)
		return page, err
	})
}

func messageSeq(m chat.Message) int64 { return m.Seq }

// messagesAround returns a page with the message at seq in its middle.
func messagesAround(tx *store.Tx, room chat.RoomID, seq int64, limit int) ([]chat.Message, error) {
	before, err := tx.MessagesBefore(room, seq, limit/2, PageBytes/2)
	if err != nil {
		return nil, err
	}
	after, err := tx.MessagesAfter(room, max(seq-1, 0), limit-len(before), PageBytes/2)
	return append(before, after...), err
}

// Changes returns what changed in rooms since the rev up to which the caller knows each. The answer is
// bounded in messages and bytes; rooms whose changes did not fit are marked. With deltas, messages of which
// only the reactions changed come without their text.
func (a *Actions) Changes(
	ctx context.Context, by access.Caller, in chat.ChangesSince, deltas bool,
) (chat.Changes, error) {
	if len(in.Rooms) > MaxChangesRooms {
		return chat.Changes{}, chat.InvalidField("rooms", "at most %d rooms", MaxChangesRooms)
	}
	return readAs(ctx, a, by, func(tx *store.Tx) (chat.Changes, error) {
		answer := chat.Changes{Rooms: make([]chat.RoomChanges, 0, len(in.Rooms))}
		budget := changesBytes
		for _, since := range in.Rooms {
			changes, err := a.roomChanges(tx, by, since, deltas, &budget)
			if err != nil {
				return chat.Changes{}, err
			}
			answer.Rooms = append(answer.Rooms, changes)
		}
		return answer, nil
	})
}

// roomChanges returns what changed in one room. budget is how many bytes of the answer are left; roomChanges
// takes its own from it.
func (a *Actions) roomChanges(
	tx *store.Tx, by access.Caller, since chat.RoomRev, deltas bool, budget *int,
) (chat.RoomChanges, error) {
	answer := chat.RoomChanges{
		RoomID: since.RoomID, State: chat.ChangesPage, Messages: []chat.Message{}, Rev: since.Rev,
	}
	found, err := tx.RoomFor(by, since.RoomID)
	if chat.IsCode(err, chat.NotFound) {
		answer.State = chat.ChangesGone
		return answer, nil
	}
	if err != nil {
		return answer, err
	}
	head := found.Room.Rev
	switch {
	case since.Rev > head:
		a.noteAhead(by, since, head)
		answer.State, answer.Rev = chat.ChangesAhead, head
	case since.Rev < 0:
		answer.State, answer.Rev = chat.ChangesAhead, head
	case head-since.Rev > ChangesTooFar:
		answer.State, answer.Rev = chat.ChangesTooFar, head
	case since.Rev < head && *budget <= 0:
		answer.State, answer.More = chat.ChangesLater, true
	case since.Rev < head:
		var page []store.ChangedMessage
		page, err = a.pages.changes(tx, found.Room, since.Rev, deltas)
		answer.Rev = head
		for n := 0; n < len(page) && *budget > 0; n++ {
			*budget -= store.MessageBytes(page[n].Message)
			answer.Rev = page[n].Rev
			if text := page[n].TextRev; text > 0 {
				answer.Reacted = append(answer.Reacted, chat.MessageReactions{
					Seq: page[n].Seq, Rev: page[n].Rev, TextRev: text, Reactions: page[n].Reactions,
				})
				continue
			}
			answer.Messages = append(answer.Messages, page[n].Message)
		}
		answer.More = answer.Rev < head
	}
	return answer, err
}

// Past is what a client compares with what it has seen before.
func (a *Actions) Past() chat.History { return chat.History{Epoch: a.epoch, Runs: a.runs} }

// Snapshot reads what the welcome of a socket needs; SignedOut when the caller's session ended.
func (a *Actions) Snapshot(ctx context.Context, by access.Caller) (rooms.Snapshot, error) {
	return readAs(ctx, a, by, func(tx *store.Tx) (rooms.Snapshot, error) {
		s := rooms.Snapshot{Epoch: a.epoch, Runs: a.runs, Limits: chat.Limits{
			MessageCharacters: a.limits.MessageCharacters, FrameBytes: a.limits.FrameBytes,
			SocketWrites: a.limits.SocketWrites, DirectPeople: maxDirectPeople,
		}}
		start, err := tx.SocketStart(by.Session)
		if err != nil {
			return s, err
		}
		s.User, s.UserRev = start.User, start.UserRev
		s.Server, s.Directory = a.server(start.Server), start.Server.Directory
		s.Inbox = start.Inbox
		blocks, err := tx.Blocks(start.User.ID)
		if err != nil {
			return s, err
		}
		s.Blocked, s.Adding = blocks.UserIDs, start.Adding
		invitations, err := tx.RoomInvitations(start.User.ID)
		if err != nil {
			return s, err
		}
		s.RoomInvitations = invitations.RoomInvitations
		s.Rooms, _, err = tx.RoomsOf(by, 0, math.MaxInt)
		s.CountUnread = func(rooms []chat.RoomState) error { return a.countUnread(ctx, by, rooms) }
		return s, err
	})
}

// countUnread sets Unread in rooms of the caller, as of the Seq and Rev that stand there.
func (a *Actions) countUnread(ctx context.Context, by access.Caller, rooms []chat.RoomState) error {
	if !slices.ContainsFunc(rooms, func(room chat.RoomState) bool { return room.Seq > room.ReadSeq }) {
		return nil
	}
	_, err := readAs(ctx, a, by, func(tx *store.Tx) (struct{}, error) {
		return struct{}{}, tx.CountUnread(by.User, rooms)
	})
	return err
}

// aheadEvery is the least time between two warnings about clients that are ahead.
const aheadEvery = time.Minute

// ClientsAhead is how often a client held a rev that its room never had, since the start: see noteAhead.
func (a *Actions) ClientsAhead() int64 { return a.ahead.Load() }

// noteAhead counts a client that holds a rev which the room never had, and warns the operator: somebody may have put an
// older database in place, or the client lies. Either way only this client drops its copy.
func (a *Actions) noteAhead(by access.Caller, since chat.RoomRev, head int64) {
	a.ahead.Add(1)
	now, last := a.now().UnixMilli(), a.aheadAt.Load()
	if now-last < aheadEvery.Milliseconds() || !a.aheadAt.CompareAndSwap(last, now) {
		return
	}
	slog.Warn("a client holds changes that this database never had: was an older one put back by hand?",
		"user", by.User, "room", since.RoomID, "client", since.Rev, "database", head)
}
