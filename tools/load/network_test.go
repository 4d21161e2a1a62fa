package load

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"parley/internal/wait"
)

// eachNetwork runs a test on every network that this system has, towards a listener.
func eachNetwork(t *testing.T, test func(t *testing.T, n network, listener net.Listener)) {
	t.Helper()
	for name, open := range map[string]func(*net.TCPAddr) (network, error){
		"as usual": newNetwork,
		"streams":  func(server *net.TCPAddr) (network, error) { return newStreams(server), nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { listener.Close() })
			n, err := open(listener.Addr().(*net.TCPAddr))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(n.close)
			test(t, n, listener)
		})
	}
}

// pollUntil polls until something is reported that the test waits for.
func pollUntil(t *testing.T, n network, told func(l *link, data []byte, err error) bool) {
	t.Helper()
	for until, done := time.Now().Add(wait.Patience), false; !done; {
		err := n.poll(time.Millisecond, func(l *link, data []byte, err error) { done = told(l, data, err) || done })
		if err != nil || time.Now().After(until) {
			t.Fatalf("nothing came: %v", err)
		}
	}
}

// meet connects, and returns the server's end of the connection.
func meet(t *testing.T, n network, listener net.Listener, l *link, source net.IP) net.Conn {
	t.Helper()
	if err := n.dial(l, source); err != nil {
		t.Fatal(err)
	}
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	pollUntil(t, n, func(_ *link, data []byte, err error) bool {
		if err != nil {
			t.Fatal(err)
		}
		return data == nil
	})
	return conn
}

func TestWhatASocketDoesNotTakeIsSentLater(t *testing.T) {
	t.Parallel()
	eachNetwork(t, func(t *testing.T, n network, listener net.Listener) {
		l := &link{}
		server := meet(t, n, listener, l, nil)
		const pieces, size = 200, 100_000 // more than the system keeps
		got := make(chan []byte, 1)
		read := func() {
			all, _ := io.ReadAll(io.LimitReader(server, pieces*size))
			server.Write([]byte("thanks"))
			got <- all
		}
		if _, waits := n.(*streams); waits {
			go read() // the server's writes have to wait
		}
		var want []byte
		for i := range pieces {
			piece := bytes.Repeat([]byte{byte(i)}, size)
			want = append(want, piece...)
			if err := n.write(l, piece); err != nil {
				t.Fatal(err)
			}
		}
		if _, waits := n.(*streams); !waits {
			if len(l.unsent) == 0 {
				t.Error("all was taken at once")
			}
			go read()
		}
		pollUntil(t, n, func(_ *link, data []byte, err error) bool { return string(data) == "thanks" || err != nil })
		if all := <-got; !bytes.Equal(all, want) {
			t.Errorf("%d bytes came of %d, or others", len(all), len(want))
		}
	})
}

func TestAConnectionThatIsNotReadFillsUp(t *testing.T) {
	t.Parallel()
	eachNetwork(t, func(t *testing.T, n network, listener net.Listener) {
		l := &link{}
		server := meet(t, n, listener, l, nil)
		if err := n.read(l, false); err != nil {
			t.Fatal(err)
		}
		sent := 0
		for {
			server.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
			k, err := server.Write(make([]byte, 1<<20))
			sent += k
			if err != nil {
				break
			}
			if sent > 1<<30 {
				t.Fatal("somebody reads")
			}
		}
		server.Close()
		if err := n.read(l, true); err != nil {
			t.Fatal(err)
		}
		came := 0
		pollUntil(t, n, func(_ *link, data []byte, err error) bool {
			came += len(data)
			return err != nil
		})
		if came != sent {
			t.Errorf("%d bytes came of %d", came, sent)
		}
	})
}

func TestConnectionsLeaveFromSeveralAddresses(t *testing.T) {
	t.Parallel()
	local, other := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1)}
	for _, c := range []struct {
		server *net.TCPAddr
		id     int
		want   string
	}{
		{local, 0, "<nil>"},
		{local, portsEach - 1, "<nil>"},
		{local, portsEach, "127.0.0.2"},
		{local, 3*portsEach + 1, "127.0.0.4"},
		{other, portsEach, "<nil>"},
		{&net.TCPAddr{IP: net.IPv6loopback}, portsEach, "<nil>"},
	} {
		if got := sourceOf(c.server, c.id).String(); got != c.want {
			t.Errorf("%v to %v: got %s, want %s", c.id, c.server, got, c.want)
		}
	}
	eachNetwork(t, func(t *testing.T, n network, listener net.Listener) {
		source := net.IPv4(127, 0, 0, 1)
		if canMeasure() {
			source[15] = 2 // only Linux has this address without being told
		}
		server := meet(t, n, listener, &link{}, source)
		if got := server.RemoteAddr().(*net.TCPAddr).IP; !got.Equal(source) {
			t.Errorf("got %v, want %v", got, source)
		}
	})
}
