// Tests of deltas: which sockets get them, and how often each form of a change is encoded.

package rooms

import (
	"fmt"
	"testing"

	"parley/chat"
)

// encoded is the data of an event that counts how often it is encoded.
type encoded struct {
	text  string
	times *int
}

func (e encoded) MarshalJSON() ([]byte, error) {
	*e.times++
	return fmt.Appendf(nil, "{%q:true}", e.text), nil
}

// reactedAt is a change that has a delta; it counts how often its two forms are encoded.
func reactedAt(room chat.RoomID, rev int64, wholly, deltas *int) chat.Change {
	return chat.Change{
		Event: "message.changed", Data: encoded{"message", wholly},
		Delta: &chat.Delta{Event: "reaction.changed", Data: encoded{"reaction", deltas}},
		Room:  room, Heads: chat.Heads{Seq: 1, Rev: rev},
	}
}

// names lists the names of the events that came after the welcome.
func (l *listener) names(t *testing.T) (names []string) {
	t.Helper()
	for _, f := range l.got(t)[1:] {
		names = append(names, f.Event)
	}
	return names
}

func TestOnlySocketsThatAskedGetDeltas(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	plain, asks, late, other := newListener(1), newListener(2), newListener(3), newListener(4)
	asks.Deltas, late.Deltas = true, true
	dialect := &taker{}
	other.Dialect, other.Deltas = dialect, true
	for _, l := range []*listener{plain, asks, other} {
		l.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 10, 1)}})
	}
	late.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 12, 1)}}) // ahead of the dispatcher
	if native, whole := r.Told(1); native != 3 || whole != 1 {
		t.Errorf("%d sockets are told, %d wholly, want 3 and 1", native, whole)
	}
	var wholly, deltas int
	told(r, addedAt(1, 11, 1), reactedAt(1, 12, &wholly, &deltas), reactedAt(1, 13, &wholly, &deltas))
	const added, message, reaction = "message.added", "message.changed", "reaction.changed"
	for _, c := range []struct {
		who  string
		l    *listener
		want string
	}{
		{"plain", plain, fmt.Sprint([]string{added, message, message})},
		{"asks", asks, fmt.Sprint([]string{added, reaction, reaction})},
		{"late", late, fmt.Sprint([]string{added, reaction, reaction})},
	} {
		if got := fmt.Sprint(c.l.names(t)); got != c.want {
			t.Errorf("%s was told %s, want %s", c.who, got, c.want)
		}
	}
	if got := fmt.Sprint(dialect.told); got != "[message.added 11 message.changed 12 message.changed 13]" {
		t.Errorf("the dialect was told %s", got)
	}
	if wholly != 2 || deltas != 2 {
		t.Errorf("two changes were encoded %d times wholly and %d times as deltas, want 2 and 2", wholly, deltas)
	}
}

func TestAFormThatNobodyNeedsIsNotEncoded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		deltas, dialect bool
		want            string
	}{
		"a socket that did not ask": {false, false, "1 0"},
		"a socket that asked":       {true, false, "0 1"},
		"a dialect":                 {false, true, "0 0"},
	} {
		r := newTestRooms(t)
		l := newListener(1)
		l.Deltas = test.deltas
		if test.dialect {
			l.Dialect = &taker{}
		}
		l.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 10, 1)}})
		var wholly, deltas int
		told(r, reactedAt(1, 11, &wholly, &deltas))
		if got := fmt.Sprint(wholly, " ", deltas); got != test.want {
			t.Errorf("%s: encoded %s times, want %s", name, got, test.want)
		}
	}
}

func TestWhoIsToldIsCountedWhileTheyAreInTheRoom(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	check := func(when string, want string) {
		t.Helper()
		native, whole := r.Told(1)
		if got := fmt.Sprint(native, " ", whole); got != want {
			t.Errorf("%s: %s are told, want %s", when, got, want)
		}
	}
	check("nobody is there", "0 0")
	plain, asks := newListener(1), newListener(2)
	asks.Deltas = true
	plain.enters(t, r, Snapshot{})
	asks.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 0)}})
	check("one asked", "1 0")
	told(r, joinAt(1, 1, 0, 1, 1)...)
	told(r, joinAt(1, 1, 0, 2, 2)...)
	check("the other joined", "2 1")
	told(r, leaveAt(1, 1, 0, 3, 3)...)
	told(r, leaveAt(1, 1, 0, 4, 4)...)
	check("and left", "1 0")
	r.Gone(asks.Socket)
	check("all are gone", "0 0")
}
