//go:build unported

// Many at once: what is sent twice is stored once, bounds hold, and numbers have no holes.

package tests

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"

	"parley/chat"
)

// inParallel runs n at once and waits for them.
func inParallel(n int, run func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			run(i)
		})
	}
	close(start)
	all.Wait()
}

func TestTheSameClientIDAtOnceIsStoredOnce(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--messages-per-second=1000", "--messages-burst=1000")
	ann := p.SetUp(t)
	general := ann.Room(t, "general")
	draft := harness.Draft("once")
	answers := make([]chat.MessageSent, 50)
	reused := make([]bool, 50)
	inParallel(50, func(i int) {
		mine := draft
		if i%10 == 9 {
			mine.Body = "something else"
		}
		status, body := ann.Try(t, http.MethodPost, harness.MessagesPath(general.ID), mine)
		reused[i] = status == http.StatusConflict
		if status == http.StatusCreated {
			json.Unmarshal(body, &answers[i]) // compared below
		}
	})
	page := ann.History(t, general.ID, "")
	if len(page.Messages) != 1 {
		t.Fatalf("stored %q, want one message", harness.Bodies(page.Messages))
	}
	m := page.Messages[0]
	for i, sent := range answers {
		if other := i%10 == 9; other != (m.Body == "something else") {
			if !reused[i] {
				t.Errorf("caller %d with another text got %+v, want a conflict", i, sent)
			}
			continue
		}
		if sent.Seq != m.Seq || sent.Rev != m.Rev || sent.CreatedAt != m.CreatedAt {
			t.Errorf("caller %d got %+v, want the one answer %d %d", i, sent, m.Seq, m.Rev)
		}
	}
	checkNumbers(t, p.store)
}

func TestTheSameDirectRoomMadeAtOnceIsOne(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	bob, carl := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "carl")
	people := []*harness.Person{ann, bob, carl}
	rooms := make([]chat.RoomID, 30)
	inParallel(len(rooms), func(i int) {
		a, b := people[(i+1)%3], people[(i+2)%3]
		if i%2 == 0 {
			a, b = b, a
		}
		rooms[i] = people[i%3].Direct(t, a, b, a).ID
	})
	if slices.Min(rooms) != slices.Max(rooms) {
		t.Errorf("got the rooms %v, want one", rooms)
	}
	if pair := ann.Direct(t, bob); pair.ID == rooms[0] || pair.MemberCount != 2 {
		t.Errorf("the room of two is %+v", pair)
	}
	checkNumbers(t, p.store)
}

func TestAnInviteIsUsedNoMoreThanItAllows(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--sign-in-attempts=10000")
	ann := p.SetUp(t)
	var invite chat.Invite
	ann.Post(t, "/api/invites", chat.NewInvite{MaxUses: 7}, http.StatusCreated, &invite)
	made := make([]bool, 50)
	inParallel(len(made), func(i int) {
		who := p.Visitor(t, fmt.Sprint("guest", i))
		for {
			status, body := who.Try(t, http.MethodPost, "/api/register",
				chat.Registering{Invite: invite.Code, NewAccount: harness.Account(who.name)})
			switch status {
			case http.StatusCreated:
				made[i] = true
			case http.StatusServiceUnavailable: // too many passwords at once
				continue
			case http.StatusNotFound:
			default:
				t.Errorf("got %d %s", status, body)
			}
			return
		}
	})
	accounts := 0
	for _, ok := range made {
		if ok {
			accounts++
		}
	}
	var users chat.Users
	ann.Get(t, "/api/users", &users)
	if accounts != 7 || len(users.Users) != 1+7 {
		t.Errorf("%d were told yes, %d people are there; want 7 and 8", accounts, len(users.Users))
	}
	var left chat.Invites
	ann.Get(t, "/api/invites", &left)
	if len(left.Invites) != 0 {
		t.Errorf("the used-up invite is still listed: %+v", left.Invites)
	}
	checkNumbers(t, p.store)
}

// Every kind of change at once; then each room's log, and what was told of it, has no holes.
func TestNumbersHaveNoHolesUnderMixedLoad(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	told := map[chat.RoomID][]chat.Heads{}
	p := startParts(t, func(p *parts) {
		p.store.writer.onCommit = func(changes []chat.Change, answer func()) { // nothing is being written yet
			mu.Lock()
			defer mu.Unlock()
			for _, c := range changes {
				if c.Room != 0 && c.User == 0 {
					told[c.Room] = append(told[c.Room], c.Heads)
				}
			}
			p.rooms.Dispatch(changes, answer)
		}
	}, "--messages-per-second=100000", "--messages-burst=100000")
	ann := p.SetUp(t)
	people := []*harness.Person{ann, p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "carl")}
	rooms := []chat.RoomID{ann.Room(t, "general").ID, ann.Creates(t, chat.Public, "a").ID, ann.Creates(t, chat.Public, "b").ID}
	inParallel(9, func(i int) {
		who := people[i%3]
		sock := who.Dial(t)
		random := rand.New(rand.NewPCG(uint64(i), 1))
		for range 60 {
			room := rooms[random.IntN(len(rooms))]
			seq := 1 + random.Int64N(20)
			switch random.IntN(8) {
			case 0, 1, 2:
				sock.Answer(t, sock.Send(t, "message.send", chat.MessageSend{
					RoomID: room, Draft: harness.Draft("text"),
				}))
			case 3:
				sock.Answer(t, sock.Send(t, "message.edit", chat.MessageEdit{RoomID: room, Seq: seq, Body: fmt.Sprint(random.Int())}))
			case 4:
				sock.Answer(t, sock.Send(t, "message.delete", chat.MessageAt{RoomID: room, Seq: seq}))
			case 5:
				emoji := []string{"👍", "👎", "🎉"}[random.IntN(3)]
				event := []string{"reaction.add", "reaction.remove"}[random.IntN(2)]
				sock.Answer(t, sock.Send(t, event, chat.ReactionAt{RoomID: room, Seq: seq, Emoji: emoji}))
			case 6:
				event := []string{"room.join", "room.leave"}[random.IntN(2)]
				sock.Answer(t, sock.Send(t, event, chat.RoomAt{RoomID: room}))
			case 7:
				topic := fmt.Sprint(random.IntN(3))
				who.Try(t, http.MethodPatch, harness.RoomPath(room), chat.RoomChange{Topic: &topic})
			}
		}
	})
	checkNumbers(t, p.store)
	mu.Lock()
	defer mu.Unlock()
	for room, heads := range told {
		for i := 1; i < len(heads); i++ {
			before, after := heads[i-1], heads[i]
			if after.Rev+after.Meta != before.Rev+before.Meta+1 || after.Seq < before.Seq || after.Seq > before.Seq+1 {
				t.Fatalf("room %d: after %+v was told %+v", room, before, after)
			}
		}
	}
	if len(told) < len(rooms) {
		t.Errorf("%d rooms were told of, want at least %d", len(told), len(rooms))
	}
}
