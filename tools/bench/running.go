// The bench "fanout" on a server that already runs: with few people and few messages, in a room of its own.

package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/chat"
	"parley/client"
)

// runningServer holds the flags that name such a server.
type runningServer struct {
	URL     string `name:"url" group:"A running server" env:"-" placeholder:"URL" help:"Measure the server at this address instead, with few people who write --rate messages a second (2) in a private room of their own. They leave the room afterwards; it and its messages stay in the database, where nobody sees them, since rooms cannot be deleted yet." json:"url,omitempty"`
	Consent bool   `name:"i-own-this-server" group:"A running server" env:"-" help:"Needed with --url: you may load that server and leave an empty room in it." json:"-"`
	Tokens  string `group:"A running server" env:"-" placeholder:"FILE" help:"Needed with --url: a file with the tokens of those people, one a line; POST /api/login gives one." json:"-"`
}

const (
	runningRate     = 2  // messages a second
	runningMost     = 5  // … of each person: half of what a server allows by default
	runningPeople   = 50 // at most
	runningPatience = 15 * time.Second
)

// check returns an error that names the first flag with an invalid value.
func (s *runningServer) check() error {
	switch {
	case s.URL == "" && (s.Consent || s.Tokens != ""):
		return errors.New("--url is missing")
	case s.URL != "" && !s.Consent:
		return errors.New("--url: say with --i-own-this-server that you may load it and leave an empty room in it")
	case s.URL != "" && s.Tokens == "":
		return errors.New("--url: give with --tokens a file with the tokens of the people who write")
	}
	return nil
}

// measureRunning measures the server that the flags name.
func (f *fanoutScenario) measureRunning(r *scene) (_ *runningFigures, err error) {
	text, err := os.ReadFile(f.Tokens)
	if err != nil {
		return nil, err
	}
	tokens := strings.Fields(string(text))
	if f.Rate == 0 {
		f.Rate = runningRate
	}
	if len(tokens) == 0 || len(tokens) > runningPeople || f.Rate > runningMost*float64(len(tokens)) {
		return nil, fmt.Errorf("a running server is measured with 1 to %d people, "+
			"who write %d messages a second each", runningPeople, runningMost)
	}
	m := &meeting{url: f.URL, sent: map[chat.ClientID]time.Time{}, news: make(chan struct{}, 1)}
	r.atEnd(m.end)
	for _, token := range tokens {
		if err := m.invite(r, token); err != nil {
			return nil, err
		}
	}
	if err := m.open(r); err != nil {
		return nil, err
	}
	if err := m.talk(r, f); err != nil {
		return nil, err
	}
	return m.figures(), nil
}

// meeting is the people who write, and the room they are in.
type meeting struct {
	url    string
	people []*guest
	room   chat.RoomID

	mu    sync.Mutex
	sent  map[chat.ClientID]time.Time
	acked []time.Duration
	seen  []time.Duration
	news  chan struct{} // something was acknowledged or seen
}

// guest is one of the people in a meeting.
type guest struct {
	token  string
	client *client.Client
	user   chat.UserID
	in     bool // the room

	welcomed chan chat.Welcome
	seen     map[chat.ClientID]bool
	seq      int64 // of the last message seen
	doubled  int
	late     int // messages that came after a later one
}

// invite opens a person's connection and waits for its welcome.
func (m *meeting) invite(r *scene, token string) error {
	g := &guest{token: token, welcomed: make(chan chat.Welcome, 1), seen: map[chat.ClientID]bool{}}
	var err error
	g.client, err = client.Open(context.WithoutCancel(r.ctx), client.Options{
		URL: m.url, Token: token, OnEvent: func(_ *client.Client, event any) { m.hear(g, event) },
	})
	if err != nil {
		return err
	}
	m.people = append(m.people, g)
	select {
	case welcome := <-g.welcomed:
		g.user = welcome.User.ID
		return nil
	case <-g.client.Done():
		return fmt.Errorf("person %d: %w", len(m.people), g.client.Err())
	case <-time.After(runningPatience):
		return fmt.Errorf("person %d: %s does not answer", len(m.people), m.url)
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
}

func (m *meeting) hear(g *guest, event any) {
	switch e := event.(type) {
	case chat.Welcome:
		select {
		case g.welcomed <- e:
		default: // the client came back: it has had a welcome before
		}
	case chat.MessageAdded:
		m.see(g, e.Message)
	}
}

func (m *meeting) see(g *guest, message chat.Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, ours := m.sent[message.ClientID]
	switch {
	case !ours:
		return
	case g.seen[message.ClientID]:
		g.doubled++
		return
	case message.Seq < g.seq:
		g.late++
	}
	g.seen[message.ClientID], g.seq = true, max(g.seq, message.Seq)
	m.seen = append(m.seen, time.Since(at))
	m.tell()
}

func (m *meeting) tell() {
	select {
	case m.news <- struct{}{}:
	default: // a token in the channel tells that already
	}
}

// open creates the room and makes everybody a member.
func (m *meeting) open(r *scene) error {
	owner := m.people[0]
	var room chat.RoomState
	name := "parley-bench-" + time.Now().UTC().Format("2006-01-02-150405")
	in := chat.NewRoom{Kind: chat.Private, Name: name}
	if err := m.call(r.ctx, owner, http.MethodPost, "/api/rooms", in, &room); err != nil {
		return err
	}
	m.room, owner.in = room.ID, true
	var others chat.NewMembers
	for _, g := range m.people[1:] {
		if g.user != owner.user {
			others.UserIDs = append(others.UserIDs, g.user)
			g.in = true
		}
	}
	if len(others.UserIDs) == 0 {
		return nil
	}
	return m.call(r.ctx, owner, http.MethodPost, roomAddress(room.ID)+"/members", others, nil)
}

func roomAddress(room chat.RoomID) string { return fmt.Sprintf("/api/rooms/%d", room) }

func (m *meeting) call(ctx context.Context, g *guest, method, path string, in, out any) error {
	return client.Call(ctx, m.url, g.token, method, path, in, out)
}

// end makes everybody leave the room, the owner last, and closes the connections. It runs whether the run
// succeeded or failed.
func (m *meeting) end() error {
	ctx, cancel := context.WithTimeout(context.Background(), runningPatience)
	defer cancel()
	var err error
	for _, g := range slices.Backward(m.people) {
		if g.in {
			leave := roomAddress(m.room) + "/leave"
			err = errors.Join(err, m.call(ctx, g, http.MethodPost, leave, nil, nil))
		}
	}
	for _, g := range m.people {
		g.client.Close()
	}
	if err != nil {
		return fmt.Errorf("leave room %d: %w", m.room, err)
	}
	return nil
}

// talk makes the people write in turn, and waits until everybody has seen every message.
func (m *meeting) talk(r *scene, f *fanoutScenario) error {
	turns := time.NewTicker(time.Duration(float64(time.Second) / f.Rate))
	defer turns.Stop()
	text := strings.Repeat("x", f.Bytes)
	most := int(r.seconds().Seconds() * f.Rate)
	for n := range most {
		g := m.people[n%len(m.people)]
		id := chat.NewClientID()
		m.mu.Lock()
		m.sent[id] = time.Now()
		m.mu.Unlock()
		draft := chat.Draft{ClientID: id, Body: text}
		delivery, err := g.client.Queue(chat.MessageSend{RoomID: m.room, Draft: draft})
		if err != nil {
			return err
		}
		go m.await(r.ctx, delivery)
		r.tell("%d of %d messages", n+1, most)
		select {
		case <-turns.C:
		case <-r.ctx.Done():
			return r.ctx.Err()
		}
	}
	for late := time.After(runningPatience); !m.complete(); {
		select {
		case <-m.news:
		case <-late:
			return nil // the missing messages are counted
		case <-r.ctx.Done():
			return r.ctx.Err()
		}
	}
	return nil
}

// await notes when a message is acknowledged. It returns then, or when the connection is closed.
func (m *meeting) await(ctx context.Context, delivery *client.Delivery) {
	if _, err := delivery.Wait(ctx); err != nil {
		return // the message is missing, and is counted as that
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.acked = append(m.acked, time.Since(m.sent[delivery.Message.ClientID]))
	m.tell()
}

func (m *meeting) complete() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.acked) == len(m.sent) && len(m.seen) == len(m.sent)*len(m.people)
}

func (m *meeting) figures() *runningFigures {
	m.mu.Lock()
	defer m.mu.Unlock()
	slices.Sort(m.acked)
	slices.Sort(m.seen)
	found := &runningFigures{
		URL: m.url, Room: m.room, People: len(m.people), Messages: len(m.sent), Deliveries: len(m.seen),
		Acknowledged: spreadOf(m.acked), Seen: spreadOf(m.seen),
		Unacknowledged: len(m.sent) - len(m.acked), Lost: len(m.sent)*len(m.people) - len(m.seen),
	}
	for _, g := range m.people {
		found.Doubled += g.doubled
		found.Disordered += g.late
	}
	return found
}

// spread is the distribution of a time.
type spread struct {
	P50 millis `json:"p50_ms"`
	P95 millis `json:"p95_ms"`
	P99 millis `json:"p99_ms"`
	Max millis `json:"max_ms"`
}

func spreadOf(sorted []time.Duration) spread {
	at := func(q float64) millis { return millis(quantile(sorted, q)) }
	return spread{at(0.5), at(0.95), at(0.99), at(1)}
}

// runningFigures are the results.
type runningFigures struct {
	URL            string      `json:"url"`
	Room           chat.RoomID `json:"room"` // nobody is in it any more
	People         int         `json:"people"`
	Messages       int         `json:"messages"`
	Deliveries     int         `json:"deliveries"`
	Acknowledged   spread      `json:"acknowledged"`
	Seen           spread      `json:"seen"`
	Unacknowledged int         `json:"unacknowledged"`
	Lost           int         `json:"lost"`
	Doubled        int         `json:"doubled"`
	Disordered     int         `json:"out_of_order"`
}

func (f *runningFigures) print(t *table) {
	t.text("%d people at %s, %d messages:", f.People, f.URL, f.Messages)
	t.text("")
	t.row("", "half within", "95 of 100 within", "99 of 100 within", "all within")
	for _, line := range []struct {
		name string
		spread
	}{{"from sending to acknowledged", f.Acknowledged}, {"from sending to seeing", f.Seen}} {
		t.row(line.name, line.P50.String(), line.P95.String(), line.P99.String(), line.Max.String())
	}
	t.text("")
	t.row("seen by all together", grouped(f.Deliveries))
	t.row("not acknowledged", grouped(f.Unacknowledged))
	t.row("lost", grouped(f.Lost))
	t.row("delivered twice", grouped(f.Doubled))
	t.row("out of order", grouped(f.Disordered))
	t.text("")
	t.text("Room %d and its messages stay in that server's database; nobody is in it or sees it.", f.Room)
}

func (f *runningFigures) wrong() string {
	if f.Unacknowledged+f.Lost+f.Doubled+f.Disordered == 0 {
		return ""
	}
	return fmt.Sprintf("%d messages were not acknowledged; "+
		"%d deliveries were lost, %d came twice, %d out of order",
		f.Unacknowledged, f.Lost, f.Doubled, f.Disordered)
}
