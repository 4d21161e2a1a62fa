// The bench "storm": the server is killed while everybody is online. When it runs again, everybody comes back
// at once and asks for what they missed.

package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/internal/console"
	"parley/internal/markdown"
	"parley/store"
	"parley/tools/load"
)

// stormScenario holds the flags of the scenario. The report gives them as its options.
type stormScenario struct {
	People  int `default:"5000" env:"-" placeholder:"N" help:"People online (${default})." json:"people"`
	Rooms   int `default:"20" env:"-" placeholder:"N" help:"Rooms of each (${default})." json:"rooms"`
	Members int `default:"100" env:"-" placeholder:"N" help:"Members of each room (${default})." json:"members"`
	Missed  int `default:"5" env:"-" placeholder:"N" help:"Messages in each room that everyone missed (${default})." json:"missed"`
}

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (b *stormScenario) Validate() error {
	switch {
	case b.Members < 1 || b.People < b.Members:
		return errors.New("--people: at least the members of one room")
	case b.Rooms < 1 || b.Rooms > actions.MaxChangesRooms:
		return fmt.Errorf("--rooms: 1 to %d", actions.MaxChangesRooms)
	case b.Missed < 0 || b.Missed > actions.ChangesTooFar:
		return fmt.Errorf("--missed: at most %d", actions.ChangesTooFar)
	}
	return nil
}

// Run runs the scenario; kong calls it.
func (b *stormScenario) Run(c *console.Console, bench *Command) error {
	return bench.run(c, "storm", b, func(r *scene) (figures, error) { return b.measure(r) })
}

// stormHistory is how many messages each room has that everybody already knows.
const stormHistory = 100

func (b *stormScenario) measure(r *scene) (*stormFigures, error) {
	s, err := r.seedServer(store.Seed{
		Teams: b.People / b.Members, People: b.Members, Rooms: b.Rooms, Messages: stormHistory,
	})
	if err != nil {
		return nil, err
	}
	if err := s.start(r); err != nil {
		return nil, err
	}
	if err := b.goOnlineUntilTheServerDies(r, s); err != nil {
		return nil, err
	}
	if err := s.writeToAll(r, b.Missed); err != nil {
		return nil, err
	}
	if err := s.start(r); err != nil {
		return nil, err
	}
	storm := &storm{bench: b, server: s, started: time.Now()}
	options := b.options(r, s)
	options.Handshakes = b.People
	options.Dialect.Join = storm.join
	found := &stormFigures{}
	if found.Connected, found.Others, err = s.connect(r, options); err != nil {
		return nil, err
	}
	slices.Sort(storm.caughtUp)
	found.P50, found.P99 = millis(quantile(storm.caughtUp, 0.5)), millis(quantile(storm.caughtUp, 0.99))
	found.Pages, found.Messages = storm.pages, storm.messages
	found.Missing = found.Connections*b.Rooms*b.Missed - storm.messages
	return found, nil
}

func (b *stormScenario) options(r *scene, s *server) load.Options {
	options := s.load(r)
	options.Rooms, options.Members, options.Settle = b.People/b.Members, b.Members, time.Millisecond
	return options
}

func (b *stormScenario) goOnlineUntilTheServerDies(r *scene, s *server) error {
	options := b.options(r, s)
	options.ServerPID = 0
	options.Progress = func(stage string, done, of int) {
		r.progress(stage, done, of)
		if done == of {
			s.kill()
		}
	}
	_, err := load.Connect(r.ctx, options)
	return err
}

// writeToAll stores messages in every room while the server is down, so that nobody receives them.
func (s *server) writeToAll(r *scene, messages int) (err error) {
	db, err := store.Open(s.database(), store.TellNobody)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for n := range messages {
		r.tell("writing what is missed: message %d of %d in every room", n+1, messages)
		body := store.SeedText(int64(n))
		html := markdown.Render(body)
		err := db.WriteAndWait(func(tx *store.WriteTx) error {
			for i := range s.seed.Teams * s.seed.Rooms {
				team, place := i/s.seed.Rooms, i%s.seed.Rooms
				author := access.Caller{User: s.seed.User(team, n%s.seed.People)}
				standing, err := tx.StandingIn(author, s.seed.Room(team, place))
				if err != nil {
					return err
				}
				draft := store.RenderedDraft{Draft: chat.Draft{ClientID: chat.NewClientID(), Body: body}, HTML: html}
				if _, err := tx.AddMessage(standing, draft); err != nil {
					return err
				}
			}
			return r.ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// storm is everybody who comes back.
type storm struct {
	bench    *stormScenario
	server   *server
	started  time.Time
	caughtUp []time.Duration // since the server runs again
	pages    int
	messages int
}

// join is the steps of a connection: it waits for the welcome, and then asks for changes until there are no
// more.
func (s *storm) join(m load.Member) []load.Step {
	held := make([]chat.RoomRev, s.bench.Rooms)
	for place := range held {
		held[place] = chat.RoomRev{RoomID: s.server.seed.Room(m.Room, place), Rev: stormHistory}
	}
	ask := func([]byte) ([]load.Step, error) { return s.ask(held) }
	return []load.Step{{Await: `{"event":"welcome"`, Then: ask}}
}

func (s *storm) ask(held []chat.RoomRev) ([]load.Step, error) {
	frame, err := chat.Encode("room.changes", "changes", chat.ChangesSince{Rooms: held})
	return []load.Step{{
		Send: string(frame), Await: `{"event":"reply","id":"changes"`,
		Then: func(frame []byte) ([]load.Step, error) { return s.take(held, frame) },
	}}, err
}

// take checks an answer and asks for the rest. It does not decode the usual answer, which holds everything:
// the time for decoding would be missing for the server.
func (s *storm) take(held []chat.RoomRev, frame []byte) ([]load.Step, error) {
	s.pages++
	all := len(held) * s.bench.Missed
	pages, messages := bytes.Count(frame, []byte(`"state":"page"`)), bytes.Count(frame, []byte(`"client_id":"`))
	if pages == len(held) && messages == all {
		s.messages += all
		s.caughtUp = append(s.caughtUp, time.Since(s.started))
		return nil, nil
	}
	var changes chat.Changes
	if err := decodeReply(frame, &changes); err != nil {
		return nil, err
	}
	var rest []chat.RoomRev
	for _, room := range changes.Rooms {
		for i, m := range room.Messages {
			if before := room.Rev - int64(len(room.Messages)); m.Rev != before+int64(i)+1 {
				return nil, fmt.Errorf("room %d: rev %d at place %d of a page up to %d", room.RoomID, m.Rev, i, room.Rev)
			}
		}
		s.messages += len(room.Messages)
		switch {
		case room.State != chat.ChangesPage && room.State != chat.ChangesLater:
			return nil, fmt.Errorf("room %d: the answer is %q", room.RoomID, room.State)
		case room.More:
			rest = append(rest, chat.RoomRev{RoomID: room.RoomID, Rev: room.Rev})
		}
	}
	if len(rest) > 0 {
		return s.ask(rest)
	}
	s.caughtUp = append(s.caughtUp, time.Since(s.started))
	return nil, nil
}

// decodeReply finds the reply among the events of a frame.
func decodeReply(frame []byte, out any) error {
	for line := range chat.Lines(frame) {
		if bytes.HasPrefix(line, []byte(`{"event":"reply"`)) {
			var f chat.Frame
			if err := json.Unmarshal(line, &f); err != nil {
				return err
			}
			return json.Unmarshal(f.Data, out)
		}
	}
	return errors.New("there is no reply in the frame")
}

// stormFigures are the results. Their times count from the moment when the server listened again.
type stormFigures struct {
	load.Connected
	P50      millis  `json:"caught_up_p50_ms"`
	P99      millis  `json:"caught_up_p99_ms"`
	Pages    int     `json:"pages"`
	Messages int     `json:"messages"`
	Missing  int     `json:"missing"` // messages that did not arrive
	Others   float64 `json:"other_programs_cpus"`
}

func (f *stormFigures) print(t *table) {
	t.text("The server is killed with %s people online; when it is back, all return at once:",
		grouped(f.Connections))
	t.text("")
	t.row("half of them have what they missed after", f.P50.String())
	t.row("… 99 of 100 after", f.P99.String())
	t.row("… all of them after", fmt.Sprintf("%.1f s", f.Seconds))
	t.row("answers to what was missed", grouped(f.Pages))
	t.row("… with messages", grouped(f.Messages))
	if f.Server != nil {
		t.row("CPU time of the server", fmt.Sprintf("%.1f s", f.Server.CPUSeconds))
		t.row("… of the generator", fmt.Sprintf("%.1f s", f.Generator.CPUSeconds))
		t.row("memory of the server, at most", sizeOf(f.Server.RSSPeak))
	}
	t.row("CPUs used by other programs", fmt.Sprintf("%.2f", f.Others))
	t.row("messages that did not come", grouped(f.Missing))
}

func (f *stormFigures) wrong() string {
	if f.Missing == 0 {
		return ""
	}
	return fmt.Sprintf("%d messages did not come", f.Missing)
}
