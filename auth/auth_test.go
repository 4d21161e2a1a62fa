package auth

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/chat"
	"parley/store"
)

func TestAShortKeyForTokensIsRefused(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 31} {
		if _, err := NewSigner(make([]byte, n), time.Now); err == nil {
			t.Errorf("a key of %d bytes was taken", n)
		}
	}
	if _, err := NewSigner(make([]byte, 32), time.Now); err != nil {
		t.Errorf("a key of 32 bytes was refused: %v", err)
	}
}

// A number beyond 2^53 must not be rounded to another person's.
func TestLargeIDsInTokensAreExact(t *testing.T) {
	t.Parallel()
	signer := newSigner(t, time.Now)
	const id = 9007199254740993
	token, err := signer.Issue(store.Session{ID: "S", User: id, ExpiresAt: time.Now().Add(time.Hour).UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	ticket, err := signer.Check(token)
	if err != nil || ticket.Caller.User != id {
		t.Errorf("got %d %v, want %d", ticket.Caller.User, err, int64(id))
	}
}

// A token is good until it ends, and when the clock has been set back a little since it was made.
func TestATokenIsGoodFromItsMakingToItsEnd(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	signer := newSigner(t, func() time.Time { return now })
	made, ends := now, now.Add(time.Hour)
	token, err := signer.Issue(store.Session{ID: "S", User: 7, ExpiresAt: ends.UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Time]bool{
		made: true, ends.Add(-time.Second): true, ends: false, ends.Add(time.Second): false,
		made.Add(-2 * time.Minute): true, made.Add(-121 * time.Second): false,
	} {
		now = at
		ticket, err := signer.Check(token)
		if want && (err != nil || ticket.Caller.User != 7 || ticket.Caller.Session != "S" || !ticket.ExpiresAt.Equal(ends) || !ticket.IssuedAt.Equal(made)) {
			t.Errorf("%v after it was made: got %+v, %v", at.Sub(made), ticket, err)
		}
		if !want && !chat.IsCode(err, chat.SignedOut) {
			t.Errorf("%v after it was made: got %v, want signed_out", at.Sub(made), err)
		}
	}
}

// That no door takes such a token either is tested in tests/auth_traps_test.go.
func TestOnlyWholeTokensOfOursAreRead(t *testing.T) {
	t.Parallel()
	now := time.Now()
	signer := newSigner(t, func() time.Time { return now })
	good := func() jwt.MapClaims {
		return jwt.MapClaims{
			"iss": tokenName, "aud": tokenName, "sub": "7", "sid": "S", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		}
	}
	signed := func(method jwt.SigningMethod, claims jwt.MapClaims) string {
		token, err := jwt.NewWithClaims(method, claims).SignedString(testKey)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	if _, err := signer.Check(signed(jwt.SigningMethodHS256, good())); err != nil {
		t.Fatalf("the one that all others are made from is refused: %v", err)
	}
	wrong := map[string]string{
		"HS384": signed(jwt.SigningMethodHS384, good()), "HS512": signed(jwt.SigningMethodHS512, good()), "nothing": "",
	}
	for name, value := range map[string][]any{
		"iss": {nil, "other"}, "aud": {nil, "other", operatorAudience}, "sub": {nil, "0", "-1", "ann", ""}, "sid": {nil, ""},
		"iat": {nil}, "exp": {nil, now.Unix() - 1}, "nbf": {now.Add(time.Hour).Unix()}, "more": {strings.Repeat("x", maxToken)},
	} {
		for _, v := range value {
			claims := good()
			claims[name] = v
			if v == nil {
				delete(claims, name)
			}
			wrong[fmt.Sprintf("%s %.20v", name, v)] = signed(jwt.SigningMethodHS256, claims)
		}
	}
	for name, token := range wrong {
		if ticket, err := signer.Check(token); !chat.IsCode(err, chat.SignedOut) {
			t.Errorf("%s: got %+v %v", name, ticket, err)
		}
	}
}
