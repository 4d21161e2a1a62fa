// Sockets that open while messages, joins and removals are committed under load. What each is told has to be
// one unbroken story, and has to end where the database does.

package tests

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// story follows one socket's events and finds the first that does not follow.
type story struct {
	rooms   map[chat.RoomID]chat.Heads
	userRev int64
}

func storyOf(w chat.Welcome) *story {
	s := &story{rooms: map[chat.RoomID]chat.Heads{}, userRev: w.UserRev}
	for _, room := range w.Rooms {
		s.rooms[room.ID] = chat.Heads{Rev: room.Rev, Meta: room.Meta}
	}
	return s
}

// next takes an event; it fails when numbers are missing, come twice, or belong to a room that is not ours.
func (s *story) next(f chat.Frame) error {
	var data struct {
		Message *chat.Message   `json:"message"`
		Room    *chat.RoomState `json:"room"`
		RoomID  chat.RoomID     `json:"room_id"`
		Meta    int64           `json:"meta"`
		UserRev int64           `json:"user_rev"`
	}
	if err := json.Unmarshal(f.Data, &data); err != nil {
		return err
	}
	switch f.Event {
	case "message.added", "message.changed":
		return s.raise(f, data.Message.RoomID, data.Message.Rev, 0)
	case "member.joined", "member.left", "member.changed":
		return s.raise(f, data.RoomID, 0, data.Meta)
	case "room.changed":
		return s.raise(f, data.Room.ID, 0, data.Room.Meta)
	case "room.added", "room.removed", "read.moved":
		if data.UserRev != s.userRev+1 {
			return fmt.Errorf("%s has user_rev %d after %d", f.Event, data.UserRev, s.userRev)
		}
		s.userRev = data.UserRev
	}
	switch f.Event {
	case "room.added":
		if _, in := s.rooms[data.Room.ID]; in {
			return fmt.Errorf("room %d was added twice", data.Room.ID)
		}
		s.rooms[data.Room.ID] = chat.Heads{Rev: data.Room.Rev, Meta: data.Room.Meta}
	case "room.removed":
		delete(s.rooms, data.RoomID)
	}
	return nil
}

func (s *story) raise(f chat.Frame, room chat.RoomID, rev, meta int64) error {
	heads, in := s.rooms[room]
	switch {
	case !in:
		return fmt.Errorf("%s of room %d, which is not the socket's: %s", f.Event, room, f.Data)
	case rev != 0 && rev != heads.Rev+1:
		return fmt.Errorf("%s of room %d has rev %d after %d", f.Event, room, rev, heads.Rev)
	case meta != 0 && meta != heads.Meta+1:
		return fmt.Errorf("%s of room %d has meta %d after %d", f.Event, room, meta, heads.Meta)
	}
	s.rooms[room] = chat.Heads{Rev: max(rev, heads.Rev), Meta: max(meta, heads.Meta)}
	return nil
}

// followUntil reads a socket's events until the one that answers id.
func (s *story) followUntil(k *harness.Sock, id string) error {
	for {
		f, ok := k.Next()
		if !ok {
			return fmt.Errorf("the answer did not come; the socket closed with %v", k.Close)
		}
		if f.ID == id {
			return nil
		}
		if err := s.next(f); err != nil {
			return err
		}
	}
}

func TestSocketsThatOpenUnderLoadMissNothing(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000", "--sockets-per-user=1000")
	ann := p.SetUp(t)
	bob, carl := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "carl")
	var rooms []chat.RoomID
	for i := range 5 {
		rooms = append(rooms, ann.Creates(t, chat.Private, fmt.Sprint("room", i)).ID)
	}
	stop := make(chan struct{})
	var under sync.WaitGroup
	load := func(change func(*rand.Rand)) {
		random := rand.New(rand.NewPCG(uint64(len(rooms)), rand.Uint64()))
		under.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					change(random)
				}
			}
		})
	}
	pick := func(random *rand.Rand) chat.RoomID { return rooms[random.IntN(len(rooms))] }
	for range 3 {
		writer := ann.Device(t)
		load(func(random *rand.Rand) {
			sent := writer.Says(t, pick(random), "text")
			if random.IntN(3) == 0 {
				writer.Call(t, http.MethodPut, harness.MessagePath(sent.RoomID, sent.Seq)+"/reactions/👍", nil, http.StatusOK, nil)
			}
		})
	}
	for _, who := range []*harness.Person{bob, carl} {
		mover := ann.Device(t)
		load(func(random *rand.Rand) {
			room := pick(random)
			if random.IntN(2) == 0 {
				mover.Try(t, http.MethodPost, harness.RoomPath(room)+"/members", chat.NewMembers{UserIDs: []chat.UserID{who.User.ID}})
			} else {
				mover.Try(t, http.MethodDelete, fmt.Sprintf("%s/members/%d", harness.RoomPath(room), who.User.ID), nil)
			}
		})
	}
	reader := bob.Device(t)
	load(func(random *rand.Rand) {
		reader.Try(t, http.MethodPut, harness.RoomPath(pick(random))+"/read", map[string]int64{"read_seq": 1})
	})

	const enough = 60
	var followed atomic.Int64
	var openers sync.WaitGroup
	var last sync.Map
	for i := range 6 {
		who := []*harness.Person{bob, carl, ann}[i%3]
		openers.Go(func() {
			for more := true; more; {
				k := who.Dial(t)
				s := storyOf(k.Welcome)
				for range 3 {
					if err := s.followUntil(k, k.Send(t, "ping", chat.Done{})); err != nil {
						t.Errorf("%s: %v", who.Name, err)
						return
					}
				}
				if more = followed.Add(1) < enough; more {
					k.Conn.Close()
				} else {
					last.Store(k, s)
				}
			}
		})
	}
	openers.Wait()
	close(stop)
	under.Wait()
	if n := followed.Load(); n < enough {
		t.Errorf("only %d sockets were followed", n)
	}

	// All is quiet: who is still here has been told of everything that is stored.
	general := ann.Room(t, "general").ID
	count := 0
	last.Range(func(key, value any) bool {
		count++
		k, s := key.(*harness.Sock), value.(*story)
		who := map[chat.UserID]*harness.Person{ann.User.ID: ann, bob.User.ID: bob, carl.User.ID: carl}[k.Welcome.User.ID]
		// Its own post comes to a socket after everything that was committed before.
		var sent chat.MessageSent
		who.Post(t, harness.MessagesPath(general), harness.Draft("barrier"), http.StatusCreated, &sent)
		for s.rooms[general].Rev < sent.Rev {
			if err := s.next(k.Await(t, "the barrier", func(chat.Frame) bool { return true })); err != nil {
				t.Errorf("%s: %v", who.Name, err)
				return false
			}
		}
		var stored chat.Rooms
		who.Get(t, "/api/rooms", &stored)
		if len(stored.Rooms) != len(s.rooms) {
			t.Errorf("%s was told of %d rooms, %d are stored", who.Name, len(s.rooms), len(stored.Rooms))
		}
		for _, room := range stored.Rooms {
			if told := s.rooms[room.ID]; told.Rev != room.Rev || told.Meta != room.Meta {
				t.Errorf("%s was told room %d up to %+v, stored are rev %d, meta %d",
					who.Name, room.ID, told, room.Rev, room.Meta)
			}
		}
		return true
	})
	if count == 0 {
		t.Error("no socket was left to compare with the database")
	}
}
