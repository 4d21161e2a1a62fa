package load

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/internal/wait"
)

// script is a server that upgrades each connection and then calls play with it.
func script(t *testing.T, play func(conn net.Conn, client *bufio.Reader)) Options {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				client := bufio.NewReader(conn)
				if _, err := http.ReadRequest(client); err != nil {
					return
				}
				io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: "+acceptKey+"\r\n\r\n")
				play(conn, client)
			}()
		}
	}()
	return Options{
		Address: listener.Addr().String(), Patience: wait.Patience,
		Dialect: Dialect{Join: func(Member) []Step { return []Step{{Await: "welcome"}} }},
	}
}

// readFrame reads a frame from a client, whose mask is zero.
func readFrame(client *bufio.Reader) (op byte, payload string) {
	head := make([]byte, 6)
	if _, err := io.ReadFull(client, head); err != nil {
		return 0, err.Error()
	}
	body := make([]byte, head[1]&^maskBit)
	io.ReadFull(client, body)
	return head[0] & 0xF, string(body)
}

func closeFrame(code int, reason string) []byte {
	return serverFrame(finalBit|opClose, string(websocket.FormatCloseMessage(code, reason)))
}

// untilClosed connects, and stays until the server has ended all connections.
func untilClosed(t *testing.T, c *crowd) (closed map[int]int, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), wait.Patience)
	defer cancel()
	if err := c.connect(ctx); err != nil {
		return nil, err
	}
	for slices.ContainsFunc(c.all, func(conn *connection) bool { return conn.stage != ended }) {
		if err := c.turn(ctx); err != nil {
			return nil, err
		}
	}
	return c.closed, nil
}

func TestPingsAreAnswered(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, gather func(Options) *crowd) {
		answers := make(chan string, 5)
		o := script(t, func(conn net.Conn, client *bufio.Reader) {
			conn.Write(serverFrame(finalBit|opText, `["welcome"]`))
			conn.Write(slices.Concat(
				serverFrame(finalBit|opPing, "are you there?"),
				serverFrame(finalBit|opText, "{}"),
				serverFrame(finalBit|opText, `{"other":"line"}`+"\n{}"),
				serverFrame(finalBit|opText, `{"text":"{}"}`),
				serverFrame(finalBit|opPing, "last"),
			))
			for {
				op, payload := readFrame(client)
				answers <- string('0'+rune(op)) + payload
				if payload == "last" || op == 0 {
					return
				}
			}
		})
		o.Dialect.Answers = map[string]string{"{}": "here"}
		closed, err := untilClosed(t, gather(o))
		if err != nil || closed[closeNone] != 1 {
			t.Errorf("got %v, closed %v", err, closed)
		}
		for _, want := range []string{":are you there?", "1here", "1here", ":last"} {
			if got := <-answers; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	})
}

func TestAConnectionEndsWithItsCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sent []byte
		code int
	}{
		"a code":          {closeFrame(4008, "too slow"), 4008},
		"no code":         {serverFrame(finalBit|opClose, ""), 1005},
		"no close frame":  {nil, closeNone},
		"half a frame":    {serverFrame(finalBit|opText, "half")[:4], closeNone},
		"not a WebSocket": {[]byte("HTTP/1.1 500 Oh\r\n\r\n"), closeNone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothWays(t, func(t *testing.T, gather func(Options) *crowd) {
				o := script(t, func(conn net.Conn, client *bufio.Reader) {
					conn.Write(append(serverFrame(finalBit|opText, "welcome"), c.sent...))
				})
				o.Members = 3
				closed, err := untilClosed(t, gather(o))
				if err != nil || len(closed) != 1 || closed[c.code] != 3 {
					t.Errorf("got %v, closed %v, want 3 with %d", err, closed, c.code)
				}
			})
		})
	}
}

func TestAMemberWhoCannotJoinEndsTheRunWithTheReason(t *testing.T) {
	t.Parallel()
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := Options{Address: refusing.Addr().String()}
	refusing.Close()
	unknown := serve(t, rooms())
	unknown.Dialect.Upgrade = nil
	for name, c := range map[string]struct {
		options Options
		want    string
	}{
		"nobody listens":    {nobody, "member 0, connecting: "},
		"a refused upgrade": {unknown, ", upgrading: the upgrade was answered: HTTP/1.1 401"},
		"a closed door": {script(t, func(conn net.Conn, _ *bufio.Reader) {
			conn.Write(serverFrame(finalBit|opText, "go away"))
			conn.Write(closeFrame(4001, "sign in"))
		}), `a frame with "welcome" after "go away": closed by the server: 4001 sign in`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothWays(t, func(t *testing.T, gather func(Options) *crowd) {
				_, err := untilClosed(t, gather(c.options))
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %s", err, c.want)
				}
			})
		})
	}
}

func TestAServerThatSaysNothingIsNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	o := script(t, func(_ net.Conn, client *bufio.Reader) { readFrame(client) })
	o.Patience = 50 * time.Millisecond
	if _, err := Connect(t.Context(), o); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestARunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	o := serve(t, rooms())
	o.Duration = time.Hour
	o.Progress = func(stage string, _, _ int) {
		if stage == "measure" {
			cancel()
		}
	}
	if _, err := Fanout(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestConnectCountsThoseWhoJoined(t *testing.T) {
	t.Parallel()
	server := rooms()
	o := serve(t, server)
	o.Rooms, o.Members, o.Handshakes, o.Settle = 20, 10, 8, 10*time.Millisecond
	o.ServerPID = os.Getpid()
	r, err := Connect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	server.mu.Lock()
	defer server.mu.Unlock()
	if r.Connections != 200 || len(server.rooms) != 20 || len(server.rooms["room19"]) != 10 {
		t.Errorf("got %+v, %d rooms", r, len(server.rooms))
	}
	if r.Seconds <= 0 || r.PerSecond != 200/r.Seconds || len(r.Closed) > 0 {
		t.Errorf("got %+v", r)
	}
	if measured := r.Server != nil && r.Generator != nil && r.Server.RSSPeak > 0; measured != canMeasure() {
		t.Errorf("got %+v, %+v", r.Server, r.Generator)
	}
}

func canMeasure() bool {
	_, err := ReadProcess(os.Getpid())
	return err == nil
}
