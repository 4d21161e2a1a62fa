// Each bound, filled through the doors that people come by.

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/access"
	"parley/chat"
	"parley/tests/harness"
)

// The bounds that are no settings.
const (
	maxReactions    = 50
	maxDirectPeople = 20
	maxNewMembers   = 500
	maxWatched      = 500
	maxInviteUses   = 10_000
)

func TestMessagesAreBoundedInCharacters(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	s := ann.Dial(t)
	for _, character := range []string{"x", "字", "é", "😀"} {
		longest := strings.Repeat(character, p.Limits.MessageCharacters)
		s.Says(t, general, longest)
		ann.Says(t, general, longest)
		if m := ann.History(t, general, "?limit=1").Messages[0]; m.Body != longest {
			t.Errorf("%d of %q came back as %d bytes", p.Limits.MessageCharacters, character, len(m.Body))
		}
		draft := chat.Draft{ClientID: chat.NewClientID(), Body: longest + character}
		over := ann.Refused(t, chat.MessageTooLong, http.MethodPost, harness.MessagesPath(general), draft)
		overSocket := s.AskRefused(t, chat.MessageTooLong, "message.send", chat.MessageSend{RoomID: general, Draft: draft})
		for _, e := range []*chat.Error{over, overSocket} {
			if e.Limit != int64(p.Limits.MessageCharacters) || e.Field != "body" {
				t.Errorf("one %q more: got %+v", character, e)
			}
		}
	}
	s.Settle(t) // a final refusal does not end a socket
	// The longest message fits into a frame however it is escaped.
	escaped := strings.Repeat(`\ud83d\ude00`, p.Limits.MessageCharacters)
	s.SendRaw(t, fmt.Sprintf(`{"event":"message.send","id":"escaped","data":{"room_id":%d,"client_id":"%s","body":"%s"}}`,
		general, chat.NewClientID(), escaped))
	if f := s.Answer(t, "escaped"); f.Event != chat.ReplyEvent {
		t.Errorf("escaped: got %s %s", f.Event, f.Data)
	}
	for _, empty := range []string{"", " ", "\n\t ", "\u00a0"} {
		ann.Refused(t, chat.Invalid, http.MethodPost, harness.MessagesPath(general), chat.Draft{ClientID: chat.NewClientID(), Body: empty})
	}
	ann.Refused(t, chat.Invalid, http.MethodPost, harness.MessagesPath(general), harness.Draft("a\x00b"))
	ann.Refused(t, chat.Invalid, http.MethodPost, harness.MessagesPath(general), chat.Draft{Body: "without an id"})
}

func TestRequestsAreBoundedInBytes(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	body := func(size int) string {
		const frame = `{"display_name":"Ann"}`
		return strings.Repeat(" ", size-len(frame)) + frame
	}
	most := p.Limits.FrameBytes
	ann.Call(t, http.MethodPatch, "/api/me", body(most), http.StatusOK, nil)
	if e := ann.Refused(t, chat.FrameTooBig, http.MethodPatch, "/api/me", body(most+1)); e.Limit != int64(most) {
		t.Errorf("got the limit %d, want %d", e.Limit, most)
	}
	login := func(size int) string {
		const frame = `{"name":"ann","password":"` + harness.GoodPassword + `"}`
		return strings.Repeat(" ", size-len(frame)) + frame
	}
	nobody := p.Visitor(t, "nobody")
	if e := nobody.Refused(t, chat.FrameTooBig, http.MethodPost, "/api/login", login(access.StrangerBytes+1)); e.Limit != access.StrangerBytes {
		t.Errorf("got the limit %d, want %d", e.Limit, access.StrangerBytes)
	}
	nobody.Call(t, http.MethodPost, "/api/login", login(access.StrangerBytes), http.StatusOK, nil)
	resp, _ := p.Asks(t, http.MethodGet, "/api/server", "", http.Header{"X-Long": {strings.Repeat("x", 64<<10)}})
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("64 KiB of header: got %d", resp.StatusCode)
	}
}

func TestPostingTooFastIsRateLimited(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=0.01", "--messages-burst=5")
	// Two of the five are for the invite that bob comes by.
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general").ID
	s := ann.Dial(t)
	first := s.Says(t, general, "one")
	ann.Says(t, general, "two")
	s.Ask(t, "reaction.add", chat.ReactionAt{RoomID: general, Seq: first.Seq, Emoji: "👍"}, nil)
	for _, e := range []*chat.Error{
		ann.Refused(t, chat.RateLimited, http.MethodPost, harness.MessagesPath(general), harness.Draft("four")),
		ann.Refused(t, chat.RateLimited, http.MethodDelete, harness.MessagePath(general, first.Seq), nil),
		s.AskRefused(t, chat.RateLimited, "reaction.add", chat.ReactionAt{RoomID: general, Seq: first.Seq, Emoji: "🎉"}),
		s.AskRefused(t, chat.RateLimited, "message.send",
			chat.MessageSend{RoomID: general, Draft: harness.Draft("four")}),
	} {
		if e.Limit != 1 || e.RetryAfter <= 0 || e.RetryAfter > 100_000 {
			t.Errorf("got %+v, want the limit 1 and when to come again", e)
		}
	}
	s.ExpectClosed(t, chat.CloseLater) // since the message after it would overtake
	bob.Says(t, general, "another person is not held back")
	resp, body := p.Asks(t, http.MethodPost, harness.MessagesPath(general), harness.AsJSON(t, harness.Draft("x")),
		harness.WithToken(ann.Token(t)))
	var refused chat.Error
	if err := json.Unmarshal([]byte(body), &refused); err != nil {
		t.Fatal(err)
	}
	wait, err := strconv.ParseInt(resp.Header.Get("Retry-After"), 10, 64) // seconds, rounded up
	if resp.StatusCode != http.StatusTooManyRequests || err != nil || wait*1000 < refused.RetryAfter || (wait-1)*1000 >= refused.RetryAfter {
		t.Errorf("got %d %s, Retry-After %q", resp.StatusCode, body, resp.Header.Get("Retry-After"))
	}
}

func TestGuessingPasswordsIsHeldBack(t *testing.T) {
	t.Parallel()
	login := func(p *harness.Program, name, password, address string) (int, chat.Code) {
		resp, text := p.Asks(t, http.MethodPost, "/api/login", harness.AsJSON(t, chat.Login{Name: name, Password: password}),
			http.Header{"X-Forwarded-For": {address}})
		var e chat.Error
		json.Unmarshal([]byte(text), &e) // not an error when it succeeded
		return resp.StatusCode, e.Code
	}
	t.Run("a thousand at once from one address", func(t *testing.T) {
		t.Parallel()
		p := harness.Start(t)
		p.SetUp(t)
		var evaluated, right atomic.Int64
		started := time.Now()
		harness.Together(50, func(i int) {
			for j := range 20 {
				switch status, code := login(p, "ann", fmt.Sprint("guess number ", i*20+j), ""); {
				case code == chat.WrongCredentials:
					evaluated.Add(1)
				case status == http.StatusOK:
					right.Add(1)
				}
			}
		})
		if n := evaluated.Load(); n == 0 || n > guesses(started) || right.Load() != 0 {
			t.Errorf("%d of 1000 guesses were evaluated, want about 10", n)
		}
	})
	t.Run("one account from many addresses", func(t *testing.T) {
		t.Parallel()
		p := harness.Start(t, "--trusted-proxy=127.0.0.1")
		ann := p.SetUp(t)
		p.SignUp(t, ann, "bob")
		evaluated, started := int64(0), time.Now()
		for i := range 100 { // 30 an hour
			if _, code := login(p, "ANN", "wrong password", fmt.Sprintf("203.0.113.%d", i)); code == chat.WrongCredentials {
				evaluated++
			}
		}
		if evaluated == 0 || evaluated > 20+guesses(started) {
			t.Errorf("%d of 100 guesses were evaluated, want about 30", evaluated)
		}
		if status, code := login(p, "bob", harness.GoodPassword, "203.0.113.1"); status != http.StatusOK {
			t.Errorf("another account at such an address: got %d %s", status, code)
		}
	})
	t.Run("right ones do not count", func(t *testing.T) {
		t.Parallel()
		p := harness.Start(t)
		p.SetUp(t)
		for range 30 {
			if status, code := login(p, "ann", harness.GoodPassword, ""); status != http.StatusOK {
				t.Fatalf("got %d %s", status, code)
			}
		}
	})
	t.Run("when changing the password too", func(t *testing.T) {
		t.Parallel()
		p := harness.Start(t, "--sign-in-attempts=3") // so that another is not allowed before a minute
		ann := p.SetUp(t)
		for range p.Limits.SignInAttempts {
			ann.Refused(t, chat.WrongCredentials, http.MethodPost, "/api/me/password", chat.PasswordChange{Current: "wrong password", New: "another one"})
		}
		e := ann.Refused(t, chat.TooManyAttempts, http.MethodPost, "/api/me/password", chat.PasswordChange{Current: harness.GoodPassword, New: "another one"})
		if e.RetryAfter <= 0 || e.Limit != int64(p.Limits.SignInAttempts) {
			t.Errorf("got %+v", e)
		}
		ann.Get(t, "/api/me", nil) // who is signed in stays so
	})
	t.Run("codes of invites and of the set-up too", func(t *testing.T) {
		t.Parallel()
		p := harness.Start(t, "--sign-in-attempts=4")
		who := p.Visitor(t, "mallory")
		for range 2 {
			who.Refused(t, chat.Forbidden, http.MethodPost, "/api/setup", chat.Setup{Code: harness.WrongCode, ServerName: "x", NewAccount: harness.Account("mallory")})
			who.Refused(t, chat.NotFound, http.MethodPost, "/api/invites/check", chat.InviteCode{Code: harness.WrongCode})
		}
		who.Refused(t, chat.TooManyAttempts, http.MethodPost, "/api/setup", chat.Setup{Code: p.SetupCode(), ServerName: "x", NewAccount: harness.Account("mallory")})
		who.Refused(t, chat.TooManyAttempts, http.MethodPost, "/api/invites/check", chat.InviteCode{Code: harness.WrongCode})
	})
	t.Run("what can be nobody's name is not remembered", func(t *testing.T) {
		t.Parallel()
		p := harness.Start(t, "--trusted-proxy=127.0.0.1", "--sign-in-attempts=3")
		p.SetUp(t)
		if status, code := login(p, " Ann ", harness.GoodPassword, ""); status != http.StatusOK {
			t.Errorf("a name with spaces around it: got %d %s", status, code)
		}
		for i := range 10 {
			name := strings.Repeat("n", 15_000) // times as many as there may be keys, it would fill the memory
			if status, code := login(p, name, "wrong password", fmt.Sprintf("203.0.113.%d", i)); code != chat.WrongCredentials {
				t.Fatalf("got %d %s, want wrong_credentials", status, code)
			}
		}
	})
}

// guesses is how many are evaluated since a time: 10 at once, and then as many in three minutes.
func guesses(started time.Time) int64 {
	return 10 + 1 + int64(time.Since(started)/(18*time.Second))
}

func TestReactionsToOneMessageAreBounded(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-burst=1000")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general").ID
	sent := ann.Says(t, general, "text")
	s := ann.Dial(t)
	emoji := func(i int) string { return string(rune(0x1f600 + i)) }
	at := func(i int) chat.ReactionAt {
		return chat.ReactionAt{RoomID: general, Seq: sent.Seq, Emoji: emoji(i)}
	}
	for i := range maxReactions {
		s.Ask(t, "reaction.add", at(i), nil)
	}
	if e := s.AskRefused(t, chat.TooManyReactions, "reaction.add", at(maxReactions)); e.Limit != maxReactions {
		t.Errorf("got %+v", e)
	}
	var before, again chat.MessageSent
	s.Ask(t, "reaction.add", at(0), &before)
	s.Ask(t, "reaction.add", at(0), &again)
	if before != again || before.Rev != sent.Rev+maxReactions {
		t.Errorf("the same reaction again raised a number: %+v, %+v", before, again)
	}
	bob.Call(t, http.MethodPut, harness.MessagePath(general, sent.Seq)+"/reactions/"+emoji(0), nil, http.StatusOK, nil)
	s.Ask(t, "reaction.remove", at(1), nil)
	s.Ask(t, "reaction.add", at(maxReactions), nil)
	m := ann.History(t, general, "").Messages[0]
	if len(m.Reactions) != maxReactions || len(m.Reactions[0].UserIDs) != 2 || m.Reactions[0].UserIDs[1] != bob.User.ID {
		t.Errorf("got %+v", m.Reactions)
	}
}

// A loop of reads is held back, over every door, and whoever waits as long as the answer says goes on. What
// somebody else does, and what changes something, is not.
func TestReadingTooMuchIsRateLimited(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--reads-per-second=4", "--messages-per-second=0.4")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general").ID
	s := ann.Dial(t)
	readsUntilRefused := func() (refused chat.Error) {
		for range 10_000 {
			status, answer := ann.Try(t, http.MethodGet, harness.MessagesPath(general), nil)
			if status == http.StatusOK {
				continue
			}
			if err := json.Unmarshal(answer, &refused); err != nil || refused.Code != chat.RateLimited {
				t.Fatalf("got %d %s, want %s", status, answer, chat.RateLimited)
			}
			return refused
		}
		t.Fatal("ann reads without end")
		return refused
	}
	if refused := readsUntilRefused(); refused.Limit != 4 || refused.RetryAfter <= 0 || refused.RetryAfter > 500 {
		t.Errorf("got %+v, want the limit 4 and when to come again", refused)
	}
	ann.Says(t, general, "who reads too much can still write")
	bob.Call(t, http.MethodGet, harness.MessagesPath(general), nil, http.StatusOK, nil)
	many := chat.ChangesSince{Rooms: make([]chat.RoomRev, 200)}
	for what, read := range map[string]func() bool{ // each costs what comes back in two seconds or more
		"GET /api/rooms": func() bool {
			status, _ := ann.Try(t, http.MethodGet, "/api/rooms", nil)
			return status == http.StatusTooManyRequests
		},
		"POST /api/changes": func() bool {
			status, _ := ann.Try(t, http.MethodPost, "/api/changes", many)
			return status == http.StatusTooManyRequests
		},
		"room.changes": func() bool {
			answer := s.Answer(t, s.Send(t, "room.changes", many))
			return strings.Contains(string(answer.Data), string(chat.RateLimited))
		},
		"presence.watch": func() bool {
			answer := s.Answer(t, s.Send(t, "presence.watch", chat.PresenceWatch{UserIDs: make([]chat.UserID, 500)}))
			return strings.Contains(string(answer.Data), string(chat.RateLimited))
		},
		"a socket": func() bool {
			opens := ann.DialAnyhow(t, nil)
			defer opens.Conn.Close()
			return !opens.Welcomed(t)
		},
	} {
		refused := false
		for range 10 { // the machine may stand still for longer than the budget takes to come back
			readsUntilRefused()
			if refused = read(); refused {
				break
			}
		}
		if !refused {
			t.Errorf("%s is not held back", what)
		}
	}
	wait := time.Duration(readsUntilRefused().RetryAfter) * time.Millisecond
	<-time.After(wait)
	ann.Call(t, http.MethodGet, harness.MessagesPath(general), nil, http.StatusOK, nil)
}
