// A room's history from outside: pages, and places that are none.

package tests

import (
	"fmt"
	"net/http"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// messageKey is the key of a message in the database.
func messageKey(room chat.RoomID, seq int64) int64 { return int64(room)<<32 | seq }

// A key is room<<32 | seq, so a seq beyond 32 bits would name a message of another room.
func TestAPlaceBeyondARoomIsNoMessageOfAnother(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	eve := p.SignUp(t, ann, "eve")
	general := ann.Room(t, "general")
	var secret chat.RoomState
	for secret.ID&general.ID != general.ID { // such that general's key can be filled up to its key
		secret = ann.Creates(t, chat.Private, fmt.Sprintf("secret%d", secret.ID))
	}
	sent := ann.Says(t, secret.ID, "for members only")
	sock := eve.Dial(t)
	place := messageKey(secret.ID, sent.Seq) &^ messageKey(general.ID, 0)
	for _, seq := range []int64{place, messageKey(secret.ID, sent.Seq), -1, 1 << 62} {
		at := chat.MessageAt{RoomID: general.ID, Seq: seq}
		sock.AskRefused(t, chat.NotFound, "reaction.add", chat.ReactionAt{RoomID: at.RoomID, Seq: seq, Emoji: "👀"})
		sock.AskRefused(t, chat.NotFound, "message.delete", at)
		sock.AskRefused(t, chat.NotFound, "message.edit", chat.MessageEdit{RoomID: at.RoomID, Seq: seq, Body: "mine"})
		eve.Refused(t, chat.NotFound, http.MethodPut, harness.MessagePath(general.ID, seq)+"/reactions/👀", nil)
	}
	if m := ann.History(t, secret.ID, "").Messages[0]; m.Rev != sent.Rev {
		t.Errorf("an outsider changed %+v", m)
	}
}

func TestAPageKnowsWhatIsAroundIt(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	general := ann.Room(t, "general")
	ann.Says(t, general.ID, "one")
	ann.Says(t, general.ID, "two")
	for query, want := range map[string][2]bool{
		"":           {false, false},
		"?before=2":  {false, true},
		"?before=1":  {false, true},
		"?after=1":   {true, false},
		"?after=2":   {true, false},
		"?around=1":  {false, false},
		"?before=99": {false, false},
	} {
		page := ann.History(t, general.ID, query)
		if got := [2]bool{page.Before, page.After}; got != want {
			t.Errorf("%q: more before and after it: %v, want %v", query, got, want)
		}
	}
}
