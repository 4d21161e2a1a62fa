package metrics

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/chat"
	"parley/internal/count"
	"parley/internal/holdback"
	"parley/internal/wait"
	"parley/rooms"
	"parley/socket"
	"parley/store"
)

// newMetrics has counted nothing.
func newMetrics() *Metrics {
	empty := count.NewHistogram().Read()
	return New("", "test", Counts{
		Store:        func() store.Counts { return store.Counts{Batches: empty, Commits: empty} },
		Rooms:        func() rooms.Counts { return rooms.Counts{} },
		Sockets:      func() socket.Counts { return socket.Counts{} },
		Refusals:     func() map[chat.Code]int64 { return nil },
		HeldBack:     func() holdback.Counts { return holdback.Counts{} },
		ClientsAhead: func() int64 { return 0 },
	})
}

// lastIsRefused opens one connection more than there may be, and tells whether nothing is answered on the last.
func lastIsRefused(t *testing.T, address string) bool {
	t.Helper()
	var all []net.Conn
	defer func() {
		for _, conn := range all {
			conn.Close()
		}
	}()
	for range maxScrapers + 1 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, conn)
	}
	last := all[maxScrapers]
	last.SetDeadline(time.Now().Add(wait.Patience))
	io.WriteString(last, "GET "+Path+" HTTP/1.1\r\nHost: metrics\r\n\r\n") // it may be closed already
	n, err := last.Read(make([]byte, 1))
	return n == 0 && !errors.Is(err, os.ErrDeadlineExceeded)
}

func TestConnectionsToTheAddressOfMetricsAreBounded(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stop := newMetrics().Serve([]net.Listener{ln})
	t.Cleanup(stop)
	// When opening them takes as long as the server waits for a request, the first have gone before the last comes.
	wait.Until(t, "one connection too many is refused", func() bool { return lastIsRefused(t, ln.Addr().String()) })
}

func TestAHistogramCountsWhatIsAboveItsLastBound(t *testing.T) {
	t.Parallel()
	metrics := newMetrics()
	metrics.counts.Store = func() store.Counts {
		empty := count.NewHistogram().Read()
		return store.Counts{Batches: count.Buckets{Bounds: []int64{1, 2}, Counts: []int64{5, 3, 4}, Sum: 100}, Commits: empty}
	}
	answer := httptest.NewRecorder()
	metrics.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, Path, nil))
	for _, line := range []string{
		`parley_batch_writes_bucket{le="1"} 5`, `parley_batch_writes_bucket{le="2"} 8`,
		`parley_batch_writes_bucket{le="+Inf"} 12`, `parley_batch_writes_sum 100`, `parley_batch_writes_count 12`,
	} {
		if !strings.Contains(answer.Body.String(), line+"\n") {
			t.Errorf("there is no %s", line)
		}
	}
}

func TestScrapesAtOnceAreBounded(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}), make(chan struct{})
	metrics := newMetrics()
	metrics.counts.Sockets = func() socket.Counts { // not when the metrics are described, which New has done
		asked <- struct{}{}
		<-answer
		return socket.Counts{}
	}
	server := httptest.NewServer(metrics)
	t.Cleanup(server.Close)
	scrape := func() int {
		resp, err := http.Get(server.URL + Path)
		if err != nil {
			t.Error(err)
			return 0
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	var scrapes sync.WaitGroup
	for range maxScrapes {
		scrapes.Go(func() {
			if status := scrape(); status != http.StatusOK {
				t.Errorf("got %d", status)
			}
		})
		<-asked
	}
	if status := scrape(); status != http.StatusServiceUnavailable {
		t.Errorf("one too many got %d", status)
	}
	close(answer)
	scrapes.Wait()
}
