package metrics

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"parley/chat"
	"parley/internal/count"
	"parley/rooms"
	"parley/socket"
	"parley/store"
)

func TestScrapesAtOnceAreBounded(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}), make(chan struct{})
	empty := count.NewHistogram().Read()
	metrics := New("", "test",
		func() store.Counts { return store.Counts{Batches: empty, Commits: empty} },
		func() rooms.Counts { return rooms.Counts{} },
		func() socket.Counts { return socket.Counts{} },
		func() map[chat.Code]int64 { return nil },
	)
	metrics.doors = func() socket.Counts { // not when the metrics are described, which New has done
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
