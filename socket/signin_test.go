package socket

import (
	"testing"
	"time"

	"parley/chat"
)

// A socket opens while its token is good and is closed when the token ends, that of a login as that of a
// program. The door's clock is set close to that end: the timer goes by it.
func TestASocketEndsWithItsToken(t *testing.T) {
	t.Parallel()
	p := start(t)
	session := p.setsUp(t)
	login := p.tokenOf(t, session)
	made, err := p.actions.AddToken(by(session), chat.NewToken{Bot: "builds", Scopes: []chat.Scope{chat.ScopeRead}, ExpiresIn: 3600})
	if err != nil {
		t.Fatal(err)
	}
	kept := p.dials(t, login)
	for _, c := range []struct {
		of, token string
		ends      int64
	}{{"a login", login, session.ExpiresAt}, {"a program", made.Token, made.ExpiresAt}} {
		p.tokens.Now = func() time.Time { return time.UnixMilli(c.ends).Add(-300 * time.Millisecond) }
		s := p.dials(t, c.token)
		s.ExpectClosed(t, chat.CloseSignedOut)
		p.tokens.Now = time.Now
		t.Logf("the socket of %s was closed with %v", c.of, s.Close)
	}
	p.dials(t, login).Settle(t)
	kept.Settle(t)
}
