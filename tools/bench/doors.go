// The bench "doors": the same load through each of the doors, one after the other.

package bench

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"parley/chat"
	"parley/internal/console"
	"parley/socket"
	"parley/socketio"
	"parley/store"
	"parley/tools/load"
)

// doorsScenario holds the flags of the scenario. The report gives them as its options.
type doorsScenario struct {
	Rooms   int `default:"10" env:"-" placeholder:"N" help:"Rooms in which people write (${default})." json:"rooms"`
	Members int `default:"100" env:"-" placeholder:"N" help:"Members of each room, all online (${default})." json:"members"`
	Senders int `default:"8" env:"-" placeholder:"N" help:"Members of each room who write, each the next message when all have had the one before (${default})." json:"senders"`
	Bytes   int `default:"70" env:"-" placeholder:"N" help:"Length of a message (${default})." json:"bytes"`
	People  int `default:"5000" env:"-" placeholder:"N" help:"People who are online and do nothing, for the memory of each (${default})." json:"people"`
}

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (d *doorsScenario) Validate() error {
	switch {
	case d.Rooms < 1 || d.Senders < 1:
		return errors.New("--rooms, --senders: at least 1")
	case d.Members < d.Senders:
		return errors.New("--members: as many as write, at least")
	case d.People < d.Members:
		return errors.New("--people: at least the members of one room")
	}
	return checkLength(d.Bytes)
}

// door is a way to talk to the server.
type door struct {
	name    string
	dialect func(*server) load.Dialect
}

// doors are measured in this order. The first one is what the others are compared with.
var doors = []door{
	{"native", func(s *server) load.Dialect { return s.dialect(s.inOrder) }},
	{"plain WebSocket", (*server).plainDialect},
	{"Socket.IO", (*server).socketIODialect},
}

// plainDialect talks to the gateway over a plain WebSocket, with one event in a frame. The server tells a
// client that it is signed in only by answering something. The cheapest answer is the one to an event that
// does not exist.
func (s *server) plainDialect() load.Dialect {
	return load.Dialect{
		Upgrade: func(m load.Member) (string, http.Header) {
			header := s.memberHeader(m)
			header.Del("Sec-Websocket-Protocol")
			return socket.Path, header
		},
		Join: func(load.Member) []load.Step {
			return []load.Step{{Send: `{"event":"in?","id":"1"}`, Await: `"id":"1"`}}
		},
		Publish: func(frame []byte, m load.Message, text []byte) []byte {
			frame = s.appendRoomMessage(append(frame, `{"event":"roomMessage","data":`...), m, text)
			return append(frame, '}')
		},
		Before:  `"message":"`,
		Refusal: `"event":"exception","data":{"code":"`,
	}
}

// socketIODialect talks to the gateway over Socket.IO, with WebSocket from the start.
func (s *server) socketIODialect() load.Dialect {
	return load.Dialect{
		Upgrade: func(m load.Member) (string, http.Header) {
			return socketio.Path + "?EIO=4&transport=websocket", s.memberHeader(m)
		},
		Join: func(load.Member) []load.Step {
			const in = "40" + socketio.Namespace + ","
			return []load.Step{{Await: `0{"`}, {Send: in, Await: in + `{"sid"`}}
		},
		Publish: func(frame []byte, m load.Message, text []byte) []byte {
			frame = s.appendRoomMessage(append(frame, `42`+socketio.Namespace+`,["roomMessage",`...), m, text)
			return append(frame, ']')
		},
		Before:  `"message":"`,
		Refusal: `["exception",{"code":"`,
		Answers: map[string]string{"2": "3"},
	}
}

func (s *server) memberHeader(m load.Member) http.Header {
	user, _ := s.inOrder(m)
	return s.header(user)
}

// appendRoomMessage appends the data of a gateway event that posts a message to a room, which it names.
func (s *server) appendRoomMessage(frame []byte, m load.Message, text []byte) []byte {
	_, room := s.inOrder(m.Member)
	frame = append(append(frame, `{"room":"`...), seededName(room)...)
	frame = append(append(frame, `","message":"`...), text...)
	return append(frame, `"}`...)
}

// seededName is the name that the seed gives a room.
func seededName(room chat.RoomID) string { return "room" + strconv.FormatInt(int64(room), 10) }

// Run runs the scenario; kong calls it.
func (d *doorsScenario) Run(c *console.Console, b *Command) error {
	return b.run(c, "doors", d, func(r *scene) (figures, error) { return d.measure(r) })
}

// measure gives each door a database of its own, so that none finds the messages of another.
func (d *doorsScenario) measure(r *scene) (*doorsFigures, error) {
	found := &doorsFigures{options: d}
	for i, door := range doors {
		run, err := d.measureDoor(r, i, door)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", door.name, err)
		}
		found.Runs = append(found.Runs, run)
	}
	return found, nil
}

func (d *doorsScenario) measureDoor(r *scene, place int, door door) (run doorRun, err error) {
	teams := max(d.Rooms, d.People/d.Members)
	s, err := r.seedServer(store.Seed{Teams: teams, People: d.Members, Rooms: 1})
	if err != nil {
		return run, err
	}
	run.Door, s.profiles = door.name, 2*place // the profiles of each door have numbers of their own
	if err := s.start(r); err != nil {
		return run, err
	}
	options := s.load(r)
	options.Dialect = door.dialect(s)
	options.Rooms, options.Members, options.Senders, options.TextBytes = d.Rooms, d.Members, d.Senders, d.Bytes
	if run.Fanout, run.FanoutOthers, err = s.fanout(r, options); err != nil {
		return run, err
	}
	if err := errors.Join(s.stop(), s.start(r)); err != nil {
		return run, err
	}
	idle := s.load(r)
	idle.Dialect = options.Dialect
	idle.Rooms, idle.Members = d.People/d.Members, d.Members
	if run.Idle.Connected, run.Idle.Others, err = s.connect(r, idle); err != nil {
		return run, err
	}
	return run, s.remove()
}

// doorsFigures are the results for each door.
type doorsFigures struct {
	Runs    []doorRun `json:"runs"`
	options *doorsScenario
}

type doorRun struct {
	Door         string      `json:"door"`
	Fanout       load.Result `json:"fanout"`
	FanoutOthers float64     `json:"fanout_other_programs_cpus"`
	Idle         idleRun     `json:"idle"`
}

func (f *doorsFigures) print(t *table) {
	o := f.options
	t.text("%s rooms of %s people, %d of each room writing, and %s who do nothing, by each door:",
		grouped(o.Rooms), grouped(o.Members), o.Senders, grouped(o.People))
	t.text("")
	first := f.Runs[0]
	lines := []struct {
		name string
		cell func(doorRun) string
	}{
		{"", func(r doorRun) string { return r.Door }},
		{"deliveries a second", func(r doorRun) string { return grouped(r.Fanout.DeliveriesPerSecond) }},
		{"… for each CPU second of the server", func(r doorRun) string { return grouped(r.perCPUSecond()) }},
		{"… of the native one", func(r doorRun) string { return share(r.perCPUSecond(), first.perCPUSecond()) }},
		{"from sending to seeing: half within", func(r doorRun) string { return r.latency().P50.String() }},
		{"… 99 of 100 within", func(r doorRun) string { return r.latency().P99.String() }},
		{"connections for each CPU second", func(r doorRun) string { return grouped(r.Idle.PerCPUSecond) }},
		{"memory for each connection", func(r doorRun) string { return sizeOf(int64(r.Idle.BytesEach)) }},
		{"… of the native one", func(r doorRun) string { return share(r.Idle.BytesEach, first.Idle.BytesEach) }},
		{"CPUs used by other programs", doorRun.others},
	}
	for _, line := range lines {
		cells := []string{line.name}
		for _, run := range f.Runs {
			cells = append(cells, line.cell(run))
		}
		t.row(cells...)
	}
}

func (r doorRun) perCPUSecond() float64 { return r.Fanout.DeliveriesPerCPUSecond }

func (r doorRun) latency() spread {
	l := r.Fanout.Latency
	return spread{P50: millisOf(l.P50), P99: millisOf(l.P99)}
}

func (r doorRun) others() string { return fmt.Sprintf("%.2f, %.2f", r.FanoutOthers, r.Idle.Others) }

// share is one value divided by another; empty where the system does not measure them.
func share(one, other float64) string {
	if other == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", one/other)
}

func (f *doorsFigures) wrong() string {
	for _, run := range f.Runs {
		if wrong := faultsText(run.Fanout.Faults, run.Fanout.ClosedReaders()); wrong != "" {
			return run.Door + ": " + wrong
		}
		if n := run.Idle.lost(); n > 0 {
			return fmt.Sprintf("%s: %d of %d idle connections ended", run.Door, n, run.Idle.Connections)
		}
	}
	return ""
}
