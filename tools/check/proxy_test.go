package check

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

const patience = 30 * time.Second

// through gives both ends of a connection through a proxy.
func through(t *testing.T) (p *proxy, client, server net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	p, err = newProxy(t.Context(), ln.Addr().String)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.close() })
	client, err = net.Dial("tcp", p.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	if server, err = ln.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	carries(t, client, server)
	return p, client, server
}

// carries sends a byte and waits for it.
func carries(t *testing.T, from, to net.Conn) {
	t.Helper()
	if _, err := from.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if err := ends(to, patience); err != nil {
		t.Fatal(err)
	}
}

// ends reads a byte and tells how that ended.
func ends(conn net.Conn, within time.Duration) error {
	conn.SetReadDeadline(time.Now().Add(within))
	_, err := conn.Read(make([]byte, 1))
	return err
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

func TestAPausedProxyCarriesNothingUntilItIsHealed(t *testing.T) {
	p, client, server := through(t)
	p.pause()
	if _, err := server.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if err := ends(client, 50*time.Millisecond); !isTimeout(err) {
		t.Fatalf("got %v", err)
	}
	p.heal()
	if err := ends(client, patience); err != nil {
		t.Fatal(err)
	}
	carries(t, client, server)
}

func TestASlowProxyCarriesAllInTheEnd(t *testing.T) {
	p, client, server := through(t)
	p.slow()
	const many = 4 * trickleBytes
	began := time.Now()
	if _, err := server.Write(make([]byte, many)); err != nil {
		t.Fatal(err)
	}
	client.SetReadDeadline(time.Now().Add(patience))
	if _, err := io.ReadFull(client, make([]byte, many)); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 3*trickleEvery {
		t.Errorf("took %v", took)
	}
}

func TestWhatNetworksDoToConnections(t *testing.T) {
	for name, c := range map[string]struct {
		act            func(*proxy)
		client, server bool // which ends
	}{
		"cut":        {(*proxy).cut, true, true},
		"reset":      {(*proxy).reset, true, true},
		"half-close": {(*proxy).halfClose, false, true},
		"cut when paused": {func(p *proxy) {
			p.pause()
			p.cut()
		}, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			p, client, server := through(t)
			c.act(p)
			for end, conn := range map[string]net.Conn{"client": client, "server": server} {
				want := end == "client" && c.client || end == "server" && c.server
				within := patience
				if !want {
					within = 50 * time.Millisecond
				}
				if err := ends(conn, within); err == nil || isTimeout(err) == want {
					t.Errorf("the %s's end: %v", end, err)
				}
			}
		})
	}
}

func TestAProxyWhoseServerIsAwayClosesAtOnce(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	p, err := newProxy(t.Context(), ln.Addr().String)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.close() })
	client, err := net.Dial("tcp", p.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	if err := ends(client, patience); err == nil || isTimeout(err) {
		t.Errorf("got %v", err)
	}
}
