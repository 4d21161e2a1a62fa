package listen

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"

	"parley/internal/wait"
)

func TestLimitsCountAnIPv6SubscriberOnce(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.7":            "192.0.2.7",
		"::ffff:192.0.2.7":     "192.0.2.7",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::1": "2001:db8:1:2::/64",
		"2001:db8:1:3::1":      "2001:db8:1:3::/64",
		"::1":                  "::/64",
		"not an address":       "not an address",
	} {
		if got := Network(address); got != want {
			t.Errorf("Network(%q): got %q, want %q", address, got, want)
		}
	}
}

// site serves with bounds until the test ends. A request says with the header Person whose it is.
type site struct {
	*testing.T
	address string
	hold    chan struct{} // a request for /hold waits until this is closed
	held    chan struct{} // and says so here
}

func serve(t *testing.T, bounds Bounds) *site {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{T: t, address: ln.Addr().String(), hold: make(chan struct{}), held: make(chan struct{}, 100)}
	server := NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if person, err := strconv.ParseInt(r.Header.Get("Person"), 10, 64); err == nil {
			SignedIn(r.Context(), person)
		}
		if r.URL.Path == "/hold" {
			s.held <- struct{}{}
			<-s.hold
		}
		fmt.Fprint(w, "hello")
	}), bounds)
	go server.Serve(ln)
	t.Cleanup(func() { server.Close() })
	return s
}

// caller is one connection.
type caller struct {
	net.Conn
	read *bufio.Reader
}

func (s *site) connects() *caller {
	s.Helper()
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { conn.Close() })
	return &caller{conn, bufio.NewReader(conn)}
}

func (c *caller) sends(path string, person int) {
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\nPerson: %d\r\n\r\n", path, person) // it may be closed already
}

// asks makes a request, and tells whether it was answered. person may be 0.
func (c *caller) asks(person int) bool {
	path := "/"
	if person == 0 {
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	} else {
		c.sends(path, person)
	}
	resp, err := http.ReadResponse(c.read, nil)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	_, err = io.ReadAll(resp.Body)
	return err == nil
}

// isClosed waits until the server has closed the connection.
func (s *site) isClosed(what string, c *caller) {
	s.Helper()
	ended := make(chan error, 1)
	go func() { _, err := c.read.ReadByte(); ended <- err }()
	select {
	case err := <-ended:
		if err == nil {
			s.Errorf("%s: it was told something", what)
		}
	case <-s.Context().Done():
	}
}

func (s *site) isOpen(what string, c *caller, person int) {
	s.Helper()
	if !c.asks(person) {
		s.Errorf("%s: it is closed", what)
	}
}

func TestAnAddressWithoutAnybodySignedInHasItsShare(t *testing.T) {
	t.Parallel()
	s := serve(t, Bounds{All: 10, OfAddress: 3, OfPerson: 10})
	first, ann := s.connects(), s.connects()
	s.isOpen("the first", first, 0)
	s.isOpen("ann's", ann, 1)
	var silent []*caller
	for range 2 {
		silent = append(silent, s.connects())
	}
	late := s.connects() // one too many of those where nobody has signed in: the longest idle one goes
	s.isOpen("the latest", late, 0)
	s.isClosed("the first", first)
	for range 20 { // whoever signs in is let in, however many come
		s.connects()
		bob := s.connects()
		s.isOpen("bob's", bob, 2)
		bob.Close()
	}
	s.isOpen("ann's", ann, 1)
	for _, c := range silent {
		s.isClosed("a silent one", c)
	}
}

func TestWhenAllPlacesAreTakenTheLongestIdleStrangerGoes(t *testing.T) {
	t.Parallel()
	s := serve(t, Bounds{All: 5, OfAddress: 5, OfPerson: 5})
	var people []*caller
	for range 4 {
		c := s.connects()
		s.isOpen("a person's", c, 1)
		people = append(people, c)
	}
	stranger := s.connects()
	s.isOpen("a stranger's", stranger, 0)
	next := s.connects()
	s.isOpen("the next", next, 1) // now people have all
	s.isClosed("a stranger's", stranger)
	late := s.connects()
	s.isClosed("one too many", late)
	people[0].Close()
	wait.Until(t, "there is place again", func() bool { return s.connects().asks(0) })
	for _, c := range people[1:] {
		s.isOpen("a person's", c, 1)
	}
}

func TestOnePersonHasTheirShareOfConnections(t *testing.T) {
	t.Parallel()
	s := serve(t, Bounds{All: 100, OfAddress: 2, OfPerson: 3})
	var all []*caller
	for range 4 {
		c := s.connects()
		s.isOpen("a connection", c, 1)
		all = append(all, c)
	}
	s.isClosed("the one that was idle longest", all[0])
	busy := all[1:]
	for _, c := range busy {
		c.sends("/hold", 1)
		<-s.held
	}
	over := s.connects() // goes on counting as one of its address, since no other of hers is idle
	s.isOpen("one more", over, 1)
	s.connects()
	bob := s.connects()
	s.isOpen("bob's", bob, 2)
	s.isClosed("one more", over)
	close(s.hold)
}

func TestAProxyCountsForNobody(t *testing.T) {
	t.Parallel()
	s := serve(t, Bounds{All: 5, OfAddress: 1, OfPerson: 1, Proxy: func(string) bool { return true }})
	var all []*caller
	for person := range 5 {
		c := s.connects()
		s.isOpen("a connection", c, person%2)
		all = append(all, c)
	}
	s.isClosed("one too many", s.connects())
	for _, c := range all {
		s.isOpen("a connection", c, 0)
	}
}
