// A client that does what docs/protocol.md says after a message was refused for now, and nothing more, loses none.

package tests

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

// hasty sends messages on one socket as fast as it can, and does after failures what "Sending" says: it waits for as
// long as the error names, and starts again, on a new socket, from the first message without an outcome, with a pause
// between one message and the next.
type hasty struct {
	who      *harness.Person
	room     chat.RoomID
	messages []chat.Draft
	stored   map[chat.ClientID]int64 // by the seq that a reply said
	refused  map[chat.ClientID]chat.Error
	failures int
	sockets  int
	pace     atomic.Int64 // the pause, in nanoseconds
	shortest int64        // what it is at first
}

func (h *hasty) settled(m chat.Draft) bool {
	_, stored := h.stored[m.ClientID]
	_, refused := h.refused[m.ClientID]
	return stored || refused
}

// run sends until every message has its outcome.
func (h *hasty) run(t testing.TB) {
	h.stored, h.refused = map[chat.ClientID]int64{}, map[chat.ClientID]chat.Error{}
	for end := time.Now().Add(4 * wait.Patience); ; {
		left := slices.DeleteFunc(slices.Clone(h.messages), h.settled)
		if len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Errorf("%d messages have no outcome", len(left))
			return
		}
		<-time.After(h.once(t, left))
	}
}

// once sends on one socket until it closes or nothing is left, and returns how long the server asks to wait.
func (h *hasty) once(t testing.TB, left []chat.Draft) (pause time.Duration) {
	s := h.who.Dial(t)
	defer s.Conn.Close()
	h.sockets++
	go func() {
		for i, m := range left {
			<-time.After(time.Duration(h.pace.Load()))
			line, err := chat.Encode("message.send", fmt.Sprint(i), chat.MessageSend{RoomID: h.room, Draft: m})
			if err != nil || s.Conn.WriteMessage(websocket.TextMessage, line) != nil {
				return // the socket is closed
			}
		}
	}()
	limited := int64(0)
	for range left {
		frame, open := s.NextAnswer(t)
		if !open {
			break
		}
		var i int
		fmt.Sscan(frame.ID, &i)
		m := left[i]
		if frame.Event == chat.ReplyEvent {
			var sent chat.MessageSent
			s.Decode(t, frame, &sent)
			h.stored[m.ClientID] = sent.Seq
			h.pace.Store(max(h.pace.Load()*15/16, h.shortest))
			continue
		}
		var refused chat.Error
		if err := json.Unmarshal(frame.Data, &refused); err != nil {
			t.Error(err)
		}
		if !refused.Retryable() {
			h.refused[m.ClientID] = refused
			continue
		}
		h.failures++
		pause = max(pause, time.Duration(refused.RetryAfter)*time.Millisecond)
		if refused.Code == chat.RateLimited {
			limited = refused.Limit
		}
	}
	if limited > 0 {
		h.shortest = int64(time.Second) / limited
		h.pace.Store(max(h.pace.Load()*3/2, h.shortest))
	}
	return pause
}

func TestTwoHastySocketsOfAPersonLoseNothing(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=60", "--messages-burst=30", "--reads-per-second=10000")
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Private, "hasty").ID
	both := []*hasty{{who: ann, room: room}, {who: ann, room: room}}
	var sending sync.WaitGroup
	for n, h := range both {
		for i := range 150 {
			body := fmt.Sprintf("%d: %d", n, i)
			if i%50 == 49 {
				body = "" // refused for good
			}
			h.messages = append(h.messages, harness.Draft(body))
		}
		sending.Go(func() { h.run(t) })
	}
	sending.Wait()

	times := map[string]int{} // how often each text stands in the room
	var inOrder [2][]string
	for after, more := int64(0), true; more; {
		page := ann.History(t, room, fmt.Sprintf("?limit=100&after=%d", after))
		for _, m := range page.Messages {
			times[m.Body]++
			inOrder[int(m.Body[0]-'0')] = append(inOrder[int(m.Body[0]-'0')], m.Body)
			after = m.Seq
		}
		more = page.After
	}
	for n, h := range both {
		if h.failures == 0 {
			t.Error("the limit held nobody up")
		}
		t.Logf("socket %d: %d failures, %d sockets for %d messages", n, h.failures, h.sockets, len(h.messages))
		var want []string
		for _, m := range h.messages {
			if _, refused := h.refused[m.ClientID]; refused != (m.Body == "") {
				t.Errorf("%q: refused %v", m.Body, refused)
			} else if !refused {
				want = append(want, m.Body)
			}
			if m.Body != "" && times[m.Body] != 1 {
				t.Errorf("%q is stored %d times", m.Body, times[m.Body])
			}
		}
		if !slices.Equal(inOrder[n], want) {
			t.Errorf("socket %d: stored %q, want %q", n, inOrder[n], want)
		}
	}
}
