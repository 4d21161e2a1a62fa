// Tokens that are not ours and good now, each refused at both doors.

package tests

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/auth"
	"parley/chat"
	"parley/store"
	"parley/tests/harness"
)

func TestOnlyOurOwnGoodTokensCount(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	ours := sessionIn(t, p, ann.Token(t))
	other := sessionIn(t, p, bob.Token(t))
	gone := ann.WithBearer(t, ann.Token(t))
	ended := sessionIn(t, p, gone.Bearer)
	gone.Post(t, "/api/logout", nil, http.StatusNoContent, nil)
	now := time.Now()
	good := func() jwt.MapClaims {
		return jwt.MapClaims{
			"iss": "parley", "aud": "parley", "sub": strconv.FormatInt(int64(ann.User.ID), 10), "sid": string(ours),
			"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		}
	}
	with := func(change func(jwt.MapClaims)) jwt.MapClaims {
		claims := good()
		change(claims)
		return claims
	}
	without := func(name string) jwt.MapClaims { return with(func(c jwt.MapClaims) { delete(c, name) }) }
	key := p.TokenKey(t)
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
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	publicKey, err := x509.MarshalPKIXPublicKey(rsaKey.Public())
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := harness.Start(t).SetUp(t) // the same person's name and number on another server
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
		"RS256":                          sign(jwt.SigningMethodRS256, rsaKey, good()),
		"PS256":                          sign(jwt.SigningMethodPS256, rsaKey, good()),
		"EdDSA":                          sign(jwt.SigningMethodEdDSA, edKey, good()),
		"a public key as the secret":     sign(jwt.SigningMethodHS256, publicKey, good()),
		"another server's":               elsewhere.Token(t),
		"another key":                    sign(jwt.SigningMethodHS256, []byte(strings.Repeat("k", 32)), good()),
		"an empty key":                   sign(jwt.SigningMethodHS256, []byte{}, good()),
		"a key of its own by kid":        withHeader("kid", "../../dev/null"),
		"a key of its own by jku":        withHeader("jku", "https://evil.example/keys"),
		"a key of its own in the header": withHeader("jwk", map[string]string{"kty": "oct", "k": "AA"}),
		"no exp":                         ourSign(without("exp")),
		"expired":                        ourSign(with(func(c jwt.MapClaims) { c["exp"] = now.Add(-time.Second).Unix() })),
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
		"a huge one":                     ourSign(with(func(c jwt.MapClaims) { c["more"] = strings.Repeat("x", 4096) })),
		"other claims, same signature":   rest(`{"iss":"parley"}`),
		"a signature cut off":            signed[:len(signed)-2],
		"not a token":                    "xyz",
		"two dots":                       "..",
		"a list of dots":                 strings.Repeat(".", 1000),
	}
	if _, err := p.Signer(t).Check(signed); err != nil {
		t.Fatalf("the one that all others are made from is refused: %v", err)
	}
	ann.WithBearer(t, signed).Get(t, "/api/me", nil)
	for name, token := range wrong {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			who := p.Visitor(t, "nobody")
			who.Bearer = token
			who.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
			s := who.DialAnyhow(t, harness.WithToken(token))
			s.ExpectClosed(t, chat.CloseSignedOut)
			resp, _ := p.Asks(t, http.MethodGet, "/api/me", "", http.Header{"Cookie": {auth.CookieName(false) + "=" + token}})
			if resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("as a cookie: got %d", resp.StatusCode)
			}
		})
	}
}

// sessionIn reads the session of a token of ours.
func sessionIn(t *testing.T, p *harness.Program, token string) chat.SessionID {
	t.Helper()
	ticket, err := p.Signer(t).Check(token)
	if err != nil {
		t.Fatal(err)
	}
	return ticket.Caller.Session
}

func TestAnOldCookieIsRenewedAndItsSessionWithIt(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	session := sessionIn(t, p, ann.Token(t))
	// A token from two days ago, of a session with a day left.
	ends := time.Now().Add(24 * time.Hour)
	harness.Execute(t, p.Database(), fmt.Sprintf(`UPDATE sessions SET expires_at = %d WHERE id = '%s'`, ends.UnixMilli(), session))
	old := p.Signer(t)
	old.Now = func() time.Time { return time.Now().Add(-48 * time.Hour) }
	token, err := old.Issue(store.Session{ID: session, User: ann.User.ID, ExpiresAt: ends.UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(header http.Header) []*http.Cookie {
		t.Helper()
		resp, body := p.Asks(t, http.MethodGet, "/api/me", "", header)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("got %d %s", resp.StatusCode, body)
		}
		return resp.Cookies()
	}
	asCookie := func(token string) http.Header { return http.Header{"Cookie": {auth.CookieName(false) + "=" + token}} }
	asBearer := ask(harness.WithToken(token))
	if len(asBearer) != 0 {
		t.Errorf("a program got %v", asBearer)
	}
	cookies := ask(asCookie(token))
	if len(cookies) != 1 || sessionIn(t, p, cookies[0].Value) != session || cookies[0].Expires.Before(ends) {
		t.Fatalf("got %v, want a cookie that lives longer", cookies)
	}
	c := cookies[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("the cookie is %v", c)
	}
	if again := ask(asCookie(c.Value)); len(again) != 0 {
		t.Errorf("a fresh cookie was renewed: %v", again)
	}
	var until int64
	harness.Query(t, p.Database(), fmt.Sprintf(`SELECT expires_at FROM sessions WHERE id = '%s'`, session), &until)
	if until <= ends.UnixMilli() {
		t.Errorf("the session ends at %d, want later than %d", until, ends.UnixMilli())
	}
}

func TestTheTokenOfALoginSaysNoMoreThanItMust(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	token := p.SetUp(t).Token(t)
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
