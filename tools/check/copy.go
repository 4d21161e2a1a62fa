// A copy is what a client makes of the events that it receives: the messages and members of its rooms. At the
// end of a run each copy must equal what the server has.

package check

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"sync"
	"time"

	"parley/chat"
	"parley/client"
)

const (
	loadWithin = 3 * time.Second
	unknown    = math.MaxInt64
)

type folded struct {
	number int // of the client
	user   chat.UserID
	rec    *recorder

	mu    sync.Mutex
	epoch string
	rooms map[chat.RoomID]*foldedRoom

	blocked map[chat.UserID]bool // by the client's user
}

type foldedRoom struct {
	head     chat.RoomState // as it was when the copy began
	start    int64          // it has all messages from this seq on; unknown until the next one is added
	last     int64          // the largest seq
	rev      int64
	messages map[int64]held
	meta     int64
	members  members // nil when they have not been loaded
}

// held is a message in a copy, and what is judged of it.
type held struct {
	chat.Message
	seen *Seen
}

type members map[chat.UserID]chat.MemberRole

func newFolded(number int, user chat.UserID, rec *recorder) *folded {
	return &folded{
		number: number, user: user, rec: rec, rooms: map[chat.RoomID]*foldedRoom{},
		blocked: map[chat.UserID]bool{},
	}
}

// event is the client's handler of events.
func (f *folded) event(c *client.Client, event any) {
	switch e := event.(type) {
	case chat.Welcome:
		f.welcome(c, e)
	case chat.RoomAdded:
		f.load(c, e.Room, e.Room.Seq+1)
	case client.Reset:
		f.reset(c, e)
	case chat.ReactionChanged:
		f.reaction(c, e.RoomID, e.Seq, e.Rev, e.Apply)
	case client.ReactionsChanged:
		f.reaction(c, e.Room, e.Seq, e.Rev, e.Apply)
	case client.Disconnected:
	default:
		f.mu.Lock()
		f.takeLocked(event)
		f.mu.Unlock()
	}
}

// welcome keeps the copies of rooms that the client is still in, and loads the rooms that are new.
func (f *folded) welcome(c *client.Client, w chat.Welcome) {
	f.mu.Lock()
	known := f.rooms
	f.rooms = map[chat.RoomID]*foldedRoom{}
	f.epoch = w.Epoch
	clear(f.blocked)
	for _, user := range w.Blocked {
		f.blocked[user] = true
	}
	for _, room := range w.Rooms {
		if known[room.ID] != nil {
			f.rooms[room.ID] = known[room.ID]
			f.rooms[room.ID].head.ArchivedAt = room.ArchivedAt
		}
	}
	f.mu.Unlock()
	for _, room := range w.Rooms {
		switch has := f.room(room.ID); {
		case has == nil:
			f.load(c, room, room.Seq+1)
		case has.meta != room.Meta:
			f.loadMembers(c, room.ID)
		}
	}
}

func (f *folded) room(id chat.RoomID) *foldedRoom {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rooms[id]
}

func (f *folded) reset(c *client.Client, e client.Reset) {
	f.rec.change(func(h *History) {
		h.Resets = append(h.Resets, Reset{At: f.rec.now(), Client: f.number, Room: e.Room})
	})
	f.mu.Lock()
	room := f.rooms[e.Room]
	delete(f.rooms, e.Room)
	if e.Room == 0 {
		clear(f.rooms)
	}
	f.mu.Unlock()
	if room != nil {
		room.head.Rev = e.Rev
		f.load(c, room.head, unknown)
	}
}

// load begins a copy with the newest page of messages. Everything that changes after head follows. If the
// page cannot be read, the copy begins at start.
func (f *folded) load(c *client.Client, head chat.RoomState, start int64) {
	room := &foldedRoom{
		head: head, start: start, rev: head.Rev, meta: head.Meta, messages: map[int64]held{},
	}
	if page, err := f.page(c, head.ID, ""); err == nil {
		room.start = page.Seq + 1
		for _, m := range page.Messages {
			room.messages[m.Seq] = held{m, seen(m)}
			room.start = min(room.start, m.Seq)
			room.last = max(room.last, m.Seq)
		}
	}
	f.mu.Lock()
	f.rooms[head.ID] = room
	f.mu.Unlock()
	f.loadMembers(c, head.ID)
}

// page reads a page of a room over HTTP, and records what it shows.
func (f *folded) page(c *client.Client, room chat.RoomID, query string) (page chat.Page, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), loadWithin)
	defer cancel()
	ended := f.rec.overHTTP(Ask{Client: f.number, Event: "page", Room: room})
	began := f.rec.now()
	err = c.Call(ctx, http.MethodGet, messagesPath(room)+query, nil, &page)
	ended(chat.MessageSent{}, err)
	if err != nil {
		return page, err
	}
	f.rec.change(func(h *History) {
		epoch := epochSince(h, began)
		for _, m := range page.Messages {
			h.Frames = append(h.Frames, Frame{
				At: f.rec.now(), Client: f.number, Socket: -1, Event: "page", Room: room, Message: seen(m), Epoch: epoch,
			})
		}
	})
	return page, nil
}

// epochSince returns the server's epoch if the same process has run since the given time, and otherwise
// nothing.
func epochSince(h *History, since time.Duration) string {
	if n := len(h.Lives); n > 0 && h.Lives[n-1].Ended == 0 && h.Lives[n-1].Started < since {
		return h.Lives[n-1].Epoch
	}
	return ""
}

func (f *folded) loadMembers(c *client.Client, id chat.RoomID) {
	ctx, cancel := context.WithTimeout(context.Background(), loadWithin)
	defer cancel()
	var now chat.Members
	err := c.Call(ctx, http.MethodGet, membersPath(id), nil, &now)
	f.mu.Lock()
	defer f.mu.Unlock()
	room := f.rooms[id]
	if room == nil {
		return
	}
	if err != nil {
		room.members = nil // they are loaded another time
		room.meta = 0
		return
	}
	room.meta, room.members = now.Meta, members{}
	for _, m := range now.Members {
		room.members[m.UserID] = m.Role
	}
}

func (f *folded) takeLocked(event any) {
	switch e := event.(type) {
	case chat.MessageAdded:
		if room := f.rooms[e.Message.RoomID]; room != nil && room.start == unknown {
			room.start = e.Message.Seq
		}
		f.messageLocked(e.Message)
	case chat.MessageChanged:
		f.messageLocked(e.Message)
	case chat.BlockChanged:
		f.blocked[e.UserID] = e.Blocked
	case chat.RoomRemoved:
		delete(f.rooms, e.RoomID)
	case chat.RoomChanged:
		if room := f.rooms[e.Room.ID]; room != nil {
			room.head.ArchivedAt = e.Room.ArchivedAt
		}
		f.metaLocked(e.Room.ID, e.Room.Meta, nil)
	case chat.MemberJoined:
		f.metaLocked(e.RoomID, e.Meta, func(in members) { in[e.Member.UserID] = e.Member.Role })
	case chat.MemberChanged:
		f.metaLocked(e.RoomID, e.Meta, func(in members) { in[e.Member.UserID] = e.Member.Role })
	case chat.MemberLeft:
		f.metaLocked(e.RoomID, e.Meta, func(in members) { delete(in, e.UserID) })
	}
}

// messageLocked takes a message into the copy, unless a page brought a newer state of it. Either way the copy
// then has everything up to the message's rev.
func (f *folded) messageLocked(m chat.Message) {
	room := f.rooms[m.RoomID]
	if room == nil {
		return
	}
	room.rev = max(room.rev, m.Rev)
	if m.Seq >= room.start && m.Rev > room.messages[m.Seq].Rev {
		room.messages[m.Seq] = held{m, seen(m)}
		room.last = max(room.last, m.Seq)
	}
}

// reaction applies a change of reactions to a message of the copy. When the copy of the message is another one
// than the change is for, it loads the message. When that fails, the copy begins after the message.
func (f *folded) reaction(c *client.Client, id chat.RoomID, seq, rev int64, apply func(*chat.Message) bool) {
	if f.applied(id, seq, rev, apply) {
		return
	}
	page, err := f.page(c, id, fmt.Sprintf("?limit=1&around=%d", seq))
	f.mu.Lock()
	defer f.mu.Unlock()
	room := f.rooms[id]
	if room == nil {
		return
	}
	if err == nil && len(page.Messages) == 1 && page.Messages[0].Seq == seq {
		f.messageLocked(page.Messages[0])
		return
	}
	room.start = max(room.start, seq+1)
	maps.DeleteFunc(room.messages, func(at int64, _ held) bool { return at < room.start })
}

// applied applies a change of reactions to the copy and returns true, or returns false when it cannot.
func (f *folded) applied(id chat.RoomID, seq, rev int64, apply func(*chat.Message) bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	room := f.rooms[id]
	if room == nil {
		return true
	}
	room.rev = max(room.rev, rev)
	if seq < room.start {
		return true
	}
	m, known := room.messages[seq]
	if !known || !apply(&m.Message) {
		return false
	}
	room.messages[seq] = held{m.Message, seen(m.Message)}
	return true
}

// metaLocked applies a change of a room's members, unless the members were loaded after that change.
func (f *folded) metaLocked(id chat.RoomID, meta int64, change func(members)) {
	room := f.rooms[id]
	if room == nil || room.members == nil || meta <= room.meta {
		return
	}
	room.meta = meta
	if change != nil {
		change(room.members)
	}
}

// pick chooses a room of the client, and returns those of its newest messages that fit; no room when the
// client has none.
func (f *folded) pick(choose func(n int) int, fits func(*Seen) bool) (chat.RoomState, []*Seen) {
	f.mu.Lock()
	defer f.mu.Unlock()
	ids := slices.Sorted(maps.Keys(f.rooms))
	if len(ids) == 0 {
		return chat.RoomState{}, nil
	}
	room := f.rooms[ids[choose(len(ids))]]
	return room.head, room.newest(fits)
}

// in returns those of the newest messages of a room that fit.
func (f *folded) in(id chat.RoomID, fits func(*Seen) bool) []*Seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	if room := f.rooms[id]; room != nil {
		return room.newest(fits)
	}
	return nil
}

// newest returns those of the newest messages of a room that fit. The lock of its copy must be held.
func (room *foldedRoom) newest(fits func(*Seen) bool) (list []*Seen) {
	const newest = 50
	for seq := room.last; seq > max(0, room.last-newest); seq-- {
		if m, known := room.messages[seq]; known && fits(m.seen) {
			list = append(list, m.seen)
		}
	}
	return list
}

// archived reports whether a room of the client is archived, as far as the client knows.
func (f *folded) archived(id chat.RoomID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	room := f.rooms[id]
	return room != nil && room.head.ArchivedAt != 0
}

// owns reports whether the client's user owns a room, as far as the client knows.
func (f *folded) owns(id chat.RoomID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	room := f.rooms[id]
	return room != nil && room.members[f.user] == chat.MemberOwner
}

func (f *folded) hasBlocked(user chat.UserID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.blocked[user]
}

// direct chooses a direct room of the client, for so many people; none when the client has none.
func (f *folded) direct(choose func(n int) int, fits func(people int) bool) (chat.RoomState, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []chat.RoomState
	for _, id := range slices.Sorted(maps.Keys(f.rooms)) {
		if head := f.rooms[id].head; head.Kind == chat.Direct && fits(len(head.MemberIDs)) {
			all = append(all, head)
		}
	}
	if len(all) == 0 {
		return chat.RoomState{}, false
	}
	return all[choose(len(all))], true
}

// final is the copy as it is now.
func (f *folded) final() Copy {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := Copy{Client: f.number, Epoch: f.epoch}
	for _, id := range slices.Sorted(maps.Keys(f.rooms)) {
		room := f.rooms[id]
		copied := CopiedRoom{Room: id, Start: room.start, Rev: room.rev, Members: maps.Clone(room.members)}
		for _, seq := range slices.Sorted(maps.Keys(room.messages)) {
			copied.Messages = append(copied.Messages, *room.messages[seq].seen)
		}
		c.Rooms = append(c.Rooms, copied)
	}
	return c
}
