//go:build unported

// Where metrics are told, to whom, and what they never tell.

package tests

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"parley/chat"
	"parley/internal/count"
)

const metricsToken = "a token for Prometheus alone"

// Who does not show the token learns nothing, not even that there are metrics.
func TestMetricsBesideEverythingElseNeedTheirToken(t *testing.T) {
	t.Parallel()
	with, without := harness.Start(t, "--metrics-token="+metricsToken), harness.Start(t)
	resp, body := with.askMetrics(t, "Bearer "+metricsToken)
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "parley_sockets 0\n") {
		t.Errorf("with the token: got %d %.200s", resp.StatusCode, body)
	}
	want, wantBody := without.askMetrics(t, "")
	if want.StatusCode != http.StatusNotFound {
		t.Errorf("without metrics: got %d", want.StatusCode)
	}
	owner := with.SetUp(t).token(t)
	for _, authorization := range []string{
		"", "Bearer", "Bearer ", "Bearer x", "Bearer " + metricsToken + "x", "Bearer " + metricsToken[1:],
		"Basic " + metricsToken, metricsToken[:len(metricsToken)-1], "Bearer " + owner,
	} {
		got, gotBody := with.askMetrics(t, authorization)
		got.Header.Del("Date")
		want.Header.Del("Date")
		if got.StatusCode != want.StatusCode || gotBody != wantBody || harness.AsJSON(t, got.Header) != harness.AsJSON(t, want.Header) {
			t.Errorf("with %q: got %d %v %s, want %d %v %s as without metrics",
				authorization, got.StatusCode, got.Header, gotBody, want.StatusCode, want.Header, wantBody)
		}
	}
	if resp, _ := with.asks(t, http.MethodGet, metricsPath+"?token="+url.QueryEscape(metricsToken), "", nil); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a token in the address was taken: %d", resp.StatusCode)
	}
}

func TestTheAddressOfMetricsServesNothingElse(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, ownMetrics, "--metrics-token="+metricsToken)
	ann := p.SetUp(t)
	own := p.metricsOf(t)
	bearer := http.Header{"Authorization": {"Bearer " + metricsToken}}
	if resp, body := own.asks(t, http.MethodGet, metricsPath, "", bearer); resp.StatusCode != http.StatusOK {
		t.Errorf("got %d %s", resp.StatusCode, body)
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
		{own, http.MethodPost, metricsPath, bearer},
		{own, http.MethodGet, metricsPath, nil},
		{p, http.MethodGet, metricsPath, bearer},
	} {
		if resp, body := c.at.asks(t, c.method, c.path, "", c.header); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s %s%s with %v: got %d %s", c.method, c.at.URL, c.path, c.header, resp.StatusCode, body)
		}
	}
	ann.Get(t, "/api/me", nil)
	p.stop()
	if conn, err := net.Dial("tcp", strings.TrimPrefix(own.URL, "http://")); err == nil {
		conn.Close()
		t.Error("a stopped program still listens for scrapes")
	}
}

func TestScrapesAtOnceAreBounded(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}), make(chan struct{})
	empty := count.NewHistogram().Read()
	metrics := NewMetrics("",
		func() StoreCounts { return StoreCounts{Batches: empty, Commits: empty} },
		func() RoomsCounts { return RoomsCounts{} },
		func() DoorCounts { return DoorCounts{} },
	)
	metrics.doors = func() DoorCounts { // from now on
		asked <- struct{}{}
		<-answer
		return DoorCounts{}
	}
	told := &program{output: &syncBuffer{}}
	stop, err := metrics.serve(context.Background(), "127.0.0.1:0", told.output)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	own := told.metricsOf(t)
	var scrapes sync.WaitGroup
	for range maxScrapes {
		scrapes.Go(func() {
			if resp, body := own.askMetrics(t, ""); resp.StatusCode != http.StatusOK {
				t.Errorf("got %d %s", resp.StatusCode, body)
			}
		})
		<-asked
	}
	if resp, _ := own.askMetrics(t, ""); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("one too many got %d", resp.StatusCode)
	}
	close(answer)
	scrapes.Wait()
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
	_, body := p.metricsOf(t).askMetrics(t, "")
	if !strings.Contains(body, `code="bad_request"} 1`) {
		t.Error("what was refused was not counted")
	}
	for _, private := range []string{
		"zebedee", "Zebedee", "quokka", "xylophone", "unheard", "424242", "127.0.0.1", p.Data, zebedee.token(t), harness.GoodPassword,
	} {
		if strings.Contains(body, private) {
			t.Errorf("the metrics tell %q", private)
		}
	}
}
