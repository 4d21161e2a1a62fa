//go:build unported

// Tokens that are not ours and good now, each refused at both doors.

package tests

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/chat"
)

func TestOnlyOurOwnGoodTokensCount(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	ours := sessionIn(t, p, ann.token(t))
	other := sessionIn(t, p, bob.token(t))
	ended := sessionIn(t, p, ann.token(t))
	if err := p.actions.SignOut(Caller{User: ann.User.ID, Session: ended}); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	good := func() jwt.MapClaims {
		return jwt.MapClaims{
			"iss": tokenName, "aud": tokenName, "sub": strconv.FormatInt(int64(ann.User.ID), 10), "sid": string(ours),
			"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		}
	}
	with := func(change func(jwt.MapClaims)) jwt.MapClaims {
		claims := good()
		change(claims)
		return claims
	}
	without := func(name string) jwt.MapClaims { return with(func(c jwt.MapClaims) { delete(c, name) }) }
	key := p.actions.tokenKey
	sign := func(method jwt.SigningMethod, key any, claims jwt.Claims) string {
		token, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	ourSign := func(claims jwt.Claims) string { return sign(jwt.SigningMethodHS256, key, claims) }
	withHeader := func(name string, value any) string {
		token := jwt.NewWithClaims(jwt.SigningMethodHS256, good())
		token.Header[name] = value
		signed, err := token.SignedString([]byte("another key, made by whoever sends it"))
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	signed := ourSign(good())
	parts := strings.Split(signed, ".")
	rest := func(change string) string { // claims replaced under a signature of others
		return parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(change)) + "." + parts[2]
	}
	wrong := map[string]string{
		"alg none":                       sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good()),
		"alg none without a signature":   parts[0] + "." + parts[1] + ".",
		"HS384":                          sign(jwt.SigningMethodHS384, key, good()),
		"HS512":                          sign(jwt.SigningMethodHS512, key, good()),
		"another key":                    sign(jwt.SigningMethodHS256, []byte(strings.Repeat("k", 32)), good()),
		"an empty key":                   sign(jwt.SigningMethodHS256, []byte{}, good()),
		"a key of its own by kid":        withHeader("kid", "../../dev/null"),
		"a key of its own by jku":        withHeader("jku", "https://evil.example/keys"),
		"a key of its own in the header": withHeader("jwk", map[string]string{"kty": "oct", "k": "AA"}),
		"no exp":                         ourSign(without("exp")),
		"expired":                        ourSign(with(func(c jwt.MapClaims) { c["exp"] = now.Add(-time.Second).Unix() })),
		"from an hour ahead":             ourSign(with(func(c jwt.MapClaims) { c["iat"] = now.Add(time.Hour).Unix() })),
		"from the future":                ourSign(with(func(c jwt.MapClaims) { c["iat"] = now.Add(time.Hour).Unix() })),
		"not yet":                        ourSign(with(func(c jwt.MapClaims) { c["nbf"] = now.Add(time.Hour).Unix() })),
		"no iat":                         ourSign(without("iat")),
		"another issuer":                 ourSign(with(func(c jwt.MapClaims) { c["iss"] = "other" })),
		"no issuer":                      ourSign(without("iss")),
		"another audience":               ourSign(with(func(c jwt.MapClaims) { c["aud"] = "other" })),
		"no audience":                    ourSign(without("aud")),
		"no session":                     ourSign(without("sid")),
		"a session that never was":       ourSign(with(func(c jwt.MapClaims) { c["sid"] = "NONE" })),
		"a session that ended":           ourSign(with(func(c jwt.MapClaims) { c["sid"] = string(ended) })),
		"another person's session":       ourSign(with(func(c jwt.MapClaims) { c["sid"] = string(other) })),
		"another person":                 ourSign(with(func(c jwt.MapClaims) { c["sub"] = strconv.FormatInt(int64(bob.User.ID), 10) })),
		"no person":                      ourSign(without("sub")),
		"person 0":                       ourSign(with(func(c jwt.MapClaims) { c["sub"] = "0" })),
		"a person by name":               ourSign(with(func(c jwt.MapClaims) { c["sub"] = "ann" })),
		"a huge one":                     ourSign(with(func(c jwt.MapClaims) { c["more"] = strings.Repeat("x", maxToken) })),
		"other claims, same signature":   rest(`{"iss":"parley"}`),
		"a signature cut off":            signed[:len(signed)-2],
		"not a token":                    "xyz",
		"two dots":                       "..",
		"a list of dots":                 strings.Repeat(".", 1000),
	}
	tokens := p.server.tokens
	if _, err := tokens.Check(signed); err != nil {
		t.Fatalf("the one that all others are made from is refused: %v", err)
	}
	ann.Bearer = signed
	ann.Get(t, "/api/me", nil)
	for name, token := range wrong {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			who := p.Visitor(t, "nobody")
			who.Bearer = token
			who.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
			s := who.DialAnyhow(t, http.Header{"Authorization": {"Bearer " + token}})
			s.ExpectClosed(t, chat.CloseSignedOut)
			byCookie := p.Visitor(t, "nobody")
			req, err := http.NewRequest(http.MethodGet, p.URL+"/api/me", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.AddCookie(&http.Cookie{Name: cookieName(false), Value: token})
			resp, err := byCookie.Client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("as a cookie: got %d", resp.StatusCode)
			}
		})
	}
}

// sessionIn reads the session of a token of ours.
func sessionIn(t *testing.T, p *parts, token string) chat.SessionID {
	t.Helper()
	ticket, err := p.server.tokens.Check(token)
	if err != nil {
		t.Fatal(err)
	}
	return ticket.Caller.Session
}

func TestAShortKeyForTokensIsRefused(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 31} {
		if _, err := NewTokens(make([]byte, n), time.Now); err == nil {
			t.Errorf("a key of %d bytes was taken", n)
		}
	}
}

// A number beyond 2^53 must not be rounded to another person's.
func TestLargeIDsInTokensAreExact(t *testing.T) {
	t.Parallel()
	tokens, err := NewTokens(make([]byte, 32), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	const id = 9007199254740993
	token, err := tokens.Issue(Session{ID: "S", User: id, ExpiresAt: time.Now().Add(time.Hour).UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	ticket, err := tokens.Check(token)
	if err != nil || ticket.Caller.User != id {
		t.Errorf("got %d %v, want %d", ticket.Caller.User, err, int64(id))
	}
}

func TestASocketEndsWithItsToken(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	token := ann.token(t)
	short, err := p.server.tokens.Issue(Session{
		ID: sessionIn(t, p, token), User: ann.User.ID, ExpiresAt: time.Now().Add(2 * time.Second).UnixMilli(),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := ann.DialAnyhow(t, http.Header{"Authorization": {"Bearer " + short}})
	s.Expect(t, "welcome")
	s.ExpectClosed(t, chat.CloseSignedOut)
	ann.DialAnyhow(t, http.Header{"Authorization": {"Bearer " + token}}).Expect(t, "welcome")
}

func TestAnOldCookieIsRenewedAndItsSessionWithIt(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	session := sessionIn(t, p, ann.token(t))
	// A token from two days ago, of a session with a day left.
	ends := time.Now().Add(24 * time.Hour)
	err := p.store.WriteAndWait(func(tx *WriteTx) error { return tx.ProlongSession(session, ends.UnixMilli()) })
	if err != nil {
		t.Fatal(err)
	}
	old := *p.server.tokens
	old.now = func() time.Time { return time.Now().Add(-48 * time.Hour) }
	token, err := old.Issue(Session{ID: session, User: ann.User.ID, ExpiresAt: ends.UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(set func(*http.Request)) []*http.Cookie {
		req, err := http.NewRequest(http.MethodGet, p.URL+"/api/me", nil)
		if err != nil {
			t.Fatal(err)
		}
		set(req)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("got %d", resp.StatusCode)
		}
		return resp.Cookies()
	}
	asBearer := ask(func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) })
	if len(asBearer) != 0 {
		t.Errorf("a program got %v", asBearer)
	}
	cookies := ask(func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "parley", Value: token}) })
	if len(cookies) != 1 || sessionIn(t, p, cookies[0].Value) != session || cookies[0].Expires.Before(ends) {
		t.Fatalf("got %v, want a cookie that lives longer", cookies)
	}
	c := cookies[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("the cookie is %v", c)
	}
	if again := ask(func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "parley", Value: c.Value}) }); len(again) != 0 {
		t.Errorf("a fresh cookie was renewed: %v", again)
	}
	var until int64
	err = p.store.Read(context.Background(), func(tx *Tx) error {
		return tx.row(into(&until), `SELECT expires_at FROM sessions WHERE id = $1`, session)
	})
	if err != nil || until <= ends.UnixMilli() {
		t.Errorf("the session ends at %d (%v), want later than %d", until, err, ends.UnixMilli())
	}
}

// Whoever knew the old password and is halfway through signing in, or through changing it, comes too late.
func TestAnotherPasswordEndsWhatTheOldOneHasBegun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		late func(p *parts, thief Caller) error
	}{
		{"signing in", func(p *parts, _ Caller) error {
			_, _, err := p.actions.SignIn(context.Background(), "thief", chat.Login{Name: "ann", Password: harness.GoodPassword})
			return err
		}},
		{"changing the password", func(p *parts, thief Caller) error {
			return p.actions.ChangePassword(context.Background(), thief, "thief",
				chat.PasswordChange{Current: harness.GoodPassword, New: "the thief's password"})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := startParts(t, nil)
			ann := p.SetUp(t)
			own := Caller{User: ann.User.ID, Session: sessionIn(t, p, ann.token(t))}
			thief := Caller{User: ann.User.ID, Session: sessionIn(t, p, ann.token(t))}
			held, release := make(chan struct{}), make(chan struct{})
			p.store.Write(func(*WriteTx) error { close(held); <-release; return nil }, func(error) {})
			<-held
			first, second := make(chan error, 1), make(chan error, 1)
			go func() {
				first <- p.actions.ChangePassword(context.Background(), own, "own",
					chat.PasswordChange{Current: harness.GoodPassword, New: "a new password"})
			}()
			wait.Until(t, "the new password waits to be stored", func() bool { return len(p.store.writer.queue) == 1 })
			go func() { second <- c.late(p, thief) }()
			wait.Until(t, "the late one waits too", func() bool { return len(p.store.writer.queue) == 2 })
			close(release)
			if err := <-first; err != nil {
				t.Fatal(err)
			}
			if err := <-second; !chat.IsCode(err, chat.WrongCredentials) && !chat.IsCode(err, chat.SignedOut) {
				t.Errorf("the late one got %v, want a refusal", err)
			}
			var sessions int
			err := p.store.Read(context.Background(), func(tx *Tx) error {
				return tx.row(into(&sessions), `SELECT count(*) FROM sessions`)
			})
			if err != nil || sessions != 1 {
				t.Errorf("%d sessions are left (%v), want the one that changed the password", sessions, err)
			}
			status, body := p.Visitor(t, "ann").Try(t, http.MethodPost, "/api/login", chat.Login{Name: "ann", Password: "a new password"})
			if status != http.StatusOK {
				t.Errorf("the new password does not work: %d %s", status, body)
			}
		})
	}
}

func TestTheTokenOfALoginSaysNoMoreThanItMust(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	token := p.SetUp(t).token(t)
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(text, &claims); err != nil {
		t.Fatal(err)
	}
	for name := range claims {
		switch name {
		case "iss", "aud", "sub", "sid", "iat", "exp":
		default:
			t.Errorf("the token says %q", name)
		}
	}
}
