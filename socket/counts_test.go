// What the door counts: sockets by the code they were closed with, frames, and what waits.

package socket

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/internal/wait"
)

func TestSocketsAreCountedByTheCodeTheyWereClosedWith(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(h *house) { h.limits.Sockets = 2 })
	ann := h.setUp(t)
	for i, c := range []struct {
		code int
		end  func()
	}{
		{chat.CloseTooBig, func() {
			ann.dial(t).SendRaw(t, `{"event":"ping"}`+strings.Repeat(" ", h.limits.FrameBytes))
		}},
		{chat.ClosePolicy, func() { ann.dial(t).SendRaw(t, `nothing`) }},
		{chat.CloseInvalidText, func() { ann.dial(t).SendRaw(t, "{\"event\":\"ping\",\"id\":\"\xff\"}") }},
		{chat.CloseSignedOut, func() { h.comes(t, "wrong") }},
		{websocket.CloseAbnormalClosure, func() { ann.dial(t).Conn.NetConn().Close() }},
		{websocket.CloseNormalClosure, func() {
			frame := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			if err := ann.dial(t).Conn.WriteMessage(websocket.CloseMessage, frame); err != nil {
				t.Error(err)
			}
		}},
		{0, func() { // one that a client made up
			frame := websocket.FormatCloseMessage(4999, "")
			if err := ann.dial(t).Conn.WriteMessage(websocket.CloseMessage, frame); err != nil {
				t.Error(err)
			}
		}},
	} {
		c.end()
		wait.Until(t, "it is counted", func() bool { return h.Counts().Open == 0 && h.Counts().Opened == int64(i+1) })
		if closed := h.Counts().Closed; closed[c.code] != 1 {
			t.Errorf("want one more that was closed with %d: %v", c.code, closed)
		}
	}
	first, second := ann.dial(t), ann.dial(t)
	ann.DialAnyhow(t, ann.bearer()).ExpectClosed(t, chat.CloseLater)
	h.program.Visitor(t, "nobody").DialAnyhow(t, http.Header{}).ExpectClosed(t, chat.CloseLater)
	wait.Until(t, "two are refused", func() bool { return h.Counts().Closed[chat.CloseLater] == 2 })
	first.Settle(t)
	second.Settle(t)
	second.Conn.Close()
	wait.Until(t, "there is place", func() bool { return h.Counts().Open == 1 })
	ann.dial(t).Settle(t)
}

func TestFramesOfThoseWhoLeftStayCounted(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	s := ann.dial(t)
	for range 10 {
		s.Settle(t)
	}
	before := h.Counts()
	if before.Frames != 1+10 || before.Bytes < before.Frames*10 {
		t.Errorf("%d frames of %d bytes are counted, want 11", before.Frames, before.Bytes)
	}
	s.Conn.Close()
	wait.Until(t, "it has left", func() bool { return h.Counts().Open == 0 })
	if after := h.Counts(); after.Frames < before.Frames || after.Bytes < before.Bytes {
		t.Errorf("%d frames of %d bytes are counted, before it left %d of %d", after.Frames, after.Bytes, before.Frames, before.Bytes)
	}
}

func TestTheFullestOutboxIsTheOneThatMostWaitsFor(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	const sockets = 10
	for i := range sockets { // nothing leaves before a welcome
		sock := h.Begin("here", nil, func(int, string) {})
		defer h.LetGo(sock)
		sock.Put(make([]byte, 10*(i+1)))
	}
	for range 20 { // in whatever order they are looked at
		if c := h.Counts(); c.OutboxFilled != 100 || c.OutboxBytes != 550 || c.Open != sockets {
			t.Fatalf("%d bytes wait in all and %d in the fullest of %d, want 550 and 100", c.OutboxBytes, c.OutboxFilled, c.Open)
		}
	}
}

func TestRefusalsAreCounted(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	s := ann.dial(t)
	s.AskRefused(t, chat.BadRequest, "nonsense", chat.Done{})
	s.SendRaw(t, `{"event":"nonsense"}`)
	s.Settle(t)
	if n := h.refusals.Read()[chat.BadRequest]; n != 2 {
		t.Errorf("%d are counted, want 2", n)
	}
}
