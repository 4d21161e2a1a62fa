// Package rooms is the live side of the server: it knows which sockets are in which room, hands them the
// committed changes in order, holds their outboxes, and knows who is online and who is writing. It does not
// read or write the database and does not know the store: the store passes each committed transaction to
// Dispatch as a list of chat.Change. It does not accept connections or read from them either; package socket
// does.
//
// The index of rooms, users and sockets is in rooms.go, which also applies changes to it.
package rooms

import (
	"maps"
	"slices"
	"sync"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/budget"
	"parley/internal/memory"
)

// maxBatches is how many committed batches may wait for the dispatcher. When there are more, the store's
// writer waits.
const maxBatches = 64

// unreadShare is the part of the memory that may be filled with what clients have not read. A garbage-collected
// heap needs about twice what it holds, and the rest of the program has to fit too.
const unreadShare = 4

// Rooms is the index of live sockets, with the dispatcher that hands changes to them. Its methods are safe
// from any goroutine.
type Rooms struct {
	// Unread is the total of bytes that wait to be read by clients, in outboxes and elsewhere.
	Unread *budget.Budget

	limits     access.Limits
	onLastSeen func(map[chat.UserID]int64)
	now        func() time.Time

	counts  counts
	batches chan committed
	stop    chan struct{} // closed to end the presence loop
	ended   sync.WaitGroup

	// mu guards everything below, and the fields of Socket that say so. It is held only while maps change:
	// nobody encodes, writes to a connection or waits for anything while holding it.
	mu        sync.Mutex
	rooms     map[chat.RoomID]*liveRoom
	users     map[chat.UserID]*liveUser
	opening   map[*Socket]struct{}                 // sockets between Opening and Enter
	touched   map[chat.RoomID]struct{}             // rooms that letGoLocked looks at
	directory int64                                // the highest directory number that was told
	watchers  map[chat.UserID]map[*Socket]struct{} // by the person that they watch
	stirred   map[chat.UserID]struct{}             // people whose presence may have changed
	closing   bool
}

// liveRoom is a room that sockets are in, or that changed while sockets were opening.
type liveRoom struct {
	// sockets holds the sockets in the room. The heads of each tell how far it had read the room when it came
	// in; it gets no change that is not after them.
	sockets map[*Socket]chat.Heads
	// native and whole count those of them that speak the native wire, and those of these that are told whole
	// messages, since they did not ask for deltas.
	native, whole int
	// heads are the heads after the last change that was dispatched.
	heads chat.Heads
	// about is the room as the last dispatched change to it said; nil when there was none.
	about *chat.Room
}

// New starts the dispatcher and the presence loop; Close ends them. onLastSeen gets when people who came online or
// went offline were last seen, in UTC milliseconds.
func New(limits access.Limits, onLastSeen func(map[chat.UserID]int64)) *Rooms {
	unread := int64(limits.UnreadBytes)
	if unread == 0 {
		unread = memory.Available() / unreadShare
	}
	r := &Rooms{
		Unread: budget.New(unread),
		limits: limits, onLastSeen: onLastSeen, now: time.Now,
		batches: make(chan committed, maxBatches), stop: make(chan struct{}),
		rooms:    map[chat.RoomID]*liveRoom{},
		users:    map[chat.UserID]*liveUser{},
		opening:  map[*Socket]struct{}{},
		touched:  map[chat.RoomID]struct{}{},
		watchers: map[chat.UserID]map[*Socket]struct{}{},
		stirred:  map[chat.UserID]struct{}{},
	}
	r.ended.Go(r.dispatchAll)
	r.ended.Go(r.tellPresence)
	return r
}

// committed is one committed transaction of the store: its changes, and the function that answers its writes.
type committed struct {
	changes []chat.Change
	answer  func()
}

// Dispatch queues committed changes. The dispatcher puts them into the outboxes of the sockets that should
// get them, and then calls answer. Dispatch must be called in commit order, so only the store's writer calls
// it. It blocks while maxBatches batches wait.
func (r *Rooms) Dispatch(changes []chat.Change, answer func()) {
	r.batches <- committed{changes, answer}
}

// Close waits until the dispatcher has handed on everything that is queued, and ends it and the presence
// loop. Do not call Dispatch after it.
func (r *Rooms) Close() {
	close(r.batches)
	close(r.stop)
	r.ended.Wait()
}

// startOver cuts every socket and forgets the live rooms. It is called when sockets may have missed a change:
// their clients reconnect and start from what the database says. Sockets that are opening are cut too, since
// their snapshots may be older than the missed change.
func (r *Rooms) startOver() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, sock := range r.allLocked() {
		clear(sock.rooms)
		sock.Cut(chat.CloseSlow, "come back and ask for what was missed")
	}
	clear(r.rooms)
	clear(r.touched)
}

// SendAway cuts every socket, as one that should come back later.
func (r *Rooms) SendAway(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, sock := range r.allLocked() {
		sock.Cut(chat.CloseLater, reason)
	}
}

func (r *Rooms) allLocked() []*Socket {
	var all []*Socket
	for sock := range r.opening {
		all = append(all, sock)
	}
	for _, user := range r.users {
		for sock := range user.sockets {
			all = append(all, sock)
		}
	}
	return all
}

// apply applies to the index a change that is private to a user or that is for everyone. It appends the
// sockets that should get the change to audience.
func (r *Rooms) apply(c *chat.Change, audience []recipient) []recipient {
	r.mu.Lock()
	defer r.mu.Unlock() // unlock after a panic too, since startOver locks
	r.directory = max(r.directory, c.Directory)
	if c.User != 0 {
		return r.applyToUserLocked(c, audience)
	}
	for sock := range r.opening {
		sock.recordLocked(c)
	}
	for _, user := range r.users {
		for sock := range user.sockets {
			audience = append(audience, recipient{sock: sock})
		}
	}
	return audience
}

// applyToRoom applies changes of one room to the index. It appends the sockets in the room that should get
// them to audience, each with the first change that it does not know.
func (r *Rooms) applyToRoom(changes []*chat.Change, audience []recipient) []recipient {
	r.mu.Lock()
	defer r.mu.Unlock() // see apply
	live := r.rooms[changes[0].Room]
	if live == nil {
		if len(r.opening) == 0 {
			return audience
		}
		live = r.addRoomLocked(changes[0].Room, chat.Heads{})
		r.touched[changes[0].Room] = struct{}{}
	}
	for _, c := range changes {
		r.directory = max(r.directory, c.Directory)
		r.recordLocked(c)
		if c.Heads.After(live.heads) {
			live.heads = c.Heads
			if c.About != nil {
				live.about = c.About
			}
		}
	}
	last := changes[len(changes)-1].Heads
	for sock, known := range live.sockets {
		if !last.After(known) {
			continue
		}
		from := 0
		for !changes[from].Heads.After(known) {
			from++
		}
		audience = append(audience, recipient{sock, from})
	}
	return audience
}

// recordLocked records a new role of a member for those of their sockets that are opening.
func (r *Rooms) recordLocked(c *chat.Change) {
	changed, ok := c.Data.(chat.MemberChanged)
	if !ok {
		return
	}
	for sock := range r.opening {
		if sock.Caller.User == changed.Member.UserID {
			sock.recordLocked(c)
		}
	}
}

// applyToUserLocked applies a change that is private to a user: of memberships, read positions, sessions, the
// inbox. It records the change for sockets of the user that are opening, and closes those whose session the
// change ends. A socket whose snapshot had the change already does not get it, and neither does a program
// whose token is not for the room.
func (r *Rooms) applyToUserLocked(c *chat.Change, audience []recipient) []recipient {
	for sock := range r.opening {
		if sock.Caller.User != c.User || !sock.Caller.Grant.Sees(c) {
			continue
		}
		if c.Ended == nil {
			sock.recordLocked(c)
		} else if c.Ends(sock.Caller.Session) {
			sock.Cut(c.EndCode, "the session ended")
		}
	}
	user := r.users[c.User]
	if user == nil {
		return audience
	}
	for sock := range user.sockets {
		switch {
		case !sock.Caller.Grant.Sees(c):
			continue
		case c.Ended != nil && !c.Ends(sock.Caller.Session):
			continue
		case c.Ended == nil && c.UserRev <= sock.userRev:
			continue
		case c.Membership == chat.Joins:
			r.putInLocked(sock, c.Room, c.Heads)
		case c.Membership == chat.Leaves:
			r.takeOutLocked(sock, c.Room)
		}
		audience = append(audience, recipient{sock: sock})
	}
	return audience
}

// Of lists the rooms whose events a socket gets, in order of id.
func (r *Rooms) Of(sock *Socket) []chat.RoomID {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(sock.rooms))
}

func (r *Rooms) addRoomLocked(id chat.RoomID, heads chat.Heads) *liveRoom {
	live := &liveRoom{sockets: map[*Socket]chat.Heads{}, heads: heads}
	r.rooms[id] = live
	return live
}

// putInLocked puts a socket into a room. From now on it gets the changes that are after the heads it knows.
func (r *Rooms) putInLocked(sock *Socket, id chat.RoomID, known chat.Heads) {
	live := r.rooms[id]
	if live == nil {
		live = r.addRoomLocked(id, known)
	}
	if _, in := live.sockets[sock]; !in {
		live.countLocked(sock, 1)
	}
	live.sockets[sock] = known
	sock.rooms[id] = struct{}{}
}

// countLocked adds n to the counts of a room that a socket counts in.
func (l *liveRoom) countLocked(sock *Socket, n int) {
	if sock.Dialect != nil {
		return
	}
	l.native += n
	if !sock.Deltas {
		l.whole += n
	}
}

// Listening returns how many sockets are told of a new message of a room.
func (r *Rooms) Listening(room chat.RoomID) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if live := r.rooms[room]; live != nil {
		return len(live.sockets)
	}
	return 0
}

// Told returns how many sockets are told of each change of a room's messages, and how many of these are told
// the whole message when only its reactions changed. Sockets with a dialect do not count: no dialect has a
// word for a changed message.
func (r *Rooms) Told(room chat.RoomID) (native, whole int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if live := r.rooms[room]; live != nil {
		return live.native, live.whole
	}
	return 0, 0
}

func (r *Rooms) takeOutLocked(sock *Socket, id chat.RoomID) {
	delete(sock.rooms, id)
	live := r.rooms[id]
	if live == nil {
		return
	}
	if _, in := live.sockets[sock]; in {
		live.countLocked(sock, -1)
	}
	delete(live.sockets, sock)
	if len(live.sockets) == 0 {
		r.touched[id] = struct{}{}
	}
}

// letGoLocked forgets the touched rooms that nobody is in. While any socket is opening it keeps them: the
// heads in that socket's welcome must be those of the last dispatched change, and only the live room has
// these.
func (r *Rooms) letGoLocked() {
	if len(r.opening) > 0 {
		return
	}
	for id := range r.touched {
		if live := r.rooms[id]; live != nil && len(live.sockets) == 0 {
			delete(r.rooms, id)
		}
	}
	clear(r.touched)
}
