//go:build linux

// Package memory has the test that runs the program in little memory, among readers that do not read.
package memory

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

const (
	limit = 512 << 20     // of memory for the server
	most  = limit / 8 * 7 // that it may ever have used
)

// What each kind of reader does at once, and for how long. A person may have 32 sockets and 64 requests under
// way: together these are about as many.
const (
	attackers    = 6
	perRoute     = 24               // connections that ask and do not read
	perPerson    = 28               // sockets that do not read
	lasts        = 15 * time.Second // then it is known how much was used
	rememberedAs = "127.0.0.2"      // the attackers' address; honest people come from another
)

// TestReadersThatDoNotReadCostABoundedAmount has hostile readers on every route that answers more than 4 KiB, on
// welcome, on pages over the socket and on Socket.IO, all at once. What the server uses stays below a bound,
// and what others ask meanwhile is answered.
func TestReadersThatDoNotReadCostABoundedAmount(t *testing.T) {
	h := fill(t)
	attacks := h.attacks(t)
	for _, request := range attacks {
		h.isLarge(t, request)
	}
	stop := make(chan struct{})
	var hostile sync.WaitGroup
	for i, request := range attacks {
		for n := range perRoute {
			by := h.hostile[(i+n)%attackers]
			if request.owner {
				by = h.ann
			}
			hostile.Go(func() { ignore(h.host, request.of(h.host, by), stop) })
		}
	}
	for _, by := range h.hostile {
		for n := range perPerson {
			switch n % 3 {
			case 0:
				hostile.Go(func() { ignore(h.host, upgrade(h.host, by), stop) })
			case 1:
				hostile.Go(func() { askForPages(h.host, upgrade(h.host, by), h.loud, stop) })
			case 2:
				hostile.Go(func() { pollAndIgnore(h.host, by.Bearer, stop) })
			}
		}
	}
	asked := h.honest(t, time.Now().Add(lasts))
	close(stop)
	hostile.Wait()
	peak := h.peak(t)
	t.Logf("the server used at most %d MiB of %d, %d honest requests were answered", peak>>20, limit>>20, asked)
	if peak > most {
		t.Errorf("the server used up to %d MiB, want at most %d", peak>>20, most>>20)
	}
}

// house is a running server that holds much, and those who use it.
type house struct {
	*harness.Program
	host    string
	ann     *harness.Person   // the owner
	hostile []*harness.Person // each with the token of a login
	bob     *harness.Person
	cat     *harness.Person
	quiet   chat.RoomID // of bob and cat
	loud    chat.RoomID // full of large messages
	wanted  chat.RoomID // into which many are asked
}

// start runs the program without the race detector in little memory.
func start(t *testing.T, data string) *harness.Program {
	t.Helper()
	args := []string{
		"--listen=127.0.0.1:0", "--data=" + data, "--messages-per-second=1000000", "--messages-burst=1000000", "--log-level=warn",
	}
	env := []string{fmt.Sprint("GOMEMLIMIT=", limit/4*3)}
	cmd := exec.Command(harness.Plain(t), args...)
	if group := controlGroup(t); group != "" {
		t.Logf("the server runs in the control group %s", group)
		script := `echo $$ > "$0/cgroup.procs" && exec "$@"`
		cmd = exec.Command("sh", append([]string{"-c", script, group, cmd.Path}, args...)...)
		env = nil // the program finds its limit by itself
	} else {
		t.Logf("no control group can be made here: the server runs with %s, and /proc tells what it used", env[0])
	}
	p := harness.LaunchCommand(t, env, cmd)
	p.Data = data
	p.WaitUntilRunning(t)
	return p
}

// controlGroup makes a control group with the limit; empty when that is not possible.
func controlGroup(t *testing.T) string {
	for _, file := range []string{"memory/%s/memory.limit_in_bytes", "%s/memory.max"} {
		name := fmt.Sprint("parley-test-", os.Getpid(), "-", time.Now().UnixNano())
		file = filepath.Join("/sys/fs/cgroup", fmt.Sprintf(file, name))
		group := filepath.Dir(file)
		if os.Mkdir(group, 0o755) != nil {
			continue
		}
		t.Cleanup(func() { // registered before the server is, so it runs after the server has ended
			deadline := time.Now().Add(wait.Patience)
			for os.Remove(group) != nil && time.Now().Before(deadline) {
				<-time.After(20 * time.Millisecond)
			}
		})
		if setting, err := os.OpenFile(file, os.O_WRONLY, 0); err == nil { // it is there, so this is a group
			_, err = setting.WriteString(strconv.Itoa(limit))
			if errors.Join(err, setting.Close()) == nil {
				return group
			}
		}
	}
	return ""
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak reads how much memory the server has ever used.
func (h *house) peak(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprint("/proc/", h.Pid(), "/status"))
	if err != nil {
		t.Fatalf("%v\n%s", err, h.Stderr)
	}
	found := highWater.FindSubmatch(status)
	if found == nil {
		t.Fatalf("the server is gone; was it killed for memory?\n%s", h.Stderr)
	}
	kib, _ := strconv.Atoi(string(found[1]))
	return kib << 10
}

// honest has bob and cat talk and read until a time, and returns how many requests were answered.
func (h *house) honest(t *testing.T, until time.Time) (asked int) {
	t.Helper()
	sock := h.cat.Dial(t)
	for n := 0; n < 2 || time.Now().Before(until); n++ {
		body := fmt.Sprint("hello ", n)
		sent, err := h.bob.Sends(chat.MessageSend{RoomID: h.quiet, Draft: chat.Draft{ClientID: chat.NewClientID(), Body: body}})
		if err != nil {
			t.Fatalf("message %d: %v", n, err)
		}
		if m := sock.ExpectMessage(t); m.Seq != sent.Seq {
			t.Fatalf("cat got message %d, want %d", m.Seq, sent.Seq)
		}
		for _, path := range []string{
			"/api/rooms", "/api/users", "/api/rooms/public", fmt.Sprint("/api/rooms/", h.quiet, "/messages"),
			fmt.Sprint("/api/rooms/", h.loud, "/messages?limit=100"), "/healthz", "/",
		} {
			h.gets(t, path)
			asked++
		}
		asked++
	}
	if _, err := os.Stat(fmt.Sprint("/proc/", h.Pid())); errors.Is(err, os.ErrNotExist) {
		t.Fatalf("the server is gone\n%s", h.Stderr)
	}
	return asked
}

// gets has cat read an address. Like any client she asks again when the server says that it is busy.
func (h *house) gets(t *testing.T, path string) {
	t.Helper()
	wait.Until(t, "GET "+path+" is answered", func() bool {
		status, answer := h.cat.Try(t, http.MethodGet, path, nil)
		if status == http.StatusServiceUnavailable && strings.Contains(string(answer), `"code":"busy"`) {
			t.Logf("GET %s: busy", path)
			<-time.After(time.Second) // as Retry-After says
			return false
		}
		if status != http.StatusOK {
			t.Fatalf("GET %s: %d %.200s", path, status, answer)
		}
		return true
	})
}

// bearer is the head of a request that a person makes.
func bearer(who *harness.Person) string { return "Authorization: Bearer " + who.Bearer + "\r\n" }

func upgrade(host string, who *harness.Person) string {
	return "GET /ws HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"Sec-WebSocket-Protocol: " + chat.Subprotocol + "\r\n" + bearer(who) + "\r\n"
}

// request is one that is attacked.
type request struct {
	method, path, body string
	owner              bool // only the owner gets the answer
}

func (r request) of(host string, who *harness.Person) string {
	return r.method + " " + r.path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\n" + bearer(who) +
		fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(r.body), r.body)
}

// isLarge checks that an attack is one: that somebody who reads gets a large answer.
func (h *house) isLarge(t *testing.T, r request) {
	t.Helper()
	by := h.hostile[0]
	if r.owner {
		by = h.ann
	}
	var in any
	if r.body != "" {
		in = r.body
	}
	if r.path == "/" {
		t.Log("the browser's client is not built here: its files are not attacked")
		return
	}
	if status, answer := by.Try(t, r.method, r.path, in); status != http.StatusOK || len(answer) < 4<<10 {
		t.Errorf("%s %s: %d with %d bytes is no attack", r.method, r.path, status, len(answer))
	}
}

// attacks lists the requests whose answers have more than 4 KiB: every route of the program is there, or in
// the lists of those that are small.
func (h *house) attacks(t *testing.T) []request {
	t.Helper()
	loud := fmt.Sprint("/api/rooms/", h.loud)
	page := "/" + h.largestFile(t)
	of := map[string]request{
		"GET /api/users":               {path: "/api/users"},
		"GET /api/rooms":               {path: "/api/rooms"},
		"GET /api/rooms/public":        {path: "/api/rooms/public"},
		"GET /api/rooms/:room/members": {path: loud + "/members"},
		"GET /api/rooms/:room/asked":   {path: fmt.Sprint("/api/rooms/", h.wanted, "/asked")},
		"GET /api/rooms/:room/messages": {
			path: loud + "/messages?limit=100",
		},
		"POST /api/changes":        {path: "/api/changes", body: changesOf(h.loud)},
		"GET /api/notifications":   {path: "/api/notifications?limit=100"},
		"GET /api/invites":         {path: "/api/invites", owner: true},
		"GET /api/tokens":          {path: "/api/tokens", owner: true},
		"GET /api/audit":           {path: "/api/audit?limit=100", owner: true},
		"GET /api/reports":         {path: "/api/reports?limit=100", owner: true},
		"GET /api/reports/:report": {path: "/api/reports/1", owner: true},
		"GET /api/server/rooms":    {path: "/api/server/rooms", owner: true},
		"GET /api/server/rooms/:room/members": {
			path: fmt.Sprint("/api/server/rooms/", h.loud, "/members"), owner: true,
		},
		"GET /api/openapi.json": {path: "/api/openapi.json"},
		"GET /*":                {path: page},
	}
	var list []request
	for _, route := range harness.Routes(t) {
		name := route.Method + " " + route.Path
		attack, known := of[name]
		attack.method = route.Method
		switch {
		case known:
			list = append(list, attack)
			delete(of, name)
		case smallRoutes[name]:
		case route.Method != http.MethodGet && (route.Answer == "" || smallAnswers[route.Answer]):
		default:
			t.Errorf("%s (%s): attack it in this test, or say that its answer has at most 4 KiB", name, route.Answer)
		}
	}
	for name := range of {
		t.Errorf("there is no route %s", name)
	}
	return list
}

// smallRoutes answer to GET with one small thing, or are attacked as sockets.
var smallRoutes = map[string]bool{
	"GET /api/server": true, "GET /api/me": true, "GET /api/rooms/:room": true, "GET /api/users/:user": true,
	"GET /healthz": true, "GET /readyz": true,
	"GET /api/me/blocks":           true, // at most 500 ids
	"GET /api/me/room-invitations": true, // at most 50, each with a name or 20 ids
	"GET /api/hosts":               true, // at most 100 names, for the owner
	"GET /metrics":                 true, // for its holder of a token alone, and four at once
	"GET /ws":                      true, // welcome and pages, see above
	"GET /socket.io/*":             true, // polls, see above
}

// smallAnswers are types of answers to what changes something: one thing each.
var smallAnswers = map[string]bool{
	"SignedIn": true, "InviteCheck": true, "User": true, "Server": true, "Invite": true, "RoomState": true, "Room": true,
	"MessageSent": true, "ReadMoved": true, "NotificationSent": true, "NotificationsRead": true, "Token": true,
	"Reset": true, "RoomHidden": true, "BlockChanged": true, "Host": true, "ResetCheck": true, "Account": true,
	"DirectRoom": true, "MembersAdded": true, "FavoriteChanged": true,
}

var script = regexp.MustCompile(`(?:src|href)="\.?/?([^"]+\.(?:js|css))"`)

// largestFile is the largest script or style of the page.
func (h *house) largestFile(t *testing.T) (largest string) {
	t.Helper()
	_, page := h.bob.Try(t, http.MethodGet, "/", nil)
	size := 0
	for _, found := range script.FindAllStringSubmatch(string(page), -1) {
		if _, file := h.bob.Try(t, http.MethodGet, "/"+found[1], nil); len(file) > size {
			largest, size = found[1], len(file)
		}
	}
	return strings.TrimPrefix(largest, "/")
}

// changesOf is the body of a request for what changed in a room lately.
func changesOf(room chat.RoomID) string {
	return fmt.Sprintf(`{"rooms":[{"room_id":%d,"rev":%d}]}`, room, messages/2)
}
