// Messages and their keys, as the database holds them.

package main

import (
	"fmt"
	"net/http"
	"testing"

	"parley/chat"
)

// A key is room<<32 | seq, so a seq beyond 32 bits would name a message of another room.
func TestAPlaceBeyondARoomIsNoMessageOfAnother(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	eve := p.signUp(t, ann, "eve")
	general := ann.room(t, "general")
	var secret chat.RoomState
	for secret.ID&general.ID != general.ID { // such that general's key can be filled up to its key
		secret = ann.creates(t, chat.Private, fmt.Sprintf("secret%d", secret.ID))
	}
	sent := ann.says(t, secret.ID, "for members only")
	sock := eve.dial(t)
	place := messageKey(secret.ID, sent.Seq) &^ messageKey(general.ID, 0)
	for _, seq := range []int64{place, messageKey(secret.ID, sent.Seq), -1, 1 << 62} {
		at := chat.MessageAt{RoomID: general.ID, Seq: seq}
		sock.askRefused(t, chat.NotFound, "reaction.add", chat.ReactionAt{RoomID: at.RoomID, Seq: seq, Emoji: "👀"})
		sock.askRefused(t, chat.NotFound, "message.delete", at)
		sock.askRefused(t, chat.NotFound, "message.edit", chat.MessageEdit{RoomID: at.RoomID, Seq: seq, Body: "mine"})
		eve.refused(t, chat.NotFound, http.MethodPut, messagePath(general.ID, seq)+"/reactions/👀", nil)
	}
	if m := ann.history(t, secret.ID, "").Messages[0]; m.Rev != sent.Rev {
		t.Errorf("an outsider changed %+v", m)
	}
}

func TestAPageKnowsWhatIsAroundIt(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	general := ann.room(t, "general")
	ann.says(t, general.ID, "one")
	ann.says(t, general.ID, "two")
	for query, want := range map[string][2]bool{
		"":           {false, false},
		"?before=2":  {false, true},
		"?before=1":  {false, true},
		"?after=1":   {true, false},
		"?after=2":   {true, false},
		"?around=1":  {false, false},
		"?before=99": {false, false},
	} {
		page := ann.history(t, general.ID, query)
		if got := [2]bool{page.Before, page.After}; got != want {
			t.Errorf("%q: more before and after it: %v, want %v", query, got, want)
		}
	}
}
