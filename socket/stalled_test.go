// Sockets whose client reads nothing: they are cut off, at once where that is asked for, and nobody else
// notices.

package socket

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/access"
	"parley/chat"
	"parley/internal/wait"
	"parley/rooms"
	"parley/tests/harness"
)

// stall gives a house in which bob reads nothing, and in which more waits for his socket than can be on its
// way.
func stall(t *testing.T) (h *house, bob *guest, sock *rooms.Socket) {
	t.Helper()
	h = openHouse(t, func(h *house) { h.narrow, h.limits.OutboxBytes = true, 100_000_000 })
	ann := h.setUp(t)
	bob = h.signUp(t, ann, "bob")
	bob.Stalled(t)
	sock = h.only(t, bob)
	for general := h.general(t, ann); sock.Traffic().Waiting < 500_000; {
		h.says(t, ann, general, harness.BigBody)
	}
	return h, bob, sock
}

// melody's own Close waits in the queue behind what the client does not read, and may be lost there.
func TestWhoReadsNothingIsStillCutOffAtOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		code int
		end  func(*house, *guest) error
	}{
		{"by signing out", chat.CloseSignedOut, func(h *house, bob *guest) error { return h.actions.SignOut(bob.caller) }},
		{"by another password", chat.CloseSignedOut, func(h *house, bob *guest) error {
			change := chat.PasswordChange{Current: harness.GoodPassword, New: "another password"}
			_, err := h.actions.ChangePassword(t.Context(), h.signIn(t, bob).caller, change)
			return err
		}},
		{"by being deactivated", chat.CloseBanned, func(h *house, bob *guest) error {
			in := chat.Deactivation{Messages: chat.KeepMessages}
			_, err := h.actions.Deactivate(access.Caller{Operator: true}, bob.caller.User, in)
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, bob, sock := stall(t)
			if err := c.end(h, bob); err != nil {
				t.Fatal(err)
			}
			wait.Until(t, "the connection is gone", func() bool { return h.Counts().Open == 0 })
			if code := sock.CloseCode(); code != c.code || sock.StalledTooLong() {
				t.Errorf("closed with %d, after a write that stalled: %v; want it cut off", code, sock.StalledTooLong())
			}
		})
	}
}

func TestWhoFallsBehindIsClosedAndOthersMissNothing(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(h *house) { h.narrow, h.limits.OutboxBytes = true, 300_000 })
	ann := h.setUp(t)
	bob, carl := h.signUp(t, ann, "bob"), h.signUp(t, ann, "carl")
	general := h.general(t, ann)
	slow := bob.Stalled(t)
	healthy := carl.dial(t)
	sock := h.only(t, bob)
	for sock.CloseCode() == 0 {
		sent := h.says(t, ann, general, harness.BigBody)
		if m := healthy.ExpectMessage(t); m.Rev != sent.Rev {
			t.Fatalf("carl got rev %d, want %d", m.Rev, sent.Rev)
		}
		if sent.Rev == 500 {
			t.Fatal("bob's socket is still open")
		}
	}
	if code := sock.CloseCode(); code != chat.CloseSlow {
		t.Errorf("bob's socket was closed with %d, want %d", code, chat.CloseSlow)
	}
	if sent := h.says(t, ann, general, "on we go"); healthy.ExpectMessage(t).Rev != sent.Rev {
		t.Error("carl missed what came after")
	}
	for next := int64(1); ; {
		_, frame, err := slow.ReadMessage()
		if err != nil {
			if !websocket.IsCloseError(err, chat.CloseSlow) && websocket.IsCloseError(err, 1000, 1001, 1008, 1013) {
				t.Errorf("closed with %v, want 4008 or a connection that broke", err)
			}
			break
		}
		for line := range chat.Lines(frame) {
			if strings.Contains(string(line), `"message.added"`) {
				if !strings.Contains(string(line), fmt.Sprintf(`"seq":%d,`, next)) {
					t.Errorf("after %d messages bob got another than the next", next-1)
				}
				next++
			}
		}
	}
}

// This one takes as long as in earnest: a write may stall for ten seconds.
func TestAWriteThatStallsEndsTheSocket(t *testing.T) {
	t.Parallel()
	const writeWait = 10 * time.Second
	begun := time.Now()
	h, _, sock := stall(t)
	wait.Within(t, writeWait+wait.Patience, "the connection is gone", func() bool { return h.Counts().Open == 0 })
	if took := time.Since(begun); took < writeWait {
		t.Errorf("it took only %v", took)
	}
	if sock.CloseCode() != chat.CloseSlow || !sock.StalledTooLong() || h.Counts().Closed[chat.CloseSlow] != 1 {
		t.Errorf("closed with %d, counted as %v; want %d", sock.CloseCode(), h.Counts().Closed, chat.CloseSlow)
	}
}
