// What our design relies on in melody, pinned on melody alone, so that an upgrade that changes it is noticed.

package socket

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
)

// melodyServer is melody alone, as it comes.
func melodyServer(t *testing.T, change func(*melody.Melody)) (*melody.Melody, *websocket.Conn) {
	t.Helper()
	m := melody.New()
	if change != nil {
		change(m)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { m.HandleRequest(w, r) }))
	t.Cleanup(server.Close)
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"),
		http.Header{"Origin": {"https://evil.example"}})
	if err != nil {
		t.Fatalf("melody alone refused a foreign page: %v", err)
	}
	t.Cleanup(func() { conn.Close() })
	return m, conn
}

func TestMelodyAloneTakesAnyOriginAnd512Bytes(t *testing.T) {
	t.Parallel()
	got := make(chan int, 2)
	_, conn := melodyServer(t, func(m *melody.Melody) {
		if m.Config.ConcurrentMessageHandling {
			t.Error("melody handles messages concurrently: they lose their order")
		}
		m.HandleMessage(func(_ *melody.Session, frame []byte) { got <- len(frame) })
	})
	conn.WriteMessage(websocket.TextMessage, make([]byte, 512))
	if n := <-got; n != 512 {
		t.Errorf("melody read %d bytes", n)
	}
	conn.WriteMessage(websocket.TextMessage, make([]byte, 513))
	if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseMessageTooBig) {
		t.Errorf("melody's limit is no longer 512 bytes: %v", err)
	}
}

// This is why each socket has an outbox of its own, and is closed around melody.
func TestMelodyAloneDropsFramesAndClosesWhenItsQueueIsFull(t *testing.T) {
	t.Parallel()
	sessions := make(chan *melody.Session, 1)
	var mu sync.Mutex
	dropped := 0
	writing := make(chan struct{})
	release := make(chan struct{})
	_, conn := melodyServer(t, func(m *melody.Melody) {
		m.Config.MessageBufferSize = 2
		m.HandleConnect(func(s *melody.Session) { sessions <- s })
		m.HandleError(func(_ *melody.Session, err error) {
			if err == melody.ErrMessageBufferFull {
				mu.Lock()
				dropped++
				mu.Unlock()
			}
		})
		m.HandleSentMessage(func(*melody.Session, []byte) { // keeps the pump from going on
			select {
			case writing <- struct{}{}:
			case <-release:
			}
			<-release
		})
	})
	s := <-sessions
	s.Write([]byte("1"))
	<-writing
	for _, frame := range []string{"2", "3", "4", "5"} {
		if err := s.Write([]byte(frame)); err != nil {
			t.Errorf("melody told %v for a frame that did not fit", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("melody told %v for a close that did not fit", err)
	}
	mu.Lock()
	if dropped != 3 {
		t.Errorf("melody dropped %d, want two frames and the close", dropped)
	}
	mu.Unlock()
	if s.IsClosed() {
		t.Error("melody closed the session after all")
	}
	close(release)
	for _, want := range []string{"1", "2", "3"} {
		if _, frame, err := conn.ReadMessage(); err != nil || string(frame) != want {
			t.Errorf("got %q %v, want %q", frame, err, want)
		}
	}
	s.Write([]byte("6"))
	if _, frame, err := conn.ReadMessage(); err != nil || string(frame) != "6" {
		t.Errorf("after the lost close: got %q %v", frame, err)
	}
	s.WebsocketConnection().Close()
	if _, _, err := conn.ReadMessage(); err == nil {
		t.Error("the connection is still open")
	}
}
