// A panic ends one socket and no other.

package socket

import (
	"maps"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/rooms"
)

func TestAPanicEndsOneSocketOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		handle func(*Door, *request)
	}{
		{"in what an event does", func(*Door, *request) { panic("in a test") }},
		// Whoever writes the last frame of an outbox also does what is to be done once it is empty.
		{"after a frame was written", func(_ *Door, r *request) {
			r.sock.HangUp = func(int, string) { panic("in a test") }
			r.sock.PutCorked(rooms.NewLine([]byte(`{"event":"reply","id":"last","data":{}}`)))
			r.sock.Finish(chat.CloseLater, "in a test")
			r.sock.Uncork()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := furnish(t, nil)
			h.events = maps.Clone(events)
			h.events["panic"] = event{handle: c.handle}
			h.open(t)
			ann := h.setUp(t)
			bob := h.signUp(t, ann, "bob")
			bad, good, other := ann.dial(t), ann.dial(t), bob.dial(t)
			bad.SendRaw(t, `{"event":"panic"}`)
			<-bad.Closed
			wait.Until(t, "it is let go", func() bool { return h.Counts().Open == 2 })
			good.Settle(t)
			sent := good.Says(t, h.general(t, ann), "still here")
			if m := other.ExpectMessage(t); m.Seq != sent.Seq {
				t.Errorf("bob got %+v", m)
			}
		})
	}
}
