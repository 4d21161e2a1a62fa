package listen

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"

	"parley/internal/wait"
)

func TestConnectionsAreBoundedAndOneThatClosesMakesPlace(t *testing.T) {
	t.Parallel()
	const most = 5
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }), most)
	go server.Serve(ln)
	t.Cleanup(func() { server.Close() })
	// asks makes a request on a connection of its own, which stays open.
	asks := func() (close func(), err error) {
		client := &http.Client{Transport: &http.Transport{}, Timeout: wait.Patience}
		t.Cleanup(client.CloseIdleConnections)
		resp, err := client.Get("http://" + ln.Addr().String())
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
		return client.CloseIdleConnections, err
	}
	var first func()
	for i := range most {
		end, err := asks()
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		if i == 0 {
			first = end
		}
	}
	for range 3 { // each is refused, and does not count once it is closed
		if _, err := asks(); err == nil {
			t.Fatal("one too many was answered")
		}
	}
	first()
	wait.Until(t, "there is place again", func() bool { _, err := asks(); return err == nil })
	if _, err := asks(); err == nil {
		t.Error("one too many was answered")
	}
}
