// Package metrics serves the program's counts to Prometheus. The store, the rooms and the socket doors do the
// counting and know nothing of this package: it only reads their counts, at each scrape.
package metrics

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/chat"
	"parley/internal/bearer"
	"parley/internal/count"
	"parley/internal/holdback"
	"parley/internal/listen"
	"parley/rooms"
	"parley/socket"
	"parley/store"
)

// Path is the address of the metrics on the server's own listeners.
const Path = "/metrics"

const (
	MinToken    = 16 // characters: nothing limits how fast somebody may guess
	maxScrapes  = 4  // at once; each one looks into every outbox
	maxScrapers = 64 // connections, when the metrics have listeners of their own
)

// Metrics answers scrapes. It is safe from any goroutine.
type Metrics struct {
	token   string // empty: everyone who reaches the address may scrape
	version string
	counts  Counts
	handler http.Handler
}

// Counts are the functions that a scrape reads what has been counted from.
type Counts struct {
	Store        func() store.Counts
	Rooms        func() rooms.Counts
	Sockets      func() socket.Counts
	Refusals     func() map[chat.Code]int64
	HeldBack     func() holdback.Counts
	ClientsAhead func() int64
}

// New makes Metrics of the version that runs. It has a registry of its own, so that scrapes get only the metrics that
// are registered here and none that a library registers by itself.
func New(token, version string, counts Counts) *Metrics {
	m := &Metrics{token: token, version: version, counts: counts}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		m, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorLog:            slog.NewLogLogger(slog.Default().Handler(), slog.LevelError),
		MaxRequestsInFlight: maxScrapes,
	})
	return m
}

// Allowed is a handler that answers scrapes that carry the token. It leaves every other request to otherwise,
// so that nobody without the token learns that there are metrics here.
func (m *Metrics) Allowed(otherwise func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !m.allows(r) {
			return otherwise(w, r)
		}
		m.handler.ServeHTTP(w, r)
		return nil
	}
}

// allows reports whether a request carries the token, if one is set. The comparison takes the same time
// however much of a guess is right.
func (m *Metrics) allows(r *http.Request) bool {
	if m.token == "" {
		return true
	}
	shown, _ := bearer.Token(r)
	got, want := sha256.Sum256([]byte(shown)), sha256.Sum256([]byte(m.token))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// ServeHTTP answers scrapes, and 404 to everything else.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	listen.SetHeaders(w.Header(), r, false)
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	if r.URL.Path != Path || !reads || !m.allows(r) {
		http.NotFound(w, r)
		return
	}
	m.handler.ServeHTTP(w, r)
}

// Serve answers scrapes on listeners of its own, until stop is called.
func (m *Metrics) Serve(listeners []net.Listener) (stop func()) {
	httpServer := listen.NewServer(m, listen.Bounds{All: maxScrapers, Proxy: func(string) bool { return true }})
	var serving sync.WaitGroup
	for _, ln := range listeners {
		serving.Go(func() {
			if err := httpServer.Serve(listen.WithHeaders(ln, false)); !errors.Is(err, http.ErrServerClosed) {
				slog.Error("metrics", "error", err) // the chat goes on without them
			}
		})
	}
	return func() {
		httpServer.Close() // drops a scrape that is under way: it is not worth waiting for
		serving.Wait()
	}
}

// Describe lists the metrics that Collect gives.
func (m *Metrics) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(m, ch) }

// Collect gives our metrics; docs/operations.md explains them. No label names a person, a room or an address,
// so the number of metrics does not grow.
func (m *Metrics) Collect(ch chan<- prometheus.Metric) {
	store, rooms, doors := m.counts.Store(), m.counts.Rooms(), m.counts.Sockets()
	to := scrape(ch)

	to.gauge("build_info", "Always 1; the label is what runs.", 1, "version", m.version)
	to.gauge("sockets", "Open sockets, signed in or not.", float64(doors.Open))
	to.counter("sockets_opened_total", "Sockets that were opened.", float64(doors.Opened))
	for code, n := range doors.Closed {
		to.counter("sockets_closed_total", "Sockets that have left, by close code.", float64(n),
			"code", closeCode(code))
	}
	to.gauge("people_online", "People with a socket, or with one a moment ago.", float64(rooms.People))
	for code, n := range m.counts.Refusals() {
		if code != "" {
			to.counter("refusals_total", "Requests refused, by the error's code.", float64(n), "code", string(code))
		}
	}
	held := m.counts.HeldBack()
	to.gauge("refusals_held", "Refusals that are held back now.", float64(held.Held))
	to.counter("refusals_held_total", "Refusals that were held back.", float64(held.Ever))
	to.counter("refusals_dropped_total", "Refusals not held back, since too many were: their connections ended.",
		float64(held.Dropped))
	to.counter("clients_ahead_total", "Rooms of which a client had changes that the database never had.",
		float64(m.counts.ClientsAhead()))

	to.counter("messages_total", "Messages stored.", float64(store.Messages))
	to.counter("deliveries_total", "Events of what was committed, put into outboxes.", float64(rooms.Deliveries))
	to.counter("frames_total", "Frames written to sockets.", float64(doors.Frames))
	to.counter("frame_bytes_total", "Bytes of those frames.", float64(doors.Bytes))
	to.gauge("outbox_bytes", "Bytes that wait in all outboxes.", float64(doors.OutboxBytes))
	to.gauge("outbox_fullest_bytes", "Bytes that wait in the fullest outbox.", float64(doors.OutboxFilled))

	const waits, limits = "What waits in a queue.", "What may wait in a queue."
	to.gauge("queue_length", waits, float64(store.Writes), "queue", "writes")
	to.gauge("queue_limit", limits, float64(store.WritesLimit), "queue", "writes")
	to.gauge("queue_length", waits, float64(rooms.Batches), "queue", "batches")
	to.gauge("queue_limit", limits, float64(rooms.BatchesLimit), "queue", "batches")
	to.gauge("reads_waiting", "Reads that wait for a connection to the database.", float64(store.Reads))
	to.counter("reads_total", "Reads from the database.", float64(store.ReadsAsked))
	to.counter("reads_waited_total", "Reads that had to wait for one.", float64(store.ReadsWaited))

	to.histogram("batch_writes", "Writes that shared a commit.", store.Batches, 1)
	to.histogram("commit_seconds", "Time that a commit took.", store.Commits, time.Second)
	to.counter("batches_rolled_back_total", "Batches that were rolled back.", float64(store.RolledBack))
	to.counter("commits_unknown_total", "Batches whose commit failed: their outcome is unknown.",
		float64(store.Unknown))
	to.gauge("database_bytes", "Size of the database file.", float64(store.DatabaseBytes))
	to.gauge("wal_bytes", "Size of the database's write-ahead log.", float64(store.LogBytes))
}

// closeCode is the label for a close code. 0 stands for every code that a client made up.
func closeCode(code int) string {
	if code == 0 {
		return "other"
	}
	return strconv.Itoa(code)
}

// scrape is the channel to which one scrape's metrics go. Its methods take a label as a name and its value.
type scrape chan<- prometheus.Metric

func (to scrape) gauge(name, help string, value float64, label ...string) {
	to.value(prometheus.GaugeValue, name, help, value, label)
}

func (to scrape) counter(name, help string, value float64, label ...string) {
	to.value(prometheus.CounterValue, name, help, value, label)
}

func (to scrape) value(kind prometheus.ValueType, name, help string, value float64, label []string) {
	var names, values []string
	if len(label) == 2 {
		names, values = label[:1], label[1:]
	}
	to <- prometheus.MustNewConstMetric(describe(name, help, names), kind, value, values...)
}

// histogram gives a histogram in units: it divides the values by unit.
func (to scrape) histogram(name, help string, h count.Buckets, unit time.Duration) {
	buckets := map[float64]uint64{}
	var count uint64
	for i, bound := range h.Bounds {
		count += uint64(h.Counts[i])
		buckets[float64(bound)/float64(unit)] = count
	}
	count += uint64(h.Counts[len(h.Bounds)])
	to <- prometheus.MustNewConstHistogram(
		describe(name, help, nil), count, float64(h.Sum)/float64(unit), buckets)
}

func describe(name, help string, labels []string) *prometheus.Desc {
	return prometheus.NewDesc("parley_"+name, help, labels, nil)
}
