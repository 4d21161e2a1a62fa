package store

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/chat"
)

func TestTheTokensThatWorkAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	later := time.Now().Add(time.Hour).UnixMilli()
	s.must(t, func(tx *WriteTx) error {
		for n, expires := range []int64{later, time.Now().Add(-time.Second).UnixMilli(), Never} {
			name := fmt.Sprint("token", n+1)
			_, err := tx.AddToken(Session{ID: chat.SessionID(name), User: s.bob, ExpiresAt: expires}, chat.Token{
				Token: name, Name: name, Scopes: []chat.Scope{chat.ScopeRead},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	var got []string
	err := s.Read(context.Background(), func(tx *Tx) error {
		list, err := tx.Tokens(0, 1<<20)
		for _, token := range list.Tokens {
			got = append(got, fmt.Sprint(token.Name, " until ", token.ExpiresAt))
		}
		return err
	})
	want := []string{"token3 until 0", fmt.Sprint("token1 until ", later)} // the second has expired; 0 is for ever
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
