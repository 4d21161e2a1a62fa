// What is unread: how far people have read, and what counts.

package tests

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

func TestMarkingReadSaysHowFar(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Private, "room").ID
	ann.Says(t, room, "one")
	ann.Says(t, room, "two")
	s := ann.Dial(t)
	for _, in := range []map[string]any{{}, {"read_seq": nil}, {"read_seq": 3}, {"read_seq": -1}} {
		over := map[string]*chat.Error{
			"HTTP": ann.Refused(t, chat.Invalid, http.MethodPut, harness.RoomPath(room)+"/read", in),
		}
		in["room_id"] = room
		over["the socket"] = s.AskRefused(t, chat.Invalid, "room.read", in)
		says := "0 to 2"
		if in["read_seq"] == nil {
			says = "missing"
		}
		for door, refused := range over {
			if refused.Field != "read_seq" || !strings.Contains(refused.Message, says) {
				t.Errorf("%v over %s: field %q, %q", in, door, refused.Field, refused.Message)
			}
		}
	}
	if read := ann.Room(t, "room").ReadSeq; read != 2 {
		t.Errorf("the room is read up to %d, want 2 as before", read)
	}
	for _, seq := range []int64{0, 2} {
		ann.Call(t, http.MethodPut, harness.RoomPath(room)+"/read", chat.NewReadSeq{ReadSeq: seq}, http.StatusOK, nil)
		if read := ann.Room(t, "room").ReadSeq; read != seq {
			t.Errorf("the room is read up to %d, want %d", read, seq)
		}
	}
}

// unread is how many messages of each room somebody has not read, as GET /api/rooms says.
func unread(t *testing.T, who *harness.Person) map[chat.RoomID]int64 {
	t.Helper()
	var list chat.Rooms
	who.Get(t, "/api/rooms", &list)
	counts := map[chat.RoomID]int64{}
	for _, room := range list.Rooms {
		counts[room.ID] = room.Unread
	}
	return counts
}

// countsOn checks a room's unread on the server, on sockets that have been open, and in a new welcome.
func countsOn(t *testing.T, who *harness.Person, room chat.RoomID, want int64, when string, socks ...*harness.Sock) {
	t.Helper()
	if got := unread(t, who)[room]; got != want {
		t.Errorf("%s: GET /api/rooms has %d unread, want %d", when, got, want)
	}
	var view chat.RoomView
	if who.Get(t, harness.RoomPath(room), &view); view.Unread != want {
		t.Errorf("%s: GET /api/rooms/ROOM has %d unread, want %d", when, view.Unread, want)
	}
	if got := who.Dial(t).StateOf(t, room).Unread; got != want {
		t.Errorf("%s: the welcome has %d unread, want %d", when, got, want)
	}
	for i, s := range socks {
		if got := s.Tally(t)[room]; got != want {
			t.Errorf("%s: device %d has %d unread, want %d", when, i, got, want)
		}
	}
}

// hears waits until sockets have been told what is unread in a room, which comes some time after a block.
func hears(t *testing.T, room chat.RoomID, want int64, socks ...*harness.Sock) {
	t.Helper()
	for i, s := range socks {
		wait.Until(t, fmt.Sprintf("device %d has %d unread", i, want), func() bool { return s.Tally(t)[room] == want })
	}
}

func deletes(t *testing.T, who *harness.Person, room chat.RoomID, seq int64) {
	t.Helper()
	who.Call(t, http.MethodDelete, harness.MessagePath(room, seq), nil, http.StatusOK, nil)
}

func reads(t *testing.T, who *harness.Person, room chat.RoomID, seq int64) chat.ReadMoved {
	t.Helper()
	var moved chat.ReadMoved
	who.Call(t, http.MethodPut, harness.RoomPath(room)+"/read", chat.NewReadSeq{ReadSeq: seq}, http.StatusOK, &moved)
	return moved
}

func TestADeletedMessageIsNotUnread(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	room := bob.Room(t, "general").ID
	phone, laptop := bob.Dial(t), bob.Device(t).DialForDeltas(t)
	for i := range 5 {
		ann.Says(t, room, fmt.Sprint("message ", i+1))
	}
	countsOn(t, bob, room, 5, "after five messages", phone, laptop)
	deletes(t, ann, room, 2)
	deletes(t, ann, room, 5)
	deletes(t, ann, room, 5) // once more
	countsOn(t, bob, room, 3, "two are deleted", phone, laptop)
	if state := bob.Room(t, "general"); state.Seq != 5 || state.ReadSeq != 0 {
		t.Errorf("seq is %d and read_seq %d, want 5 and 0 as before", state.Seq, state.ReadSeq)
	}
	if moved := reads(t, bob, room, 3); moved.Unread != 1 || moved.ReadSeq != 3 {
		t.Errorf("reading up to 3 is answered %+v, want one unread", moved)
	}
	countsOn(t, bob, room, 1, "read up to 3", phone, laptop)
	deletes(t, ann, room, 1)
	countsOn(t, bob, room, 1, "a message that was read is deleted", phone, laptop)
	if moved := reads(t, bob, room, 0); moved.Unread != 2 {
		t.Errorf("marking all unread is answered %+v, want two unread", moved)
	}
	countsOn(t, bob, room, 2, "all are marked as unread", phone, laptop)
	bob.Says(t, room, "mine")
	countsOn(t, bob, room, 0, "bob wrote himself", phone, laptop)
	reads(t, bob, room, 5)
	countsOn(t, bob, room, 1, "his own is marked as unread", phone, laptop)
	deletes(t, bob, room, 6)
	countsOn(t, bob, room, 0, "and deleted", phone, laptop)
	var joined chat.RoomState
	bob.Post(t, harness.RoomPath(room)+"/join", nil, http.StatusOK, &joined)
	if reads(t, bob, room, 2); joined.Unread != 0 {
		t.Errorf("joining once more is answered with %d unread, want 0", joined.Unread)
	}
	bob.Post(t, harness.RoomPath(room)+"/join", nil, http.StatusOK, &joined)
	if joined.Unread != 2 {
		t.Errorf("joining once more is answered with %d unread, want 2", joined.Unread)
	}
}

func TestMessagesOfSomebodyBlockedAreNotUnread(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob, carl := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "carl")
	room, other, quiet := bob.Room(t, "general").ID, carl.Creates(t, chat.Public, "other").ID, ann.Creates(t, chat.Public, "quiet").ID
	for _, id := range []chat.RoomID{other, quiet} {
		bob.Post(t, harness.RoomPath(id)+"/join", nil, http.StatusOK, nil)
	}
	phone, laptop := bob.Dial(t), bob.Device(t).Dial(t)
	ann.Says(t, room, "one")
	ann.Says(t, quiet, "one")
	carl.Says(t, room, "two")
	carl.Says(t, other, "one")
	before := phone.Tally(t)
	bob.Call(t, http.MethodPut, blockPath(carl), nil, http.StatusOK, nil)
	hears(t, room, 1, phone, laptop)
	hears(t, other, 0, phone, laptop)
	countsOn(t, bob, room, 1, "blocked", phone, laptop)
	countsOn(t, bob, other, 0, "blocked", phone, laptop)
	carl.Says(t, room, "three")
	countsOn(t, bob, room, 1, "they go on", phone, laptop)
	deletes(t, carl, room, 2)
	countsOn(t, bob, room, 1, "they delete one", phone, laptop)
	if moved := reads(t, bob, room, 1); moved.Unread != 0 {
		t.Errorf("reading up to 1 is answered %+v", moved)
	}
	reads(t, bob, room, 0)
	bob.Call(t, http.MethodDelete, blockPath(carl), nil, http.StatusOK, nil)
	hears(t, room, 2, phone, laptop)
	hears(t, other, 1, phone, laptop)
	countsOn(t, bob, room, 2, "not blocked any more", phone, laptop)
	countsOn(t, bob, other, 1, "not blocked any more", phone, laptop)
	countsOn(t, bob, quiet, before[quiet], "where they said nothing", phone, laptop)
	countsOn(t, ann, room, 1, "for somebody who blocks nobody")
}

// Sockets that open while others write and delete have the same number as the server in the end: each event counts
// once, whether the welcome has it already or not.
func TestUnreadIsRightHoweverASocketOpens(t *testing.T) {
	t.Parallel()
	for name, alsoReads := range map[string]bool{"others write": false, "and one reads and blocks": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000",
				"--reads-per-second=100000", "--sockets-per-user=1000")
			ann := p.SetUp(t)
			bob, carl := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "carl")
			general := bob.Room(t, "general").ID
			var busy sync.WaitGroup
			var enough atomic.Bool
			for _, who := range []*harness.Person{ann, carl} {
				busy.Go(func() { writesAndDeletes(t, who, general, &enough) })
			}
			if alsoReads {
				busy.Go(func() { readsAndBlocks(t, bob, carl, general, &enough) })
			}
			var all []*harness.Sock
			for range 30 {
				all = append(all, bob.Dial(t), bob.DialForDeltas(t))
			}
			enough.Store(true)
			busy.Wait()
			want := unread(t, bob)
			for i, s := range all {
				what := fmt.Sprintf("socket %d has %v as the server, after the welcome %+v", i, want, s.StateOf(t, general))
				wait.Until(t, what, func() bool { return maps.Equal(s.Tally(t), want) })
			}
		})
	}
}

func writesAndDeletes(t *testing.T, who *harness.Person, room chat.RoomID, enough *atomic.Bool) {
	random := rand.New(rand.NewPCG(uint64(who.User.ID), 1))
	s := who.Dial(t)
	for !enough.Load() {
		seq := s.Says(t, room, "a message").Seq
		if random.IntN(2) == 0 {
			s.Ask(t, "message.delete", chat.MessageAt{RoomID: room, Seq: seq}, nil)
		}
	}
}

func readsAndBlocks(t *testing.T, who, other *harness.Person, room chat.RoomID, enough *atomic.Bool) {
	random := rand.New(rand.NewPCG(5, 6))
	for i := 0; !enough.Load(); i++ {
		if seq := who.Room(t, "general").Seq; random.IntN(3) > 0 {
			reads(t, who, room, random.Int64N(seq+1))
		}
		if i%10 == 5 {
			method := []string{http.MethodPut, http.MethodDelete}[i/10%2]
			who.Call(t, method, blockPath(other), nil, http.StatusOK, nil)
		}
	}
}
