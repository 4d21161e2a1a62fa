// Package hostile attacks a server with the rights of one account, or of none, in each way that could take
// something from other people: memory, processor, places, the disk, or the right to sign in. "parley bench
// hostile" measures what others notice of each attack, and "parley check" runs them all beside its clients.
// It attacks only what its caller names, which is always a server on this machine.
package hostile

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parley/chat"
)

// Target is the server and what the attacker has of it.
type Target struct {
	URL   string // as http://127.0.0.1:3000
	Token string // of the attacker's account
	// Room is a room of the attacker's, in which there are messages of many characters. Seq is one of them.
	Room chat.RoomID
	Seq  int64
	// Readable are the paths of all that can be read: see the function of that name.
	Readable []string
	// Victim is another person, whom the attacker troubles: brings into rooms, blocks and notifies.
	Victim chat.User
	// Guessed is the login name whose password the attacker guesses; names that nobody has when it is empty.
	Guessed string
}

// Attack is one way to attack. Its workers run at the same time, each in a loop and as fast as it can.
type Attack struct {
	Name    string
	What    string // what the attacker does, in one line
	Admin   bool   // whether only an admin can do it at all
	workers int
	work    func(*attacker)
}

// Attacks are all attacks.
var Attacks = []Attack{
	{"stalled-pages", "asks for pages of long messages and does not read them", false, 40, stalledGet(page)},
	{"stalled-lists", "asks for all people and does not read the answer", false, 40, stalledGet(path("/api/users"))},
	{"stalled-client", "asks for the client and does not read it", false, 40, stalledGet(path("/"))},
	{"stalled-routes", "asks for all that can be read, in turn, and does not read it", false, 40, stalledRoute},
	{"stalled-sockets", "opens sockets and does not read from them", false, 32, stalledSocket},
	{"stalled-polls", "opens Socket.IO sessions and never polls for what they have", false, 40, stalledPoll},
	{"pipeline", "sends thousands of requests on one connection, before it reads an answer", false, 8, pipeline},
	{"page-flood", "reads pages of long messages", false, 16, flood(readsPage)},
	{"changes-flood", "asks on sockets for everything that ever changed", false, 8, socketFlood(changes)},
	{"message-flood", "writes messages of 10,000 characters", false, 4, socketFlood(messages)},
	{"reaction-flood", "adds and removes a reaction to a long message", false, 4, socketFlood(reactions)},
	{"read-flood", "moves how far it has read to and fro", false, 4, socketFlood(reads)},
	{"typing-flood", "types, comes and goes, and watches everyone", false, 4, socketFlood(presence)},
	{"profile-flood", "changes its name, which everyone is told", false, 8, flood(takesName)},
	{"room-flood", "makes rooms", false, 8, flood(makesRoom)},
	{"adding-flood", "brings somebody into a room and takes them out again", false, 8, flood(addsAndTakesOut)},
	{"block-flood", "blocks somebody and ends that", false, 8, flood(blocksAndEndsThat)},
	{"invite-flood", "makes links that invite people", true, 8, flood(invites)},
	{"notification-flood", "sends long notifications to somebody", true, 8, flood(notifies)},
	{"enter-and-leave", "enters and leaves a namespace thousands of times in one request", false, 4, enterAndLeave},
	{"idle-connections", "opens connections without an account and keeps them", false, 1, idleConnections},
	{"socket-churn", "opens and closes sockets", false, 8, churn},
	{"slow-bodies", "sends the bodies of requests byte by byte", false, 1, slowBodies},
	{"guessing", "guesses passwords", false, 16, guess},
	{"text-flood", "writes messages that take long to render", false, 8, flood(writesSlowText)},
	{"long-names", "signs in and searches with names that are far too long", false, 8, takesLongNames},
	{"deep-fields", "signs in without an account, with thousands of fields in each other", false, 4, signsInDeep},
	{"long-paths", "asks for pages with long addresses, without an account", false, 4, asksLongPaths},
	{"blank-frames", "sends frames that hold nothing on sockets", false, 8, sendsBlankFrames},
	{"free-answers", "asks for the page and what else is free, without an account", false, 30, asksForFree},
	{"endless-heads", "begins requests of thousands of lines, without an account", false, 1, sendsEndlessHeads},
	{"endless-parts", "sends messages in parts that hold nothing and have no end", false, 8, sendsEndlessParts},
	{"endless-frames", "sends frames that never end, without an account", false, 1, sendsEndlessFrames},
}

// Named returns the place in Attacks of the attack with a name, or -1.
func Named(name string) int {
	return slices.IndexFunc(Attacks, func(a Attack) bool { return a.Name == name })
}

func path(is string) func(*Target) string { return func(*Target) string { return is } }

func page(t *Target) string { return fmt.Sprintf("/api/rooms/%d/messages?limit=100", t.Room) }

// Tally counts what an attack comes to. It may be read while the attack runs.
type Tally struct {
	Done    atomic.Int64 // requests or frames that were not refused
	Refused atomic.Int64 // that were refused, and connections that were closed

	mu   sync.Mutex
	left map[string]int // how often each of Readable was asked for and not read
}

// Left returns how often each path of Readable was asked for and not read.
func (t *Tally) Left() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.left)
}

func (t *Tally) leave(path string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.left == nil {
		t.left = map[string]int{}
	}
	t.left[path]++
}

// Run attacks until ctx ends, and counts into tally. It returns when all that it began has ended.
func (a Attack) Run(ctx context.Context, t Target, tally *Tally) {
	one := &attacker{ctx: ctx, target: &t, tally: tally}
	one.http = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		DialContext: one.dial, MaxIdleConnsPerHost: a.workers, DisableCompression: true,
	}}
	defer one.http.CloseIdleConnections()
	var workers sync.WaitGroup
	for range a.workers {
		workers.Go(func() {
			for ctx.Err() == nil {
				a.work(one)
				one.pause()
			}
		})
	}
	workers.Wait()
}

// attacker is one attack under way.
type attacker struct {
	ctx    context.Context
	target *Target
	http   *http.Client
	number atomic.Int64 // counts what must be different each time
	tally  *Tally
}

// pause waits between two attempts of a worker, so that the attack costs the machine little by itself.
func (a *attacker) pause() { a.wait(20 * time.Millisecond) }

func (a *attacker) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-a.ctx.Done():
	}
}

// dial connects from an address of the attacker's own where the system has one: on Linux all of 127.0.0.0/8
// is this machine. The connection is closed when the attack ends.
func (a *attacker) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: 5 * time.Second}
	if runtime.GOOS == "linux" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 66)}
	}
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(a.ctx, func() { conn.Close() })
	return conn, nil
}

// small connects with a small buffer of the system's for what is received.
func (a *attacker) small() (*net.TCPConn, error) {
	conn, err := a.dial(a.ctx, "tcp", a.host())
	if err != nil {
		a.tally.Refused.Add(1)
		return nil, err
	}
	tcp := conn.(*net.TCPConn) // there is no other kind here
	return tcp, tcp.SetReadBuffer(4 << 10)
}

// host is the address of the server without the scheme.
func (a *attacker) host() string { return a.target.URL[len("http://"):] }

// count counts an answer.
func (a *attacker) count(ok bool) {
	if ok {
		a.tally.Done.Add(1)
	} else {
		a.tally.Refused.Add(1)
	}
}
