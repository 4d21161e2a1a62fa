// What a welcome says of changes that came while its snapshot was read, and who may come in at all.

package rooms

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"parley/chat"
)

// opens notes a socket of a person's and tells the rooms of changes before it comes in.
func opens(t *testing.T, r *Rooms, user chat.UserID, snapshot Snapshot, before ...chat.Change) chat.Welcome {
	t.Helper()
	l := newListener(user)
	if err := r.Opening(l.Socket); err != nil {
		t.Fatal(err)
	}
	told(r, before...)
	l.opensWith(t, r, snapshot)
	return l.welcome(t)
}

func memberChanged(room chat.RoomID, user chat.UserID, meta int64, role chat.MemberRole) chat.Change {
	return chat.Change{
		Event: "member.changed",
		Data:  chat.MemberChanged{RoomID: room, Meta: meta, Member: chat.Member{UserID: user, Role: role}},
		Room:  room, Heads: chat.Heads{Meta: meta},
	}
}

func TestARoleThatTheSnapshotKnowsBetterStays(t *testing.T) {
	t.Parallel()
	snapshot := Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 3), stateAt(2, 0, 1)}}
	w := opens(t, newTestRooms(t), 2, snapshot,
		memberChanged(1, 2, 2, chat.MemberOwner), // lost again with meta 3
		memberChanged(2, 3, 2, chat.MemberOwner), // somebody else
	)
	for _, room := range w.Rooms {
		if room.Role != chat.MemberPlain {
			t.Errorf("in room %d the role is %q", room.ID, room.Role)
		}
	}
}

func TestANameThatTheSnapshotKnowsBetterStays(t *testing.T) {
	t.Parallel()
	newer := stateAt(1, 0, 3)
	newer.Name = "newer"
	older := stateAt(1, 0, 2).Room
	older.Name = "older"
	w := opens(t, newTestRooms(t), 2, Snapshot{Rooms: []chat.RoomState{newer}}, chat.Change{
		Event: "room.changed", Data: chat.RoomChanged{Room: older}, Room: 1, Heads: chat.Heads{Meta: 2}, About: &older,
	})
	if room := w.Rooms[0]; room.Name != "newer" || room.Meta != 2 {
		t.Errorf("the welcome says %q at meta %d, want the newer name, and 2, after which the live events follow", room.Name, room.Meta)
	}
}

func TestAReadPositionThatMovesWhileOpeningIsInTheWelcome(t *testing.T) {
	t.Parallel()
	moved := func(room chat.RoomID, seq, userRev int64) chat.Change {
		return chat.Change{
			Event: "read.moved", Data: chat.ReadMoved{RoomID: room, ReadSeq: seq, UserRev: userRev},
			Room: room, User: 2, UserRev: userRev,
		}
	}
	known := stateAt(2, 9, 0)
	known.ReadSeq = 8
	snapshot := Snapshot{UserRev: 4, Rooms: []chat.RoomState{stateAt(1, 9, 0), known}}
	w := opens(t, newTestRooms(t), 2, snapshot, moved(2, 3, 4), moved(1, 5, 5))
	for _, room := range w.Rooms {
		if want := map[chat.RoomID]int64{1: 5, 2: 8}[room.ID]; room.ReadSeq != want {
			t.Errorf("room %d is read up to %d, want %d", room.ID, room.ReadSeq, want)
		}
	}
	if w.UserRev != 5 {
		t.Errorf("the welcome is at user_rev %d, want 5", w.UserRev)
	}
}

func TestAFavoriteThatIsMadeWhileOpeningIsInTheWelcome(t *testing.T) {
	t.Parallel()
	made := func(room chat.RoomID, favorite bool, userRev int64) chat.Change {
		return chat.Change{
			Event: "favorite.changed", Data: chat.FavoriteChanged{RoomID: room, Favorite: favorite, UserRev: userRev},
			Room: room, User: 2, UserRev: userRev,
		}
	}
	known := stateAt(2, 9, 0)
	known.Favorite = true
	snapshot := Snapshot{UserRev: 4, Rooms: []chat.RoomState{stateAt(1, 9, 0), known, stateAt(3, 9, 0)}}
	w := opens(t, newTestRooms(t), 2, snapshot, made(3, true, 4), made(1, true, 5), made(2, false, 6))
	for _, room := range w.Rooms {
		if room.Favorite != (room.ID == 1) {
			t.Errorf("room %d: favorite is %v", room.ID, room.Favorite)
		}
	}
	if w.UserRev != 6 {
		t.Errorf("the welcome is at user_rev %d, want 6", w.UserRev)
	}
}

func TestARoomIsInTheWelcomeOnce(t *testing.T) {
	t.Parallel()
	w := opens(t, newTestRooms(t), 2, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 1)}}, joinAt(1, 2, 0, 2, 7)...)
	if len(w.Rooms) != 1 || w.UserRev != 7 {
		t.Errorf("the welcome has %d rooms at user_rev %d, want one at 7", len(w.Rooms), w.UserRev)
	}
}

func TestAnotherPersonsProfileIsNotTakenForOnesOwn(t *testing.T) {
	t.Parallel()
	w := opens(t, newTestRooms(t), 2, Snapshot{}, chat.Change{
		Event: "user.changed", Data: chat.UserChanged{User: chat.User{ID: 3, Name: "carl"}, Directory: 1}, Directory: 1,
	})
	if w.User.ID != 2 || w.User.Name != "" {
		t.Errorf("the welcome is for %+v", w.User)
	}
}

// A snapshot may be newer than what the dispatcher tells next.
func TestTheHeadsOfARoomNeverGoBack(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	newListener(1).enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 12, 1)}})
	told(r, addedAt(1, 11, 1)) // the dispatcher lags behind what the snapshot had
	bob := newListener(2)
	bob.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 12, 1)}})
	if rev := bob.welcome(t).Rooms[0].Rev; rev != 12 {
		t.Errorf("the welcome has rev %d, want 12", rev)
	}
}

// opening is a socket between Opening and Enter, and the code that it was closed with.
func opening(t *testing.T, r *Rooms, user chat.UserID, session chat.SessionID) (l *listener, closed *int) {
	t.Helper()
	l, code := newListener(user), 0
	l.Caller.Session, l.HangUp = session, func(c int, _ string) { code = c }
	if err := r.Opening(l.Socket); err != nil {
		t.Fatal(err)
	}
	return l, &code
}

func TestASessionThatEndsWhileItsSocketOpensEndsThatAlone(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	ended, endedCode := opening(t, r, 2, "one")
	other, otherCode := opening(t, r, 2, "two")
	stranger, strangerCode := opening(t, r, 3, "one")
	told(r, chat.Change{Event: "session.ended", User: 2, Ended: []chat.SessionID{"one"}, EndCode: chat.CloseSignedOut, Data: chat.Done{}})
	if *endedCode != chat.CloseSignedOut || *otherCode != 0 || *strangerCode != 0 {
		t.Errorf("closed with %d, %d and %d, want only the first with %d", *endedCode, *otherCode, *strangerCode, chat.CloseSignedOut)
	}
	if err := r.Enter(ended.Socket, Snapshot{User: chat.User{ID: 2}}); err == nil {
		t.Error("it came in after all")
	}
	other.opensWith(t, r, Snapshot{})
	stranger.opensWith(t, r, Snapshot{})
}

func TestWhoOpensWhenEveryoneStartsOverIsCutToo(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	in := newListener(1)
	inCode := 0
	in.HangUp = func(code int, _ string) { inCode = code }
	in.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 5, 1)}})
	bob, bobCode := opening(t, r, 2, "")
	told(r, chat.Change{Lost: true})
	if inCode != chat.CloseSlow || *bobCode != chat.CloseSlow {
		t.Errorf("closed with %d and %d, want %d", inCode, *bobCode, chat.CloseSlow)
	}
	if err := r.Enter(bob.Socket, Snapshot{User: chat.User{ID: 2}}); err == nil {
		t.Error("a socket came in with a snapshot from before")
	}
	back := newListener(1) // while those who were cut have not been let go
	back.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 9, 1)}})
	if rev := back.welcome(t).Rooms[0].Rev; rev != 9 {
		t.Errorf("the welcome has rev %d, want 9 as in the database", rev)
	}
}

// refusedWith checks that a socket may not open.
func refusedWith(t *testing.T, r *Rooms, user chat.UserID, code int) {
	t.Helper()
	err := r.Opening(newListener(user).Socket)
	var closing *CloseError
	if !errors.As(err, &closing) || closing.Code != code {
		t.Errorf("got %v, want to be refused with %d", err, code)
	}
}

func TestNobodyOpensOnceTheRoomsHaveStopped(t *testing.T) {
	t.Parallel()
	var seen map[chat.UserID]int64
	r := New(testLimits, func(now map[chat.UserID]int64) { seen = now })
	t.Cleanup(r.Close)
	newListener(2).enters(t, r, Snapshot{})
	r.Stop()
	refusedWith(t, r, 3, chat.CloseRestart)
	if len(seen) != 1 || seen[2] == 0 {
		t.Errorf("seen were %v, want 2 alone", seen)
	}
}

// A room that nobody is in any more is remembered while a socket opens: what it was told last is not in the
// snapshot.
func TestARoomThatEmptiesWhileASocketOpensIsRemembered(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	ann := newListener(1)
	ann.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 10, 1)}})
	bob, _ := opening(t, r, 2, "")
	told(r, addedAt(1, 11, 1), addedAt(1, 12, 1))
	r.Gone(ann.Socket)
	bob.opensWith(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 10, 1)}})
	told(r, addedAt(1, 13, 1))
	if rev := bob.welcome(t).Rooms[0].Rev; rev != 12 {
		t.Errorf("the welcome has rev %d, want 12", rev)
	}
	checkEvents(t, "bob", bob, "welcome", "message.added 13")
}

func TestWhatIsPrivateIsToldOnceAndToNobodyElse(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	old, knowing, stranger := newListener(2), newListener(2), newListener(3)
	old.enters(t, r, Snapshot{UserRev: 3})
	knowing.enters(t, r, Snapshot{UserRev: 4})
	stranger.enters(t, r, Snapshot{})
	told(r, chat.Change{Event: "read.moved", Data: chat.ReadMoved{RoomID: 1, ReadSeq: 1, UserRev: 4}, Room: 1, User: 2, UserRev: 4})
	checkEvents(t, "who did not know", old, "welcome", "read.moved")
	checkEvents(t, "who knew from the snapshot", knowing, "welcome")
	checkEvents(t, "somebody else", stranger, "welcome")
}

func TestASessionThatEndsClosesItsSocketsAlone(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	ended, endedCode := opening(t, r, 2, "one")
	other, otherCode := opening(t, r, 2, "two")
	ended.opensWith(t, r, Snapshot{})
	other.opensWith(t, r, Snapshot{})
	told(r, chat.Change{Event: "session.ended", User: 2, Ended: []chat.SessionID{"one"}, EndCode: chat.CloseSignedOut, Data: chat.Done{}})
	if *endedCode != chat.CloseSignedOut || *otherCode != 0 {
		t.Errorf("closed with %d and %d, want only the first with %d", *endedCode, *otherCode, chat.CloseSignedOut)
	}
	checkEvents(t, "the one that ended", ended, "welcome", "session.ended")
	checkEvents(t, "the other", other, "welcome")
}

func TestNothingComesAfterASessionHasEnded(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	ended, _ := opening(t, r, 2, "one")
	dialect := &taker{}
	translated, _ := opening(t, r, 2, "one")
	translated.Dialect = dialect
	for _, l := range []*listener{ended, translated} {
		l.opensWith(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 0)}})
	}
	told(r, addedAt(1, 1, 0),
		chat.Change{Event: "session.ended", User: 2, Ended: []chat.SessionID{"one"}, EndCode: chat.CloseSignedOut, Data: chat.Done{}},
		addedAt(1, 2, 0),
		chat.Change{Event: "read.moved", Data: chat.ReadMoved{RoomID: 1, ReadSeq: 1, UserRev: 4}, Room: 1, User: 2, UserRev: 4})
	checkEvents(t, "the one that ended", ended, "welcome", "message.added 1", "session.ended")
	if got := fmt.Sprint(dialect.told); got != "[message.added 1 session.ended 0]" {
		t.Errorf("the dialect of the other was told %s", got)
	}
}

// The end of a session is what closes its sockets, and no timer: here no time passes.
func TestASessionThatEndsClosesItsSocketsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := New(testLimits, func(map[chat.UserID]int64) {})
		began := time.Now()
		ended := chat.Change{Event: "session.ended", User: 2, Ended: []chat.SessionID{"one"}, EndCode: chat.CloseBanned, Data: chat.Done{}}
		var all []*codes
		for _, dialect := range []Dialect{nil, &taker{}} {
			l, closed := closable(2)
			l.Caller.Session, l.Dialect = "one", dialect
			l.enters(t, r, Snapshot{})
			all = append(all, closed)
		}
		late, lateClosed := closable(2) // it is still opening
		late.Caller.Session = "one"
		if err := r.Opening(late.Socket); err != nil {
			t.Fatal(err)
		}
		r.Dispatch([]chat.Change{ended}, func() {})
		synctest.Wait() // until there is nothing to do but to wait for a timer
		for _, closed := range append(all, lateClosed) {
			checkClosed(t, "once the session has ended", closed, chat.CloseBanned)
		}
		if passed := time.Since(began); passed != 0 {
			t.Errorf("it took %s, so it waits for a timer", passed)
		}
		time.Sleep(finishWait) // the timer that would have closed them otherwise
		r.Close()
	})
}
