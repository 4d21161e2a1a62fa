package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
)

// newPostgresStore makes a store on PostgreSQL, whatever the other tests run on.
func newPostgresStore(t testing.TB, through func(address string) string) *testStore {
	t.Helper()
	address := engines.Database(t)
	return newStoreOn(t, through(address), nil)
}

func directly(address string) string { return address }

// cutter stands between a store and PostgreSQL, and cuts the connection of the next COMMIT.
type cutter struct {
	mu      sync.Mutex
	cut     bool // the next COMMIT gets no answer
	forward bool // … but comes to PostgreSQL
	cuts    int
}

func (c *cutter) next(forward bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut, c.forward = true, forward
}

func (c *cutter) takes() (cut, forward bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.cut {
		return false, false
	}
	c.cut = false
	c.cuts++
	return true, c.forward
}

// listen returns the address at which the cutter stands in front of a database.
func (c *cutter) listen(t testing.TB) func(string) string {
	return func(address string) string {
		to, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ln.Close() })
		database := to.Host
		go func() {
			for {
				client, err := ln.Accept()
				if err != nil {
					return
				}
				go c.pass(client, database)
			}
		}()
		to.Host = ln.Addr().String()
		return to.String()
	}
}

func (c *cutter) pass(client net.Conn, database string) {
	defer client.Close()
	server, err := net.Dial("tcp", database)
	if err != nil {
		return
	}
	defer server.Close()
	answered := make(chan struct{}, 1)
	silent := make(chan struct{})
	go func() {
		defer client.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := server.Read(buffer)
			if err != nil {
				return
			}
			select {
			case <-silent:
				answered <- struct{}{}
				return
			default:
			}
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		if bytes.Contains(buffer[:n], []byte("COMMIT\x00")) {
			if cut, forward := c.takes(); cut {
				if forward {
					close(silent)
					server.Write(buffer[:n])
					<-answered
				}
				return
			}
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// Whether the COMMIT came to PostgreSQL or not, the message is stored once and acknowledged.
func TestACommitWithoutAnAnswerIsFoundOutAbout(t *testing.T) {
	t.Parallel()
	for name, forward := range map[string]bool{"it was stored": true, "it never came": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &cutter{}
			s := newPostgresStore(t, c.listen(t))
			s.must(t, s.adds("before"))
			c.next(forward)
			s.must(t, s.adds("cut"))
			s.must(t, s.adds("after"))
			if got := s.stored(t); !slices.Equal(got, []string{"before", "cut", "after"}) {
				t.Errorf("stored %q", got)
			}
			if c.cuts != 1 {
				t.Errorf("%d commits were cut, want 1", c.cuts)
			}
			told := 0
			for _, commit := range s.takeCommits() {
				for _, change := range commit {
					if change.Lost {
						t.Error("everybody has to come back")
					}
					if change.Event == "message.added" {
						told++
					}
				}
			}
			if told != 3 {
				t.Errorf("%d messages were told, want 3", told)
			}
		})
	}
}

// While PostgreSQL is away nothing is stored, and it goes on by itself.
func TestAWriteThatPostgreSQLCannotStoreIsRefusedAndTheNextWorks(t *testing.T) {
	t.Parallel()
	server := engines.OwnPostgres(t, false)
	s := newStoreOn(t, server.Database(t), nil)
	s.must(t, s.adds("before"))
	server.Stop()
	if err := s.WriteAndWait(s.adds("while it is away")); !chat.IsCode(err, chat.Unavailable) {
		t.Errorf("got %v, want unavailable", err)
	}
	if err := s.Ready(); err == nil {
		t.Error("it says that it can store")
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	s.must(t, s.adds("after"))
	if got := s.stored(t); !slices.Equal(got, []string{"before", "after"}) {
		t.Errorf("stored %q", got)
	}
}

// A batch of messages goes to PostgreSQL as one statement. Those that were sent before, and those that are sent twice in
// the same batch, are there once and get the same answer; what reads in between sees what came before it.
func TestMessagesOfABatchAreStoredTogether(t *testing.T) {
	t.Parallel()
	s := newPostgresStore(t, directly)
	send := func(body string, id chat.ClientID, sent *chat.MessageSent) <-chan error {
		draft := RenderedDraft{Draft: chat.Draft{ClientID: id, Body: body}}
		done := make(chan error, 1)
		s.WriteTo(In(s.room).And(Of(s.ann)).Sends(s.ann, id), func(tx *WriteTx) error {
			standing, err := tx.StandingIn(access.Caller{User: s.ann}, s.room)
			if err == nil {
				*sent, err = tx.AddMessage(standing, draft)
			}
			return err
		}, func(err error) { done <- err })
		return done
	}
	ids := make([]chat.ClientID, maxBatch)
	answers := make([]chat.MessageSent, maxBatch)
	for i := range ids {
		ids[i] = chat.NewClientID()
	}
	if err := answered(t, send("sent before", ids[0], &answers[0])); err != nil {
		t.Fatal(err)
	}
	var again, twice, other chat.MessageSent
	var seen []string
	var waiting []<-chan error
	release := s.hold(t)
	waiting = append(waiting, send("sent before", ids[0], &again))
	for i := 1; i < maxBatch-4; i++ {
		waiting = append(waiting, send("in the batch", ids[i], &answers[i]))
	}
	waiting = append(waiting, send("in the batch", ids[1], &twice))
	reused := send("another text", ids[2], &other)
	waiting = append(waiting, s.queue(func(tx *WriteTx) error {
		list, err := tx.MessagesBefore(s.room, MaxSeq, 1, 1)
		seen = bodies(list)
		return err
	}))
	release()
	for _, done := range waiting {
		if err := answered(t, done); err != nil {
			t.Fatal(err)
		}
	}
	if err := answered(t, reused); !chat.IsCode(err, chat.ClientIDReused) {
		t.Errorf("the same id for another text: got %v", err)
	}
	if again != answers[0] || twice != answers[1] || len(seen) != 1 || seen[0] != "in the batch" {
		t.Errorf("got %+v and %+v, want %+v and %+v; seen %q", again, twice, answers[0], answers[1], seen)
	}
	if got := len(s.stored(t)); got != maxBatch-4 {
		t.Errorf("%d messages are stored, want %d", got, maxBatch-4)
	}
}

func TestASecondServerIsKeptAwayFromTheDatabase(t *testing.T) {
	t.Parallel()
	s := newPostgresStore(t, directly)
	if second, err := Open(s.path, TellNobody); !errors.Is(err, errInUse) {
		t.Errorf("got %v, want %v", err, errInUse)
		if err == nil {
			second.Close()
		}
	}
	s.must(t, s.adds("goes on"))
}

func TestADatabaseOfSomebodyElseIsRefused(t *testing.T) {
	t.Parallel()
	address := engines.Database(t)
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), `CREATE TABLE wiki (page TEXT)`); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(address, TellNobody); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("got %v", err)
	}
}

// A write that numbers what it did not name is a mistake, on both engines.
func TestAWriteChangesNothingThatItDidNotName(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	var other chat.RoomID
	s.must(t, func(tx *WriteTx) (err error) {
		other, err = tx.AddRoom(NewRoom{Kind: chat.Public, Name: StoredName{"other", "other"}})
		return err
	})
	result := func(names Names, fn func(*WriteTx) error) error {
		done := make(chan error, 1)
		s.WriteTo(names, fn, func(err error) { done <- err })
		return answered(t, done)
	}
	for name, test := range map[string]struct {
		names Names
		fn    func(*WriteTx) error
		fails bool
	}{
		"its room":       {In(s.room), func(tx *WriteTx) error { _, err := tx.headsOf(s.room); return err }, false},
		"another room":   {In(s.room), func(tx *WriteTx) error { _, err := tx.headsOf(other); return err }, true},
		"its user":       {Of(s.ann), func(tx *WriteTx) error { _, err := tx.raiseUserRev(s.ann); return err }, false},
		"another user":   {Of(s.ann), func(tx *WriteTx) error { _, err := tx.raiseUserRev(s.bob); return err }, true},
		"a right":        {Of(s.ann), func(tx *WriteTx) error { return tx.EndAllSessions(s.bob, chat.CloseSignedOut) }, false},
		"more, if alone": {In(s.room), func(tx *WriteTx) error { _, err := tx.raiseDirectory(); return err }, false},
		"everything":     {Names{}, func(tx *WriteTx) error { _, err := tx.headsOf(other); return err }, false},
		"a room after all": {In(s.room), func(tx *WriteTx) error {
			if err := tx.Alone(); err != nil {
				return err
			}
			_, err := tx.headsOf(other)
			return err
		}, false},
	} {
		if err := result(test.names, test.fn); (err != nil) != test.fails {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
