// Metrics: what happens is counted once, told under the names that the documents give, and to nobody else.

package tests

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
	"parley/metrics"
	"parley/tests/harness"
)

// rose checks by how much counters rose since an earlier scrape.
func rose(t *testing.T, now, before harness.Metrics, want map[string]float64) {
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
	p := harness.Start(t, harness.WithMetrics)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general").ID
	before := p.Metrics(t)
	socks := []*harness.Sock{ann.Dial(t), ann.Dial(t), bob.Dial(t)}
	opened := p.Metrics(t)
	rose(t, opened, before, map[string]float64{
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
	said := p.Metrics(t)
	rose(t, said, opened, map[string]float64{
		"parley_messages_total": 1, "parley_deliveries_total": 3, "parley_frames_total": 3,
	})
	// The server also writes by itself meanwhile, such as when ann and bob were last seen.
	for _, name := range []string{
		"parley_batch_writes_count", "parley_batch_writes_sum", `parley_batch_writes_bucket{le="512"}`,
		"parley_commit_seconds_count", `parley_commit_seconds_bucket{le="+Inf"}`,
	} {
		if by := said[name] - opened[name]; by < 1 {
			t.Errorf("%s rose by %v, want at least one", name, by)
		}
	}
	if took := said["parley_commit_seconds_sum"]; took <= 0 || took > wait.Patience.Seconds() {
		t.Errorf("commits took %v seconds", took)
	}
	for _, name := range []string{"parley_database_bytes", "parley_wal_bytes", "go_goroutines", "process_start_time_seconds"} {
		ofAFile := name == "parley_wal_bytes" // PostgreSQL has one log for all its databases
		if said[name] <= 0 && !(ofAFile && engines.OnPostgres()) {
			t.Errorf("%s is %v", name, said[name])
		}
	}
	if got := said[fmt.Sprintf("parley_build_info{version=%q}", "dev")]; got != 1 {
		t.Errorf("the version is not told: %v", got)
	}
}

func TestARefusalIsCountedOnceByItsCode(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.WithMetrics, "--messages-per-second=0.001", "--messages-burst=1", "--sign-in-attempts=4")
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	sock := ann.Dial(t)
	draft := chat.MessageSend{RoomID: general, Draft: harness.Draft("text")}
	sock.Ask(t, "message.send", draft, nil)
	before := p.Metrics(t)
	ann.Refused(t, chat.RateLimited, http.MethodPost, harness.MessagesPath(general), draft.Draft)
	rose(t, p.Metrics(t), before, map[string]float64{`parley_refusals_total{code="rate_limited"}`: 1, "parley_messages_total": 0})
	sock.AskRefused(t, chat.RateLimited, "message.send", draft)
	rose(t, p.Metrics(t), before, map[string]float64{`parley_refusals_total{code="rate_limited"}`: 2, "parley_messages_total": 0})
	for range 4 {
		ann.Refused(t, chat.WrongCredentials, http.MethodPost, "/api/login", chat.Login{Name: "ann", Password: "wrong password"})
	}
	ann.Refused(t, chat.TooManyAttempts, http.MethodPost, "/api/login", chat.Login{Name: "ann", Password: "wrong password"})
	ann.Refused(t, chat.NotFound, http.MethodGet, "/api/rooms/999", nil)
	rose(t, p.Metrics(t), before, map[string]float64{
		`parley_refusals_total{code="wrong_credentials"}`: 4, `parley_refusals_total{code="too_many_attempts"}`: 1,
		`parley_refusals_total{code="not_found"}`: 1, `parley_refusals_total{code="busy"}`: 0,
	})
}

// Whoever goes on although they are refused, and clients that know more than the database, are seen from outside.
func TestRefusalsHeldBackAndClientsAheadAreCounted(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.WithMetrics)
	ann := p.SetUp(t)
	general, sock := ann.Room(t, "general").ID, ann.Dial(t)
	before := p.Metrics(t)
	rose(t, before, before, map[string]float64{
		"parley_refusals_held": 0, "parley_refusals_held_total": 0, "parley_refusals_dropped_total": 0,
	})
	sock.Changes(t, general, 0)
	for range 2 {
		if ahead := sock.Changes(t, general, 1000); ahead.State != chat.ChangesAhead {
			t.Fatalf("got %+v", ahead)
		}
	}
	rose(t, p.Metrics(t), before, map[string]float64{"parley_clients_ahead_total": 2})
	if n := strings.Count(p.Stderr.String(), "a client holds changes that this database never had"); n == 0 || n > 2 {
		t.Errorf("the log warns %d times, want once a minute", n)
	}
	nobody := p.Visitor(t, "nobody")
	wait.Until(t, "refusals are held back", func() bool {
		harness.Together(refusedAtOnce+refusedASecond, func(int) {
			nobody.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
		})
		return p.Metrics(t)["parley_refusals_held_total"] > before["parley_refusals_held_total"]
	})
}

func TestSocketsAreCountedByTheCodeTheyCloseWith(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.WithMetrics, "--sockets-per-user=1")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	before := p.Metrics(t)
	left := 0
	gone := func() {
		t.Helper()
		left++
		wait.Until(t, "the socket has left", func() bool {
			now := p.Metrics(t)
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
	only.SendRaw(t, strings.Repeat("x", p.Limits.FrameBytes+1))
	<-only.Closed
	left++
	gone()
	bob.DialAnyhow(t, http.Header{"Authorization": {"Bearer x"}}).ExpectClosed(t, chat.CloseSignedOut)
	gone()
	now := p.Metrics(t)
	want := map[string]float64{"parley_sockets_opened_total": float64(left)}
	for code, n := range map[string]float64{
		"1000": 1, "1001": 1, "other": 1, "1006": 1, "1009": 1, "4009": 1, "4001": 1, "4008": 0, "1012": 0, "4003": 0,
	} {
		want[fmt.Sprintf("parley_sockets_closed_total{code=%q}", code)] = n
	}
	rose(t, now, before, want)
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
	p := harness.Start(t, harness.WithMetrics, "--messages-per-second=100000", "--messages-burst=100000", "--message-characters=60000", "--frame-bytes=300000", "--outbox-bytes=300000")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general").ID
	bob.Stalled(t)
	p.AwaitSockets(t, 1)
	filled := 0.0
	for now := p.Metrics(t); now["parley_sockets"] == 1; now = p.Metrics(t) {
		ann.Says(t, general, harness.BigBody)
		if now["parley_outbox_bytes"] != now["parley_outbox_fullest_bytes"] {
			t.Fatalf("of one outbox %v bytes wait in all, %v in the fullest", now["parley_outbox_bytes"], now["parley_outbox_fullest_bytes"])
		}
		filled = max(filled, now["parley_outbox_bytes"])
	}
	if filled == 0 || filled > float64(p.Limits.OutboxBytes) {
		t.Errorf("at most %v bytes waited, want up to %d", filled, p.Limits.OutboxBytes)
	}
	wait.Until(t, "it is counted", func() bool { return p.ClosedSockets(t, chat.CloseSlow) == 1 })
}

func TestTheDocumentsNameEveryMetric(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.WithMetrics)
	p.SetUp(t)
	_, body := p.Asks(t, http.MethodGet, metrics.Path, "", http.Header{"Authorization": {"Bearer " + harness.MetricsToken}})
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
	for _, row := range harness.Table(harness.Section(t, "docs/operations.md", "## Metrics")) {
		got = append(got, harness.Codes(row[0])[0]+" "+row[1])
	}
	harness.Same(t, "metrics", got, want)
	if len(want) < 20 {
		t.Errorf("only %q were told", want)
	}
	for _, used := range regexp.MustCompile(`parley_[a-z_]+`).FindAllString(harness.Section(t, "docs/operations.md", "## Metrics"), -1) {
		if _, known := kinds[strings.TrimSuffix(used, "_bucket")]; !known {
			t.Errorf("%s is named and not told", used)
		}
	}
}
