//go:build unported

// Pages of changes: read once for all who ask, by rights of each, and bounded.

package tests

import (
	"strings"
	"testing"

	"parley/chat"
)

func (s *harness.Sock) changes(t *testing.T, room chat.RoomID, rev int64) chat.RoomChanges {
	t.Helper()
	var got chat.Changes
	s.Ask(t, "room.changes", chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: room, Rev: rev}}}, &got)
	return got.Rooms[0]
}

func TestAPageOfChangesIsReadOnceForAllWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	bob, eve := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "eve")
	room := ann.Creates(t, chat.Private, "secret").ID
	ann.Post(t, harness.RoomPath(room)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.User.ID}}, 204, nil)
	ann.Says(t, room, "one")
	ann.Says(t, room, "two")
	if got := ann.Dial(t).Changes(t, room, 0); len(got.Messages) != 2 || got.More {
		t.Errorf("ann got %+v", got)
	}
	pages := &p.actions.pages
	for key, page := range pages.pages { // so that it can be told from another reading
		page[0].Body = "from the shared page"
		if key != (pageKey{room, 0, 2}) {
			t.Errorf("got the page %+v", key)
		}
	}
	if got := bob.Dial(t).Changes(t, room, 0); len(got.Messages) != 2 || got.Messages[0].Body != "from the shared page" {
		t.Errorf("bob got %+v", got)
	}
	if got := eve.Dial(t).Changes(t, room, 0); got.State != chat.ChangesGone || len(got.Messages) != 0 {
		t.Errorf("eve, who is not in the room, got %+v", got)
	}
	ann.Says(t, room, "three")
	if got := bob.Dial(t).Changes(t, room, 0); len(got.Messages) != 3 || got.Messages[0].Body != "one" {
		t.Errorf("after another message bob got %+v", got)
	}
}

func TestSharedPagesAreDroppedBeforeTheyAreTooMany(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--messages-burst=1000")
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Private, "long").ID
	sock := ann.Dial(t)
	for range 60 {
		sock.Says(t, room, strings.Repeat("long ", 1900))
	}
	pages, dropped, before := &p.actions.pages, false, 0
	for range 3 {
		for rev := range int64(60) {
			if got := sock.Changes(t, room, rev); len(got.Messages) == 0 || got.Messages[0].Rev != rev+1 {
				t.Fatalf("from rev %d: got %d messages", rev, len(got.Messages))
			}
			dropped = dropped || pages.bytes < before
			if before = pages.bytes; before > maxPageBytes {
				t.Fatalf("%d bytes are kept, want at most %d", before, maxPageBytes)
			}
		}
		sock.Says(t, room, "so that all pages are others")
	}
	if !dropped {
		t.Error("the pages were never too many")
	}
}
