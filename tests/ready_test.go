// Whether the server can store, which anybody may ask.

package tests

import (
	"net/http"
	"testing"
	"time"

	"parley/tests/harness"
)

// However many strangers ask whether the server can store, it finds out once in five seconds.
func TestHoweverManyStrangersAskWhetherTheServerIsReadyItWritesOnceIn5Seconds(t *testing.T) {
	t.Parallel()
	const asked, every = 100, 5 * time.Second
	const upkeep = 5 // what the server may write by itself meanwhile
	p := harness.Start(t, harness.WithMetrics)
	writes := func() float64 { return p.Metrics(t)["parley_batch_writes_sum"] }
	before, began := writes(), time.Now()
	for range asked {
		if resp, body := p.Asks(t, http.MethodGet, "/readyz", "", nil); resp.StatusCode != http.StatusOK || body != "ok\n" {
			t.Fatalf("got %d %s", resp.StatusCode, body)
		}
	}
	most := 1 + upkeep + float64(time.Since(began)/every) // a slow machine takes longer than five seconds to ask
	if got := writes() - before; got > most {
		t.Errorf("%d requests of strangers made the server write %v times, want at most %v", asked, got, most)
	}
}
