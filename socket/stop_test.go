// Closing the door: everyone is told to come back, whoever comes meanwhile too, and nothing runs afterwards.

package socket

import (
	"net/http"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"parley/chat"
	"parley/internal/engines"
	"parley/store"
	"parley/tests/harness"
)

// This test is not parallel: a test that runs beside it would have goroutines too.
func TestAStoppedServerLeavesNothingRunning(t *testing.T) {
	engines.OnlySQLite(t) // the PostgreSQL that the tests start goes on running
	before := goleak.IgnoreCurrent()
	t.Run("server", func(t *testing.T) {
		h := openHouse(t, func(h *house) { h.narrow = true })
		ann := h.setUp(t)
		bob := h.signUp(t, ann, "bob")
		var socks []*harness.Sock
		for range 10 {
			socks = append(socks, ann.dial(t), bob.dial(t))
		}
		bob.Stalled(t)
		silent := h.program.Visitor(t, "nobody").DialAnyhow(t, http.Header{}) // has not signed in
		h.says(t, ann, h.general(t, ann), "bye")
		for _, s := range socks {
			s.ExpectMessage(t)
		}
		h.shut()
		for _, s := range append(socks, silent) {
			s.ExpectClosed(t, chat.CloseRestart)
		}
		if counts := h.Counts(); counts.Open != 0 || counts.Closed[chat.CloseRestart] != 22 {
			t.Errorf("%d sockets are open, and they were closed with %v", counts.Open, counts.Closed)
		}
	})
	goleak.VerifyNone(t, before)
}

func TestSocketsThatComeWhileStoppingAreTurnedAway(t *testing.T) {
	t.Parallel()
	for range 5 {
		h := openHouse(t, nil)
		ann := h.setUp(t)
		var dials sync.WaitGroup
		stop := make(chan struct{})
		for range 8 {
			dials.Go(func() {
				for n := 0; ; n++ {
					s, _, err := ann.Upgrade(ann.bearer(), chat.Subprotocol)
					if err != nil {
						t.Error(err) // the door takes no socket any more, but says so with a code
						return
					}
					if n == 0 {
						<-stop // and come again while the door closes
						s.Conn.Close()
						continue
					}
					<-s.Closed
					if s.Close != nil && s.Close.Code != chat.CloseRestart {
						t.Errorf("closed with %v", s.Close)
					}
					s.Conn.Close()
					return
				}
			})
		}
		ann.dial(t).Settle(t)
		close(stop)
		h.shut()
		dials.Wait()
		if n := h.Counts().Open; n != 0 {
			t.Errorf("%d sockets are open after all", n)
		}
		late, _, err := ann.Upgrade(ann.bearer(), chat.Subprotocol)
		if err != nil {
			t.Fatal(err)
		}
		late.ExpectClosed(t, chat.CloseRestart)
		h.Close(t.Context()) // once more changes nothing
	}
}

func TestWhoIsThereWhenTheDoorClosesWasSeen(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	lastSeen := func() (at int64) {
		t.Helper()
		err := h.store.Read(t.Context(), func(tx *store.Tx) error {
			seen, err := tx.LastSeen([]chat.UserID{ann.User.ID})
			at = seen[ann.User.ID]
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	ann.dial(t).Settle(t)
	before := lastSeen()
	h.shut()
	if err := h.store.WriteAndWait(func(*store.WriteTx) error { return nil }); err != nil { // all before it is stored
		t.Fatal(err)
	}
	if at := lastSeen(); at <= before {
		t.Errorf("last seen at %d, want later than %d", at, before)
	}
}
