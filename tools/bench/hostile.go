// The bench "hostile": people write to each other at a steady rate, first in peace, and then while somebody
// with one account, or none, attacks the server. Each attack meets a server of its own, with the limits that a
// server has by default.

package bench

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/access"
	"parley/chat"
	"parley/client"
	"parley/internal/console"
	"parley/internal/markdown"
	"parley/store"
	"parley/tools/hostile"
	"parley/tools/load"
)

// hostileScenario holds the flags of the scenario. The report gives them as its options.
type hostileScenario struct {
	Rooms   int      `default:"20" env:"-" placeholder:"N" help:"Rooms in which people write (${default})." json:"rooms"`
	Members int      `default:"10" env:"-" placeholder:"N" help:"Members of each room (${default})." json:"members"`
	Rate    float64  `default:"40" env:"-" placeholder:"N" help:"Messages a second in all rooms together (${default})." json:"rate"`
	Attack  []string `env:"-" placeholder:"NAME" help:"Only these attacks (all)." json:"attacks,omitempty"`
}

// mostOfAPerson is how many messages a second the scenario lets a person write: half of what a server allows
// by default.
const mostOfAPerson = 5

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (h *hostileScenario) Validate() error {
	if h.Rooms < 1 || h.Members < 2 || !(h.Rate > 0) || h.Rate > mostOfAPerson*float64(h.Rooms) {
		return fmt.Errorf("--rooms: at least 1; --members: at least 2; --rate: more than 0, and at most %d for each room",
			mostOfAPerson)
	}
	for _, name := range h.Attack {
		if hostile.Named(name) < 0 {
			var names []string
			for _, a := range hostile.Attacks {
				names = append(names, a.Name)
			}
			return fmt.Errorf("--attack=%s: use one of %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}

// Run runs the scenario; kong calls it.
func (h *hostileScenario) Run(c *console.Console, b *Command) error {
	return b.run(c, "hostile", h, func(r *scene) (figures, error) { return h.measure(r) })
}

func (h *hostileScenario) measure(r *scene) (*hostileFigures, error) {
	found := &hostileFigures{options: h}
	for _, attack := range hostile.Attacks {
		if len(h.Attack) > 0 && !slices.Contains(h.Attack, attack.Name) {
			continue
		}
		run, err := h.measureAttack(r, attack)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", attack.Name, err)
		}
		found.Runs = append(found.Runs, run)
	}
	return found, nil
}

// measureAttack measures one attack. The attacker and the victim are two more members of the first room.
func (h *hostileScenario) measureAttack(r *scene, attack hostile.Attack) (run hostileRun, err error) {
	s, err := r.seedServer(store.Seed{Teams: h.Rooms, People: h.Members + 2, Rooms: 1})
	if err != nil {
		return run, err
	}
	attacker := s.seed.User(0, h.Members)
	if err := s.writeLongMessages(attacker, s.seed.Room(0, 0)); err != nil {
		return run, err
	}
	s.settings = []string{"--log-level=error"}
	if err := s.start(r); err != nil {
		return run, err
	}
	target, err := s.target(r, attacker, s.seed.User(0, h.Members+1), attack.Admin)
	if err != nil {
		return run, err
	}
	run = hostileRun{Attack: attack.Name}
	if run.Quiet, err = h.talk(r, s); err != nil {
		return run, err
	}
	endAttack, err := s.attack(attack.Name, target)
	if err != nil {
		return run, err
	}
	run.Attacked, err = h.talk(r, s)
	tally, endErr := endAttack()
	if err := errors.Join(err, endErr); err != nil {
		return run, err
	}
	run.Done, run.Refused = tally.Done, tally.Refused
	if run.Quiet.Latency.P99 > 0 {
		run.Ratio = run.Attacked.Latency.P99 / run.Quiet.Latency.P99
	}
	return run, errors.Join(s.alive(), s.remove())
}

// target is the server for an attacker, who comes to own the first room, and to be an admin if that is asked.
func (s *server) target(r *scene, attacker, victim chat.UserID, admin bool) (target hostile.Target, err error) {
	target = hostile.Target{URL: s.url, Room: s.seed.Room(0, 0), Seq: 1}
	target.Token, err = s.tokens.Issue(s.seed.Session(attacker))
	call := func(token, method, path string, in, out any) {
		if err == nil {
			err = client.Call(r.ctx, s.url, token, method, path, in, out)
		}
	}
	owner, issueErr := s.tokens.Issue(s.seed.Session(s.seed.User(0, 0)))
	err = errors.Join(err, issueErr)
	membership := fmt.Sprintf("/api/rooms/%d/members/%d", target.Room, attacker)
	call(owner, http.MethodPatch, membership, chat.MemberRoleChange{Role: chat.MemberOwner}, nil)
	if admin {
		call(owner, http.MethodPatch, fmt.Sprint("/api/users/", attacker), chat.RoleChange{Role: chat.RoleAdmin}, nil)
	}
	var account chat.Account
	call(owner, http.MethodGet, fmt.Sprint("/api/users/", victim), nil, &account)
	if err == nil {
		target.Victim = account.User
		target.Readable, err = hostile.Readable(r.ctx, s.url)
	}
	return target, err
}

// talk has people connect, write to each other, and leave.
func (h *hostileScenario) talk(r *scene, s *server) (load.Result, error) {
	options := s.load(r)
	options.Rooms, options.Members, options.Senders = h.Rooms, h.Members, min(2, h.Members)
	options.Rate, options.Reopen = h.Rate, time.Second
	found, _, err := s.fanout(r, options)
	return found, err
}

// longMessages is how many long messages the first room has: a page.
const longMessages = 100

// writeLongMessages stores messages of the attacker's, which are as long as a server allows by default, while
// the server is down.
func (s *server) writeLongMessages(author chat.UserID, room chat.RoomID) (err error) {
	db, err := store.Open(s.database(), store.TellNobody)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	html := markdown.Render(hostile.LongText)
	return db.WriteAndWait(func(tx *store.WriteTx) error {
		standing, err := tx.StandingIn(access.Caller{User: author}, room)
		for i := 0; err == nil && i < longMessages; i++ {
			draft := chat.Draft{ClientID: chat.NewClientID(), Body: hostile.LongText}
			_, err = tx.AddMessage(standing, store.RenderedDraft{Draft: draft, HTML: html})
		}
		return err
	})
}

// hostileRun is what others noticed of one attack.
type hostileRun struct {
	Attack   string      `json:"attack"`
	Quiet    load.Result `json:"quiet"`
	Attacked load.Result `json:"attacked"`
	Done     int64       `json:"attacker_done"`
	Refused  int64       `json:"attacker_refused"`
	Ratio    float64     `json:"p99_ratio"` // of the latencies; 0 when nothing was measured
}

// hostileFigures are the results.
type hostileFigures struct {
	Runs    []hostileRun `json:"runs"`
	options *hostileScenario
}

func (f *hostileFigures) print(t *table) {
	o := f.options
	t.text("%s people in rooms of %s write %s messages a second. 99 of 100 are seen within, in peace and attacked:",
		grouped(o.Rooms*o.Members), grouped(o.Members), grouped(o.Rate))
	t.text("")
	t.row("attack", "peace", "attacked", "ratio", "memory", "CPUs", "done", "refused")
	for _, run := range f.Runs {
		cpus := ""
		if run.Attacked.Server != nil {
			cpus = fmt.Sprintf("%.2f", run.Attacked.Server.CPUSeconds/run.Attacked.Seconds)
		}
		t.row(run.Attack, millisOf(run.Quiet.Latency.P99).String(), millisOf(run.Attacked.Latency.P99).String(),
			fmt.Sprintf("%.1f", run.Ratio), peak(run.Attacked.Server), cpus,
			grouped(run.Done), grouped(run.Refused))
	}
}

// wrong tells of what others lost. Connections that ended are told too: nobody else's may.
func (f *hostileFigures) wrong() string {
	var wrongs []string
	for _, run := range f.Runs {
		for _, result := range []load.Result{run.Quiet, run.Attacked} {
			if text := faultsText(result.Faults, result.ClosedReaders()); text != "" {
				wrongs = append(wrongs, run.Attack+": "+text)
			}
		}
	}
	return strings.Join(wrongs, "; ")
}
