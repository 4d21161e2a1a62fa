package socket

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/tests/harness"
)

func TestOneSocketHasSixtyFourWritesUnderWay(t *testing.T) {
	t.Parallel()
	p := start(t)
	token := p.tokenOf(t, p.setsUp(t))
	edits, sends := p.dials(t, token), p.dials(t, token)
	general := p.general(t, edits)
	sent := sends.Says(t, general, "text")
	release := p.holdWriter(t)
	var ids, edited []string
	for i := range p.Limits.SocketWrites {
		edited = append(edited, edits.Send(t, "message.edit", chat.MessageEdit{RoomID: general, Seq: sent.Seq, Body: fmt.Sprint(i)}))
		ids = append(ids, sends.Send(t, "message.send", chat.MessageSend{RoomID: general, Draft: harness.Draft(fmt.Sprint(i))}))
	}
	busy := edits.AskRefused(t, chat.Busy, "message.edit", chat.MessageEdit{RoomID: general, Seq: sent.Seq, Body: "more"})
	if busy.Limit != int64(p.Limits.SocketWrites) || busy.RetryAfter == 0 {
		t.Errorf("got %+v, want the limit %d and when to come back", busy, p.Limits.SocketWrites)
	}
	edits.Settle(t) // the reader goes on meanwhile
	edits.Ask(t, "room.changes", chat.ChangesSince{Rooms: []chat.RoomRev{}}, nil)
	p.dials(t, token).Settle(t)
	release()
	for _, id := range edited {
		edits.Answer(t, id)
	}
	edits.Ask(t, "message.edit", chat.MessageEdit{RoomID: general, Seq: sent.Seq, Body: "at last"}, nil)
	for _, id := range ids {
		if f := sends.Answer(t, id); f.Event != chat.ReplyEvent {
			t.Errorf("a message got %s %s", f.Event, f.Data)
		}
	}
}

// A message that was refused as busy must not be overtaken by one sent after it.
func TestABusySocketIsClosedAndNothingOvertakes(t *testing.T) {
	t.Parallel()
	p := start(t, func(l *access.Limits) { l.SocketWrites = 3 })
	session := p.setsUp(t)
	token := p.tokenOf(t, session)
	s := p.dials(t, token)
	general := p.general(t, s)
	release := p.holdWriter(t)
	var lines, bodies []string
	for i := range 10 {
		bodies = append(bodies, fmt.Sprint(i))
		line, err := chat.Encode("message.send", fmt.Sprint(i), chat.MessageSend{RoomID: general, Draft: harness.Draft(bodies[i])})
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	s.SendRaw(t, strings.Join(lines, "\n"))
	s.ExpectClosed(t, chat.CloseLater)
	release()
	p.dials(t, token).Says(t, general, "barrier")
	page, err := p.actions.History(context.Background(), access.Caller{User: session.User}, general, actions.PageOf{})
	if err != nil {
		t.Fatal(err)
	}
	got := harness.Bodies(page.Messages)
	if n := len(got) - 1; n > 3 || !slices.Equal(got[:n], bodies[:n]) {
		t.Errorf("stored %q, want the first three of ten or fewer, and the barrier", got)
	}
}
