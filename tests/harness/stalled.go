package harness

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/internal/wait"
)

// BigBody is a message of 56 kB.
var BigBody = strings.Repeat("a lot of text ", 4000)

// Stalled opens a socket whose client reads nothing, with a small buffer of the system's.
func (who *Person) Stalled(t testing.TB) *websocket.Conn {
	t.Helper()
	dialer := websocket.Dialer{
		Subprotocols: []string{chat.Subprotocol}, Jar: who.Client.Jar, HandshakeTimeout: wait.Patience,
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err == nil {
				err = conn.(*net.TCPConn).SetReadBuffer(64 << 10)
			}
			return conn, err
		},
	}
	header := http.Header{"Origin": {who.Origin}}
	if who.Bearer != "" {
		header = http.Header{"Authorization": {"Bearer " + who.Bearer}}
	}
	conn, resp, err := dialer.Dial("ws"+strings.TrimPrefix(who.P.URL, "http")+"/ws", header)
	if err != nil {
		t.Fatalf("upgrade: %v (%v)", err, resp)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}
