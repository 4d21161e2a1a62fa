// One client of the Socket.IO door, without its connection.

package socketio

import (
	"encoding/json"
	"testing"

	"parley/actions"
	"parley/chat"
	"parley/internal/socketio"
)

// What a client sends after it was cut, and before its connection has closed, is not done.
func TestACutClientAsksForNothingMore(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	_, by := h.setUp(t)
	c := &client{door: h.Door, sock: h.sockets.Begin("127.0.0.1", nil, func(int, string) {})}
	c.sock.Caller = by
	c.sock.Cut(chat.CloseLater, "")
	c.Event(socketio.Event{Name: "sendMessage", Data: socketio.Data{Args: []json.RawMessage{[]byte(`{"message":"x"}`)}}})
	room, err := h.actions.EveryonesRoom(t.Context(), by, chat.Public)
	if err != nil {
		t.Fatal(err)
	}
	page, err := h.actions.History(t.Context(), by, room.ID, actions.PageOf{})
	if err != nil || len(page.Messages) != 0 {
		t.Errorf("stored were %+v, %v", page.Messages, err)
	}
	c.Closed(socketio.Left)
}

func TestAClientThatWasSlowIsCountedAsSlow(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	for reason, code := range map[socketio.Reason]int{socketio.Slow: chat.CloseSlow, socketio.Left: 1006} {
		c := &client{door: h.Door, sock: h.sockets.Begin("127.0.0.1", nil, func(int, string) {})}
		c.Closed(reason)
		if c.sock.CloseCode() != code || h.sockets.Counts().Closed[code] != 1 {
			t.Errorf("%v: closed with %d, counted are %v", reason, c.sock.CloseCode(), h.sockets.Counts().Closed)
		}
	}
	if n := h.sockets.Counts().Open; n != 0 {
		t.Errorf("%d sockets are remembered", n)
	}
}
