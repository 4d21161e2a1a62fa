package auth

import (
	"testing"
	"time"

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
		made.Add(-30 * time.Second): true, made.Add(-31 * time.Second): false,
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
