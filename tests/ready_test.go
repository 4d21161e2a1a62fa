// Whether the server can store, which anybody may ask.

package tests

import (
	"net/http"
	"testing"
	"time"

	"parley/tests/harness"
)

func TestHoweverManyStrangersAskWhetherTheServerIsReadyItWritesNothing(t *testing.T) {
	t.Parallel()
	const asked = 100
	const own = 5 // what the server may write by itself meanwhile, and one more each minute
	p := harness.Start(t, harness.WithMetrics)
	writes := func() float64 { return p.Metrics(t)["parley_batch_writes_sum"] }
	before, began := writes(), time.Now()
	for range asked {
		if resp, body := p.Asks(t, http.MethodGet, "/readyz", "", nil); resp.StatusCode != http.StatusOK || body != "ok\n" {
			t.Fatalf("got %d %s", resp.StatusCode, body)
		}
	}
	if got, most := writes()-before, own+time.Since(began).Minutes(); got > most {
		t.Errorf("%d requests of strangers made the server write %v times, want at most %v", asked, got, most)
	}
}
