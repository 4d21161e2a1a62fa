// Pages of changes: read once for all who ask, by the rights of each, and bounded.

package actions

import (
	"strings"
	"testing"

	"parley/chat"
)

func TestAPageOfChangesIsReadOnceForAllWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob, eve := p.signsUp(t, "ann"), p.signsUp(t, "bob"), p.signsUp(t, "eve")
	room := p.creates(t, ann, chat.Private, "secret")
	if _, err := p.AddMembers(ann, room, chat.NewMembers{UserIDs: []chat.UserID{bob.User}}); err != nil {
		t.Fatal(err)
	}
	p.says(t, ann, room, "one")
	p.says(t, ann, room, "two")
	if got := p.asks(t, ann, room, 0); len(got.Messages) != 2 || got.More {
		t.Errorf("ann got %+v", got)
	}
	if len(p.pages.pages) != 1 {
		t.Errorf("%d pages are kept, want 1", len(p.pages.pages))
	}
	for key, page := range p.pages.pages { // so that it can be told from another reading
		page[0].Body = "from the shared page"
		if key != (pageKey{room, 0, 2, false}) {
			t.Errorf("got the page %+v", key)
		}
	}
	if got := p.asks(t, bob, room, 0); len(got.Messages) != 2 || got.Messages[0].Body != "from the shared page" {
		t.Errorf("bob got %+v", got)
	}
	if got := p.asks(t, eve, room, 0); got.State != chat.ChangesGone || len(got.Messages) != 0 {
		t.Errorf("eve, who is not in the room, got %+v", got)
	}
	p.says(t, ann, room, "three")
	if got := p.asks(t, bob, room, 0); len(got.Messages) != 3 || got.Messages[0].Body != "one" {
		t.Errorf("after another message bob got %+v", got)
	}
}

func TestSharedPagesAreDroppedBeforeTheyAreTooMany(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	room := p.creates(t, ann, chat.Private, "long")
	for range 60 {
		p.says(t, ann, room, strings.Repeat("long ", 1900))
	}
	dropped, before := false, 0
	for range 3 {
		for rev := range int64(60) {
			if got := p.asks(t, ann, room, rev); len(got.Messages) == 0 || got.Messages[0].Rev != rev+1 {
				t.Fatalf("from rev %d: got %d messages", rev, len(got.Messages))
			}
			dropped = dropped || p.pages.bytes < before
			if before = p.pages.bytes; before > maxPageBytes {
				t.Fatalf("%d bytes are kept, want at most %d", before, maxPageBytes)
			}
		}
		p.says(t, ann, room, "so that all pages are others")
	}
	if !dropped {
		t.Error("the pages were never too many")
	}
}
