// Settling: the faults are over, and nobody sends anything new. Everything that was sent must now arrive,
// every client must have what the server has, and the server must free what it used.

package check

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"time"

	"parley/chat"
)

const (
	// Generous, since a machine may have other work: a server that keeps its promises needs a fraction.
	settleWithin = 2 * time.Minute // without any message being settled
	quietWithin  = time.Minute     // for every client to receive what there is, and for the server to let go
	lookEvery    = 50 * time.Millisecond

	// What the server may have more, compared with the time before any client came.
	spareDescriptors = 16
	maxMemory        = 512 << 20
	maxLog           = 64 << 20 // of the database's write-ahead log
)

// settle waits until nothing changes any more, and then reads everything.
func (r *run) settle(ctx context.Context) error {
	r.say("settling")
	for _, a := range r.actors {
		a.proxy.heal()
	}
	if err := r.restartIfDead(ctx); err != nil {
		return err
	}
	r.settleGuests(ctx)
	r.awaitOutboxes(ctx)
	if err := r.emptyRoom(ctx, r.crowd.fleeting[0].ID); err != nil {
		return err
	}
	heads, err := r.readFinal(ctx)
	if err != nil {
		return err
	}
	r.awaitCopies(ctx, heads)
	final := Final{Lists: map[chat.UserID][]Head{}, Blocks: map[chat.UserID][]chat.UserID{}}
	if final.Rooms, err = r.readFinal(ctx); err != nil {
		return err
	}
	lists, err := r.quietLists(ctx)
	if err != nil {
		return err
	}
	for i, user := range r.crowd.users {
		for _, room := range lists[i] {
			final.Lists[user.ID] = append(final.Lists[user.ID], headOf(room))
		}
		var blocks chat.Blocks
		if err := r.call(ctx, i, http.MethodGet, "/api/me/blocks", nil, &blocks); err != nil {
			return err
		}
		final.Blocks[user.ID] = blocks.UserIDs
	}
	r.rec.change(func(h *History) {
		for _, a := range r.actors {
			h.Copies = append(h.Copies, r.finalCopy(h, a))
		}
		final.Epoch = h.Lives[len(h.Lives)-1].Epoch
	})
	r.closeActors()
	r.awaitLetGo(ctx)
	if final.Again, err = r.restartAndRead(ctx); err != nil {
		return err
	}
	r.rec.change(func(h *History) { h.Final = final })
	return nil
}

// emptyRoom takes everybody out of a room, its owners last.
func (r *run) emptyRoom(ctx context.Context, room chat.RoomID) error {
	path := fmt.Sprintf("/api/server/rooms/%d/members", room)
	var in chat.Members
	if err := r.call(ctx, 0, http.MethodGet, path, nil, &in); err != nil {
		return err
	}
	self := r.crowd.users[0].ID // who owns the server, and takes out everybody but themselves
	last := func(m chat.Member) int {
		switch {
		case m.Role == chat.MemberPlain:
			return 0
		case m.UserID != self:
			return 1
		}
		return 2
	}
	slices.SortFunc(in.Members, func(a, b chat.Member) int { return last(a) - last(b) })
	for _, m := range in.Members {
		if m.UserID != self {
			r.takeOut(ctx, room, m.UserID)
			continue
		}
		leave := Ask{Event: "room.leave", Room: room}
		r.asOwner(ctx, leave, http.MethodPost, roomPath(room)+"/leave", nil) // the history has how it ended
	}
	return nil
}

// takeOut takes somebody out of a room, if they are in it.
func (r *run) takeOut(ctx context.Context, room chat.RoomID, user chat.UserID) {
	ask := Ask{Event: "member.remove", Room: room, User: user}
	path := fmt.Sprintf("/api/server/rooms/%d/members/%d", room, user)
	r.asOwner(ctx, ask, http.MethodDelete, path, nil) // the history has how it ended
}

// finalCopy is a client's copy, and whether its socket is still open.
func (r *run) finalCopy(h *History, a *actor) Copy {
	c := a.folded.final()
	c.Online = a.client.Online()
	c.Socket = -1
	for i, socket := range h.Sockets {
		if socket.Client == a.number {
			c.Socket = i
		}
	}
	return c
}

// awaitOutboxes waits until the outcome of every message is known, as long as more and more become known.
func (r *run) awaitOutboxes(ctx context.Context) {
	least, end := math.MaxInt, time.Duration(0)
	for {
		left := 0
		for _, a := range r.actors {
			left += a.waiting()
		}
		if left == 0 {
			return
		}
		if left < least {
			least, end = left, r.rec.now()+settleWithin
		}
		if r.rec.now() > end || r.sleepUntil(ctx, r.rec.now()+lookEvery) != nil {
			break
		}
	}
	for _, a := range r.actors {
		if left := a.waiting(); left > 0 {
			r.wrong("I8", "client %d still waits for the outcome of %d messages, and none became known in %s",
				a.number, left, settleWithin)
		}
	}
}

// awaitCopies waits until every client is online and has as much of each room as the server. It gives up
// after a time: the copies are judged later.
func (r *run) awaitCopies(ctx context.Context, rooms []FinalRoom) {
	end := r.rec.now() + quietWithin
	revs := map[chat.RoomID]int64{}
	for _, room := range rooms {
		revs[room.Room] = room.Rev
	}
	await := func(is func(*actor) bool) bool {
		for _, a := range r.actors {
			for !is(a) {
				if r.rec.now() > end || r.sleepUntil(ctx, r.rec.now()+lookEvery) != nil {
					return false
				}
			}
		}
		return true
	}
	if !await(func(a *actor) bool { return a.client.Online() }) {
		return
	}
	r.rec.change(func(h *History) { h.Quiet = r.rec.now() })
	if await(func(a *actor) bool { return a.folded.has(revs) }) {
		r.say("everyone has everything")
	}
}

// quietLists reads the lists when they change no more and every client has been told of what is in them. A request whose
// answer nobody waited for may still be done after the faults, such as one that moves a read position.
func (r *run) quietLists(ctx context.Context) ([][]chat.RoomState, error) {
	end := r.rec.now() + quietWithin
	lists, err := r.readLists(ctx)
	for err == nil {
		r.hearAll(ctx)
		var again [][]chat.RoomState
		again, err = r.readLists(ctx)
		if reflect.DeepEqual(again, lists) || r.rec.now() > end {
			break
		}
		lists = again
	}
	return lists, err
}

// hearAll has every client make a small request over its socket: what the server told before comes before the answer.
func (r *run) hearAll(ctx context.Context) {
	var asking sync.WaitGroup
	for _, a := range r.actors {
		room, _ := a.folded.pick(a.random.IntN, anyMessage)
		if room.ID != 0 && a.client.Online() {
			asking.Go(func() { a.ask(ctx, "room.read", chat.RoomRead{RoomID: room.ID, ReadSeq: 1}) })
		}
	}
	asking.Wait()
}

// readLists reads the list of rooms of each user of the crowd.
func (r *run) readLists(ctx context.Context) ([][]chat.RoomState, error) {
	var all [][]chat.RoomState
	for i := range r.crowd.users {
		var list chat.Rooms
		if err := r.call(ctx, i, http.MethodGet, "/api/rooms", nil, &list); err != nil {
			return nil, err
		}
		all = append(all, list.Rooms)
	}
	return all, nil
}

// finalRooms are the rooms of the crowd, and those that its people made during the run and are in. Each has a
// user who may read it.
func (r *run) finalRooms(ctx context.Context) ([]ownedRoom, error) {
	rooms := slices.Concat(r.crowd.rooms, r.crowd.fixed, []ownedRoom{r.crowd.loud}, r.crowd.fleeting)
	lists, err := r.readLists(ctx)
	for user, list := range lists {
		for _, room := range list {
			if !slices.ContainsFunc(rooms, func(known ownedRoom) bool { return known.ID == room.ID }) {
				rooms = append(rooms, ownedRoom{room, user})
			}
		}
	}
	return rooms, err
}

// readFinal reads every room of the run, as somebody who may.
func (r *run) readFinal(ctx context.Context) ([]FinalRoom, error) {
	rooms, err := r.finalRooms(ctx)
	if err != nil {
		return nil, err
	}
	var all []FinalRoom
	for _, owned := range rooms {
		var room chat.RoomView
		if err := r.call(ctx, owned.owner, http.MethodGet, roomPath(owned.ID), nil, &room); err != nil {
			return nil, err
		}
		final := FinalRoom{
			Head: Head{
				Room: room.ID, Seq: room.Seq, Rev: room.Rev, Meta: room.Meta, Archived: room.ArchivedAt != 0,
			},
			Kind:    room.Kind,
			Members: map[chat.UserID]chat.MemberRole{},
		}
		var members chat.Members
		if err := r.call(ctx, owned.owner, http.MethodGet, membersPath(owned.ID), nil, &members); err != nil {
			return nil, err
		}
		for _, m := range members.Members {
			final.Members[m.UserID] = m.Role
		}
		var err error
		if final.Messages, err = r.readMessages(ctx, owned); err != nil {
			return nil, err
		}
		all = append(all, final)
	}
	return all, nil
}

// readMessages reads a room from its newest message back to the first.
func (r *run) readMessages(ctx context.Context, room ownedRoom) ([]Seen, error) {
	var newestFirst []Seen
	for query := "?limit=100"; ; {
		var page chat.Page
		if err := r.call(ctx, room.owner, http.MethodGet, messagesPath(room.ID)+query, nil, &page); err != nil {
			return nil, err
		}
		for _, m := range slices.Backward(page.Messages) {
			newestFirst = append(newestFirst, *seen(m))
		}
		if !page.Before || len(page.Messages) == 0 {
			slices.Reverse(newestFirst)
			return newestFirst, nil
		}
		query = fmt.Sprintf("?limit=100&before=%d", page.Messages[0].Seq)
	}
}

// awaitLetGo waits until the server has closed what it opened for its clients.
func (r *run) awaitLetGo(ctx context.Context) {
	http.DefaultClient.CloseIdleConnections()
	end := r.rec.now() + quietWithin
	for {
		now, err := r.server.usage()
		if err != nil {
			r.wrong("I13", "the server is gone: %v", err)
			return
		}
		if now.descriptors <= r.idle.descriptors+spareDescriptors {
			if now.memory > maxMemory {
				r.wrong("I13", "the server holds %d MB of memory with nobody there", now.memory>>20)
			}
			if now.wal > maxLog {
				r.wrong("I13", "the log of the database has %d MB", now.wal>>20)
			}
			return
		}
		if r.rec.now() > end || r.sleepUntil(ctx, r.rec.now()+lookEvery) != nil {
			r.wrong("I13", "the server has %d descriptors open with nobody there, %d when it began",
				now.descriptors, r.idle.descriptors)
			return
		}
	}
}

// restartAndRead kills the server once more and reads everything again. Then it stops the server and has a
// copy of its data checked.
func (r *run) restartAndRead(ctx context.Context) ([]FinalRoom, error) {
	r.strike(atOnce)
	if err := r.start(ctx, -1); err != nil {
		return nil, err
	}
	rooms, err := r.readFinal(ctx)
	if err != nil {
		return nil, err
	}
	r.stop()
	if err := r.server.backup(ctx, filepath.Join(r.Folder, "last")); err != nil {
		r.wrong("I14", "the data does not stand up to its own check: %v", err)
	}
	return rooms, nil
}

// has reports whether the client's copies of these rooms have come as far as revs says. It ignores rooms that
// the client has no copy of.
func (f *folded) has(revs map[chat.RoomID]int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id := range maps.Keys(f.rooms) {
		if f.rooms[id].rev < revs[id] {
			return false
		}
	}
	return true
}
