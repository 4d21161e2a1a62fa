// Metrics: what the store, the rooms and the doors have counted, told to Prometheus. They count by
// themselves and know nothing of it; this file only reads, when it is asked.

package metrics

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/chat"
	"parley/internal/count"
	"parley/internal/listen"
	"parley/rooms"
	"parley/socket"
	"parley/store"
)

// Path is the address of the metrics.
const Path = "/metrics"

const (
	MinToken = 16 // characters: nobody is held back who guesses
	maxScrapes      = 4  // at once; each looks into every outbox
	maxScrapers     = 64 // connections to the address of its own
)

// Metrics answers scrapes. It is safe from any goroutine.
type Metrics struct {
	token    string // empty: for everyone who reaches it
	store    func() store.Counts
	rooms    func() rooms.Counts
	doors    func() socket.Counts
	refusals func() map[chat.Code]int64
	version  string
	handler  http.Handler
}

// New has a registry of its own, so that nothing is told but what is named here.
func New(
	token, version string, store func() store.Counts, rooms func() rooms.Counts, doors func() socket.Counts,
	refusals func() map[chat.Code]int64,
) *Metrics {
	m := &Metrics{token: token, version: version, store: store, rooms: rooms, doors: doors, refusals: refusals}
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

// Allowed answers a scrape that shows the token, and every other request as if there were no metrics.
func (m *Metrics) Allowed(otherwise func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !m.allows(r) {
			return otherwise(w, r)
		}
		m.handler.ServeHTTP(w, r)
		return nil
	}
}

// allows tells whether a request shows the token, where there is one. How long the answer takes does not tell
// how much of a guess was right.
func (m *Metrics) allows(r *http.Request) bool {
	if m.token == "" {
		return true
	}
	shown, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	got, want := sha256.Sum256([]byte(shown)), sha256.Sum256([]byte(m.token))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// ServeHTTP answers a scrape, and nothing else.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != Path || r.Method != http.MethodGet || !m.allows(r) {
		http.NotFound(w, r)
		return
	}
	m.handler.ServeHTTP(w, r)
}

// Serve answers on listeners of its own, until stop is called.
func (m *Metrics) Serve(listeners []net.Listener) (stop func()) {
	httpServer := listen.NewServer(m, maxScrapers)
	var serving sync.WaitGroup
	for _, ln := range listeners {
		serving.Go(func() {
			if err := httpServer.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
				slog.Error("metrics", "error", err) // the chat goes on without them
			}
		})
	}
	return func() {
		httpServer.Close() // a scrape under way is worth no waiting
		serving.Wait()
	}
}

// Describe lists what Collect gives.
func (m *Metrics) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(m, ch) }

// Collect is the list of our metrics, which docs/operations.md explains. No label is a person, a room or
// an address, so that there are never more of them.
func (m *Metrics) Collect(ch chan<- prometheus.Metric) {
	store, rooms, doors := m.store(), m.rooms(), m.doors()
	to := scrape(ch)

	to.gauge("build_info", "Always 1; the label is what runs.", 1, "version", m.version)
	to.gauge("sockets", "Open sockets, signed in or not.", float64(doors.Open))
	to.counter("sockets_opened_total", "Sockets that were opened.", float64(doors.Opened))
	for code, n := range doors.Closed {
		to.counter("sockets_closed_total", "Sockets that have left, by close code.", float64(n),
			"code", closeCode(code))
	}
	to.gauge("people_online", "People with a socket, or with one a moment ago.", float64(rooms.People))
	for code, n := range m.refusals() {
		if code != "" {
			to.counter("refusals_total", "Requests refused, by the error's code.", float64(n), "code", string(code))
		}
	}

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
	to.counter("reads_waited_total", "Reads that had to wait for one.", float64(store.ReadsWaited))

	to.histogram("batch_writes", "Writes that shared a commit.", store.Batches, 1)
	to.histogram("commit_seconds", "Time that a commit took.", store.Commits, time.Second)
	to.counter("batches_rolled_back_total", "Batches that were rolled back.", float64(store.RolledBack))
	to.counter("commits_unknown_total", "Batches whose commit failed: their outcome is unknown.",
		float64(store.Unknown))
	to.gauge("database_bytes", "Size of the database file.", float64(store.DatabaseBytes))
	to.gauge("wal_bytes", "Size of the database's write-ahead log.", float64(store.LogBytes))
}

// CloseCode names one; 0 is any that a client made up.
func closeCode(code int) string {
	if code == 0 {
		return "other"
	}
	return strconv.Itoa(code)
}

// scrape is where the metrics of one scrape go. A label is a name and its value.
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

// histogram tells one in units: values are divided by what one of them is.
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
