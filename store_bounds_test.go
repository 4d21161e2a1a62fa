// Bounds of what the store keeps in memory beside its queue.

package main

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"parley/chat"
)

func TestAFullCacheOfHeadsIsDroppedAndNumbersGoOn(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.must(t, s.adds("before"))
	s.must(t, func(tx *WriteTx) error {
		for i := len(tx.heads); i < maxHeads; i++ {
			tx.heads[chat.RoomID(1_000_000+i)] = chat.Heads{}
		}
		return nil
	})
	cached := func() (n int) {
		s.must(t, func(tx *WriteTx) error { n = len(tx.heads); return nil })
		return n
	}
	s.must(t, s.adds("in a room that is known"))
	if n := cached(); n != maxHeads {
		t.Errorf("%d rooms are cached, want %d", n, maxHeads)
	}
	s.must(t, func(tx *WriteTx) error {
		room, err := tx.AddRoom(chat.Public, StoredName{"more", "more"}, "", false)
		if err == nil {
			err = tx.Join(room, s.ann, chat.MemberOwner)
		}
		return err
	})
	if n := cached(); n != 0 {
		t.Errorf("%d rooms are cached after one too many, want none", n)
	}
	s.must(t, s.adds("after"))
	if got := s.stored(t); !slices.Equal(got, []string{"before", "in a room that is known", "after"}) {
		t.Errorf("stored %q", got)
	}
}

// A statement is prepared once for each connection. Were a value part of a text, they would never end.
func TestStatementsAreAsManyAsTheProgramHas(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--messages-burst=1000", "--sign-in-attempts=1000")
	ann := p.setUp(t)
	bob := p.signUp(t, ann, "bob")
	use := func(round int) {
		name := fmt.Sprint("round", round)
		room := ann.creates(t, chat.Public, name)
		ann.post(t, roomPath(room.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.user.ID}}, http.StatusNoContent, nil)
		carl := p.signUp(t, ann, name)
		ann.direct(t, bob, carl)
		ann.get(t, "/api/rooms/public?query="+name, nil)
		s := bob.dial(t)
		sent := s.says(t, room.ID, name)
		s.ask(t, "reaction.add", chat.ReactionAt{RoomID: room.ID, Seq: sent.Seq, Emoji: "👍"}, nil)
		s.ask(t, "message.edit", chat.MessageEdit{RoomID: room.ID, Seq: sent.Seq, Body: name + "!"}, nil)
		s.ask(t, "presence.watch", chat.PresenceWatch{UserIDs: make([]chat.UserID, 1+round)}, nil)
		s.ask(t, "room.changes", chat.ChangesSince{Rooms: make([]chat.RoomRev, 1+round)}, nil)
		ann.history(t, room.ID, fmt.Sprint("?limit=", 1+round))
	}
	statements := func() map[string]bool {
		texts := map[string]bool{}
		err := p.store.WriteAndWait(func(tx *WriteTx) error {
			for text := range tx.stmts {
				texts[text] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for range readers {
			r := <-p.store.readers
			for text := range r.stmts {
				texts[text] = true
			}
			p.store.readers <- r
		}
		return texts
	}
	use(0)
	before := statements()
	for round := range 10 {
		use(1 + round)
	}
	for text := range statements() {
		if !before[text] {
			t.Errorf("prepared anew: %s", text)
		}
	}
}
