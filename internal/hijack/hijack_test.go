package hijack

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gorilla/websocket"
)

// serve starts a server that upgrades each request after its handler has returned. outcome gets the result of
// each upgrade.
func serve(t *testing.T) (url string, outcome <-chan error) {
	t.Helper()
	outcomes := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Before", "it was taken")
		taken, err := Take(w)
		if err != nil {
			outcomes <- err
			return
		}
		upgrader := websocket.Upgrader{ReadBufferSize: 512, WriteBufferSize: 512}
		go func() {
			conn, err := upgrader.Upgrade(taken, r, taken.Header())
			if err == nil {
				err = conn.WriteMessage(websocket.TextMessage, []byte("hello"))
			}
			taken.Conn.Close()
			outcomes <- err
		}()
	}))
	t.Cleanup(server.Close)
	return server.URL, outcomes
}

func TestAHandshakeIsMadeOnAConnectionThatWasTaken(t *testing.T) {
	t.Parallel()
	url, outcome := serve(t)
	conn, answer, err := websocket.DefaultDialer.DialContext(t.Context(), "ws"+url[len("http"):], nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	defer conn.Close()
	if got := answer.Header.Get("X-Before"); got != "it was taken" {
		t.Errorf("the header set before is %q", got)
	}
	if _, text, err := conn.ReadMessage(); err != nil || string(text) != "hello" {
		t.Errorf("got %q %v", text, err)
	}
	if err := <-outcome; err != nil {
		t.Error(err)
	}
}

func TestARequestThatIsNoHandshakeIsAnsweredWithAStatus(t *testing.T) {
	t.Parallel()
	url, outcome := serve(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Connection", "Upgrade")
	request.Header.Set("Upgrade", "websocket") // the key is missing
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusBadRequest || answer.Header.Get("X-Before") == "" {
		t.Errorf("got %d %v", answer.StatusCode, answer.Header)
	}
	if err := <-outcome; err == nil {
		t.Error("it was taken for a handshake")
	}
}

func TestTakeFailsWithoutAConnection(t *testing.T) {
	t.Parallel()
	if taken, err := Take(httptest.NewRecorder()); err == nil {
		t.Error("got", taken)
	}
}
