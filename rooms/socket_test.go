// One socket: what is under way on it, and how it ends.

package rooms

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/chat"
)

// codes are those that a connection was closed with.
type codes struct {
	mu  sync.Mutex
	all []int
}

// closable is a listener, and the codes that its connection is closed with.
func closable(user chat.UserID) (*listener, *codes) {
	l, closed := newListener(user), &codes{}
	l.HangUp = func(code int, _ string) {
		closed.mu.Lock()
		defer closed.mu.Unlock()
		closed.all = append(closed.all, code)
	}
	return l, closed
}

func checkClosed(t *testing.T, when string, closed *codes, want ...int) {
	t.Helper()
	closed.mu.Lock()
	defer closed.mu.Unlock()
	if !slices.Equal(closed.all, want) {
		t.Errorf("%s: closed with %v, want %v", when, closed.all, want)
	}
}

func TestWritesUnderWayAreCounted(t *testing.T) {
	t.Parallel()
	const limit = 3
	sock := newListener(1).Socket
	for range limit {
		if err := sock.BeginWrite(limit); err != nil {
			t.Fatal(err)
		}
	}
	for range 10 { // those that are refused do not count
		if err := sock.BeginWrite(limit); !chat.IsCode(err, chat.Busy) {
			t.Errorf("one too many got %v", err)
		}
	}
	sock.EndWrite()
	if err := sock.BeginWrite(limit); err != nil {
		t.Errorf("after one has ended: %v", err)
	}
	if err := sock.BeginWrite(limit); err == nil {
		t.Error("one too many was let in")
	}
}

func TestNoMoreThanAThousandChangesAreKeptForASocketThatOpens(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	l, closed := closable(1)
	if err := r.Opening(l.Socket); err != nil {
		t.Fatal(err)
	}
	change := chat.Change{Event: "server.changed", Data: chat.ServerChanged{}}
	for range 1000 {
		told(r, change)
	}
	checkClosed(t, "within the bound", closed)
	told(r, change)
	checkClosed(t, "beyond it", closed, chat.CloseLater)
	told(r, change)
	if len(l.recorded) != 1000 {
		t.Errorf("%d changes are kept", len(l.recorded))
	}
}

func TestADialectIsToldNothingThatMayBeLost(t *testing.T) {
	t.Parallel()
	presenceTest(t, func(t *testing.T, r *Rooms, _ map[chat.UserID]int64) {
		bob := newListener(2)
		bob.Dialect = &taker{}
		bob.FrameEachLine()
		bob.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 0)}})
		r.Watch(bob.Socket, []chat.UserID{1})
		newListener(1).enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 0)}})
		r.Typing(1, 1)
		time.Sleep(2 * presenceTick)
		synctest.Wait()
		checkFrames(t, bob.wire)
	})
}

func TestWhoComesAndGoesWithinASecondIsNoNews(t *testing.T) {
	t.Parallel()
	presenceTest(t, func(t *testing.T, r *Rooms, seen map[chat.UserID]int64) {
		watcher, bob := newListener(1), newListener(2)
		watcher.enters(t, r, Snapshot{})
		r.Watch(watcher.Socket, []chat.UserID{2})
		bob.enters(t, r, Snapshot{})
		r.Gone(bob.Socket)
		time.Sleep(offlineAfter + 2*presenceTick)
		checkPresence(t, "after it all", watcher)
		if seen[2] == 0 {
			t.Error("bob was not seen")
		}
	})
}

func TestASocketThatFallsBehindIsCut(t *testing.T) {
	t.Parallel()
	long := []byte(strings.Repeat("x", 60))
	for name, put := range map[string]func(*Socket){
		"by an answer":       func(s *Socket) { s.Put(long) },
		"by what others did": func(s *Socket) { s.PutCorked(NewLine(long)) },
	} {
		l, closed := closable(1)
		l.out.limit = 100
		put(l.Socket)
		checkClosed(t, name, closed)
		put(l.Socket)
		checkClosed(t, name, closed, chat.CloseSlow)
		put(l.Socket)
		checkClosed(t, name, closed, chat.CloseSlow)
		if l.CloseCode() != chat.CloseSlow || l.Traffic().Waiting > 100 {
			t.Errorf("%s: the code is %d, and %d bytes wait", name, l.CloseCode(), l.Traffic().Waiting)
		}
	}
}

func TestACutSocketWritesNothingMore(t *testing.T) {
	t.Parallel()
	l, closed := closable(1)
	l.out.open([]byte("welcome"))
	l.PutCorked(NewLine([]byte("waits")))
	l.Cut(chat.CloseLater, "")
	l.Put([]byte("late"))
	l.Uncork()
	l.Cut(chat.CloseSlow, "")
	checkFrames(t, l.wire, "welcome")
	checkClosed(t, "cut twice", closed, chat.CloseLater)
}

// The dispatcher may have corked the outbox of a socket that is closed meanwhile.
func TestACloseFrameDoesNotWaitForTheDispatcher(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(100)
	o.open([]byte("welcome"))
	o.putCorked(NewLine([]byte("waits")))
	o.close()
	o.putControl([]byte{0x89, 0})
	checkFrames(t, w, "welcome", "ping")
}

func TestASocketFinishesWhenAllIsWrittenOrAfterHalfASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		quick, quickClosed := closable(1)
		quick.out.open([]byte("welcome"))
		quick.Finish(chat.CloseRestart, "")
		checkClosed(t, "with nothing to write", quickClosed, chat.CloseRestart)

		slow, slowClosed := closable(2)
		slow.wire.let = make(chan struct{})
		slow.wire.stall(0)
		slow.out.open([]byte("welcome"))
		slow.Finish(chat.CloseRestart, "")
		time.Sleep(finishWait - time.Millisecond)
		synctest.Wait()
		checkClosed(t, "before half a second", slowClosed)
		time.Sleep(time.Millisecond)
		synctest.Wait()
		checkClosed(t, "after half a second", slowClosed, chat.CloseRestart)
		close(slow.wire.let)
		slow.out.stalled.Wait()
		time.Sleep(finishWait)
	})
}

func TestAPanicAfterAStalledFrameClosesTheConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, w := newOutbox(100)
		w.stall(0)
		o.open([]byte("welcome"))
		o.onEmpty(func() { panic("in a test") })
		w.pass()
		o.stalled.Wait()
		if !w.closed {
			t.Error("the connection is still open")
		}
	})
}
