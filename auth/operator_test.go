package auth

import (
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/store"
)

// testKey is the key of the tests.
var testKey = []byte(strings.Repeat("k", 32))

// newSigner is a signer with a clock that the test sets.
func newSigner(t *testing.T, now func() time.Time) *Signer {
	t.Helper()
	signer, err := NewSigner(testKey, now)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func sign(t *testing.T, key []byte, claims jwt.Claims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// What lets the operator's commands in opens nothing else; tests/token_command_test.go tests that.
func TestNothingElseIsTakenForTheOperators(t *testing.T) {
	t.Parallel()
	now := time.Now()
	signer := newSigner(t, func() time.Time { return now })
	login, err := signer.Issue(store.Session{ID: "S", User: 1, ExpiresAt: now.Add(operatorLife).UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	good := func() jwt.RegisteredClaims {
		return jwt.RegisteredClaims{
			Issuer: tokenName, Audience: jwt.ClaimStrings{operatorAudience}, ExpiresAt: jwt.NewNumericDate(now.Add(operatorLife)),
		}
	}
	if !signer.IsOperator(sign(t, testKey, good())) {
		t.Fatal("the one that all others are made from is refused")
	}
	expired, eternal, endless, other, ours := good(), good(), good(), good(), good()
	expired.ExpiresAt = jwt.NewNumericDate(now.Add(-time.Second))
	eternal.ExpiresAt = jwt.NewNumericDate(now.Add(operatorLife + leeway + 2*time.Second))
	endless.ExpiresAt = nil
	other.Issuer = "other"
	ours.Audience = jwt.ClaimStrings{tokenName}
	for name, token := range map[string]string{
		"a login": login, "nothing": "", "another key": sign(t, make([]byte, 32), good()), "expired": sign(t, testKey, expired),
		"one for too long": sign(t, testKey, eternal), "one without an end": sign(t, testKey, endless),
		"another issuer": sign(t, testKey, other), "the audience of logins": sign(t, testKey, ours),
		"a long one": strings.Repeat("x", maxToken+1),
	} {
		if signer.IsOperator(token) {
			t.Errorf("%s is taken for the operator's", name)
		}
	}
}

func TestTheOperatorsWordIsGoodForAMinute(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	signer := newSigner(t, func() time.Time { return now })
	word, err := signer.IssueOperator()
	if err != nil {
		t.Fatal(err)
	}
	issued := now
	for after, want := range map[time.Duration]bool{
		0: true, operatorLife - time.Second: true, operatorLife: false, -leeway: true, -leeway - time.Second: false,
	} {
		now = issued.Add(after)
		if got := signer.IsOperator(word); got != want {
			t.Errorf("%v after it was made: %v, want %v", after, got, want)
		}
	}
	if _, err := signer.Check(word); err == nil {
		t.Error("it is taken for a login")
	}
}
