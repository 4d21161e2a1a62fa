// The live side of this process: who is connected, and the doors that sockets come in by. The rooms and the
// dispatcher, which hands on committed changes, are in package rooms; the WebSocket door, melody and the keys
// of its sessions in socket; the Socket.IO door in socketio.

package main

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/olahol/melody"

	"parley/access"
	"parley/actions"
	"parley/auth"
	"parley/chat"
	"parley/gateway"
	"parley/internal/count"
	"parley/internal/origin"
	"parley/rooms"
	"parley/socket"
	"parley/socketio"
)

// live is the live side. Its doors are closed before its rooms, so that the sockets still receive what is
// committed meanwhile.
type live struct {
	rooms   *rooms.Rooms
	sockets *socket.Door
	clients *socketio.Door
}

// newLive starts the rooms, with nobody in them. lastSeen is called with the times when people who came or went
// offline were last seen.
func newLive(limits access.Limits, lastSeen func(map[chat.UserID]int64)) *live {
	return &live{rooms: rooms.New(limits, lastSeen)}
}

// visit says who sends a request that opens a connection.
type visit = func(*http.Request) (from origin.Verdict, cred auth.Credential, address string)

// openDoors lets sockets in: WebSockets, whose connections melody manages and whose sessions have the keys of
// their user and rooms, and Socket.IO clients, which count with all other sockets.
func (l *live) openDoors(
	limits access.Limits, acts *actions.Actions, tokens *auth.Signer, refusals *count.Tally[chat.Code], visit visit,
) {
	translator := gateway.NewTranslator(acts, l.rooms.Unread)
	l.sockets = socket.New(limits, newMelody(limits), acts, l.rooms, tokens, translator, refusals)
	l.clients = socketio.New(limits, l.sockets, translator, refusals, l.rooms.Unread, visit)
}

// The keepalive of a WebSocket.
const (
	pingEvery = 25 * time.Second // below the 30 s after which phones and proxies forget a connection
	pongWait  = 60 * time.Second
)

// newMelody makes the melody that manages the WebSockets: it upgrades, reads, pings and closes them. It does
// not compress, since a small compressed frame may unpack to gigabytes. Its queue has the least length:
// nothing is sent through it, because the outbox of each socket writes to the connection itself. A session
// has the keys socket.KeyUser, socket.KeySession and socket.KeyRooms once somebody has signed in on it.
func newMelody(limits access.Limits) *melody.Melody {
	m := melody.New()
	m.Config.MaxMessageSize = int64(limits.FrameBytes)
	m.Config.MessageBufferSize = 1
	m.Config.PingPeriod, m.Config.PongWait = pingEvery, pongWait
	m.Upgrader.Subprotocols = []string{chat.Subprotocol}
	m.Upgrader.WriteBufferPool = &sync.Pool{}
	m.Upgrader.ReadBufferSize, m.Upgrader.WriteBufferSize = 512, 512
	return m
}

// socket is the handler of the WebSocket door.
func (l *live) socket(visit visit) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		from, cred, address := visit(r)
		return l.sockets.Serve(w, r, from, cred, address)
	}
}

// closeDoors tells every socket to come back after the restart. It waits until all have gone, or until ctx
// ends.
func (l *live) closeDoors(ctx context.Context) {
	l.sockets.Stop()
	if err := l.clients.Close(ctx); err != nil {
		slog.Warn("clients of Socket.IO lingered past the time to stop")
	}
	l.sockets.Close(ctx)
}

// close ends the dispatcher after it has handed on every committed change.
func (l *live) close() { l.rooms.Close() }
