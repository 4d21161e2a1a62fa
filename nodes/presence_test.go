//go:build linux

package nodes

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/chat"
	"parley/internal/wait"
)

// clock stands still unless a test moves it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Unix(1_796_000_000, 0)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// member is a node with its presence and its own clock.
type member struct {
	*Presence
	bus   *Bus
	clock *clock

	changesMu sync.Mutex
	changed   map[chat.UserID]int // how often onChange named somebody
}

const presenceKind = 7

func newMember(t testing.TB, address string) *member {
	t.Helper()
	m := &member{clock: newClock(), changed: map[chat.UserID]int{}}
	m.Presence = NewPresence(presenceKind, m.clock.now, m.note)
	option, err := options(address)
	if err != nil {
		t.Fatal(err)
	}
	m.bus = start(option, "one", Handlers{
		Up: m.Up,
		News: func(from string, kind byte, payload []byte, _ bool) {
			if kind == presenceKind {
				m.Heard(from, payload)
			}
		},
	}, patient)
	t.Cleanup(m.bus.Close)
	m.Join(m.bus)
	untilUp(t, m.bus)
	return m
}

func (m *member) note(users []chat.UserID) {
	m.changesMu.Lock()
	defer m.changesMu.Unlock()
	for _, user := range users {
		m.changed[user]++
	}
}

func (m *member) changes(user chat.UserID) int {
	m.changesMu.Lock()
	defer m.changesMu.Unlock()
	return m.changed[user]
}

func is(user chat.UserID, state chat.PresenceState, since int64) chat.Presence {
	return chat.Presence{UserID: user, State: state, LastSeenAt: since}
}

// untilSees waits until a node has somebody in a state.
func untilSees(t testing.TB, m *member, want chat.Presence) {
	t.Helper()
	wait.Until(t, fmt.Sprintf("it sees %+v", want), func() bool { return m.Of(want.UserID) == want })
}

// goOn lets a little time pass at the nodes, which is no more than passes for the machine.
func goOn(members ...*member) {
	for _, m := range members {
		m.clock.pass(2 * time.Millisecond)
		m.tick()
	}
}

// untilKnown waits until the nodes have heard each other, with nobody's changes missing.
func untilKnown(t testing.TB, members ...*member) {
	t.Helper()
	for _, m := range members {
		for _, other := range members {
			if other == m {
				continue
			}
			wait.Until(t, "they know each other", func() bool {
				goOn(members...)
				other.mu.RLock()
				number := other.number
				other.mu.RUnlock()
				m.mu.RLock()
				defer m.mu.RUnlock()
				node := m.nodes[other.bus.ID()]
				return node != nil && !node.unsure && node.number == number
			})
		}
	}
}

func TestNodesKnowWhoIsAtOthers(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	a, b, c := newMember(t, redis.address()), newMember(t, redis.address()), newMember(t, redis.address())
	untilKnown(t, a, b, c)
	a.Tell([]chat.Presence{is(1, chat.Online, 500), is(2, chat.Away, 600)})
	b.Tell([]chat.Presence{is(1, chat.Away, 400), is(3, chat.Away, 700)})
	c.Tell([]chat.Presence{is(3, chat.Online, 900)})
	untilSees(t, c, is(1, chat.Online, 400))
	untilSees(t, c, is(2, chat.Away, 600))
	untilSees(t, c, is(3, chat.Away, 700))
	untilSees(t, a, is(1, chat.Away, 400))
	untilSees(t, a, is(3, chat.Online, 700))
	untilSees(t, a, is(2, chat.Offline, 0)) // only at a itself
	untilKnown(t, a, b, c)
	for name, m := range map[string]*member{"a": a, "b": b, "c": c} {
		if got := m.Online(); got != 3 {
			t.Errorf("%s: %d people are online, want 3", name, got)
		}
	}
	if a, b, c := a.OnlyElsewhere(), b.OnlyElsewhere(), c.OnlyElsewhere(); a != 1 || b != 1 || c != 2 {
		t.Errorf("elsewhere are %d, %d and %d people, want 1, 1 and 2", a, b, c)
	}
	before := c.changes(1)
	a.Tell([]chat.Presence{is(1, chat.Offline, 0), is(9, chat.Offline, 0)})
	untilSees(t, c, is(1, chat.Away, 400))
	b.Tell([]chat.Presence{is(1, chat.Offline, 0)})
	untilSees(t, c, is(1, chat.Offline, 0))
	wait.Until(t, "both changes were told", func() bool { return c.changes(1) == before+2 })
	if c.changes(9) != 0 || c.changes(2) != 1 {
		t.Errorf("people are told to have changed who have not: %v", c.changed)
	}
	number := a.number
	if a.Tell([]chat.Presence{is(2, chat.Away, 600)}); a.number != number {
		t.Error("what was told before is told again")
	}
}

func TestANodeThatComesLaterIsToldAll(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	a := newMember(t, redis.address())
	const n = 2*piecePeople + 100
	var all []chat.Presence
	for i := range n {
		all = append(all, is(chat.UserID(i+1), chat.Online, int64(i)))
	}
	a.Tell(all)
	b := newMember(t, redis.address())
	wait.Until(t, "all are told", func() bool {
		goOn(a, b) // a may have to wait before it answers again
		return b.Online() == n
	})
	untilSees(t, b, is(n, chat.Online, n-1))
	wait.Until(t, "nobody is left out", func() bool { return b.changes(1) == 1 && b.changes(n) == 1 })
	if got := b.Counts(); got.Nodes != 1 || got.People != n || got.Dropped != 0 {
		t.Errorf("got the counts %+v", got)
	}
}

func TestWhatWasLostIsFoundByTheNextHeartbeat(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	a, b := newMember(t, redis.address()), newMember(t, redis.address())
	untilKnown(t, a, b)
	a.Tell([]chat.Presence{is(1, chat.Online, 1), is(2, chat.Online, 1)})
	untilSees(t, b, is(2, chat.Online, 1))

	send := a.send
	lose := func(people ...chat.Presence) {
		a.mu.Lock()
		a.send = func(byte, []byte) {}
		a.mu.Unlock()
		a.Tell(people)
		a.mu.Lock()
		a.send = send
		a.mu.Unlock()
	}
	lose(is(1, chat.Offline, 0), is(3, chat.Away, 5)) // as many people as before
	if got := b.Of(1); got.State != chat.Online {
		t.Fatalf("nothing is lost: got %+v", got)
	}
	a.clock.pass(heartbeatEvery)
	b.clock.pass(heartbeatEvery)
	a.tick()
	untilSees(t, b, is(1, chat.Offline, 0))
	untilSees(t, b, is(3, chat.Away, 5))

	lose(is(1, chat.Online, 7))
	a.clock.pass(askAgain)
	b.clock.pass(askAgain)
	a.Tell([]chat.Presence{is(2, chat.Offline, 0)}) // the number of this change shows that one is missing
	untilSees(t, b, is(1, chat.Online, 7))
	untilSees(t, b, is(2, chat.Offline, 0))
}

func TestANodeThatIsNotHeardIsForgottenWithItsPeople(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	a, b, c := newMember(t, redis.address()), newMember(t, redis.address()), newMember(t, redis.address())
	untilKnown(t, a, b, c)
	a.Tell([]chat.Presence{is(1, chat.Online, 1), is(2, chat.Online, 1)})
	b.Tell([]chat.Presence{is(2, chat.Away, 1)})
	untilSees(t, c, is(1, chat.Online, 1))
	untilSees(t, c, is(2, chat.Online, 1))
	untilKnown(t, a, b, c)
	a.bus.Close() // as when it is killed
	heard := func(of *member) time.Time {
		c.mu.RLock()
		defer c.mu.RUnlock()
		return c.nodes[of.bus.ID()].heardAt
	}
	c.clock.pass(heard(a).Add(deadAfter - time.Millisecond).Sub(c.clock.now()))
	b.clock.pass(heartbeatEvery)
	b.tick()
	wait.Until(t, "the heartbeat of b comes", func() bool { return heard(b).Equal(c.clock.now()) })
	c.tick()
	if got := c.Of(1); got.State != chat.Online {
		t.Errorf("it is forgotten too early: got %+v", got)
	}
	before := c.changes(1)
	c.clock.pass(time.Millisecond)
	c.tick()
	if one, two := c.Of(1), c.Of(2); one != is(1, chat.Offline, 0) || two != is(2, chat.Away, 1) {
		t.Errorf("got %+v and %+v, want nobody of the dead node", one, two)
	}
	if got := c.Counts(); got.Nodes != 1 || got.People != 1 || got.Died != 1 || c.changes(1) != before+1 || c.Online() != 1 {
		t.Errorf("got the counts %+v, %d changes, %d people", got, c.changes(1)-before, c.Online())
	}
}

func TestAfterRedisWasAwayAllIsRight(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	a, b := newMember(t, redis.address()), newMember(t, redis.address())
	untilKnown(t, a, b)
	a.Tell([]chat.Presence{is(1, chat.Online, 1)})
	untilSees(t, b, is(1, chat.Online, 1))
	redis.stop()
	wait.Until(t, "both are down", func() bool { return !a.bus.Up() && !b.bus.Up() })
	a.Tell([]chat.Presence{is(1, chat.Offline, 0), is(2, chat.Online, 2)})
	b.Tell([]chat.Presence{is(3, chat.Online, 3)})
	redis.start(t)
	untilUp(t, a.bus, b.bus)
	wait.Until(t, "both know", func() bool {
		goOn(a, b)
		return b.Of(1).State == chat.Offline && b.Of(2).State == chat.Online && a.Of(3).State == chat.Online
	})
	if a, b := a.Online(), b.Online(); a != 2 || b != 2 {
		t.Errorf("%d and %d people are online, want 2", a, b)
	}
}

// Whatever is lost, and however nodes come and go, all know the same after a while without losses.
func TestWhateverIsLostAllKnowTheSameInTheEnd(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1))
		clock := newClock()
		type letter struct {
			from, to string
			payload  []byte
		}
		var letters []letter
		all := map[string]*Presence{}
		losing := true
		add := func(id string) {
			p := NewPresence(presenceKind, clock.now, nil)
			all[id] = p
			p.join(id, func(_ byte, payload []byte) {
				for to := range all {
					if to != id && (!losing || random.IntN(4) > 0) {
						letters = append(letters, letter{id, to, payload})
					}
				}
			})
		}
		deliver := func() {
			for len(letters) > 0 {
				next := letters[0]
				letters = letters[1:]
				if p := all[next.to]; p != nil {
					p.Heard(next.from, next.payload)
				}
			}
		}
		for i := range 3 {
			add(fmt.Sprint(seed, i))
		}
		for step := range 200 {
			ids := slices.Sorted(maps.Keys(all))
			id := ids[random.IntN(len(ids))]
			switch n := random.IntN(100); {
			case n < 60:
				states := []chat.PresenceState{chat.Online, chat.Away, chat.Offline}
				all[id].Tell([]chat.Presence{
					is(chat.UserID(random.IntN(10)), states[random.IntN(3)], int64(random.IntN(3))),
					is(chat.UserID(random.IntN(10)), states[random.IntN(3)], int64(random.IntN(3))),
				})
			case n < 80:
				clock.pass(time.Second)
				all[id].tick()
			case n < 82:
				delete(all, id)
				add(fmt.Sprint(seed, "step", step))
			default:
				deliver()
			}
		}
		losing = false
		for range 60 {
			clock.pass(500 * time.Millisecond)
			for _, id := range slices.Sorted(maps.Keys(all)) {
				all[id].tick()
				deliver()
			}
		}
		for id, p := range all {
			everybody, elsewhere, entries := map[chat.UserID]bool{}, map[chat.UserID]bool{}, 0
			for user := range p.mine {
				everybody[user] = true
			}
			for user := range chat.UserID(10) {
				want := is(user, chat.Offline, 0)
				for other, q := range all {
					at, there := q.mine[user]
					if other == id || !there {
						continue
					}
					entries++
					everybody[user] = true
					if _, here := p.mine[user]; !here {
						elsewhere[user] = true
					}
					one := at.presence(user)
					if want.State == chat.Offline || one.LastSeenAt < want.LastSeenAt {
						want.LastSeenAt = one.LastSeenAt
					}
					if want.State != chat.Online {
						want.State = one.State
					}
				}
				if got := p.Of(user); got != want {
					t.Fatalf("seed %d: got %+v, want %+v", seed, got, want)
				}
			}
			if got := p.Counts(); p.Online() != len(everybody) || p.OnlyElsewhere() != len(elsewhere) || got.People != entries || got.Nodes != len(all)-1 {
				t.Fatalf("seed %d: %d people, %d elsewhere, %+v; want %d, %d and %d entries of %d nodes",
					seed, p.Online(), p.OnlyElsewhere(), got, len(everybody), len(elsewhere), entries, len(all)-1)
			}
		}
	}
}

func TestAnAnswerThatBreaksOffIsAskedForAgain(t *testing.T) {
	t.Parallel()
	var asked int
	clock := newClock()
	p := NewPresence(presenceKind, clock.now, nil)
	p.join("self", func(_ byte, payload []byte) {
		if payload[0] == asks {
			asked++
		}
	})
	one, two := []chat.Presence{is(1, chat.Online, 1)}, []chat.Presence{is(2, chat.Online, 1)}
	for name, after := range map[string][]byte{
		"something else": writeHeartbeat(5, 2), "a later piece": writePiece(5, 2, 3, two), "one that begins anew": writePiece(5, 0, 3, two),
	} {
		p.Heard(name, writePiece(5, 0, 3, one))
		if got := p.Of(1); got.State != chat.Offline {
			t.Errorf("%s: people of a half answer count: %+v", name, got)
		}
		before := asked
		p.Heard(name, after)
		p.Heard(name, writePiece(5, 1, 3, nil))
		p.Heard(name, writePiece(5, 2, 3, nil))
		whole := name == "one that begins anew"
		if again := asked > before; again == whole || (p.Of(2).State == chat.Online) != whole || p.Of(1).State != chat.Offline {
			t.Errorf("%s: asked again %v, got %+v and %+v", name, again, p.Of(1), p.Of(2))
		}
		clock.pass(deadAfter)
		p.tick()
		if got := p.Counts(); got.People != 0 || got.Nodes != 0 || p.Online() != 0 {
			t.Errorf("%s: of a dead node is left %+v", name, got)
		}
	}
}

func TestPeopleOfOtherNodesAreBounded(t *testing.T) {
	t.Parallel()
	var asked int
	p := NewPresence(presenceKind, newClock().now, nil)
	p.join("self", func(_ byte, payload []byte) {
		if payload[0] == asks {
			asked++
		}
	})
	part := func(first int) (people []chat.Presence) {
		for i := range piecePeople {
			people = append(people, is(chat.UserID(first+i), chat.Online, 1))
		}
		return people
	}
	for node := range otherNodes + 10 {
		p.Heard(fmt.Sprint(node), writeHeartbeat(0, 0))
	}
	if got := p.Counts(); got.Nodes != otherNodes || got.Dropped != 10 {
		t.Errorf("got the counts %+v", got)
	}
	const pieces = mostPeople/piecePeople + 1
	for i := range pieces {
		p.Heard("0", writePiece(9, uint64(i), pieces, part(i*piecePeople)))
		p.Heard("1", writeChanges(uint64(i+1), part(i*piecePeople)))
	}
	if got := p.Counts(); got.People > mostPeople || len(p.elsewhere) > mostPeople {
		t.Errorf("got the counts %+v", got)
	}
	before := asked
	for range 10 {
		p.Heard("1", writeHeartbeat(pieces, pieces*piecePeople))
	}
	if asked != before {
		t.Error("a node is asked without end for people who do not fit")
	}
	for i := range pieces { // an answer that never ends holds no more
		p.Heard("2", writePiece(9, uint64(i), pieces, part(i*piecePeople)))
		if i == pieces-2 {
			break
		}
	}
	if got := p.Counts(); got.People > 2*mostPeople {
		t.Errorf("got the counts %+v", got)
	}
	for i := range 2 * pieces {
		p.Tell(part(i * piecePeople))
	}
	if len(p.mine) != mostPeople {
		t.Errorf("%d people are at this node", len(p.mine))
	}
}

func FuzzReadPresence(f *testing.F) {
	people := []chat.Presence{is(1, chat.Online, 5), is(1<<40, chat.Away, 0)}
	for _, text := range [][]byte{
		writeChanges(7, append(people, is(2, chat.Offline, 0))), writePiece(1, 2, 3, people), writeHeartbeat(5, 6), writeAsk("x"), {},
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		said, ok := readPresence(text)
		if !ok {
			return
		}
		var again []byte
		switch said.what {
		case changes:
			again = writeChanges(said.number, said.people)
		case piece:
			again = writePiece(said.number, said.index, said.count, said.people)
		case beats:
			again = writeHeartbeat(said.number, int(said.count))
		case asks:
			again = writeAsk(said.whom)
		}
		back, ok := readPresence(again)
		if !ok || fmt.Sprint(back) != fmt.Sprint(said) || len(said.people) > piecePeople {
			t.Errorf("%x: got %+v, then %+v", text, said, back)
		}
		p := NewPresence(presenceKind, newClock().now, nil)
		p.join("self", func(byte, []byte) {})
		for range 3 {
			p.Heard("x", text)
		}
		p.tick()
	})
}

func BenchmarkOf(b *testing.B) {
	p := NewPresence(presenceKind, newClock().now, nil)
	for node := range 3 {
		for i := range 2 {
			var people []chat.Presence
			for j := range piecePeople {
				people = append(people, is(chat.UserID(i*piecePeople+j), chat.Online, 1))
			}
			p.Heard(fmt.Sprint(node), writeChanges(uint64(i+1), people))
		}
	}
	user := chat.UserID(0)
	for b.Loop() {
		user++
		p.Of(user % (2 * piecePeople))
	}
}
