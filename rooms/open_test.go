// Opening a socket while everything changes: no hole, nothing twice, nothing that is not its own.

package rooms

import (
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
	"weak"

	"parley/access"
	"parley/chat"
	"parley/internal/wait"
)

// listener is a socket whose network is the test: it takes every frame at once.
type listener struct {
	*Socket
	wire *testWire
}

func newListener(user chat.UserID) *listener {
	l := &listener{Socket: NewSocket(uint64(user), fmt.Sprint("address ", user), 1<<20, nil)}
	l.Caller.User = user
	l.wire = &testWire{}
	l.out.wire = l.wire
	return l
}

func (l *listener) got(t *testing.T) []chat.Frame {
	t.Helper()
	var list []chat.Frame
	for _, frame := range l.wire.frames(t) {
		for line := range chat.Lines([]byte(frame)) {
			var f chat.Frame
			if err := json.Unmarshal(line, &f); err != nil {
				t.Fatal(err)
			}
			list = append(list, f)
		}
	}
	return list
}

// events lists what came, with the rev of what has one.
func (l *listener) events(t *testing.T) []string {
	t.Helper()
	got := l.got(t)
	list := make([]string, len(got))
	for i, f := range got {
		list[i] = f.Event
		var data struct{ Message *chat.Message }
		if json.Unmarshal(f.Data, &data) == nil && data.Message != nil {
			list[i] += fmt.Sprint(" ", data.Message.Rev)
		}
	}
	return list
}

func (l *listener) welcome(t *testing.T) chat.Welcome {
	t.Helper()
	var w chat.Welcome
	first := l.got(t)[0]
	if err := json.Unmarshal(first.Data, &w); err != nil || first.Event != "welcome" {
		t.Fatalf("got %s %v first, want a welcome", first.Event, err)
	}
	return w
}

func newTestRooms(t *testing.T) *Rooms {
	t.Helper()
	r := New(testLimits, func(map[chat.UserID]int64) {})
	t.Cleanup(r.Close)
	return r
}

func (l *listener) enters(t *testing.T, r *Rooms, s Snapshot) {
	t.Helper()
	if err := r.Opening(l.Socket); err != nil {
		t.Fatal(err)
	}
	l.opensWith(t, r, s)
}

func (l *listener) opensWith(t *testing.T, r *Rooms, s Snapshot) {
	t.Helper()
	s.User.ID = l.Caller.User
	if err := r.Enter(l.Socket, s); err != nil {
		t.Fatal(err)
	}
}

func told(r *Rooms, changes ...chat.Change) {
	d := dispatcher{rooms: r}
	d.take(committed{changes, func() {}})
	d.send()
}

func stateAt(room chat.RoomID, rev, meta int64) chat.RoomState {
	return chat.RoomState{Room: chat.Room{ID: room, Seq: rev, Rev: rev, Meta: meta}, Role: chat.MemberPlain}
}

func addedAt(room chat.RoomID, rev, meta int64) chat.Change {
	return chat.Change{
		Event: "message.added", Data: chat.MessageAdded{Message: chat.Message{RoomID: room, Seq: rev, Rev: rev}},
		Room: room, Heads: chat.Heads{Seq: rev, Rev: rev, Meta: meta},
	}
}

func joinAt(room chat.RoomID, user chat.UserID, rev, meta, userRev int64) []chat.Change {
	state := stateAt(room, rev, meta)
	heads := chat.Heads{Seq: rev, Rev: rev, Meta: meta}
	return []chat.Change{
		{
			Event: "member.joined", Data: chat.MemberJoined{RoomID: room, Meta: meta, Member: chat.Member{UserID: user}},
			Room: room, Heads: heads, About: &state.Room,
		},
		{
			Event: "room.added", Data: chat.RoomAdded{Room: state, UserRev: userRev}, Room: room, User: user,
			UserRev: userRev, Membership: chat.Joins, Heads: heads, About: &state.Room,
		},
	}
}

func leaveAt(room chat.RoomID, user chat.UserID, rev, meta, userRev int64) []chat.Change {
	state := stateAt(room, rev, meta)
	heads := chat.Heads{Seq: rev, Rev: rev, Meta: meta}
	return []chat.Change{
		{
			Event: "room.removed", Data: chat.RoomRemoved{RoomID: room, UserRev: userRev}, Room: room, User: user,
			UserRev: userRev, Membership: chat.Leaves, Heads: heads, About: &state.Room,
		},
		{
			Event: "member.left", Data: chat.MemberLeft{RoomID: room, Meta: meta, UserID: user},
			Room: room, Heads: heads, About: &state.Room,
		},
	}
}

func checkEvents(t *testing.T, who string, l *listener, want ...string) {
	t.Helper()
	if got := l.events(t); !slices.Equal(got, want) {
		t.Errorf("%s got %q, want %q", who, got, want)
	}
}

// The dispatcher is behind: all of this is committed before bob's snapshot is read.
func TestJoiningWhileAnotherOpensWithANewerSnapshotMissesNothing(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	bob, carl := newListener(2), newListener(3)
	carl.enters(t, r, Snapshot{UserRev: 1})
	bob.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 12, 6)}})
	told(r, joinAt(1, 3, 10, 6, 2)...)
	told(r, addedAt(1, 11, 6), addedAt(1, 12, 6), addedAt(1, 13, 6))
	checkEvents(t, "bob", bob, "welcome", "message.added 13")
	checkEvents(t, "carl", carl, "welcome", "room.added", "message.added 11", "message.added 12", "message.added 13")
}

func TestWhatIsCommittedWhileOpeningIsToldOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		before, then []chat.Change // dispatched between Opening and Enter, and after
		snapshot     chat.RoomState
		wantRev      int64
		want         []string
	}{
		{
			"the snapshot is older than what was dispatched",
			[]chat.Change{addedAt(1, 11, 1), addedAt(1, 12, 1)},
			[]chat.Change{addedAt(1, 13, 1)},
			stateAt(1, 10, 1), 12,
			[]string{"welcome", "message.added 13"},
		},
		{
			"the snapshot is newer than what was dispatched",
			[]chat.Change{addedAt(1, 11, 1)},
			[]chat.Change{addedAt(1, 12, 1), addedAt(1, 13, 1)},
			stateAt(1, 13, 1), 11,
			[]string{"welcome", "message.added 12", "message.added 13"},
		},
		{
			"nothing of the room was dispatched yet",
			nil,
			[]chat.Change{addedAt(1, 11, 1), addedAt(1, 12, 1), addedAt(1, 13, 1)},
			stateAt(1, 12, 1), 12,
			[]string{"welcome", "message.added 13"},
		},
		{
			"the room was joined while opening",
			append(joinAt(2, 2, 5, 3, 1), addedAt(2, 6, 3)),
			[]chat.Change{addedAt(2, 7, 3)},
			stateAt(1, 10, 1), 10,
			[]string{"welcome", "message.added 7"},
		},
		{
			"the room was left while opening",
			append([]chat.Change{addedAt(1, 11, 1)}, leaveAt(1, 2, 11, 2, 1)...),
			[]chat.Change{addedAt(1, 12, 2)},
			stateAt(1, 10, 1), 0,
			[]string{"welcome"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newTestRooms(t)
			bob := newListener(2)
			if err := r.Opening(bob.Socket); err != nil {
				t.Fatal(err)
			}
			told(r, c.before...)
			bob.opensWith(t, r, Snapshot{Rooms: []chat.RoomState{c.snapshot}})
			told(r, c.then...)
			checkEvents(t, "bob", bob, c.want...)
			rev := int64(0)
			for _, state := range bob.welcome(t).Rooms {
				if state.ID == 1 {
					rev = state.Rev
				}
			}
			if rev != c.wantRev {
				t.Errorf("the welcome has rev %d, want %d", rev, c.wantRev)
			}
		})
	}
}

func TestARoleThatChangesWhileOpeningIsInTheWelcome(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	bob := newListener(2)
	if err := r.Opening(bob.Socket); err != nil {
		t.Fatal(err)
	}
	about := stateAt(1, 10, 2).Room
	told(r, chat.Change{
		Event: "member.changed",
		Data:  chat.MemberChanged{RoomID: 1, Meta: 2, Member: chat.Member{UserID: 2, Role: chat.MemberOwner}},
		Room:  1, Heads: chat.Heads{Seq: 10, Rev: 10, Meta: 2}, About: &about,
	})
	bob.opensWith(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 10, 1)}})
	if state := bob.welcome(t).Rooms[0]; state.Role != chat.MemberOwner || state.Meta != 2 {
		t.Errorf("the welcome says %q at meta %d, want owner at 2", state.Role, state.Meta)
	}
	checkEvents(t, "bob", bob, "welcome")
}

func TestAProfileAndSettingsThatChangeWhileOpeningAreInTheWelcome(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	bob := newListener(2)
	if err := r.Opening(bob.Socket); err != nil {
		t.Fatal(err)
	}
	told(r,
		chat.Change{
			Event: "user.changed", Data: chat.UserChanged{User: chat.User{ID: 2, Role: chat.RoleAdmin}, Directory: 7},
			Directory: 7,
		},
		chat.Change{Event: "server.changed", Data: chat.ServerChanged{Server: chat.Server{Name: "New"}}},
	)
	bob.opensWith(t, r, Snapshot{Directory: 6, Server: chat.Server{Name: "Old"}})
	w := bob.welcome(t)
	if w.User.Role != chat.RoleAdmin || w.Directory != 7 || w.Server.Name != "New" {
		t.Errorf("the welcome has role %q, directory %d, server %q", w.User.Role, w.Directory, w.Server.Name)
	}
}

// A socket that was cut when everyone had to start over may know less than those who come after it.
func TestWhoIsCutWhileOpeningLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	bob, carl := newListener(2), newListener(3)
	if err := r.Opening(bob.Socket); err != nil {
		t.Fatal(err)
	}
	bob.closed.Store(chat.CloseSlow)
	told(r, chat.Change{Lost: true})
	err := r.Enter(bob.Socket, Snapshot{User: chat.User{ID: 2}, Rooms: []chat.RoomState{stateAt(1, 5, 1)}})
	if err == nil {
		t.Error("a socket that was cut entered")
	}
	carl.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 6, 1)}})
	r.Gone(bob.Socket)
	if rev := carl.welcome(t).Rooms[0].Rev; rev != 6 {
		t.Errorf("welcome has rev %d, want 6", rev)
	}
	told(r, addedAt(1, 7, 1))
	checkEvents(t, "carl", carl, "welcome", "message.added 7")
}

func TestAPanicWhileAChangeIsAppliedHarmsNoOther(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	bob, carl := newListener(2), newListener(3)
	bob.enters(t, r, Snapshot{})
	bob.closed.Store(chat.CloseSlow)
	bob.rooms = nil // so that joining a room panics
	done := make(chan struct{})
	go func() {
		defer close(done)
		told(r, joinAt(1, 2, 5, 1, 1)...)
	}()
	select {
	case <-done:
	case <-time.After(wait.Patience):
		r.mu.Unlock() // or closing them waits too
		t.Fatal("the rooms stayed locked")
	}
	carl.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 5, 1)}})
	told(r, addedAt(1, 6, 1))
	checkEvents(t, "carl", carl, "welcome", "message.added 6")
}

// What was told last keeps neither those alive whom it was told to, nor itself.
func TestTheDispatcherKeepsNothingOfWhatItTold(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	d := dispatcher{rooms: r}
	tell := func(changes ...chat.Change) (weak.Pointer[chat.Change], weak.Pointer[Socket]) {
		bob := newListener(2)
		bob.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 0)}})
		d.take(committed{changes, func() {}})
		d.send()
		r.Gone(bob.Socket)
		return weak.Make(&changes[0]), weak.Make(bob.Socket)
	}
	for _, changes := range [][]chat.Change{
		{addedAt(1, 1, 0)},
		{{Event: "server.changed", Data: chat.ServerChanged{Server: chat.Server{Name: "Home"}}}},
	} {
		event := changes[0].Event
		told, to := tell(slices.Clone(changes)...)
		runtime.GC()
		if told.Value() != nil || to.Value() != nil {
			t.Errorf("after %s the change is kept: %v, the socket: %v", event, told.Value() != nil, to.Value() != nil)
		}
	}
	runtime.KeepAlive(d)
}

// testLimits are the defaults.
var testLimits = access.Limits{OutboxBytes: 1 << 20, SocketWrites: 64, Sockets: 20_000, SocketsPerUser: 32, SocketsPerAddress: 512}

// The events after the heads of the welcome change the number, so it has to be as of these heads: those of the live
// room, whether the snapshot is behind them or ahead of them.
func TestUnreadIsCountedAsOfTheHeadsOfTheWelcome(t *testing.T) {
	t.Parallel()
	for _, stored := range []int64{3, 5, 7} {
		r := newTestRooms(t)
		ann, bob := newListener(1), newListener(2)
		ann.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 4, 1)}})
		told(r, addedAt(1, 5, 1))
		bob.enters(t, r, Snapshot{
			Rooms: []chat.RoomState{stateAt(1, stored, 1)},
			CountUnread: func(rooms []chat.RoomState) error {
				told(r, addedAt(1, 6, 1)) // it waits behind the welcome
				for i := range rooms {
					rooms[i].Unread = rooms[i].Rev
				}
				return nil
			},
		})
		told(r, addedAt(1, 7, 1))
		if state := bob.welcome(t).Rooms[0]; state.Rev != 5 || state.Unread != 5 {
			t.Errorf("with %d stored: the welcome has rev %d and counts as of %d, want 5", stored, state.Rev, state.Unread)
		}
		if got := bob.got(t); len(got) != 3 {
			t.Errorf("with %d stored: bob got %d events, want the welcome and two messages", stored, len(got))
		}
	}
}
