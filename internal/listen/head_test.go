package listen

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// serveHeaded starts a server whose connections count the lines of heads, and returns its address.
func serveHeaded(t *testing.T, handler http.HandlerFunc) (address string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := NewServer(handler, Bounds{All: 100, OfAddress: 100, OfPerson: 100})
	go server.Serve(WithHeaders(ln, false))
	t.Cleanup(func() { server.Close() })
	return ln.Addr().String()
}

// The server holds a head while its end does not come, and its lines take far more memory than their bytes.
func TestTheHeadOfARequestHasSoManyLines(t *testing.T) {
	t.Parallel()
	address := serveHeaded(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Fprint(w, len(body), err)
	})

	dial := func() (net.Conn, *bufio.Reader) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn, bufio.NewReader(conn)
	}
	const few, body = 3, 5_000 // lines that every request has here; lines of a body
	head := func(lines int) string {
		var b strings.Builder
		fmt.Fprintf(&b, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n", body)
		for i := range lines - few {
			fmt.Fprintf(&b, "h%d:\n", i)
		}
		return b.String()
	}
	answers := func(conn net.Conn, read *bufio.Reader, request string) (status int) {
		t.Helper()
		io.WriteString(conn, request) // the server may have closed the connection
		resp, err := http.ReadResponse(read, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		io.Copy(io.Discard, resp.Body)
		return resp.StatusCode
	}
	for before := range 3 {
		conn, read := dial()
		for range before {
			whole := head(maxLines) + "\r\n" + strings.Repeat("\n", body)
			if status := answers(conn, read, whole); status != http.StatusOK {
				t.Errorf("a request with so many lines as may be got %d", status)
			}
		}
		endless := strings.Repeat("\r\n", before) + head(maxLines+1)
		if status := answers(conn, read, endless); status != http.StatusBadRequest {
			t.Errorf("after %d requests, one with a line more got %d", before, status)
		}
		if _, err := read.ReadByte(); err == nil {
			t.Error("the connection is still open")
		}
	}
}

// A request that is none costs its sender nothing but a wait.
func TestARefusalOfTheHTTPServerItselfWaits(t *testing.T) {
	t.Parallel()
	address := serveHeaded(t, http.NotFound)
	for _, request := range []string{
		"no request\r\n\r\n",
		"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\n" + strings.Repeat("a:\n", 2*maxLines),
		"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + strings.Repeat("a", 1<<20) + "\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		go io.WriteString(conn, request) // the server may close the connection before it has read all
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%.40q: %v", request, err)
		}
		if took := time.Since(began); resp.StatusCode < 400 || took < refusalPause {
			t.Errorf("%.40q: %d after %s, want a refusal after %s", request, resp.StatusCode, took, refusalPause)
		}
		conn.Close()
	}
}
