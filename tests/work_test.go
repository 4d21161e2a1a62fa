// Work that one person has the server do: it ends with the sockets that asked for it, it is bounded, and it keeps
// neither others nor the server's end waiting.

package tests

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// goroutines is how many goroutines the program has.
func goroutines(t *testing.T, p *harness.Program) int { return int(p.Metrics(t)["go_goroutines"]) }

// attack is one person who has the program do as much as they can with few bytes, from many connections.
type attack struct {
	who  *harness.Person
	stop context.CancelFunc
	all  sync.WaitGroup
}

// begins starts the attack; it goes on until the test ends or ends is called.
func begins(t *testing.T, who *harness.Person, rooms []chat.RoomID, connections int) *attack {
	ctx, cancel := context.WithCancel(t.Context())
	a := &attack{who: who, stop: cancel}
	t.Cleanup(a.ends)
	const enter = `40/chat,{"since":1}`
	pairs := strings.Repeat("41/chat,\x1e"+enter+"\x1e", 3700) + "6"
	for range connections {
		a.all.Go(func() {
			for ctx.Err() == nil {
				if sid := a.session(ctx); sid != "" {
					a.ask(ctx, http.MethodPost, harness.Handshake+"&sid="+sid, enter)
					a.ask(ctx, http.MethodPost, harness.Handshake+"&sid="+sid, pairs)
				}
			}
		})
	}
	var revs []string
	for _, room := range rooms {
		revs = append(revs, fmt.Sprintf(`{"room_id":%d,"rev":0}`, room))
	}
	line := `{"event":"room.changes","data":{"rooms":[` + strings.Join(revs, ",") + `]}}`
	frame := strings.TrimSuffix(strings.Repeat(line+"\n", 100_000/len(line)), "\n")
	token := who.Token(t)
	for range connections {
		a.all.Go(func() {
			for ctx.Err() == nil {
				s, _, err := who.Upgrade(http.Header{"Authorization": {"Bearer " + token}}, chat.Subprotocol)
				if err != nil {
					continue
				}
				for ctx.Err() == nil && s.Conn.WriteMessage(1, []byte(frame)) == nil {
				}
				s.Conn.Close()
			}
		})
	}
	return a
}

// ends ends the attack, and returns when nothing of it is under way.
func (a *attack) ends() {
	a.stop()
	a.all.Wait()
}

func (a *attack) ask(ctx context.Context, method, path, body string) string {
	req, err := http.NewRequestWithContext(ctx, method, a.who.P.URL+path, strings.NewReader(body))
	if err != nil {
		return ""
	}
	req.Header.Set("Origin", a.who.Origin)
	resp, err := a.who.Client.Do(req)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body) // what is missing is not looked for
	return string(answer)
}

// session opens a session of Socket.IO and returns its id; it is empty when none is to be had.
func (a *attack) session(ctx context.Context) string {
	_, rest, _ := strings.Cut(a.ask(ctx, http.MethodGet, harness.Handshake, ""), `"sid":"`)
	sid, _, _ := strings.Cut(rest, `"`)
	return sid
}

func TestAProgramStopsInTimeWhateverItIsAskedToDo(t *testing.T) {
	t.Parallel()
	const connections, perConnection = 12, 12
	p := harness.Start(t, harness.WithMetrics, "--log-level=warn", "--messages-burst=1000")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	var rooms []chat.RoomID
	for i := range 100 {
		room := bob.Creates(t, chat.Public, fmt.Sprint("room", i))
		bob.Says(t, room.ID, strings.Repeat("word ", 1000))
		rooms = append(rooms, room.ID)
	}
	before := goroutines(t, p)
	attack := begins(t, bob, rooms, connections)
	honest := ann.Dial(t)
	general := ann.Room(t, "general").ID
	most := 0
	for i := range 20 { // others go on meanwhile
		honest.Says(t, general, fmt.Sprint("message ", i))
		ann.Dial(t).Conn.Close()
		ann.History(t, general, "")
		most = max(most, goroutines(t, p)-before)
	}
	if most > 2*connections*perConnection {
		t.Errorf("%d goroutines ran for %d connections", most, 2*connections)
	}
	p.Stop() // fails when the program has to be killed
	attack.ends()
	honest.ExpectClosed(t, chat.CloseRestart)
	for _, sign := range []string{"lingered", "deadline exceeded"} {
		if log := p.Stderr.String(); strings.Contains(log, sign) {
			t.Errorf("something went on after the server had given up:\n%s", log)
		}
	}
}
