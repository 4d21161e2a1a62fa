// Presence and typing: what changes is told late, seldom, and only to those who watch.

package rooms

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley/chat"
)

// takePresence empties what a listener was told of presence, by the seconds that have passed.
func (l *listener) takePresence(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, f := range l.got(t) {
		if f.Event != "presence.changed" {
			continue
		}
		var data chat.PresenceChanged
		if err := json.Unmarshal(f.Data, &data); err != nil {
			t.Fatal(err)
		}
		var parts []string
		for _, p := range data.Presence {
			parts = append(parts, fmt.Sprintf("%d %s", p.UserID, p.State))
		}
		slices.Sort(parts)
		list = append(list, fmt.Sprint(parts))
	}
	l.wire.forget()
	return list
}

func checkPresence(t *testing.T, when string, l *listener, want ...string) {
	t.Helper()
	synctest.Wait()
	if got := l.takePresence(t); !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", when, got, want)
	}
}

// presenceTest runs with a clock of its own; the ticks are at whole seconds, the test is between them.
func presenceTest(t *testing.T, test func(t *testing.T, r *Rooms, seen map[chat.UserID]int64)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		seen := map[chat.UserID]int64{}
		r := New(testLimits, func(now map[chat.UserID]int64) { maps.Copy(seen, now) })
		defer r.Close()
		time.Sleep(presenceTick / 2)
		test(t, r, seen)
	})
}

func TestWhoIsOnlineHasBeenSeen(t *testing.T) {
	t.Parallel()
	presenceTest(t, func(t *testing.T, r *Rooms, seen map[chat.UserID]int64) {
		came := time.Now()
		newListener(2).enters(t, r, Snapshot{})
		time.Sleep(presenceTick)
		synctest.Wait()
		if seen[2] != came.UnixMilli() {
			t.Errorf("last seen at %d, want %d", seen[2], came.UnixMilli())
		}
	})
}

func TestPresenceIsToldToWatchersAndLate(t *testing.T) {
	t.Parallel()
	presenceTest(t, func(t *testing.T, r *Rooms, seen map[chat.UserID]int64) {
		watcher, stranger := newListener(1), newListener(9)
		watcher.enters(t, r, Snapshot{})
		stranger.enters(t, r, Snapshot{})
		r.Watch(watcher.Socket, []chat.UserID{2})
		time.Sleep(presenceTick)
		checkPresence(t, "before anyone came", watcher)

		first, second := newListener(2), newListener(2)
		first.enters(t, r, Snapshot{})
		checkPresence(t, "at once", watcher)
		time.Sleep(presenceTick)
		checkPresence(t, "a second after coming", watcher, "[2 online]")

		second.enters(t, r, Snapshot{})
		r.SetAway(first.Socket, true)
		time.Sleep(presenceTick)
		checkPresence(t, "away on one of two", watcher)
		r.SetAway(second.Socket, true)
		time.Sleep(presenceTick)
		checkPresence(t, "away on both", watcher, "[2 away]")
		r.SetAway(second.Socket, false)
		r.SetAway(second.Socket, true)
		time.Sleep(presenceTick)
		checkPresence(t, "back and forth within a second", watcher)

		r.Gone(first.Socket)
		r.Gone(second.Socket)
		time.Sleep(offlineAfter - presenceTick)
		checkPresence(t, "gone for less than five seconds", watcher)
		again := newListener(2)
		again.enters(t, r, Snapshot{})
		time.Sleep(offlineAfter + presenceTick)
		checkPresence(t, "after a reload", watcher, "[2 online]") // no more away
		r.Gone(again.Socket)
		left := time.Now()
		time.Sleep(offlineAfter + presenceTick)
		checkPresence(t, "gone", watcher, "[2 offline]")
		if seen[2] != left.UnixMilli() {
			t.Errorf("last seen at %d, want %d", seen[2], left.UnixMilli())
		}
		checkPresence(t, "all the while", stranger)
	})
}

func TestPresenceOfManyComesInOneEvent(t *testing.T) {
	t.Parallel()
	presenceTest(t, func(t *testing.T, r *Rooms, _ map[chat.UserID]int64) {
		watcher := newListener(1)
		watcher.enters(t, r, Snapshot{})
		r.Watch(watcher.Socket, []chat.UserID{2, 3, 4, 5})
		for user := range chat.UserID(4) {
			newListener(user+2).enters(t, r, Snapshot{})
		}
		newListener(77).enters(t, r, Snapshot{})
		time.Sleep(presenceTick)
		checkPresence(t, "after a crowd came", watcher, "[2 online 3 online 4 online 5 online]")
		r.Watch(watcher.Socket, []chat.UserID{3})
		for _, user := range []chat.UserID{2, 3} {
			for sock := range r.users[user].sockets {
				r.SetAway(sock, true)
			}
		}
		time.Sleep(presenceTick)
		checkPresence(t, "watching another", watcher, "[3 away]")
	})
}

func TestTypingIsToldToOthersEveryThreeSeconds(t *testing.T) {
	t.Parallel()
	presenceTest(t, func(t *testing.T, r *Rooms, _ map[chat.UserID]int64) {
		in := Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 1)}}
		ann, annToo, bob, outsider := newListener(1), newListener(1), newListener(2), newListener(3)
		ann.enters(t, r, in)
		annToo.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 1)}})
		bob.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 1)}})
		outsider.enters(t, r, Snapshot{})
		for range 10 {
			r.Typing(1, 1)
			time.Sleep(typingEvery / 5)
		}
		checkEvents(t, "bob", bob, "welcome", "typing.started", "typing.started")
		checkEvents(t, "ann", ann, "welcome")
		checkEvents(t, "ann's other socket", annToo, "welcome")
		checkEvents(t, "an outsider", outsider, "welcome")
		r.Typing(99, 1) // a room that nobody is in
		time.Sleep(typingEvery)
		r.Typing(1, 1)
		time.Sleep(typingEvery)
		r.Typing(1, 1) // three seconds later to the moment
		checkEvents(t, "bob", bob, "welcome", "typing.started", "typing.started", "typing.started", "typing.started")
	})
}

// Whoever goes at a tick has been gone for five seconds to the moment at another.
func TestWhoHasBeenGoneForFiveSecondsIsOffline(t *testing.T) {
	t.Parallel()
	presenceTest(t, func(t *testing.T, r *Rooms, _ map[chat.UserID]int64) {
		watcher, bob := newListener(1), newListener(2)
		watcher.enters(t, r, Snapshot{})
		bob.enters(t, r, Snapshot{})
		r.Watch(watcher.Socket, []chat.UserID{2})
		time.Sleep(presenceTick)
		checkPresence(t, "after coming", watcher, "[2 online]")
		time.Sleep(presenceTick / 2)
		r.Gone(bob.Socket)
		time.Sleep(offlineAfter - presenceTick/2)
		checkPresence(t, "before five seconds", watcher)
		time.Sleep(presenceTick)
		checkPresence(t, "half a second after five seconds", watcher, "[2 offline]")
	})
}
