// What goes wrong with HTTP, proxies and JSON unless one knows, pinned on the program.

package tests

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/chat"
	"parley/tests/harness"
)

// Each guess is for another account, so that only the address can hold them back.
func TestForwardedAddressesCountOnlyFromATrustedProxy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		args      []string
		forwarded func(i int) string
		want      bool // the addresses are told apart
	}{
		{"nobody is trusted", nil, func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }, false},
		{"another proxy is trusted", []string{"--trusted-proxy=10.0.0.0/8"}, func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }, false},
		{"this proxy is trusted", []string{"--trusted-proxy=127.0.0.1"}, func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }, true},
		{
			"the client forges before a trusted proxy",
			[]string{"--trusted-proxy=127.0.0.0/8"},
			func(i int) string { return fmt.Sprintf("198.51.100.%d, 203.0.113.7", i) }, false,
		},
		{
			"the client forges an address of the network",
			[]string{"--trusted-proxy=127.0.0.1"},
			func(i int) string { return fmt.Sprintf("198.51.100.%d, 10.0.0.1", i) }, false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t, append(c.args, "--sign-in-attempts=3")...)
			p.SetUp(t)
			refused, began := false, time.Now()
			// From one address 15 may fail, and then one in twelve seconds.
			for i := 0; i < 16+int(time.Since(began)/(12*time.Second)); i++ {
				resp, _ := p.Asks(t, http.MethodPost, "/api/login",
					harness.AsJSON(t, chat.Login{Name: fmt.Sprint("guess", i), Password: "wrong password"}),
					http.Header{"X-Forwarded-For": {c.forwarded(i)}, "X-Real-Ip": {fmt.Sprintf("192.0.2.%d", i)}})
				refused = refused || resp.StatusCode == http.StatusTooManyRequests
			}
			if refused == c.want {
				t.Errorf("held back: %v, want %v", refused, !c.want)
			}
		})
	}
}

func TestTheSchemeOfAProxyMakesCookiesSecure(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		args       []string
		header     http.Header
		wantStatus int
		wantCookie string
	}{
		{"forged", nil, http.Header{"X-Forwarded-Proto": {"https"}}, 200, "parley"},
		{"forged with its origin", nil, http.Header{"X-Forwarded-Proto": {"https"}, "Host": {"a.example"}, "Origin": {"https://a.example"}}, 403, ""},
		{"trusted", []string{"--trusted-proxy=127.0.0.1"}, http.Header{"X-Forwarded-Proto": {"https"}}, 200, "__Host-parley"},
		{
			"trusted with its origin",
			[]string{"--trusted-proxy=127.0.0.1"},
			http.Header{"X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": {"a.example"}, "Origin": {"https://a.example"}},
			200, "__Host-parley",
		},
		{"trusted, twice", []string{"--trusted-proxy=127.0.0.1"}, http.Header{"X-Forwarded-Proto": {"https,http"}}, 200, "__Host-parley"},
		{"trusted, plain", []string{"--trusted-proxy=127.0.0.1"}, http.Header{"X-Forwarded-Proto": {"http"}}, 200, "parley"},
		{"another is trusted", []string{"--trusted-proxy=10.0.0.1"}, http.Header{"X-Forwarded-Proto": {"https"}}, 200, "parley"},
		{"the address is given", []string{"--url=https://a.example"}, nil, 200, "__Host-parley"},
		{"the address is given, its origin", []string{"--url=https://a.example"}, http.Header{"Origin": {"https://a.example"}}, 200, "__Host-parley"},
		{
			"the address is given, the host's origin",
			[]string{"--url=https://a.example"},
			http.Header{"Host": {"b.example"}, "Origin": {"http://b.example"}},
			403, "",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			plain := harness.StartIn(t, data) // so that ann can set it up, whatever its address is
			plain.SetUp(t)
			plain.Stop()
			for _, name := range []string{"a.example", "b.example"} {
				harness.Run(t, "host", "add", "--data", data, name)
			}
			p := harness.StartBehind(t, data, c.args...)
			resp, body := p.Asks(t, http.MethodPost, "/api/login", harness.AsJSON(t, chat.Login{Name: "ann", Password: harness.GoodPassword}), c.header)
			if resp.StatusCode != c.wantStatus {
				t.Fatalf("got %d %s, want %d", resp.StatusCode, body, c.wantStatus)
			}
			cookies := slices.DeleteFunc(resp.Cookies(), func(cookie *http.Cookie) bool {
				return cookie.Name == c.wantCookie+"-device-1" && cookie.Secure == strings.HasPrefix(c.wantCookie, "__Host-")
			})
			if c.wantCookie == "" {
				if len(cookies) != 0 {
					t.Errorf("got %v", cookies)
				}
				return
			}
			if len(cookies) != 1 || cookies[0].Name != c.wantCookie || cookies[0].Secure != strings.HasPrefix(c.wantCookie, "__Host-") {
				t.Fatalf("got %v, want %s", cookies, c.wantCookie)
			}
			if cookie := cookies[0]; !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" || cookie.SameSite != http.SameSiteLaxMode {
				t.Errorf("the cookie is %v", cookie)
			}
		})
	}
}

func TestBodiesThatSayTooMuchAreRefused(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=1000", "--messages-burst=10000")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	secret := ann.Creates(t, chat.Private, "secret")
	general := bob.Room(t, "general")
	sent := bob.Says(t, general.ID, "mine")
	clientID := chat.NewClientID().String()
	for _, c := range []struct{ method, path, body string }{
		{http.MethodPatch, "/api/me", `{"display_name":"Bob","role":"owner"}`},
		{http.MethodPatch, "/api/me", `{"display_name":"Bob","ROLE":"owner"}`},
		{http.MethodPatch, "/api/me", `{"display_name":"Bob","is_admin":true}`},
		{http.MethodPatch, "/api/me", `{"display_name":"Bob","id":1}`},
		{http.MethodPatch, "/api/me", `{"display_name":"Bob","user_id":1}`},
		{http.MethodPatch, "/api/me", `{"display_name":"Bob"}{}`},
		{http.MethodPatch, "/api/me", `{"display_name":"Bob"} garbage`},
		{http.MethodPatch, "/api/me", `{"display_name":"Bob"`},
		{http.MethodPatch, "/api/me", `{"display_name":["Bob"]}`},
		{http.MethodPatch, "/api/me", `{"display_name":{"$ne":""}}`},
		{http.MethodPatch, "/api/me", ``},
		{http.MethodPatch, "/api/me", `[]`},
		{http.MethodPatch, "/api/me", strings.Repeat("[", 100_000)},
		{http.MethodPost, harness.MessagesPath(general.ID), `{"client_id":"` + clientID + `","body":"x","room_id":` + fmt.Sprint(secret.ID) + `}`},
		{http.MethodPost, harness.MessagesPath(general.ID), `{"client_id":"` + clientID + `","body":"x","author_id":1}`},
		{http.MethodPost, harness.MessagesPath(general.ID), `{"client_id":"` + clientID + `","body":"x","Author_ID":1}`},
		{http.MethodPost, harness.MessagesPath(general.ID), `{"client_id":"` + clientID + `","body":"x","seq":1}`},
		{http.MethodPost, harness.MessagesPath(general.ID), `{"client_id":"` + clientID + `","body":"x","html":"<script>"}`},
		{http.MethodPost, harness.MessagesPath(general.ID), `{"client_id":"` + clientID + `","body":"x","created_at":1}`},
		{http.MethodPatch, harness.MessagePath(general.ID, sent.Seq), `{"body":"x","seq":2}`},
		{http.MethodPatch, harness.MessagePath(general.ID, sent.Seq), `{"body":"x","room_id":2}`},
		{http.MethodPut, harness.RoomPath(general.ID) + "/read", `{"read_seq":1,"user_id":1}`},
		{http.MethodPut, harness.RoomPath(general.ID) + "/read", `{"read_seq":"1"}`},
		{http.MethodPut, harness.RoomPath(general.ID) + "/read", `{"read_seq":1.5}`},
		{http.MethodPut, harness.RoomPath(general.ID) + "/read", `{"read_seq":9223372036854775808}`},
		{http.MethodPost, "/api/rooms", `{"kind":"public","name":"x","topic":"","everyone":true}`},
		{http.MethodPost, "/api/rooms", `{"kind":"announcements","name":"x","topic":""}`},
		{http.MethodPost, "/api/rooms", `{"kind":"direct","name":"x","topic":""}`},
		{http.MethodPost, "/api/register", `{"name":"eve","display_name":"","password":"long enough","role":"owner"}`},
		{http.MethodPost, "/api/login", `{"name":"bob","password":"` + harness.GoodPassword + `","user_id":1}`},
		{http.MethodPost, "/api/changes", `{"rooms":[{"room_id":1,"rev":0,"user_id":1}]}`},
	} {
		status, body := bob.Try(t, c.method, c.path, c.body)
		if status != http.StatusBadRequest && status != http.StatusUnprocessableEntity {
			t.Errorf("%s %s %.80s: got %d %s, want it refused", c.method, c.path, c.body, status, body)
		}
	}
	var me chat.SignedIn
	bob.Get(t, "/api/me", &me)
	if me.User.Role != chat.RoleMember || me.User.DisplayName != "Bob" {
		t.Errorf("bob is %+v now", me.User)
	}
	if page := bob.History(t, general.ID, ""); len(page.Messages) != 1 || page.Messages[0].Body != "mine" {
		t.Errorf("the room holds %q", harness.Bodies(page.Messages))
	}
	sock := bob.Dial(t)
	for _, c := range []struct{ event, data string }{
		{"message.send", `{"room_id":1,"client_id":"` + clientID + `","body":"x","author_id":1}`},
		{"presence.set", `{"state":"online","user_id":1}`},
		{"room.join", `{"room_id":1,"user_id":1}`},
		{"ping", `{"x":1}`},
		{"ping", `[]`},
	} {
		sock.SendRaw(t, `{"event":"`+c.event+`","id":"x","data":`+c.data+`}`)
		if f := sock.Answer(t, "x"); f.Event != chat.ErrorEvent {
			t.Errorf("%s %s: got %s", c.event, c.data, f.Event)
		}
	}
}

func TestOnlyJSONIsTakenForJSON(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.SetUp(t)
	login := harness.AsJSON(t, chat.Login{Name: "ann", Password: harness.GoodPassword})
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"} {
		if resp, _ := p.Asks(t, http.MethodPost, "/api/login", login, http.Header{"Content-Type": {kind}}); resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%q: got %d, want 400: a foreign page may send it without asking", kind, resp.StatusCode)
		}
	}
	if resp, _ := p.Asks(t, http.MethodPost, "/api/login", login, http.Header{"Content-Type": {"Application/JSON; charset=utf-8"}}); resp.StatusCode != http.StatusOK {
		t.Errorf("got %d", resp.StatusCode)
	}
}

func TestAddressesThatAreNoneLeadNowhere(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	for _, path := range []string{
		"/api", "/api/", "/api/nothing", "/api/rooms/x", "/api/rooms/-1", "/api/rooms/1.5", "/api/rooms/99999999999999999999",
		"/api/rooms/1/../../me", "/api/rooms/%2e%2e/me", "/api/rooms/1%2fmessages", "/api/ROOMS", "/api//rooms", "/api/rooms/4294967297",
	} {
		status, body := ann.Try(t, http.MethodGet, path, nil)
		if status == http.StatusOK && !bytes.Contains(body, []byte("<html")) && !bytes.HasPrefix(body, []byte("This server runs")) {
			t.Errorf("%s: got %d %.100s", path, status, body)
		}
		if strings.HasPrefix(path, "/api/") && status != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, status)
		}
	}
	// Nothing sends a browser elsewhere.
	for _, path := range []string{
		"//evil.example", "/%09/evil.example/", "/\\evil.example", "/%5cevil.example/..", "/login?next=//evil.example", "/@evil.example",
		"/.//evil.example", "/..//evil.example/%2f..", "/setup/", "/assets/..%2f..%2fgo.mod", "/assets/../../go.mod", "/%2e%2e/go.mod",
	} {
		req, err := http.NewRequest(http.MethodGet, p.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.URL.Opaque = strings.TrimPrefix(p.URL, "http:") + path
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if location := resp.Header.Get("Location"); location != "" {
			t.Errorf("%s: sent to %q", path, location)
		}
		if bytes.Contains(text, []byte("module parley")) {
			t.Errorf("%s: got a file of the server's", path)
		}
	}
}

// Another libc than the one that modernc.org/sqlite was tested with corrupts memory.
func TestSQLiteAndItsLibcAreThePairThatWasTested(t *testing.T) {
	t.Parallel()
	ours, err := os.ReadFile(filepath.Join(harness.Module(), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	path, err := exec.Command("go", "list", "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite").Output()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile(strings.TrimSpace(string(path)))
	if err != nil {
		t.Fatal(err)
	}
	libc := regexp.MustCompile(`modernc\.org/libc (v\S+)`)
	got, want := libc.FindSubmatch(ours), libc.FindSubmatch(theirs)
	if got == nil || want == nil || !bytes.Equal(got[1], want[1]) {
		t.Errorf("go.mod has %q, modernc.org/sqlite wants %q", got, want)
	}
	for module, floor := range map[string]string{"github.com/olahol/melody": "v1.4.0", "github.com/labstack/echo/v4": "v4.16.0"} {
		if !strings.Contains(string(ours), module+" "+floor) {
			t.Errorf("%s is not %s: check its traps again, then change this line", module, floor)
		}
	}
}
