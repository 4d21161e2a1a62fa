package harness

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"parley/internal/wait"
)

// MetricsToken lets the tests read the metrics of a program that was started with WithMetrics.
const MetricsToken = "a token to read the metrics"

// WithMetrics is the argument that has the program tell its metrics.
const WithMetrics = "--metrics-token=" + MetricsToken

// Metrics are samples by their name and labels, as they are written.
type Metrics map[string]float64

// Metrics reads the metrics of a program that was started with WithMetrics.
func (p *Program) Metrics(t testing.TB) Metrics {
	t.Helper()
	resp, text := p.Asks(t, http.MethodGet, "/metrics", "", http.Header{"Authorization": {"Bearer " + MetricsToken}})
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("metrics: got status %d: %s", resp.StatusCode, text)
	}
	all := Metrics{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		space := strings.LastIndexByte(line, ' ')
		value, err := strconv.ParseFloat(line[space+1:], 64)
		if err != nil {
			t.Fatalf("metrics: %q: %v", line, err)
		}
		all[line[:space]] = value
	}
	return all
}

// OpenSockets is how many sockets the program has.
func (p *Program) OpenSockets(t testing.TB) int {
	t.Helper()
	return int(p.Metrics(t)["parley_sockets"])
}

// ClosedSockets is how many sockets the program has closed with a code.
func (p *Program) ClosedSockets(t testing.TB, code int) int {
	t.Helper()
	return int(p.Metrics(t)[`parley_sockets_closed_total{code="`+strconv.Itoa(code)+`"}`])
}

// AwaitSockets waits until the program has that many sockets.
func (p *Program) AwaitSockets(t testing.TB, n int) {
	t.Helper()
	wait.Until(t, strconv.Itoa(n)+" sockets are open", func() bool { return p.OpenSockets(t) == n })
}
