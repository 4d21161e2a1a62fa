// A session of the Go client whose connection is cut after any byte of it, by a proxy.

package tests

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/chat"
	"parley/client"
	"parley/internal/wait"
	"parley/tests/harness"
)

var cutEvery = flag.Int("cut-every", 41, "how many bytes apart a session is cut")

// cutter stands between clients and a server. It cuts one connection, once, after so many bytes have gone one
// way on all of them.
type cutter struct {
	listener net.Listener
	server   string
	running  sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool
	way   string // to whom the bytes go that are counted
	left  int    // how many of them before the cut
	cut   bool
	away  bool // nobody comes through
}

const (
	toServer = "server"
	toClient = "client"
)

// newCutter listens for connections to the server at an address.
func newCutter(t *testing.T, server, way string) *cutter {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{listener: ln, server: server, conns: map[net.Conn]bool{}, way: way}
	c.running.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return // closed
			}
			c.running.Go(func() { c.serve(conn) })
		}
	})
	t.Cleanup(func() {
		ln.Close()
		c.leave()
		c.running.Wait()
	})
	return c
}

func (c *cutter) url() string { return "http://" + c.listener.Addr().String() }

func (c *cutter) serve(from net.Conn) {
	defer from.Close()
	to, err := net.Dial("tcp", c.server)
	if err != nil {
		return // it stops
	}
	defer to.Close()
	if !c.enter(from, to) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { c.carry(to, from, toServer) })
	both.Go(func() { c.carry(from, to, toClient) })
	both.Wait()
	c.mu.Lock()
	delete(c.conns, from)
	delete(c.conns, to)
	c.mu.Unlock()
}

func (c *cutter) enter(conns ...net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range conns {
		c.conns[conn] = true
	}
	return !c.away
}

// carry carries bytes one way until either end is closed, and then closes both.
func (c *cutter) carry(to, from net.Conn, way string) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 8<<10)
	for {
		n, err := from.Read(buffer)
		n, cut := c.lets(way, n)
		if _, failed := to.Write(buffer[:n]); failed != nil || err != nil || cut {
			return
		}
	}
}

// lets tells how many of the bytes may go on, and whether none may after them.
func (c *cutter) lets(way string, n int) (some int, cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if way != c.way || c.cut {
		return n, false
	}
	if n < c.left {
		c.left -= n
		return n, false
	}
	c.cut = true
	return c.left, true
}

// cutAfter has the connection cut that carries the last of so many bytes.
func (c *cutter) cutAfter(bytes int) {
	c.mu.Lock()
	c.left, c.cut = bytes, false
	c.mu.Unlock()
}

func (c *cutter) wasCut() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cut
}

// leave ends every connection and lets none through until comeBack.
func (c *cutter) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.away = true
	for conn := range c.conns {
		conn.Close()
	}
}

func (c *cutter) comeBack() {
	c.mu.Lock()
	c.away = false
	c.mu.Unlock()
}

// cutSession is what is done again and again: a bot of ann's signs in, says three things, changes two of
// them, reads them, and misses something.
type cutSession struct {
	*cutter
	ann, bot *harness.Person
	room     chat.RoomState
	heard    chan chat.Message // as they were added
}

// goes has all of it done, and tells whether it was cut meanwhile.
func (s *cutSession) goes(t *testing.T, bytes int) bool {
	t.Helper()
	at := fmt.Sprintf("cut after %d bytes to the %s", bytes, s.way)
	before := s.ann.History(t, s.room.ID, "?limit=1").Seq
	s.cutAfter(bytes)
	var token string
	insists(t, at+": sign in", func() (err error) {
		token, err = client.SignIn(t.Context(), s.url(), s.bot.Name, harness.GoodPassword)
		return err
	})
	bot := s.opens(t, token)
	defer bot.Close()

	seqs := s.says(t, at, bot, "one", "two", "three")
	insists(t, at+": edit", func() error {
		_, err := bot.Edit(t.Context(), s.room.ID, seqs[0], "one, edited")
		return err
	})
	insists(t, at+": react", func() error {
		_, err := bot.React(t.Context(), s.room.ID, seqs[1], "👍")
		return err
	})
	insists(t, at+": read", func() error {
		_, err := bot.MarkRead(t.Context(), s.room.ID, seqs[1])
		return err
	})
	s.leave()
	s.ann.Says(t, s.room.ID, "missed")
	s.comeBack()
	s.hears(t, at, before, "one", "two", "three", "missed")
	s.isThereOnce(t, at, before, seqs)
	return s.wasCut()
}

func (s *cutSession) opens(t *testing.T, token string) *client.Client {
	t.Helper()
	bot, err := client.Open(t.Context(), client.Options{
		URL: s.url(), Token: token,
		Wait: func(client.Comeback, int) time.Duration { return time.Millisecond },
		OnEvent: func(_ *client.Client, event any) {
			if added, ok := event.(chat.MessageAdded); ok {
				s.heard <- added.Message
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return bot
}

// says sends messages without waiting in between, and gives their places.
func (s *cutSession) says(t *testing.T, at string, bot *client.Client, bodies ...string) (seqs []int64) {
	t.Helper()
	var sending []*client.Delivery
	for _, body := range bodies {
		d, err := bot.Queue(chat.MessageSend{RoomID: s.room.ID, Draft: chat.Draft{Body: body}})
		if err != nil {
			t.Fatal(err)
		}
		sending = append(sending, d)
	}
	ctx, cancel := context.WithTimeout(t.Context(), wait.Patience)
	defer cancel()
	for _, d := range sending {
		sent, err := d.Wait(ctx)
		if err != nil {
			t.Fatalf("%s: %v", at, err)
		}
		seqs = append(seqs, sent.Seq)
	}
	return seqs
}

// hears waits for what was said: each message once, in the order of their revs. One that was missed and then
// edited comes as it is now, in the place of the edit.
func (s *cutSession) hears(t *testing.T, at string, after int64, bodies ...string) {
	t.Helper()
	heard := make([]bool, len(bodies))
	rev := int64(0)
	for range bodies {
		select {
		case m := <-s.heard:
			i := m.Seq - after - 1
			if i < 0 || i >= int64(len(bodies)) || heard[i] || m.Rev <= rev ||
				m.Body != bodies[i] && m.Body != bodies[i]+", edited" {
				t.Fatalf("%s: heard %q at %d (rev %d after %d), want each of %q once after %d, by rev; had %v",
					at, m.Body, m.Seq, m.Rev, rev, bodies, after, heard)
			}
			heard[i], rev = true, m.Rev
		case <-time.After(wait.Patience):
			t.Fatalf("%s: of %q were heard %v", at, bodies, heard)
		}
	}
}

// isThereOnce reads what the server has.
func (s *cutSession) isThereOnce(t *testing.T, at string, before int64, seqs []int64) {
	t.Helper()
	var got []string
	for _, m := range s.ann.History(t, s.room.ID, fmt.Sprintf("?after=%d", before)).Messages {
		text := harness.Said(m.RoomID, m.Seq, m.Body)
		for _, reaction := range m.Reactions {
			text += fmt.Sprintf(" %s by %d", reaction.Emoji, reaction.UserIDs)
		}
		got = append(got, text)
	}
	want := []string{
		harness.Said(s.room.ID, before+1, "one, edited"),
		harness.Said(s.room.ID, before+2, "two") + fmt.Sprintf(" 👍 by [%d]", s.bot.User.ID),
		harness.Said(s.room.ID, before+3, "three"),
		harness.Said(s.room.ID, before+4, "missed"),
	}
	if !slices.Equal(got, want) || !slices.Equal(seqs, []int64{before + 1, before + 2, before + 3}) {
		t.Errorf("%s: there is %q, acknowledged at %d; want %q", at, got, seqs, want)
	}
	if read := s.bot.Room(t, s.room.Name).ReadSeq; read != before+2 {
		t.Errorf("%s: the bot has read up to %d, want %d", at, read, before+2)
	}
}

// insists asks until nothing is in the way.
func insists(t *testing.T, what string, ask func() error) {
	t.Helper()
	wait.Until(t, what, func() bool { return ask() == nil })
}

func TestASessionThatIsCutAfterAnyByteIsWholeInTheEnd(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, append([]string{"--sign-in-attempts=100000"}, harness.Unlimited...)...)
	ann := p.SetUp(t)
	for _, way := range []string{toServer, toClient} {
		t.Run("to the "+way, func(t *testing.T) {
			s := &cutSession{
				cutter: newCutter(t, strings.TrimPrefix(p.URL, "http://"), way),
				ann:    ann, bot: p.SignUp(t, ann, way+"bot"), room: ann.Creates(t, chat.Private, way),
				heard: make(chan chat.Message, 100),
			}
			ann.Post(t, harness.RoomPath(s.room.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{s.bot.User.ID}},
				http.StatusOK, nil)
			bytes := 1
			for s.goes(t, bytes) {
				bytes += *cutEvery
			}
			if bytes < 1000 {
				t.Errorf("the session has less than %d bytes", bytes)
			}
		})
	}
}
