// The dispatcher under load, and what it and the rooms remember.

package rooms

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/chat"
)

func TestADispatcherThatIsNeverIdleStillSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTestRooms(t)
		ann := newListener(1)
		ann.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 0)}})
		ann.wire.forget()
		const batches = 4 * maxBatches
		waited := 0 // batches that were taken before the first was sent
		var next func(n int64)
		next = func(n int64) {
			if n > batches {
				return
			}
			r.Dispatch([]chat.Change{addedAt(1, n, 0)}, func() {
				if waited == 0 && len(ann.wire.frames(t)) > 0 {
					waited = int(n)
				}
				next(n + 1) // the dispatcher has just made place for it
			})
		}
		next(1)
		synctest.Wait()
		if waited == 0 || waited > maxBatches+1 {
			t.Errorf("the first of %d events was sent with batch %d, want it at most %d later", batches, waited, maxBatches)
		}
		if got := ann.events(t); len(got) != batches || got[batches-1] != fmt.Sprint("message.added ", batches) {
			t.Errorf("%d of %d events came", len(got), batches)
		}
	})
}

// What a client sends after a message that failed is answered, and each of those answers ends the socket.
func TestASocketIsFinishedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sock := newListener(1)
		sock.out.close() // so that nothing but the timer is left to end it
		sock.closed.Store(chat.CloseLater)
		sock.Finish(chat.CloseLater, "send again")
		if n := testing.AllocsPerRun(100, func() { sock.Finish(chat.CloseLater, "send again") }); n != 0 {
			t.Errorf("finishing again allocates %v times", n)
		}
		<-time.After(finishWait)
	})
}

func TestWatchingReplacesWhoWasWatched(t *testing.T) {
	t.Parallel()
	const most = 500 // as many as the actions allow
	r := newTestRooms(t)
	ann := newListener(1)
	ann.enters(t, r, Snapshot{})
	for round := range 3 {
		var users []chat.UserID
		for i := range most {
			users = append(users, chat.UserID(1+round*most+i))
		}
		r.Watch(ann.Socket, users)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.watchers); n != most {
		t.Errorf("%d people are watched by one socket, want %d", n, most)
	}
	if n := len(ann.watching); n != most {
		t.Errorf("one socket watches %d people, want %d", n, most)
	}
}

func TestRoomsToLetGoAreRememberedOnce(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	ann, late := newListener(1), newListener(2)
	ann.enters(t, r, Snapshot{})
	if err := r.Opening(late.Socket); err != nil {
		t.Fatal(err)
	}
	for i := range int64(1000) {
		told(r, joinAt(7, 1, 0, 2*i+1, 2*i+1)...)
		told(r, leaveAt(7, 1, 0, 2*i+2, 2*i+2)...)
	}
	if len(r.touched) != 1 || len(r.rooms) != 1 {
		t.Errorf("%d rooms are live and %d to be let go, want the one for both", len(r.rooms), len(r.touched))
	}
	late.opensWith(t, r, Snapshot{})
	if len(r.touched) != 0 || len(r.rooms) != 0 {
		t.Errorf("%d rooms are live and %d to be let go once nobody opens, want none", len(r.rooms), len(r.touched))
	}
}

func TestNothingIsRememberedOfThoseWhoLeft(t *testing.T) {
	t.Parallel()
	presenceTest(t, func(t *testing.T, r *Rooms, _ map[chat.UserID]int64) {
		var all []*listener
		for i := range int64(20) {
			l := newListener(chat.UserID(1 + i%2))
			l.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 0), stateAt(2, 0, 0)}})
			r.Watch(l.Socket, []chat.UserID{1, 2, 3, 99, 99})
			r.Typing(1, l.Caller.User)
			all = append(all, l)
		}
		told(r, joinAt(7, 1, 0, 1, 1)...)
		told(r, addedAt(7, 1, 1))
		half := newListener(1) // it is opening and never comes in
		if err := r.Opening(half.Socket); err != nil {
			t.Fatal(err)
		}
		told(r, leaveAt(7, 1, 1, 2, 2)...)
		told(r, addedAt(8, 1, 0)) // a room that nobody is in
		r.Gone(half.Socket)
		for _, l := range all {
			r.Gone(l.Socket)
			r.Gone(l.Socket) // it is gone already
		}
		told(r, addedAt(1, 1, 0))
		time.Sleep(offlineAfter + presenceTick)
		synctest.Wait()
		got := fmt.Sprintf("rooms %d, users %d, opening %d, touched %d, watchers %d, stirred %d",
			len(r.rooms), len(r.users), len(r.opening), len(r.touched), len(r.watchers), len(r.stirred))
		if want := "rooms 0, users 0, opening 0, touched 0, watchers 0, stirred 0"; got != want {
			t.Errorf("left: %s", got)
		}
	})
}

// taker is a dialect that notes what it is told.
type taker struct{ told []string }

func (*taker) Welcome(*Socket, chat.Welcome) {}

func (*taker) Gone() {}

func (d *taker) Tell(_ *Socket, c *chat.Change) {
	d.told = append(d.told, fmt.Sprint(c.Event, " ", c.Heads.Rev))
}

func TestADialectIsToldWhatItsSocketDoesNotKnow(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	bob, dialect := newListener(2), &taker{}
	bob.Dialect = dialect
	bob.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 12, 1)}})
	told(r, addedAt(1, 11, 1), addedAt(1, 12, 1), addedAt(1, 13, 1))
	if got := fmt.Sprint(dialect.told); got != "[message.added 13]" {
		t.Errorf("it was told %s", got)
	}
	if n := r.Counts().Deliveries; n != 1 {
		t.Errorf("%d deliveries are counted, want 1", n)
	}
}

func TestWhatWasSaidBeforeSomebodyLeftReachesThem(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	bob := newListener(2)
	bob.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 10, 1)}})
	told(r, append([]chat.Change{addedAt(1, 11, 1)}, append(leaveAt(1, 2, 11, 2, 1), addedAt(1, 12, 2))...)...)
	checkEvents(t, "bob", bob, "welcome", "message.added 11", "room.removed")
}

func TestABatchOfManyRoomsKeepsTheOrderOfEach(t *testing.T) {
	t.Parallel()
	const rooms, messages = 3, 40
	r := newTestRooms(t)
	bob := newListener(2)
	snapshot := Snapshot{}
	for id := range chat.RoomID(rooms) {
		snapshot.Rooms = append(snapshot.Rooms, stateAt(id+1, 0, 0))
	}
	bob.enters(t, r, snapshot)
	var batch []chat.Change
	for rev := range int64(messages) {
		for id := range chat.RoomID(rooms) {
			batch = append(batch, addedAt(rooms-id, rev+1, 0))
		}
	}
	told(r, batch...)
	got := bob.events(t)[1:]
	for i, event := range got {
		if want := fmt.Sprint("message.added ", i%messages+1); event != want {
			t.Fatalf("event %d is %q, want %q", i, event, want)
		}
	}
	if len(got) != rooms*messages || r.Counts().Deliveries != rooms*messages {
		t.Errorf("%d events came and %d are counted, want %d", len(got), r.Counts().Deliveries, rooms*messages)
	}
}

func TestABatchThatIsTooLongForAFrameIsCut(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	bob := newListener(2)
	bob.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 0)}})
	bob.wire.forget()
	var batch []chat.Change
	for rev := range int64(3) {
		c := addedAt(1, rev+1, 0)
		c.Data = chat.MessageAdded{Message: chat.Message{RoomID: 1, Rev: rev + 1, Body: strings.Repeat("x", maxFrame/2)}}
		batch = append(batch, c)
	}
	told(r, batch...)
	frames := bob.wire.frames(t)
	for _, frame := range frames {
		if len(frame) > maxFrame {
			t.Errorf("a frame of several messages has %d bytes", len(frame))
		}
	}
	if len(frames) != 3 {
		t.Errorf("%d frames came, want 3", len(frames))
	}
}

func TestABatchIsAnsweredOnceItIsInTheOutboxes(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	bob := newListener(2)
	bob.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 0)}})
	d, answered := dispatcher{rooms: r}, false
	d.take(committed{[]chat.Change{addedAt(1, 1, 0)}, func() { answered = bob.Traffic().Waiting > 0 }})
	if !answered {
		t.Error("the batch was not answered, or before bob was told")
	}
	d.send()
	checkEvents(t, "bob", bob, "welcome", "message.added 1")
}

func TestWhoHasGoneWatchesNobody(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	bob := newListener(2)
	r.Watch(bob.Socket, []chat.UserID{1}) // it has not come in yet
	bob.enters(t, r, Snapshot{})
	r.Gone(bob.Socket)
	r.Watch(bob.Socket, []chat.UserID{1})
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.watchers) != 0 {
		t.Errorf("%d people are watched", len(r.watchers))
	}
}
