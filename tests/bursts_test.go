// Honest bursts: what people do at once, with the limits that a server has by default, is not taken for an attack.
// Whoever is told to wait is told for how long, and loses nothing.

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/chat"
	"parley/client"
	"parley/internal/wait"
	"parley/tests/harness"
)

// generous are limits to prepare a server with, before it starts again with those of a default server.
var generous = []string{"--messages-per-second=10000", "--messages-burst=10000"}

func TestSomebodyWithFortyRoomsOpensThemAllAtOnce(t *testing.T) {
	t.Parallel()
	const rooms, messages, devices = 40, 10, 2
	p := harness.Start(t, generous...)
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	all := make([]chat.RoomID, rooms)
	for i := range all {
		all[i] = ann.Creates(t, chat.Private, fmt.Sprint("room", i)).ID
		for range messages {
			ann.Says(t, all[i], strings.Repeat("words ", 300))
		}
	}
	p = p.Restart(t)
	ann = ann.On(p)
	harness.Together(devices, func(int) {
		s := ann.Dial(t)
		since := make([]chat.RoomRev, 0, rooms)
		for _, room := range all {
			since = append(since, chat.RoomRev{RoomID: room})
		}
		s.Ask(t, "room.changes", chat.ChangesSince{Rooms: since}, nil)
		for some := range slices.Chunk(all, 8) { // as many requests as a browser makes at once, and more
			harness.Together(len(some), func(i int) {
				if page := ann.History(t, some[i], "?limit=50"); len(page.Messages) != messages {
					t.Errorf("got %d messages, want %d", len(page.Messages), messages)
				}
				ann.Get(t, harness.RoomPath(some[i])+"/members", nil)
			})
		}
	})
	ann.Says(t, general, "and then writes")
}

func TestAnOfficeComesBackAtOnceAfterARestart(t *testing.T) {
	t.Parallel()
	const people = 60
	p := harness.Start(t, generous...)
	ann := p.SetUp(t)
	open := chat.RegistrationOpen
	ann.Call(t, http.MethodPatch, "/api/server", chat.ServerChange{Registration: &open}, http.StatusOK, nil)
	office := make([]*harness.Person, people)
	for i := range office {
		name := fmt.Sprint("person", i)
		office[i] = p.Visitor(t, name)
		office[i].Post(t, "/api/register", chat.Registering{NewAccount: harness.Account(name)}, http.StatusCreated, nil)
	}
	general := ann.Room(t, "general").ID
	p = p.Restart(t)
	ann = ann.On(p)
	s := ann.Dial(t)
	harness.Together(people, func(i int) {
		who := office[i].On(p)
		who.Get(t, "/api/server", nil)
		who.Get(t, "/api/me", nil)
		who.Get(t, "/api/users", nil)
		sock := who.Dial(t)
		sock.Changes(t, general, 0)
		who.History(t, general, "?limit=50")
		sock.Says(t, general, "back")
	})
	for range people {
		s.ExpectMessage(t)
	}
	// With browsers that have never signed in, all have to have their passwords checked. Few wait at a time; the others
	// are told to come back.
	harness.Together(people, func(i int) {
		who := p.Visitor(t, fmt.Sprint("again", i))
		in := chat.Login{Name: fmt.Sprint("person", i), Password: harness.GoodPassword}
		for {
			status, body := who.Try(t, http.MethodPost, "/api/login", in)
			if status == http.StatusOK {
				return
			}
			var refused chat.Error
			if err := json.Unmarshal(body, &refused); err != nil || refused.RetryAfter <= 0 || refused.RetryAfter > 10_000 {
				t.Errorf("person %d was told %d %s", i, status, body)
				return
			}
			<-time.After(time.Duration(refused.RetryAfter) * time.Millisecond)
		}
	})
}

func TestPastedMessagesAreAllSent(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	const atOnce = 30
	s := ann.Dial(t)
	var ids []string
	for i := range atOnce {
		ids = append(ids, s.Send(t, "message.send", chat.MessageSend{RoomID: general, Draft: harness.Draft(fmt.Sprint("line ", i))}))
	}
	for i, id := range ids {
		if answer := s.Answer(t, id); answer.Event != "reply" {
			t.Fatalf("line %d: got %s %s", i, answer.Event, answer.Data)
		}
	}
	var at atomic.Value
	at.Store(p.URL)
	c := openClient(t, p, "ann", &at, func(*client.Client, any) {})
	const more = 60 // together more than anybody may write at once
	var all []*client.Delivery
	for i := range more {
		one, err := c.Queue(chat.MessageSend{RoomID: general, Draft: harness.Draft(fmt.Sprint("line ", atOnce+i))})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	for i, one := range all {
		if _, err := one.Wait(t.Context()); err != nil {
			t.Fatalf("line %d: %v", atOnce+i, err)
		}
	}
	var want []string
	for i := range atOnce + more {
		want = append(want, fmt.Sprint("line ", i))
	}
	wait.Until(t, "all are there, in order", func() bool {
		return slices.Equal(harness.Bodies(ann.History(t, general, "?limit=100").Messages), want)
	})
}
