// How many rooms a person can be in, by every way into one.

package tests

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"parley/chat"
	"parley/internal/engines"
	"parley/store"
	"parley/tests/harness"
)

func TestNobodyIsInMoreRoomsThanTheyCanBe(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	const maxRooms = 2000
	p := harness.Start(t, "--messages-burst=1000")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	others := bob.Creates(t, chat.Public, "bobs")
	p.Stop()
	db, err := store.Open(p.Database(), func(_ []chat.Change, answer func()) { answer() })
	if err != nil {
		t.Fatal(err)
	}
	var left chat.RoomID
	err = db.WriteAndWait(func(tx *store.WriteTx) error {
		for i := range maxRooms {
			name := fmt.Sprint("room ", i)
			id, err := tx.AddRoom(store.NewRoom{Kind: chat.Public, Name: store.StoredName{Shown: name, Key: name}})
			if err != nil {
				return err
			}
			if err := tx.Join(id, ann.User.ID, chat.MemberPlain, ann.User.ID); err != nil {
				return err
			}
			left = id
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	p = harness.StartIn(t, p.Data, "--messages-burst=1000")
	ann = ann.On(p)
	s := ann.Dial(t)
	if n := len(s.Welcome.Rooms); n != maxRooms+2 { // and in those for everyone
		t.Fatalf("the welcome has %d rooms, want %d", n, maxRooms+2)
	}
	if size := len(harness.AsJSON(t, s.Welcome)); size > p.Limits.OutboxBytes {
		t.Errorf("the welcome has %d bytes, an outbox %d", size, p.Limits.OutboxBytes)
	}
	for _, e := range []*chat.Error{
		s.AskRefused(t, chat.TooManyRooms, "room.join", chat.RoomAt{RoomID: others.ID}),
		ann.Refused(t, chat.TooManyRooms, http.MethodPost, harness.RoomPath(others.ID)+"/join", nil),
		ann.Refused(t, chat.TooManyRooms, http.MethodPost, "/api/rooms", chat.NewRoom{Kind: chat.Private, Name: "more"}),
	} {
		if e.Limit != maxRooms {
			t.Errorf("got %+v", e)
		}
	}
	ann.Post(t, harness.RoomPath(left)+"/join", nil, http.StatusOK, nil) // she is in it
	ann.Post(t, harness.RoomPath(left)+"/leave", nil, http.StatusNoContent, nil)
	s.Ask(t, "room.join", chat.RoomAt{RoomID: others.ID}, nil)
	p.CheckNumbers(t)
}
