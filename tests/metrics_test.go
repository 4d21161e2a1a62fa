//go:build unported

// Metrics: what happens is counted once, told under the names that the documents give, and to nobody else.

package tests

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
)

// ownMetrics has a program tell metrics on an address of their own.
const ownMetrics = "--metrics-listen=127.0.0.1:0"

var metricsAre = regexp.MustCompile(`Metrics are at (http\S+)/metrics`)

// metricsOf is the address of their own at which a program has said that its metrics are.
func (p *harness.Program) metricsOf(t *testing.T) *harness.Program {
	t.Helper()
	found := metricsAre.FindStringSubmatch(p.Stdout.String())
	if found == nil {
		t.Fatalf("no address of metrics in %q", p.Stdout.String())
	}
	return &program{url: found[1]}
}

// askMetrics asks for metrics with an Authorization, unless that is empty.
func (p *harness.Program) askMetrics(t *testing.T, authorization string) (*http.Response, string) {
	t.Helper()
	header := http.Header{}
	if authorization != "" {
		header.Set("Authorization", authorization)
	}
	return p.asks(t, http.MethodGet, metricsPath, "", header)
}

// scraped are the metrics of one moment, by name and labels as they are written.
type scraped map[string]float64

func (p *harness.Program) scrape(t *testing.T) scraped {
	t.Helper()
	resp, body := p.metricsOf(t).askMetrics(t, "")
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("got %d %s", resp.StatusCode, body)
	}
	values := scraped{}
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		at := strings.LastIndexByte(line, ' ')
		if at < 0 || strings.HasPrefix(line, "#") {
			continue
		}
		value, err := strconv.ParseFloat(line[at+1:], 64)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		values[line[:at]] = value
	}
	return values
}

// rose checks by how much counters rose since an earlier scrape.
func (now scraped) rose(t *testing.T, before scraped, want map[string]float64) {
	t.Helper()
	for name, by := range want {
		value, told := now[name]
		if got := value - before[name]; got != by || !told {
			t.Errorf("%s rose by %v, want %v", name, got, by)
		}
	}
}

func TestAMessageToThreeSocketsIsThreeDeliveries(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, ownMetrics)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general").ID
	before := p.scrape(t)
	socks := []*harness.Sock{ann.Dial(t), ann.Dial(t), bob.Dial(t)}
	opened := p.scrape(t)
	opened.rose(t, before, map[string]float64{
		"parley_sockets_opened_total": 3, "parley_sockets": 3, "parley_people_online": 2,
		"parley_messages_total": 0, "parley_deliveries_total": 0, "parley_frames_total": 3,
	})
	if opened["parley_frame_bytes_total"] < 3*100 {
		t.Errorf("three welcomes have %v bytes", opened["parley_frame_bytes_total"])
	}
	bob.Says(t, general, "to three")
	for _, s := range socks {
		s.ExpectMessage(t)
	}
	said := p.scrape(t)
	said.rose(t, opened, map[string]float64{
		"parley_messages_total": 1, "parley_deliveries_total": 3, "parley_frames_total": 3,
		"parley_batch_writes_count": 1, "parley_batch_writes_sum": 1, `parley_batch_writes_bucket{le="1"}`: 1,
		"parley_commit_seconds_count": 1, `parley_commit_seconds_bucket{le="+Inf"}`: 1,
	})
	if took := said["parley_commit_seconds_sum"]; took <= 0 || took > wait.Patience.Seconds() {
		t.Errorf("commits took %v seconds", took)
	}
	for _, name := range []string{"parley_database_bytes", "parley_wal_bytes", "go_goroutines", "process_start_time_seconds"} {
		if said[name] <= 0 {
			t.Errorf("%s is %v", name, said[name])
		}
	}
	if got := said[fmt.Sprintf("parley_build_info{version=%q}", version)]; got != 1 {
		t.Errorf("the version is not told: %v", got)
	}
}

func TestARefusalIsCountedOnceByItsCode(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, ownMetrics, "--messages-per-second=0.001", "--messages-burst=1", "--sign-in-attempts=4")
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	sock := ann.Dial(t)
	draft := chat.MessageSend{RoomID: general, Draft: harness.Draft("text")}
	sock.Ask(t, "message.send", draft, nil)
	before := p.scrape(t)
	ann.Refused(t, chat.RateLimited, http.MethodPost, harness.MessagesPath(general), draft.Draft)
	p.scrape(t).rose(t, before, map[string]float64{`parley_refusals_total{code="rate_limited"}`: 1, "parley_messages_total": 0})
	sock.AskRefused(t, chat.RateLimited, "message.send", draft)
	p.scrape(t).rose(t, before, map[string]float64{`parley_refusals_total{code="rate_limited"}`: 2, "parley_messages_total": 0})
	for range 4 {
		ann.Refused(t, chat.WrongCredentials, http.MethodPost, "/api/login", chat.Login{Name: "ann", Password: "wrong password"})
	}
	ann.Refused(t, chat.TooManyAttempts, http.MethodPost, "/api/login", chat.Login{Name: "ann", Password: "wrong password"})
	ann.Refused(t, chat.NotFound, http.MethodGet, "/api/rooms/999", nil)
	p.scrape(t).rose(t, before, map[string]float64{
		`parley_refusals_total{code="wrong_credentials"}`: 4, `parley_refusals_total{code="too_many_attempts"}`: 1,
		`parley_refusals_total{code="not_found"}`: 1, `parley_refusals_total{code="busy"}`: 0,
	})
}

func TestSocketsAreCountedByTheCodeTheyCloseWith(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, ownMetrics, "--sockets-per-user=1")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	before := p.scrape(t)
	left := 0
	gone := func() {
		t.Helper()
		left++
		wait.Until(t, "the socket has left", func() bool {
			now := p.scrape(t)
			return now["parley_sockets"] == 0 && now["parley_sockets_opened_total"] == float64(left)
		})
	}
	for _, code := range []int{websocket.CloseNormalClosure, websocket.CloseGoingAway, 4777} {
		s := bob.Dial(t)
		frame := websocket.FormatCloseMessage(code, "")
		if err := s.Conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(wait.Patience)); err != nil {
			t.Fatal(err)
		}
		<-s.Closed
		gone()
	}
	bob.Dial(t).Conn.NetConn().Close()
	gone()
	only := bob.Dial(t)
	bob.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseTooMany)
	only.SendRaw(t, strings.Repeat("x", p.cfg.FrameBytes+1))
	<-only.closed
	left++
	gone()
	bob.DialAnyhow(t, http.Header{"Authorization": {"Bearer x"}}).ExpectClosed(t, chat.CloseSignedOut)
	gone()
	now := p.scrape(t)
	want := map[string]float64{"parley_sockets_opened_total": float64(left)}
	for code, n := range map[string]float64{
		"1000": 1, "1001": 1, "other": 1, "1006": 1, "1009": 1, "4009": 1, "4001": 1, "4008": 0, "1012": 0, "4003": 0,
	} {
		want[fmt.Sprintf("parley_sockets_closed_total{code=%q}", code)] = n
	}
	now.rose(t, before, want)
	closed := 0.0
	for name, n := range now {
		if strings.HasPrefix(name, "parley_sockets_closed_total") {
			closed += n
		}
	}
	if closed != now["parley_sockets_opened_total"] {
		t.Errorf("%v were closed of %v opened", closed, now["parley_sockets_opened_total"])
	}
}

func TestASlowCloseIsCountedAndWhatWaitsIsTold(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--messages-burst=1000", "--message-characters=60000", "--frame-bytes=300000", "--outbox-bytes=300000")
	metrics := p.metrics(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general").ID
	bob.stalled(t)
	p.only(t, bob).narrow()
	filled := 0.0
	for p.socketsOf(bob) == 1 {
		ann.Says(t, general, bigBody)
		now := metrics.scrape(t)
		if now["parley_outbox_bytes"] != now["parley_outbox_fullest_bytes"] {
			t.Fatalf("of one outbox %v bytes wait in all, %v in the fullest", now["parley_outbox_bytes"], now["parley_outbox_fullest_bytes"])
		}
		filled = max(filled, now["parley_outbox_bytes"])
	}
	if filled == 0 || filled > float64(p.cfg.OutboxBytes) {
		t.Errorf("at most %v bytes waited, want up to %d", filled, p.cfg.OutboxBytes)
	}
	wait.Until(t, "it is counted", func() bool { return metrics.scrape(t)[`parley_sockets_closed_total{code="4008"}`] == 1 })
}

// metrics serves those of a program whose parts a test looks at.
func (p *parts) metrics(t *testing.T) *harness.Program {
	t.Helper()
	metrics := NewMetrics("", p.store.Counts, p.rooms.Counts, p.server.sockets.Counts)
	told := &program{output: &syncBuffer{}}
	stop, err := metrics.serve(context.Background(), "127.0.0.1:0", told.output)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return told
}

func TestTheStoreCountsBatchesThatFail(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	before := s.Counts()
	release := s.hold(t)
	good := s.queue(s.adds("good"))
	bad := s.queue(func(tx *WriteTx) error {
		s.adds("bad")(tx) // rolled back either way
		return chat.Errorf(chat.Forbidden, "no")
	})
	if waiting := s.Counts().Writes; waiting != 2 {
		t.Errorf("%d writes wait, want 2", waiting)
	}
	release()
	if err := wait(t, good); err != nil {
		t.Fatal(err)
	}
	if err := wait(t, bad); !chat.IsCode(err, chat.Forbidden) {
		t.Fatalf("got %v", err)
	}
	now := s.Counts()
	if added, rolledBack := now.Messages-before.Messages, now.RolledBack-before.RolledBack; added != 1 || rolledBack != 2 {
		t.Errorf("%d messages and %d rolled back, want 1, and 2: of both, and of the bad one alone", added, rolledBack)
	}
	if err := s.WriteAndWait(breakCommit); !chat.IsCode(err, chat.Unknown) {
		t.Fatalf("got %v, want unknown", err)
	}
	if unknown := s.Counts().Unknown; unknown != 1 {
		t.Errorf("%d commits are unknown, want 1", unknown)
	}
}

func TestReadsThatWaitAreCounted(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	release := make(chan struct{})
	held := make(chan struct{})
	ended := make(chan error)
	for range readers {
		go func() {
			ended <- s.Read(context.Background(), func(*Tx) error { held <- struct{}{}; <-release; return nil })
		}()
		<-held
	}
	if c := s.Counts(); c.Reads != 0 || c.ReadsWaited != 0 {
		t.Errorf("got %d waiting and %d waited before any had to", c.Reads, c.ReadsWaited)
	}
	go func() { ended <- s.Read(context.Background(), func(*Tx) error { return nil }) }()
	wait.Until(t, "one more waits", func() bool { return s.Counts().Reads == 1 })
	close(release)
	for range readers + 1 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if c := s.Counts(); c.Reads != 0 || c.ReadsWaited != 1 {
		t.Errorf("got %d waiting and %d waited, want 0 and 1", c.Reads, c.ReadsWaited)
	}
}

func TestTheDocumentsNameEveryMetric(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, ownMetrics)
	p.SetUp(t)
	_, body := p.metricsOf(t).askMetrics(t, "")
	label := regexp.MustCompile(`\{(\w+)="`)
	kinds, labels := map[string]string{}, map[string]string{}
	for line := range strings.Lines(body) {
		fields := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "# TYPE parley_"):
			kinds[fields[2]] = fields[3]
		case strings.HasPrefix(line, "parley_"):
			if found := label.FindStringSubmatch(line); found != nil {
				name, _, _ := strings.Cut(line, "{")
				labels[name] = "{" + found[1] + "}"
			}
		}
	}
	var want, got []string
	for name, kind := range kinds {
		want = append(want, name+labels[name]+" "+kind)
	}
	for _, row := range table(section(t, "docs/operations.md", "## Metrics")) {
		got = append(got, codes(row[0])[0]+" "+row[1])
	}
	same(t, "metrics", got, want)
	if len(want) < 20 {
		t.Errorf("only %q were told", want)
	}
	for _, used := range regexp.MustCompile(`parley_[a-z_]+`).FindAllString(section(t, "docs/operations.md", "## Metrics"), -1) {
		if _, known := kinds[strings.TrimSuffix(used, "_bucket")]; !known {
			t.Errorf("%s is named and not told", used)
		}
	}
}
