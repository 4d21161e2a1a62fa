// A panic in a handler ends one request and no other.

package web

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/count"
	"parley/internal/wait"
	"parley/store"
	"parley/tests/core"
)

// listening is a server that listens at an address, with a route that panics.
func listening(t *testing.T) (address string, db *store.Store) {
	t.Helper()
	limits := access.Limits{
		MessageCharacters: 10_000, MessagesPerSecond: 10, MessagesBurst: 50, SignInAttempts: 10, FrameBytes: 1 << 17,
		OutboxBytes: 1 << 20, SocketWrites: 64, Sockets: 100, SocketsPerUser: 32, SocketsPerAddress: 100,
	}
	c := core.Open(t, limits)
	s, err := New(Site{}, limits, c.Actions, c.Tokens, count.NewTally(chat.Codes), c.Rooms.Unread)
	if err != nil {
		t.Fatal(err)
	}
	s.Mount([]Route{
		Raw(http.MethodGet, "/api/panic", func(http.ResponseWriter, *http.Request) error { panic("in a test") }),
		Raw(http.MethodGet, "/readyz", s.Ready),
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, []net.Listener{ln}, func(context.Context) {}) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return "http://" + ln.Addr().String(), c.Store
}

func TestAPanicEndsOneRequestOnly(t *testing.T) {
	t.Parallel()
	address, _ := listening(t)
	ask := func(path string) (int, string) {
		t.Helper()
		return asksAt(t, http.MethodGet, address+path)
	}
	if status, body := ask("/api/panic"); status != StatusOf(chat.Internal) || !strings.Contains(body, string(chat.Internal)) ||
		strings.Contains(body, "in a test") {
		t.Errorf("got %d %s", status, body)
	}
	if status, body := ask("/readyz"); status != http.StatusOK {
		t.Errorf("after it: got %d %s", status, body)
	}
}

// Whoever watches with HEAD learns as much as with GET.
func TestReadinessIsToldToHeadWithoutABody(t *testing.T) {
	t.Parallel()
	address, db := listening(t)
	goesOn := make(chan struct{})
	db.Write(func(*store.WriteTx) error { <-goesOn; return nil }, func(error) {})
	defer close(goesOn)
	wait.Until(t, "a disk that does not answer counts as one that fails", func() bool {
		status, _ := asksAt(t, http.MethodGet, address+"/readyz")
		return status == http.StatusServiceUnavailable
	})
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		status, body := asksAt(t, method, address+"/readyz")
		if status != http.StatusServiceUnavailable || (body == "") != (method == http.MethodHead) {
			t.Errorf("%s when nothing can be stored: got %d %q", method, status, body)
		}
	}
}

// asksAt makes a request of a server that listens.
func asksAt(t *testing.T, method, address string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}
