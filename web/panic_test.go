// A panic in a handler ends one request and no other.

package web

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/access"
	"parley/actions"
	"parley/auth"
	"parley/chat"
	"parley/internal/count"
	"parley/internal/password"
	"parley/rooms"
	"parley/store"
)

func TestAPanicEndsOneRequestOnly(t *testing.T) {
	t.Parallel()
	limits := access.Limits{
		MessageCharacters: 10_000, MessagesPerSecond: 10, MessagesBurst: 50, SignInAttempts: 10, FrameBytes: 1 << 17,
		OutboxBytes: 1 << 20, SocketWrites: 64, Sockets: 100, SocketsPerUser: 32, SocketsPerAddress: 100,
	}
	live := rooms.New(limits, func(map[chat.UserID]int64) {})
	db, err := store.Open(filepath.Join(t.TempDir(), "parley.db"), live.Dispatch)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		live.Close()
	})
	acts, err := actions.New(db, live, password.New(password.Cheapest), limits, "test")
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := auth.NewSigner(acts.TokenKey, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Site{}, limits, acts, tokens, count.NewTally(chat.Codes), live.Unread)
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
	ask := func(path string) (int, string) {
		t.Helper()
		resp, err := http.Get("http://" + ln.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	if status, body := ask("/api/panic"); status != StatusOf(chat.Internal) || !strings.Contains(body, string(chat.Internal)) ||
		strings.Contains(body, "in a test") {
		t.Errorf("got %d %s", status, body)
	}
	if status, body := ask("/readyz"); status != http.StatusOK {
		t.Errorf("after it: got %d %s", status, body)
	}
}

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}
