package actions

import (
	"testing"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// What changed is told for up to 1,000 changes; who is further behind starts anew.
func TestChangesAreToldUpToAThousandAndFromTheHeadOn(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	room := p.creates(t, ann, chat.Private, "long")
	const head = 1002
	p.must(t, func(tx *store.WriteTx) error {
		standing := access.Standing{Caller: ann.User, RoomID: room, Member: true}
		for range head {
			if _, err := tx.AddMessage(standing, store.RenderedDraft{Draft: draft("text")}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, c := range []struct {
		rev      int64
		state    chat.ChangesState
		messages int
		at       int64 // the rev that the answer leads to
		more     bool
	}{
		{head - 1000, chat.ChangesPage, 200, head - 800, true},
		{head - 1001, chat.ChangesTooFar, 0, head, false},
		{0, chat.ChangesTooFar, 0, head, false},
		{head - 200, chat.ChangesPage, 200, head, false},
		{head - 1, chat.ChangesPage, 1, head, false},
		{head, chat.ChangesPage, 0, head, false},
		{head + 1, chat.ChangesAhead, 0, head, false},
		{-1, chat.ChangesAhead, 0, head, false},
	} {
		got := p.asks(t, ann, room, c.rev)
		if got.State != c.state || len(got.Messages) != c.messages || got.Rev != c.at || got.More != c.more {
			t.Errorf("since %d of %d: got %s, %d messages, rev %d, more %v; want %+v",
				c.rev, head, got.State, len(got.Messages), got.Rev, got.More, c)
		}
	}
}
