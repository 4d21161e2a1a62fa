// Many at once: what is sent twice is stored once, and bounds hold.

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"parley/chat"
	"parley/tests/harness"
)

func TestTheSameClientIDAtOnceIsStoredOnce(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=1000", "--messages-burst=1000")
	ann := p.SetUp(t)
	general := ann.Room(t, "general")
	draft := harness.Draft("once")
	answers := make([]chat.MessageSent, 50)
	reused := make([]bool, 50)
	harness.Together(50, func(i int) {
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
	p.CheckNumbers(t)
}

func TestTheSameDirectRoomMadeAtOnceIsOne(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob, carl := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "carl")
	people := []*harness.Person{ann, bob, carl}
	rooms := make([]chat.RoomID, 30)
	harness.Together(len(rooms), func(i int) {
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
	p.CheckNumbers(t)
}

func TestAnInviteIsUsedNoMoreThanItAllows(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sign-in-attempts=10000", "--trusted-proxy=127.0.0.1")
	ann := p.SetUp(t)
	var invite chat.Invite
	ann.Post(t, "/api/invites", chat.NewInvite{MaxUses: 7}, http.StatusCreated, &invite)
	made := make([]bool, 50)
	harness.Together(len(made), func(i int) {
		who := p.Visitor(t, fmt.Sprint("guest", i))
		who.Address = fmt.Sprint("203.0.113.", i)
		for {
			status, body := who.Try(t, http.MethodPost, "/api/register",
				chat.Registering{Invite: invite.Code, NewAccount: harness.Account(who.Name)})
			switch status {
			case http.StatusCreated:
				made[i] = true
			case http.StatusServiceUnavailable: // too many passwords at once
				var busy chat.Error
				if err := json.Unmarshal(body, &busy); err == nil && busy.RetryAfter > 0 {
					<-time.After(time.Duration(busy.RetryAfter) * time.Millisecond)
					continue
				}
				t.Errorf("got %d %s, want it to say when to come again", status, body)
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
	p.CheckNumbers(t)
}
