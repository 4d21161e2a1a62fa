//go:build unported

// Pages of changes: read once for all who ask, by rights of each, and bounded.

package main

import (
	"strings"
	"testing"

	"parley/chat"
)

func (s *sock) changes(t *testing.T, room chat.RoomID, rev int64) chat.RoomChanges {
	t.Helper()
	var got chat.Changes
	s.ask(t, "room.changes", chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: room, Rev: rev}}}, &got)
	return got.Rooms[0]
}

func TestAPageOfChangesIsReadOnceForAllWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.setUp(t)
	bob, eve := p.signUp(t, ann, "bob"), p.signUp(t, ann, "eve")
	room := ann.creates(t, chat.Private, "secret").ID
	ann.post(t, roomPath(room)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.user.ID}}, 204, nil)
	ann.says(t, room, "one")
	ann.says(t, room, "two")
	if got := ann.dial(t).changes(t, room, 0); len(got.Messages) != 2 || got.More {
		t.Errorf("ann got %+v", got)
	}
	pages := &p.actions.pages
	for key, page := range pages.pages { // so that it can be told from another reading
		page[0].Body = "from the shared page"
		if key != (pageKey{room, 0, 2}) {
			t.Errorf("got the page %+v", key)
		}
	}
	if got := bob.dial(t).changes(t, room, 0); len(got.Messages) != 2 || got.Messages[0].Body != "from the shared page" {
		t.Errorf("bob got %+v", got)
	}
	if got := eve.dial(t).changes(t, room, 0); got.State != chat.ChangesGone || len(got.Messages) != 0 {
		t.Errorf("eve, who is not in the room, got %+v", got)
	}
	ann.says(t, room, "three")
	if got := bob.dial(t).changes(t, room, 0); len(got.Messages) != 3 || got.Messages[0].Body != "one" {
		t.Errorf("after another message bob got %+v", got)
	}
}

func TestSharedPagesAreDroppedBeforeTheyAreTooMany(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--messages-burst=1000")
	ann := p.setUp(t)
	room := ann.creates(t, chat.Private, "long").ID
	sock := ann.dial(t)
	for range 60 {
		sock.says(t, room, strings.Repeat("long ", 1900))
	}
	pages, dropped, before := &p.actions.pages, false, 0
	for range 3 {
		for rev := range int64(60) {
			if got := sock.changes(t, room, rev); len(got.Messages) == 0 || got.Messages[0].Rev != rev+1 {
				t.Fatalf("from rev %d: got %d messages", rev, len(got.Messages))
			}
			dropped = dropped || pages.bytes < before
			if before = pages.bytes; before > maxPageBytes {
				t.Fatalf("%d bytes are kept, want at most %d", before, maxPageBytes)
			}
		}
		sock.says(t, room, "so that all pages are others")
	}
	if !dropped {
		t.Error("the pages were never too many")
	}
}
