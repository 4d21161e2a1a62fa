package actions

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
	"parley/store"
	"parley/store/sqlite"
)

// retells tells what is unread after blocks until stop is called, or the test ends.
func (p *parts) retells(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() { p.Retell(ctx) })
	stop = sync.OnceFunc(func() { cancel(); ended.Wait() })
	t.Cleanup(stop)
	return stop
}

// heardFrom has somebody be in so many rooms in which others said something each.
func (p *parts) heardFrom(t *testing.T, who access.Caller, rooms int, others ...access.Caller) {
	t.Helper()
	for range rooms {
		room := p.creates(t, others[0], chat.Private, "room")
		for _, other := range append(others[1:], who) {
			p.must(t, func(tx *store.WriteTx) error { return tx.Join(room, other.User, chat.MemberPlain, 0) })
		}
		for _, other := range others {
			p.says(t, other, room, "hello")
		}
	}
}

// userRev is the number of the last change that somebody's sockets were told.
func (p *parts) userRev(t *testing.T, who access.Caller) int64 {
	t.Helper()
	list, err := p.Blocks(context.Background(), who)
	if err != nil {
		t.Fatal(err)
	}
	return list.UserRev
}

// blocks has somebody block another, or end that, and returns the number of that change.
func (p *parts) blocks(t *testing.T, who, other access.Caller, blocked bool) int64 {
	t.Helper()
	change, err := p.Block(who, other.User, blocked)
	if err != nil {
		t.Fatal(err)
	}
	return change.UserRev
}

// Whoever blocks somebody has the answer before anything is counted, and in the end every room is told, once however
// many were blocked meanwhile.
func TestBlockingWaitsForNoCountOfWhatIsUnread(t *testing.T) {
	t.Parallel()
	const rooms = tellAtOnce + 5
	p := start(t)
	ann, bob, carl := p.signsUp(t, "ann"), p.signsUp(t, "bob"), p.signsUp(t, "carl")
	p.heardFrom(t, ann, rooms, bob, carl)
	p.blocks(t, ann, bob, true)
	p.blocks(t, ann, carl, true)
	last := p.blocks(t, ann, bob, false)
	if rev := p.userRev(t, ann); rev != last {
		t.Fatalf("something was told before the answer: user_rev is %d, want %d", rev, last)
	}
	stop := p.retells(t)
	wait.Until(t, "every room is told", func() bool { return p.userRev(t, ann) >= last+rooms })
	stop()
	if rev := p.blocks(t, ann, bob, false); rev != last+rooms { // which is so already
		t.Errorf("user_rev is %d, want %d", rev, last+rooms)
	}
	p.blocks(t, ann, bob, true)
	if _, others := p.retellings.next(); !slices.Equal(others, []chat.UserID{bob.User}) {
		t.Errorf("after the stop %v wait, want bob alone", others)
	}
}

// One that waits longer is told first, and all of theirs at once.
func TestPeopleAreToldWhatIsUnreadInTurn(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob, carl := p.signsUp(t, "ann"), p.signsUp(t, "bob"), p.signsUp(t, "carl")
	p.blocks(t, ann, bob, true)
	p.blocks(t, bob, carl, true)
	p.blocks(t, ann, carl, true)
	p.blocks(t, ann, bob, false)
	for _, want := range [][]chat.UserID{{ann.User, bob.User, carl.User}, {bob.User, carl.User}, {0}} {
		if by, others := p.retellings.next(); by.User != want[0] || !slices.Equal(others, want[1:]) {
			t.Errorf("user %d is told about %v, want %v", by.User, others, want)
		}
	}
}

func TestBlocksAfterWhichNobodyHasCountedAreBounded(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	for n := range maxRetellings - 1 {
		checkError(t, "a place", p.retellings.reserve(), "")
		p.retellings.add(access.Caller{User: 1000 + chat.UserID(n)}, bob.User)
	}
	p.blocks(t, ann, bob, true)
	_, err := p.Block(ann, bob.User, false)
	checkError(t, "one too many", err, chat.Busy)
	if list, err := p.Blocks(context.Background(), ann); err != nil || !slices.Equal(list.UserIDs, []chat.UserID{bob.User}) {
		t.Errorf("the refused request did something: %+v, %v", list, err)
	}
	p.retellings.next()
	p.blocks(t, ann, bob, true) // as it is already: it keeps no place
	p.blocks(t, ann, bob, false)
}

// A person has not asked to be told, so it is tried again when others have filled the queue of writes.
func TestWhatIsUnreadIsToldWhenTheQueueWasFull(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	p.heardFrom(t, ann, 1, bob)
	last := p.blocks(t, ann, bob, true)
	release := p.holdWriter(t)
	for full := new(atomic.Bool); !full.Load(); {
		p.store.Write(func(*store.WriteTx) error { return nil }, func(err error) { full.Store(full.Load() || err != nil) })
	}
	p.retells(t)
	wait.Until(t, "it has begun", func() bool {
		p.retellings.mu.Lock()
		defer p.retellings.mu.Unlock()
		return len(p.retellings.waiting) == 0
	})
	release()
	wait.Until(t, "the room is told", func() bool { return p.userRev(t, ann) == last+1 })
}

// The disk may fail while rooms are counted, and work again.
func TestWhatIsUnreadIsToldWhenTheDatabaseCouldNotBeRead(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	p.heardFrom(t, ann, 1, bob)
	last := p.blocks(t, ann, bob, true)
	db, err := sqlite.OpenWriter(p.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rename := func(from, to string) {
		t.Helper()
		if _, err := db.Exec("ALTER TABLE " + from + " RENAME TO " + to); err != nil {
			t.Fatal(err)
		}
	}
	rename("members", "unreadable")
	p.retells(t)
	for tried := false; !tried; runtime.Gosched() { // it is taken out for a moment, once a second
		p.retellings.mu.Lock()
		tried = len(p.retellings.waiting) == 0
		p.retellings.mu.Unlock()
	}
	rename("unreadable", "members")
	wait.Until(t, "the room is told", func() bool { return p.userRev(t, ann) == last+1 })
}

func TestBlockingCostsMoreTheMoreRoomsAreCounted(t *testing.T) {
	t.Parallel()
	const burst, rooms = 1000, 20
	p := start(t, func(l *access.Limits) { l.MessagesPerSecond, l.MessagesBurst = 0.001, burst })
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	p.heardFrom(t, ann, rooms, bob)
	last := p.blocks(t, ann, bob, true)
	p.retells(t)
	wait.Until(t, "every room is told", func() bool { return p.userRev(t, ann) == last+rooms })
	checkError(t, "all that was there", p.Spend(ann, access.Changes(burst-rooms/roomsPerChange+1)), chat.RateLimited)
	checkError(t, "the rest", p.Spend(ann, access.Changes(burst-rooms/roomsPerChange)), "")
}
