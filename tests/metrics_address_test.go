// Where metrics are told, to whom, and what they never tell.

package tests

import (
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"parley/chat"
	"parley/metrics"
	"parley/tests/harness"
)

const metricsToken = "a token for Prometheus alone"

// ownMetrics has a program tell metrics on an address of their own.
const ownMetrics = "--metrics-listen=127.0.0.1:0"

var metricsAre = regexp.MustCompile(`Metrics are at (http\S+)/metrics`)

// metricsOf is the address of their own at which a program has said that its metrics are.
func metricsOf(t *testing.T, p *harness.Program) *harness.Program {
	t.Helper()
	found := metricsAre.FindStringSubmatch(p.Stdout.String())
	if found == nil {
		t.Fatalf("no address of metrics in %q", p.Stdout.String())
	}
	return &harness.Program{URL: found[1]}
}

// askMetrics asks for metrics with an Authorization, unless that is empty.
func askMetrics(t *testing.T, p *harness.Program, authorization string) (*http.Response, string) {
	t.Helper()
	header := http.Header{}
	if authorization != "" {
		header.Set("Authorization", authorization)
	}
	return p.Asks(t, http.MethodGet, metrics.Path, "", header)
}

// Who does not show the token learns nothing, not even that there are metrics.
func TestMetricsBesideEverythingElseNeedTheirToken(t *testing.T) {
	t.Parallel()
	with, without := harness.Start(t, "--metrics-token="+metricsToken), harness.Start(t)
	resp, body := askMetrics(t, with, "Bearer "+metricsToken)
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "parley_sockets 0\n") {
		t.Errorf("with the token: got %d %.200s", resp.StatusCode, body)
	}
	want, wantBody := askMetrics(t, without, "")
	if want.StatusCode != http.StatusNotFound {
		t.Errorf("without metrics: got %d", want.StatusCode)
	}
	owner := with.SetUp(t).Token(t)
	for _, authorization := range []string{
		"", "Bearer", "Bearer ", "Bearer x", "Bearer " + metricsToken + "x", "Bearer " + metricsToken[1:],
		"Basic " + metricsToken, metricsToken[:len(metricsToken)-1], "Bearer " + owner,
	} {
		got, gotBody := askMetrics(t, with, authorization)
		got.Header.Del("Date")
		want.Header.Del("Date")
		if got.StatusCode != want.StatusCode || gotBody != wantBody || harness.AsJSON(t, got.Header) != harness.AsJSON(t, want.Header) {
			t.Errorf("with %q: got %d %v %s, want %d %v %s as without metrics",
				authorization, got.StatusCode, got.Header, gotBody, want.StatusCode, want.Header, wantBody)
		}
	}
	if resp, _ := with.Asks(t, http.MethodGet, metrics.Path+"?token="+url.QueryEscape(metricsToken), "", nil); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a token in the address was taken: %d", resp.StatusCode)
	}
}

func TestTheAddressOfMetricsServesNothingElse(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, ownMetrics, "--metrics-token="+metricsToken)
	ann := p.SetUp(t)
	own := metricsOf(t, p)
	bearer := http.Header{"Authorization": {"Bearer " + metricsToken}}
	if resp, body := own.Asks(t, http.MethodGet, metrics.Path, "", bearer); resp.StatusCode != http.StatusOK {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	if resp, body := own.Asks(t, http.MethodHead, metrics.Path, "", bearer); resp.StatusCode != http.StatusOK || body != "" {
		t.Errorf("HEAD got %d %q", resp.StatusCode, body)
	}
	for _, c := range []struct {
		at           *harness.Program
		method, path string
		header       http.Header
	}{
		{own, http.MethodGet, "/", bearer},
		{own, http.MethodGet, "/healthz", bearer},
		{own, http.MethodGet, "/api/server", bearer},
		{own, http.MethodGet, "/ws", bearer},
		{own, http.MethodGet, "/metrics/", bearer},
		{own, http.MethodGet, "//metrics", bearer},
		{own, http.MethodGet, "/debug/pprof/", bearer},
		{own, http.MethodPost, metrics.Path, bearer},
		{own, http.MethodGet, metrics.Path, nil},
		{p, http.MethodGet, metrics.Path, bearer},
	} {
		if resp, body := c.at.Asks(t, c.method, c.path, "", c.header); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s %s%s with %v: got %d %s", c.method, c.at.URL, c.path, c.header, resp.StatusCode, body)
		}
	}
	ann.Get(t, "/api/me", nil)
	p.Stop()
	if conn, err := net.Dial("tcp", strings.TrimPrefix(own.URL, "http://")); err == nil {
		conn.Close()
		t.Error("a stopped program still listens for scrapes")
	}
}

func TestMetricsNameNoPersonAndNoSecret(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, ownMetrics)
	ann := p.SetUp(t)
	zebedee := p.SignUp(t, ann, "zebedee")
	quokka := zebedee.Creates(t, chat.Private, "quokka")
	s := zebedee.Dial(t)
	s.Says(t, quokka.ID, "xylophone")
	s.Send(t, "unheard", chat.Done{})
	zebedee.Refused(t, chat.NotFound, http.MethodGet, "/api/rooms/424242", nil)
	s.Settle(t)
	_, body := askMetrics(t, metricsOf(t, p), "")
	if !strings.Contains(body, `code="bad_request"} 1`) {
		t.Error("what was refused was not counted")
	}
	for _, private := range []string{
		"zebedee", "Zebedee", "quokka", "xylophone", "unheard", "424242", "127.0.0.1", p.Data, zebedee.Token(t), harness.GoodPassword,
	} {
		if strings.Contains(body, private) {
			t.Errorf("the metrics tell %q", private)
		}
	}
}
