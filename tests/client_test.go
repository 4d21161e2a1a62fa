// The Go client against the real program, as anyone's bot would use it.

package tests

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/chat"
	"parley/client"
	"parley/internal/wait"
	"parley/tests/harness"
)

// openClient opens a client of the person's on whichever server is at the address then.
func openClient(
	t *testing.T, p *harness.Program, name string, at *atomic.Value, onEvent func(*client.Client, any),
) *client.Client {
	t.Helper()
	token, err := client.SignIn(t.Context(), p.URL, name, harness.GoodPassword)
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.Open(t.Context(), client.Options{
		URL: p.URL, Token: token, OnEvent: onEvent,
		Wait: func(client.Comeback, int) time.Duration { return 10 * time.Millisecond },
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, strings.TrimPrefix(at.Load().(string), "http://"))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestTheClientCarriesMessagesOverKilledServers(t *testing.T) {
	t.Parallel()
	const all = 300
	data := filepath.Join(t.TempDir(), "data")
	settings := []string{"--messages-per-second=100000", "--messages-burst=100000"}
	p := harness.StartIn(t, data, settings...)
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Public, "garden")
	var at atomic.Value
	at.Store(p.URL)

	heard := make(chan chat.Message, 2*all)
	welcomed := make(chan struct{}, 100)
	openClient(t, p, "ann", &at, func(_ *client.Client, event any) {
		switch e := event.(type) {
		case chat.Welcome:
			welcomed <- struct{}{}
		case chat.MessageAdded:
			heard <- e.Message
		}
	})
	<-welcomed
	writer := openClient(t, p, "ann", &at, nil)
	var sending []*client.Delivery
	for i := range all {
		d, err := writer.Queue(chat.MessageSend{RoomID: room.ID, Draft: chat.Draft{Body: fmt.Sprint(i)}})
		if err != nil {
			t.Fatal(err)
		}
		sending = append(sending, d)
	}
	for i, d := range sending {
		if _, err := d.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if i == all/3 || i == 2*all/3 {
			p.Kill()
			p = harness.StartIn(t, data, settings...)
			at.Store(p.URL)
		}
	}
	for i := range all {
		select {
		case m := <-heard:
			if m.Body != fmt.Sprint(i) || m.Seq != int64(i+1) {
				t.Fatalf("message %d is %q at %d", i, m.Body, m.Seq)
			}
		case <-time.After(wait.Patience):
			t.Fatalf("message %d did not come", i)
		}
	}
}

func TestTheClientSpeaksOverHTTPToo(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.SetUp(t)
	var at atomic.Value
	at.Store(p.URL)
	c := openClient(t, p, "ann", &at, nil)
	var rooms chat.Rooms
	if err := c.Call(t.Context(), "GET", "/api/rooms", nil, &rooms); err != nil || len(rooms.Rooms) == 0 {
		t.Errorf("got %+v, %v", rooms, err)
	}
	first := rooms.Rooms[0].ID
	for _, favorite := range []bool{true, false} {
		var changed chat.FavoriteChanged
		var err error
		wait.Until(t, "the socket", func() bool {
			changed, err = c.SetFavorite(t.Context(), first, favorite)
			return !errors.Is(err, client.ErrOffline)
		})
		if err != nil || changed.RoomID != first || changed.Favorite != favorite {
			t.Errorf("favorite %v: got %+v, %v", favorite, changed, err)
		}
	}
	err := c.Call(t.Context(), "GET", "/api/rooms/999/messages", nil, nil)
	if !chat.IsCode(err, chat.NotFound) {
		t.Errorf("got %v", err)
	}
	_, err = client.SignIn(t.Context(), p.URL, "ann", "wrong password")
	if !chat.IsCode(err, chat.WrongCredentials) {
		t.Errorf("got %v", err)
	}
}
