// Rooms is the live side: which sockets are in which room, and the dispatcher that hands them what was
// committed. It knows nothing of the store; what is stored and what is live meet in chat.Change.

package rooms

import (
	"sync"
	"time"

	"parley/access"
	"parley/chat"
)

// maxBatches is how many committed batches may wait for the dispatcher before the writer waits for it.
const maxBatches = 64

// Rooms is safe from any goroutine.
type Rooms struct {
	limits     access.Limits
	onLastSeen func(map[chat.UserID]int64)
	now        func() time.Time

	counts  counts
	batches chan committed
	stop    chan struct{} // closed to end the presence loop
	ended   sync.WaitGroup

	// mu guards everything below and the fields of Socket that say so. It is held for map work only:
	// nothing is written, encoded or waited for under it.
	mu        sync.Mutex
	rooms     map[chat.RoomID]*liveRoom
	users     map[chat.UserID]*liveUser
	people    map[chat.UserID]int      // sockets of each, opening or open
	opening   map[*Socket]struct{}     // between Opening and Enter
	touched   map[chat.RoomID]struct{} // rooms to let go of once no socket is opening
	directory int64                    // of the last profile told
	watchers  map[chat.UserID]map[*Socket]struct{}
	stirred   map[chat.UserID]struct{} // whose presence may have changed since the last tick
	closing   bool
}

// liveRoom is a room that sockets are in, or that changed while some were opening.
type liveRoom struct {
	// sockets have the numbers that each came in with: what is not after them it knows already.
	sockets map[*Socket]chat.Heads
	// heads are the numbers up to which the sockets have been told.
	heads chat.Heads
	// about is the room as it was last told; nil before that.
	about *chat.Room
}

// New starts the dispatcher. onLastSeen gets when people who went offline were last seen.
func New(limits access.Limits, onLastSeen func(map[chat.UserID]int64)) *Rooms {
	r := &Rooms{
		limits: limits, onLastSeen: onLastSeen, now: time.Now,
		batches: make(chan committed, maxBatches), stop: make(chan struct{}),
		rooms:    map[chat.RoomID]*liveRoom{},
		users:    map[chat.UserID]*liveUser{},
		people:   map[chat.UserID]int{},
		opening:  map[*Socket]struct{}{},
		touched:  map[chat.RoomID]struct{}{},
		watchers: map[chat.UserID]map[*Socket]struct{}{},
		stirred:  map[chat.UserID]struct{}{},
	}
	r.ended.Go(r.dispatchAll)
	r.ended.Go(r.tellPresence)
	return r
}

// committed is one batch of the store: what it changed, and what answers those who asked for it.
type committed struct {
	changes []chat.Change
	answer  func()
}

// Dispatch queues what was committed, in commit order, and calls answer once that has been put into the
// outboxes of those it is for. It blocks while the dispatcher lags; only the store's writer calls it.
func (r *Rooms) Dispatch(changes []chat.Change, answer func()) {
	r.batches <- committed{changes, answer}
}

// Close ends the dispatcher once it has handed on everything queued. Nothing may be dispatched after it.
func (r *Rooms) Close() {
	close(r.batches)
	close(r.stop)
	r.ended.Wait()
}

// startOver cuts every socket and forgets what rooms were told, when that is no longer known to be all
// there was: whoever comes back starts from the database. One that is opening enters no more, since its
// snapshot may be from before.
func (r *Rooms) startOver() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, sock := range r.allLocked() {
		clear(sock.Rooms)
		sock.Cut(chat.CloseSlow, "come back and ask for what was missed")
	}
	clear(r.rooms)
	clear(r.touched)
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

// apply brings the index up to a change that is private to a user or for everyone, and adds whom it is for.
func (r *Rooms) apply(c *chat.Change, audience []recipient) []recipient {
	r.mu.Lock()
	defer r.mu.Unlock() // after a panic too: starting over takes it
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

// applyToRoom brings a room up to its next changes and adds who has to be told of them, and from which on.
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

// recordLocked keeps a change of somebody's membership for their sockets that are opening.
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

// applyToUserLocked is for changes that are private to a user: memberships, read positions, sessions.
// A socket that is opening has it recorded; one that opened with a newer snapshot knows it already.
func (r *Rooms) applyToUserLocked(c *chat.Change, audience []recipient) []recipient {
	for sock := range r.opening {
		if sock.Caller.User != c.User || !sock.Caller.Grant.Sees(c) {
			continue
		}
		if c.Ended == nil {
			sock.recordLocked(c)
		} else if c.Ends(sock.Caller.Session) {
			sock.Cut(chat.CloseSignedOut, "the session ended")
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

func (r *Rooms) addRoomLocked(id chat.RoomID, heads chat.Heads) *liveRoom {
	live := &liveRoom{sockets: map[*Socket]chat.Heads{}, heads: heads}
	r.rooms[id] = live
	return live
}

// putInLocked makes a socket get the room's events after the numbers it knows.
func (r *Rooms) putInLocked(sock *Socket, id chat.RoomID, known chat.Heads) {
	live := r.rooms[id]
	if live == nil {
		live = r.addRoomLocked(id, known)
	}
	live.sockets[sock] = known
	sock.Rooms[id] = struct{}{}
}

func (r *Rooms) takeOutLocked(sock *Socket, id chat.RoomID) {
	delete(sock.Rooms, id)
	live := r.rooms[id]
	if live == nil {
		return
	}
	delete(live.sockets, sock)
	if len(live.sockets) == 0 {
		r.touched[id] = struct{}{}
	}
}

// letGoLocked forgets rooms that nobody is in. While a socket is opening they are kept, since what they
// were told is the start of what it will be told.
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
