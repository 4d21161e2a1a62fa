// A notification for ten thousand: in parts, beside the messages of others, and whatever interrupts it.

package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"parley/auth"
	"parley/chat"
	"parley/store"
	"parley/tests/harness"
)

// peopleIn fills a new data folder with people and gives the names of all, and the owner's token.
func peopleIn(t testing.TB, data string, people int) (names []string, owner string) {
	t.Helper()
	seed := store.Seed{Teams: 1, People: people, Rooms: 1, Until: time.Now().Add(time.Hour)}
	st, err := store.Open(harness.DatabaseIn(t, data), store.TellNobody)
	if err != nil {
		t.Fatal(err)
	}
	row, err := st.SeedNew(context.Background(), seed, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	tokens, err := auth.NewSigner(row.TokenKey, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if owner, err = tokens.Issue(seed.Session(seed.User(0, 0))); err != nil {
		t.Fatal(err)
	}
	for n := range people {
		names = append(names, fmt.Sprint("person", n+1))
	}
	return names, owner
}

// sends posts a notification from any goroutine.
func sendsNotification(who *harness.Person, in chat.NewNotification) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, who.P.URL+"/api/notifications", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+who.Bearer)
	// However long it takes: the race detector makes much of ten thousand.
	resp, err := (&http.Client{Transport: who.Client.Transport}).Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusCreated {
		err = fmt.Errorf("status %d: %s", resp.StatusCode, answer)
	}
	return err
}

// comesWith is somebody who comes with a token, and without a browser.
func comesWith(t testing.TB, p *harness.Program, token string) *harness.Person {
	t.Helper()
	return p.Visitor(t, "person1").WithBearer(t, token)
}

// announcement is a server of ten thousand people, one of whom talks while another thing is told to all.
type announcement struct {
	owner *harness.Person
	sock  *harness.Sock
	room  chat.RoomID
	names []string
}

func newAnnouncement(t testing.TB) *announcement {
	t.Helper()
	data := t.TempDir()
	names, token := peopleIn(t, data, maxRecipients)
	p := harness.StartIn(t, data, "--messages-per-second=100000", "--messages-burst=100000")
	owner := comesWith(t, p, token)
	s := owner.DialBearer(t, owner.Bearer)
	return &announcement{owner: owner, sock: s, room: s.Welcome.Rooms[0].ID, names: names}
}

// tells everyone something, and gives how long that took, and how long the messages meanwhile, in order.
func (a *announcement) tells(t testing.TB, key string) (all time.Duration, took []time.Duration) {
	t.Helper()
	started, done := time.Now(), make(chan error, 1)
	go func() {
		done <- sendsNotification(a.owner, chat.NewNotification{To: a.names, Title: "hello", Key: key})
	}()
	for running := true; running; {
		begun := time.Now()
		a.sock.Says(t, a.room, "meanwhile")
		took = append(took, time.Since(begun))
		select {
		case err := <-done:
			if running = false; err != nil {
				t.Fatal(err)
			}
		default:
		}
	}
	all = time.Since(started)
	slices.Sort(took)
	return all, took
}

func TestTenThousandAreNotifiedWhileMessagesFlow(t *testing.T) {
	t.Parallel()
	a := newAnnouncement(t)
	all, took := a.tells(t, "all")
	if len(took) < 10 {
		t.Errorf("only %d messages were acknowledged in %v", len(took), all)
	}
	a.sock.Expect(t, "notification.added")
	if got := a.owner.Notifies(t, "all", "hello", a.names...); got.Recipients != len(a.names) {
		t.Errorf("a resend got %+v", got)
	}
	if got := inboxOf(t, a.owner); got.Inbox != (chat.Inbox{Seq: 1, Unread: 1}) {
		t.Errorf("the inbox is %+v", got.Inbox)
	}
}

// BenchmarkTenThousandNotified measures one notification for ten thousand people, and the messages of somebody
// else meanwhile.
func BenchmarkTenThousandNotified(b *testing.B) {
	a := newAnnouncement(b)
	var meanwhile []time.Duration
	for n := 0; b.Loop(); n++ {
		_, took := a.tells(b, fmt.Sprint(n))
		for f, ok := a.sock.Next(); ok && f.Event != "notification.added"; f, ok = a.sock.Next() { // so that nothing piles up
		}
		meanwhile = append(meanwhile, took...)
	}
	slices.Sort(meanwhile)
	milliseconds := func(of int) float64 {
		return float64(meanwhile[len(meanwhile)*of/100]) / float64(time.Millisecond)
	}
	b.ReportMetric(milliseconds(50), "p50-ms")
	b.ReportMetric(milliseconds(99), "p99-ms")
	b.ReportMetric(float64(len(meanwhile))/float64(b.N), "messages/op")
}

func TestANotificationThatAKillInterruptedGoesOnByItsKey(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	names, token := peopleIn(t, data, maxRecipients)
	p := harness.StartIn(t, data)
	owner := comesWith(t, p, token)
	s := owner.DialBearer(t, owner.Bearer)
	failed := make(chan error, 1)
	go func() {
		failed <- sendsNotification(owner, chat.NewNotification{To: names, Title: "hello", Key: "all"})
	}()
	s.Expect(t, "notification.added") // the first part is on disk
	p.Kill()
	if err := <-failed; err == nil {
		t.Error("it was done before it was interrupted")
	}
	delivered := func() (n, most int) {
		harness.Query(t, p.Database(), `
			SELECT count(*), coalesce(max(n), 0)
			FROM (SELECT count(*) AS n FROM inbox GROUP BY user_id) each`, &n, &most)
		return n, most
	}
	n, _ := delivered()
	t.Logf("%d had it when the server was killed", n)
	if n == 0 || n == len(names) || n%notifyChunk != 0 {
		t.Errorf("%d had it", n)
	}
	p = harness.StartIn(t, data)
	owner = comesWith(t, p, token)
	owner.Notifies(t, "all", "hello", names...)
	if n, most := delivered(); n != len(names) || most != 1 {
		t.Errorf("%d have it, one of them %d times", n, most)
	}
}
