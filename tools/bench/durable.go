// The bench "durable": how many messages a second are acknowledged, and so on disk. It measures the whole
// server and the store alone, and in the same run the bare disk for comparison.

package bench

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/console"
	"parley/internal/markdown"
	"parley/store"
	"parley/tools/load"
)

// durableScenario holds the flags of the scenario. The report gives them as its options.
type durableScenario struct {
	Senders  int `default:"500" env:"-" placeholder:"N" help:"People who write, each alone in a room (${default})." json:"senders"`
	Window   int `default:"1" env:"-" placeholder:"N" help:"Messages that each of them has under way (${default})." json:"window"`
	UnderWay int `default:"256" env:"-" placeholder:"N" help:"Messages under way when the store is measured without a server (${default})." json:"under_way"`
	Stored   int `env:"-" placeholder:"N" help:"Messages in the database before, in all rooms together." json:"stored,omitempty"`
	Bytes    int `default:"70" env:"-" placeholder:"N" help:"Length of a message (${default})." json:"bytes"`
}

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (d *durableScenario) Validate() error {
	if d.Senders < 1 || d.Window < 1 || d.UnderWay < 1 || d.Stored < 0 {
		return errors.New("--senders, --window, --under-way: at least 1")
	}
	return checkLength(d.Bytes)
}

// Run runs the scenario; kong calls it.
func (d *durableScenario) Run(c *console.Console, b *Command) error {
	return b.run(c, "durable", d, func(r *scene) (figures, error) { return d.measure(r) })
}

// measure also measures the bare disk before, between and after the other parts, so that a disk that others
// slow down shows in the result.
func (d *durableScenario) measure(r *scene) (*durableFigures, error) {
	s, err := r.seedServer(store.Seed{Teams: d.Senders, People: 1, Rooms: 1, Messages: d.Stored / d.Senders})
	if err != nil {
		return nil, err
	}
	found := &durableFigures{options: d}
	disk := diskProbe{folder: s.data}
	steps := []func() error{
		func() (err error) {
			r.tell("the store alone")
			found.Store, err = s.storeAlone(r, d.UnderWay, d.Bytes)
			return err
		},
		func() error { return s.start(r) },
		func() (err error) {
			options := s.load(r)
			options.Dialect = s.acknowledged(s.inOrder)
			options.Rooms, options.Window, options.TextBytes = d.Senders, d.Window, d.Bytes
			found.Server, found.Others, err = s.fanout(r, options)
			return err
		},
		func() (err error) {
			options := s.load(r)
			options.Dialect, options.TextBytes = s.acknowledged(s.inOrder), d.Bytes
			found.OneSender, _, err = s.fanout(r, options)
			return err
		},
	}
	for _, step := range steps {
		if err := errors.Join(disk.probe(), step()); err != nil {
			return nil, err
		}
	}
	if err := disk.probe(); err != nil {
		return nil, err
	}
	found.Disk = disk.figures()
	found.StoreToDisk = found.Store.AcksPerSecond / found.Disk.SyncsPerSecond
	found.ServerToStore = found.Server.MessagesPerSecond / found.Store.AcksPerSecond
	found.LatencyToDisk = found.OneSender.Latency.P50 / (time.Duration(found.Disk.P50).Seconds() * 1000)
	return found, nil
}

// acknowledged is a dialect in which a message counts when it is acknowledged instead of when it is seen. The
// marker that the generator looks for is the id of the request, which the reply repeats.
func (s *server) acknowledged(who place) load.Dialect {
	d := s.dialect(who)
	d.Publish = func(frame []byte, m load.Message, text []byte) []byte {
		_, room := who(m.Member)
		return appendSend(frame, string(text[:load.MinTextBytes]), room, text)
	}
	d.Before = `{"event":"reply","id":"`
	return d
}

// durableFigures are the results.
type durableFigures struct {
	Server    load.Result  `json:"server"`
	OneSender load.Result  `json:"one_sender"`
	Store     storeFigures `json:"store_alone"`
	Disk      diskFigures  `json:"disk"`
	Others    float64      `json:"other_programs_cpus"`

	StoreToDisk   float64 `json:"store_acks_to_disk_syncs"`
	ServerToStore float64 `json:"server_acks_to_store_acks"`
	LatencyToDisk float64 `json:"one_sender_p50_to_disk_p50"`
	options       *durableScenario
}

func (d *durableFigures) print(t *table) {
	o := d.options
	t.text("Messages acknowledged, that is on disk, each author alone in a room:")
	t.text("")
	t.row("", "a second", "half within", "99 of 100 within")
	server, one := d.Server.Latency, d.OneSender.Latency
	t.row(fmt.Sprintf("whole server, %s senders", grouped(o.Senders)),
		grouped(d.Server.MessagesPerSecond), millisOf(server.P50).String(), millisOf(server.P99).String())
	t.row(fmt.Sprintf("store alone, %s under way", grouped(o.UnderWay)),
		grouped(d.Store.AcksPerSecond), d.Store.P50.String(), d.Store.P99.String())
	t.row("bare disk, one write and sync after another",
		grouped(d.Disk.SyncsPerSecond), d.Disk.P50.String(), d.Disk.P99.String())
	t.row("whole server, one sender",
		grouped(d.OneSender.MessagesPerSecond), millisOf(one.P50).String(), millisOf(one.P99).String())
	t.text("")
	t.row("store alone, for each sync of the bare disk", fmt.Sprintf("%.1f", d.StoreToDisk))
	t.row("whole server, for each of the store alone", fmt.Sprintf("%.2f", d.ServerToStore))
	t.row("one sender waits for so many bare syncs", fmt.Sprintf("%.1f", d.LatencyToDisk))
	printUsage(t, d.Server.Server, d.Server.Generator, d.Server.Seconds, d.Others)
	printFaults(t, d.faults(), d.closed())
}

func (d *durableFigures) faults() load.Faults { return addFaults(d.Server.Faults, d.OneSender.Faults) }

func (d *durableFigures) closed() int { return d.Server.ClosedReaders() + d.OneSender.ClosedReaders() }

func (d *durableFigures) wrong() string { return faultsText(d.faults(), d.closed()) }

// storeFigures are the results of the store without a server around it.
type storeFigures struct {
	AcksPerSecond float64 `json:"acks_per_second"`
	P50           millis  `json:"p50_ms"`
	P99           millis  `json:"p99_ms"`
}

// storeAlone posts messages as the people of the seed, in turn, with so many under way and without a server.
func (s *server) storeAlone(r *scene, underWay, size int) (found storeFigures, err error) {
	db, err := store.Open(s.database(), store.TellNobody)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var (
		all     sync.WaitGroup
		mu      sync.Mutex
		took    []time.Duration
		failure error
	)
	body := strings.Repeat("x", size)
	html := markdown.Render(body)
	free := make(chan struct{}, underWay)
	started := time.Now()
	for n := 0; time.Since(started) < r.seconds() && r.ctx.Err() == nil; n++ {
		free <- struct{}{}
		all.Add(1)
		team := n % s.seed.Teams
		room := s.seed.Room(team, 0)
		author := access.Caller{User: s.seed.User(team, n/s.seed.Teams%s.seed.People)}
		draft := store.RenderedDraft{Draft: chat.Draft{ClientID: chat.NewClientID(), Body: body}, HTML: html}
		begun := time.Now()
		db.Write(func(tx *store.WriteTx) error {
			standing, err := tx.StandingIn(author, room)
			if err == nil {
				_, err = tx.AddMessage(standing, draft)
			}
			return err
		}, func(err error) {
			mu.Lock()
			took, failure = append(took, time.Since(begun)), errors.Join(failure, err)
			mu.Unlock()
			<-free
			all.Done()
		})
	}
	all.Wait()
	found.AcksPerSecond = float64(len(took)) / time.Since(started).Seconds()
	slices.Sort(took)
	found.P50, found.P99 = millis(quantile(took, 0.5)), millis(quantile(took, 0.99))
	return found, errors.Join(failure, r.ctx.Err())
}
