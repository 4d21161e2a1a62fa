// Signing in on a socket: by a login or a program's token, at once or by the first frame.

package socket

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/chat"
	"parley/internal/origin"
	"parley/internal/wait"
	"parley/store"
	"parley/tests/harness"
)

// makes makes a token for a program.
func (h *house) makes(t *testing.T, owner *guest, scopes ...chat.Scope) chat.Token {
	t.Helper()
	token, err := h.actions.AddToken(owner.caller, chat.NewToken{Bot: "builds", Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// comes opens a socket with a token and waits for nothing.
func (h *house) comes(t *testing.T, token string) *harness.Sock {
	t.Helper()
	return h.program.Visitor(t, "somebody").DialAnyhow(t, http.Header{"Authorization": {"Bearer " + token}})
}

func TestAProgramNeedsTheScopeToRead(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	h.comes(t, h.makes(t, ann, chat.ScopePost).Token).ExpectClosed(t, chat.ClosePolicy)
	s := h.comes(t, h.makes(t, ann, chat.ScopeRead).Token)
	s.Expect(t, "welcome")
	s.AskRefused(t, chat.Forbidden, "message.send", chat.MessageSend{RoomID: h.general(t, ann), Draft: harness.Draft("x")})
	s.Settle(t)
}

func TestATokenIsUsedOnceItsSocketHasLeft(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	made := h.makes(t, ann, chat.ScopeRead)
	usedAt := func() int64 {
		list, err := h.actions.Tokens(t.Context(), ann.caller, 0)
		if err != nil || len(list.Tokens) != 1 {
			t.Fatalf("got %+v %v", list, err)
		}
		return list.Tokens[0].LastUsedAt
	}
	s := h.comes(t, made.Token)
	s.Expect(t, "welcome")
	wait.Until(t, "coming in is noted", func() bool { return usedAt() != 0 })
	came := time.UnixMilli(usedAt())
	for !time.Now().After(came.Add(2 * time.Millisecond)) { // by the clock, leaving is later
		<-time.After(time.Millisecond)
	}
	s.Conn.Close()
	wait.Until(t, "leaving is noted", func() bool { return usedAt() > came.UnixMilli() })
}

func TestALoginThatHasEndedOpensNoSocket(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	ended := h.signIn(t, ann)
	if err := h.actions.SignOut(ended.caller); err != nil {
		t.Fatal(err)
	}
	h.comes(t, ended.Bearer).ExpectClosed(t, chat.CloseSignedOut)
	h.comes(t, ended.Bearer+"x").ExpectClosed(t, chat.CloseSignedOut)
	ann.dial(t).Settle(t)
}

// A token names a person and a session. A session of somebody else's opens nothing.
func TestASessionOfSomebodyElseOpensNoSocket(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	bob := h.signUp(t, ann, "bob")
	token, err := h.tokens.Issue(store.Session{
		ID: bob.caller.Session, User: ann.User.ID, ExpiresAt: time.Now().Add(time.Hour).UnixMilli(),
	})
	if err != nil {
		t.Fatal(err)
	}
	h.comes(t, token).ExpectClosed(t, chat.CloseSignedOut)
}

// The time for the first frame is over once it has come.
func TestWhoSignsInByTheFirstFrameStays(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	begun := time.Now()
	s := h.program.Visitor(t, "ann").DialAnyhow(t, http.Header{})
	s.Send(t, "auth", chat.Auth{Token: ann.Bearer})
	s.Expect(t, "welcome")
	<-time.After(time.Until(begun.Add(AuthWait + time.Second))) // there is nothing to wait for but the time itself
	s.Settle(t)
}

func TestAPlainSocketHasToSignInToo(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	plain := func(token string) *harness.Sock {
		header := http.Header{}
		if token != "" {
			header.Set("Authorization", "Bearer "+token)
		}
		s, _, err := h.program.Visitor(t, "somebody").Upgrade(header)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Conn.Close() })
		return s
	}
	s := plain("")
	s.Emit(t, "sendMessage", `{"message":"x"}`)
	s.ExpectClosed(t, chat.ClosePolicy)

	s = plain("")
	s.Emit(t, "auth", `{"token":"`+ann.Bearer+`"}`)
	s.Ask(t, "sendMessage", map[string]string{"message": "signed in"}, nil)
	s.IsTold(t, "receiveMessage", `{"message":"signed in","room":"general","seq":1,"user":"ann"}`)

	for _, frame := range []string{
		`{"event":""}`, `{`, `{"event":"sendMessage","id":"` + strings.Repeat("x", chat.MaxFrameID+1) + `","data":{"message":"x"}}`,
		`{"event":"sendMessage","id":"\ud800","data":{"message":"x"}}`,
	} {
		s = plain(ann.Bearer)
		s.SendRaw(t, frame)
		s.ExpectClosed(t, chat.ClosePolicy)
	}
	s = plain(ann.Bearer)
	longest := strings.Repeat("x", chat.MaxFrameID)
	s.SendRaw(t, `{"event":"sendMessage","id":"`+longest+`","data":{"message":"x"}}`)
	s.Answer(t, longest)
}

func TestAPersonWithAsManySocketsAsTheyMayIsToldSo(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(h *house) { h.limits.SocketsPerUser = 1 })
	ann := h.setUp(t)
	kept := ann.dial(t)
	h.comes(t, ann.Bearer).ExpectClosed(t, chat.CloseTooMany)
	kept.Settle(t)
}

// A browser attaches the cookie by itself, so it counts only where the browser also says that the page is ours.
func TestACookieCountsForAPageOfOursAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from     origin.Verdict
		byCookie bool
		byHeader bool
	}{{origin.Allowed, true, true}, {origin.Missing, false, true}} {
		h := openHouse(t, func(h *house) { h.from = c.from })
		ann := h.setUp(t)
		for header, signedIn := range map[string]bool{"Cookie": c.byCookie, "Authorization": c.byHeader} {
			value := map[string]string{"Cookie": "parley=" + ann.Bearer, "Authorization": "Bearer " + ann.Bearer}[header]
			s := h.program.Visitor(t, "ann").DialAnyhow(t, http.Header{header: {value}})
			if signedIn {
				s.Expect(t, "welcome")
				continue
			}
			s.Send(t, "ping", chat.Done{})
			s.ExpectClosed(t, chat.ClosePolicy)
		}
	}
	h := openHouse(t, func(h *house) { h.from = origin.Foreign })
	ann := h.setUp(t)
	if _, _, err := ann.Upgrade(ann.bearer(), chat.Subprotocol); err == nil || h.Counts().Opened != 0 {
		t.Errorf("a foreign page opened a socket: %v", err)
	}
}

func TestWhatFollowsALineThatIsNoEventIsNotDone(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	general := h.general(t, ann)
	line, err := chat.Encode("message.send", "1", chat.MessageSend{RoomID: general, Draft: harness.Draft("x")})
	if err != nil {
		t.Fatal(err)
	}
	s := ann.dial(t)
	s.SendRaw(t, "nothing\n"+string(line))
	s.ExpectClosed(t, chat.ClosePolicy)
	wait.Until(t, "it is let go", func() bool { return h.Counts().Open == 0 })
	if sent := h.says(t, ann, general, "barrier"); sent.Seq != 1 {
		t.Errorf("a message has the place %d, want the first", sent.Seq)
	}
}
