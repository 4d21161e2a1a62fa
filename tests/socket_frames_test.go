// What a socket may send: frames up to the limit, and one JSON object a line.

package tests

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"parley/access"
	"parley/chat"
	"parley/tests/harness"
)

func TestFramesUpToTheLimitAreReadAndNoneBeyond(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	s := ann.Dial(t)
	ping := func(size int) string {
		frame := `{"event":"ping","id":"big"}`
		return frame + strings.Repeat(" ", size-len(frame))
	}
	for _, size := range []int{513, 64 << 10, p.Limits.FrameBytes} {
		s.SendRaw(t, ping(size))
		s.Answer(t, "big")
	}
	s.SendRaw(t, ping(p.Limits.FrameBytes+1))
	s.ExpectClosed(t, chat.CloseTooBig)
}

// Somebody who begins a frame has the server hold what has come of it, so strangers may send only what a sign-in needs.
func TestLittleIsReadFromASocketBeforeSomebodySignsIn(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	dial := func() *harness.Sock {
		s, _, err := p.Visitor(t, "nobody").Upgrade(nil, chat.Subprotocol)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Conn.Close() })
		return s
	}
	const head = 8 // bytes of the frame around the text, with its mask
	for _, frames := range []int{1, 4} {
		s := dial()
		for range frames {
			w, err := s.Conn.NextWriter(websocket.TextMessage)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write([]byte(strings.Repeat(" ", access.StrangerBytes/frames-head+1))); err != nil {
				t.Fatal(err)
			}
			w.Close() // when it fails the server has closed the socket already
		}
		s.ExpectClosed(t, chat.CloseTooBig)
	}
	s := dial()
	s.SendRaw(t, `{"event":"auth","id":"a","data":{"token":"`+ann.Token(t)+`"}}`)
	s.Answer(t, "a")
	for range 2 {
		s.SendRaw(t, `{"event":"ping","id":"big"}`+strings.Repeat(" ", p.Limits.FrameBytes-100))
		s.Answer(t, "big")
	}
}

// Parts without a text are never a message, so nothing else would ever hear of them.
func TestAMessageInPartsWithoutAnEndEndsTheSocket(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	const event = `{"event":"ping","id":"a"}`
	begin, part, ping := []byte{0x01, 0x80, 0, 0, 0, 0}, []byte{0, 0x80, 0, 0, 0, 0}, []byte{0x89, 0x80, 0, 0, 0, 0}
	whole := append([]byte{0x80, 0x80 | byte(len(event)), 0, 0, 0, 0}, event...)
	enough := bytes.Repeat(part, p.Limits.FrameBytes/len(part))

	s := ann.Dial(t)
	for range 4 { // as much as a long message may have around it, and again after something whole
		s.Conn.NetConn().Write(slices.Concat(begin, enough, ping, enough, whole)) // the answer tells when it failed
		s.Answer(t, "a")
	}
	s.Conn.NetConn().Write(slices.Concat(begin, enough, enough, enough)) // it may be closed already
	s.ExpectClosed(t, chat.CloseTooBig)
}

func TestWhatIsNoEventEndsTheSocket(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	const maxID = 64 // bytes
	for _, c := range []struct {
		name  string
		kind  int
		frame string
		want  int
	}{
		{"text that is not UTF-8", websocket.TextMessage, "{\"event\":\"\xff\xfe\"}", chat.CloseInvalidText},
		{"half a character", websocket.TextMessage, "{\"event\":\"ping\",\"id\":\"\xe4\xbd\"}", chat.CloseInvalidText},
		{"binary", websocket.BinaryMessage, `{"event":"ping","id":"1"}`, chat.ClosePolicy},
		{"not JSON", websocket.TextMessage, `ping`, chat.ClosePolicy},
		{"half of an object", websocket.TextMessage, `{"event":"ping"`, chat.ClosePolicy},
		{"two values on a line", websocket.TextMessage, `{"event":"ping"}{"event":"ping"}`, chat.ClosePolicy},
		{"a list", websocket.TextMessage, `[{"event":"ping"}]`, chat.ClosePolicy},
		{"null", websocket.TextMessage, `null`, chat.ClosePolicy},
		{"no event", websocket.TextMessage, `{"id":"1"}`, chat.ClosePolicy},
		{"an id that is a number", websocket.TextMessage, `{"event":"ping","id":1}`, chat.ClosePolicy},
		{
			"an id of 65 bytes", websocket.TextMessage, `{"event":"ping","id":"` + strings.Repeat("x", maxID+1) + `"}`,
			chat.ClosePolicy,
		},
		{"deep nesting", websocket.TextMessage, `{"event":"ping","data":` + strings.Repeat("[", 60_000), chat.ClosePolicy},
		{"an event as a list", websocket.TextMessage, `{"event":["ping"]}`, chat.ClosePolicy},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := ann.Dial(t)
			if err := s.Conn.WriteMessage(c.kind, []byte(c.frame)); err != nil {
				t.Fatal(err)
			}
			s.ExpectClosed(t, c.want)
		})
	}
	s := ann.Dial(t)
	longest := strings.Repeat("x", maxID)
	s.SendRaw(t, "\n\n {\"event\":\"ping\",\"id\":\"1\"} \r\n\n{\"event\":\"nonsense\",\"id\":\"2\"}\n{\"event\":\"nonsense\"}\n"+
		`{"event":"ping","id":"`+longest+`","data":null}`)
	s.Answer(t, "1")
	if f := s.Answer(t, "2"); f.Event != chat.ErrorEvent {
		t.Errorf("an unknown event got %s", f.Event)
	}
	s.Answer(t, longest)
	s.Settle(t)
	if unasked := s.Got(chat.ErrorEvent); len(unasked) != 0 {
		t.Errorf("a request without an id got %s", unasked[0].Data)
	}
}
