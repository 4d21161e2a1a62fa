//go:build unported

// A running server whose insides a test can look at, wired as run wires it.

package tests

import (
	"context"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/chat"
	"parley/internal/password"
)

type parts struct {
	*harness.Program
	store   *Store
	rooms   *Rooms
	actions *Actions
	server  *Server
}

// startParts runs a server; before it answers, prepare may change what only tests change.
func startParts(t *testing.T, prepare func(*parts), args ...string) *parts {
	t.Helper()
	p := assemble(t, args...)
	if prepare != nil {
		prepare(p)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.serve(t, ln)
	return p
}

// assemble makes all parts and does not serve yet.
func assemble(t *testing.T, args ...string) *parts {
	t.Helper()
	data := t.TempDir()
	cfg := settings(t, append([]string{"--data", data}, args...)...)
	p := &parts{program: &program{data: data, cfg: cfg, output: &syncBuffer{}}}
	p.rooms = NewRooms(cfg.Limits, p.lastSeen)
	var err error
	p.store, err = OpenStore(filepath.Join(data, "parley.db"), p.rooms.Dispatch)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // after the server has stopped
		if err := p.store.Close(); err != nil {
			t.Error(err)
		}
		p.rooms.Close()
	})
	p.actions, err = NewActions(p.store, p.rooms, password.New(password.Cheapest), cfg.Limits, version)
	if err != nil {
		t.Fatal(err)
	}
	if p.server, err = NewServer(cfg, p.actions, p.rooms); err != nil {
		t.Fatal(err)
	}
	return p
}

// serve answers on a listener until the test ends.
func (p *parts) serve(t *testing.T, ln net.Listener) {
	t.Helper()
	p.URL = "http://" + ln.Addr().String()
	greet(p.output, p.cfg, p.actions, []net.Listener{ln})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.server.Serve(ctx, []net.Listener{ln}) }()
	p.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("serve: %v", err)
			}
		case <-time.After(12 * time.Second):
			t.Error("the server does not stop")
		}
	})
	t.Cleanup(p.stop)
	p.waitUntilReady(t)
}

// eventually waits until something inside has become true that nothing tells of.
func wait.Until(t *testing.T, what string, is func() bool) {
	t.Helper()
	wait.Within(t, wait.Patience, what, is)
}

func wait.Within(t *testing.T, limit time.Duration, what string, is func() bool) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("it never came that %s", what)
		}
		<-time.After(2 * time.Millisecond)
	}
}

func (p *parts) lastSeen(seen map[chat.UserID]int64) { p.actions.KeepLastSeen(seen) }
