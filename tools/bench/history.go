// The bench "history": people read old messages in large rooms, first while nobody writes and then while
// others write.

package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"parley/actions"
	"parley/internal/console"
	"parley/store"
	"parley/tools/load"
)

// historyScenario holds the flags of the scenario. The report gives them as its options.
type historyScenario struct {
	Stored  int     `default:"1000000" env:"-" placeholder:"N" help:"Messages in the database, in all rooms together (${default})." json:"stored"`
	Rooms   int     `default:"100" env:"-" placeholder:"N" help:"Rooms (${default})." json:"rooms"`
	Readers int     `default:"8" env:"-" placeholder:"N" help:"People who ask for a page of 100, one after another, at random places (${default})." json:"readers"`
	Rate    float64 `default:"1000" env:"-" placeholder:"N" help:"Messages a second that others write meanwhile, in all rooms together (${default})." json:"rate"`
}

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (h *historyScenario) Validate() error {
	if h.Rooms < 1 || h.Readers < 1 || h.Rate <= 0 || h.Stored/h.Rooms < actions.MaxPage {
		return fmt.Errorf("--stored: at least %d messages in each room; all others: at least 1", actions.MaxPage)
	}
	return nil
}

// Run runs the scenario; kong calls it.
func (h *historyScenario) Run(c *console.Console, b *Command) error {
	return b.run(c, "history", h, func(r *scene) (figures, error) { return h.measure(r) })
}

func (h *historyScenario) measure(r *scene) (*historyFigures, error) {
	s, err := r.seedServer(store.Seed{Teams: h.Rooms, People: 1, Rooms: 1, Messages: h.Stored / h.Rooms})
	if err != nil {
		return nil, err
	}
	found := &historyFigures{options: h}
	r.tell("reading from the store alone")
	if found.Store, err = h.readStore(r, s); err != nil {
		return nil, err
	}
	if err := s.start(r); err != nil {
		return nil, err
	}
	r.tell("reading while nobody writes")
	if found.Others, err = s.watched(r, func() (err error) {
		found.Quiet, err = h.readServer(r, s)
		return err
	}); err != nil {
		return nil, err
	}
	options := s.load(r)
	options.Rooms, options.Rate, options.Dialect = h.Rooms, h.Rate, s.acknowledged(s.inOrder)
	var all sync.WaitGroup
	var readErr error
	all.Go(func() { found.Busy, readErr = h.readServer(r, s) })
	found.Writes, _, err = s.fanout(r, options)
	all.Wait()
	return found, errors.Join(err, readErr)
}

// readFigures are the results of reading.
type readFigures struct {
	PagesPerSecond float64 `json:"pages_per_second"`
	P50            millis  `json:"p50_ms"`
	P99            millis  `json:"p99_ms"`
}

// read makes every reader ask for one page after another, at random places of random rooms.
func (h *historyScenario) read(
	r *scene, s *server, readers int, page func(reader, team int, before int64) error,
) (readFigures, error) {
	took := make([][]time.Duration, readers)
	failed := make([]error, readers)
	started := time.Now()
	var all sync.WaitGroup
	for i := range readers {
		all.Go(func() {
			for time.Since(started) < r.seconds() && r.ctx.Err() == nil && failed[i] == nil {
				begun := time.Now()
				before := actions.MaxPage + 1 + rand.Int64N(int64(s.seed.Messages-actions.MaxPage+1))
				failed[i] = page(i, rand.IntN(s.seed.Teams), before)
				took[i] = append(took[i], time.Since(begun))
			}
		})
	}
	all.Wait()
	sorted := slices.Sorted(slices.Values(slices.Concat(took...)))
	return readFigures{
		PagesPerSecond: float64(len(sorted)) / time.Since(started).Seconds(),
		P50:            millis(quantile(sorted, 0.5)), P99: millis(quantile(sorted, 0.99)),
	}, errors.Join(append(failed, r.ctx.Err())...)
}

// readStore reads from the store in this process, on as many connections as a server has.
func (h *historyScenario) readStore(r *scene, s *server) (found readFigures, err error) {
	db, err := store.Open(s.database(), store.TellNobody)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return h.read(r, s, store.Readers, func(_, team int, before int64) error {
		return db.Read(context.Background(), func(tx *store.Tx) error {
			messages, err := tx.MessagesBefore(s.seed.Room(team, 0), before, actions.MaxPage, actions.PageBytes)
			if err == nil && len(messages) != actions.MaxPage {
				err = fmt.Errorf("a page has %d messages", len(messages))
			}
			return err
		})
	})
}

// readServer reads from the server over HTTP.
func (h *historyScenario) readServer(r *scene, s *server) (readFigures, error) {
	transport := &http.Transport{MaxIdleConnsPerHost: h.Readers, DisableCompression: true}
	defer transport.CloseIdleConnections()
	bodies := make([]bytes.Buffer, h.Readers)
	return h.read(r, s, h.Readers, func(reader, team int, before int64) error {
		room := roomAddress(s.seed.Room(team, 0))
		address := fmt.Sprintf("%s%s/messages?limit=%d&before=%d", s.url, room, actions.MaxPage, before)
		request, err := http.NewRequestWithContext(r.ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		request.Header = s.header(s.seed.User(team, 0))
		response, err := transport.RoundTrip(request)
		if err != nil {
			return err
		}
		body := &bodies[reader]
		body.Reset()
		_, err = io.Copy(body, response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			return err
		}
		n := bytes.Count(body.Bytes(), []byte(`"client_id":"`))
		if response.StatusCode != http.StatusOK || n != actions.MaxPage {
			return fmt.Errorf("status %d and a page with %d messages", response.StatusCode, n)
		}
		return nil
	})
}

// historyFigures are the results.
type historyFigures struct {
	Store  readFigures `json:"store_alone"`
	Quiet  readFigures `json:"while_nobody_writes"`
	Busy   readFigures `json:"while_others_write"`
	Writes load.Result `json:"writes"`
	Others float64     `json:"other_programs_cpus"`

	options *historyScenario
}

func (f *historyFigures) print(t *table) {
	o := f.options
	t.text("Pages of %d messages out of %s, at random places of %s rooms:",
		actions.MaxPage, grouped(o.Stored), grouped(o.Rooms))
	t.text("")
	t.row("", "pages a second", "half within", "99 of 100 within")
	for _, line := range []struct {
		name string
		read readFigures
	}{
		{fmt.Sprintf("store alone, %d readers", store.Readers), f.Store},
		{fmt.Sprintf("over HTTP, %d readers", o.Readers), f.Quiet},
		{fmt.Sprintf("… while %s messages a second are written", grouped(o.Rate)), f.Busy},
	} {
		t.row(line.name, grouped(line.read.PagesPerSecond), line.read.P50.String(), line.read.P99.String())
	}
	t.text("")
	t.row("messages written meanwhile", grouped(f.Writes.MessagesPerSecond)+" a second")
	printLatency(t, "from sending to acknowledged", f.Writes.Latency)
	if f.Writes.Server != nil {
		t.row("memory of the server, at most", sizeOf(f.Writes.Server.RSSPeak))
	}
	t.row("CPUs used by other programs", fmt.Sprintf("%.2f", f.Others))
	printFaults(t, f.Writes.Faults, f.Writes.ClosedReaders())
}

func (f *historyFigures) wrong() string { return faultsText(f.Writes.Faults, f.Writes.ClosedReaders()) }
