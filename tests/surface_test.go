// What holds for every route, whatever it is for: where it takes tokens and fields from, where its answers may be
// kept, and that none sends a browser somewhere else.

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/engines"
	"parley/socket"
	"parley/tests/harness"
	"parley/web"
)

var placesInPaths = regexp.MustCompile(`:\w+|\*`)

// someAddress is an address of a route, about the first of whatever it is about.
func someAddress(route web.Description) string {
	return placesInPaths.ReplaceAllString(route.Path, "1")
}

// Tokens in addresses end up in logs and histories. Only Socket.IO takes one there, as its clients expect.
func TestNoRouteTakesATokenFromItsAddress(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	for _, token := range []string{ann.Token(t), ann.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: harness.AllScopes()}).Token} {
		var query []string
		for _, name := range []string{"token", "access_token", "auth", "jwt", "session", "sid", "Authorization", "parley", "__Host-parley"} {
			query = append(query, name+"="+token, name+"=Bearer+"+token)
		}
		for _, route := range harness.Routes(t) {
			if route.Guard == web.Outside || route.Guard == web.Anyone {
				continue
			}
			path := someAddress(route) + "?" + strings.Join(query, "&")
			if resp, body := p.Asks(t, route.Method, path, "{}", nil); resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s %s: got %d %s", route.Method, route.Path, resp.StatusCode, body)
			}
		}
	}
}

func TestNoAnswerSendsABrowserElsewhere(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	bearer := harness.WithToken(p.SetUp(t).Token(t))
	paths := map[string]string{}
	for _, prefix := range []string{"", "/api", "/assets", "/socket.io", "/login", "/invite", "/reset"} {
		for _, there := range []string{
			"//evil.example", "//evil.example/", "//evil.example/..", "///evil.example/", "/%09/evil.example/", "/%0d%0aLocation:%20//evil.example",
			"/%5Cevil.example/", "/%5C%5Cevil.example/%2e%2e", "/%2F%2Fevil.example/", "/@evil.example/", "/.//evil.example/", "/https://evil.example/",
			"/javascript:alert(1)", "/data:text/html,x",
		} {
			paths[prefix+there] = http.MethodGet
		}
	}
	const wishes = "next=//evil.example&url=https://evil.example&redirect=/%5Cevil.example&return_to=%09//evil.example&to=javascript:alert(1)"
	for _, route := range harness.Routes(t) {
		if route.Path != "/api/logout" {
			paths[someAddress(route)+"?"+wishes] = route.Method
			paths[someAddress(route)+"/"] = route.Method
		}
	}
	for path, method := range paths {
		for _, header := range []http.Header{nil, bearer, {"Accept": {"text/html"}}} {
			resp, _ := p.Asks(t, method, path, "{}", header)
			if resp.StatusCode/100 == 3 || resp.Header.Get("Location") != "" || resp.Header.Get("Refresh") != "" {
				t.Errorf("%s %s: got %d %v", method, path, resp.StatusCode, resp.Header)
			}
		}
	}
}

// A cache in between may keep nothing of what one person is answered, also when the address looks like a file's.
func TestNoCacheKeepsWhatAPersonIsAnswered(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bearer := harness.WithToken(ann.Token(t))
	seen := map[int]bool{}
	for _, route := range harness.Routes(t) {
		if !harness.OfAPI(route) || route.Path == "/api/logout" {
			continue
		}
		for _, path := range []string{someAddress(route), someAddress(route) + "/x.css", someAddress(route) + ".css", someAddress(route) + "%2fx.js"} {
			resp, _ := p.Asks(t, route.Method, path, "{}", bearer)
			seen[resp.StatusCode] = true
			if cache := resp.Header.Get("Cache-Control"); cache != "private, no-store" {
				t.Errorf("%s %s: status %d, Cache-Control is %q", route.Method, path, resp.StatusCode, cache)
			}
		}
	}
	resp, _ := p.Asks(t, http.MethodPost, "/api/logout", "", bearer)
	seen[resp.StatusCode] = true
	if cache := resp.Header.Get("Cache-Control"); cache != "private, no-store" {
		t.Errorf("signing out: status %d, Cache-Control is %q", resp.StatusCode, cache)
	}
	for _, status := range []int{200, 204, 403, 404, 422} {
		if !seen[status] {
			t.Errorf("no answer had the status %d", status)
		}
	}
}

// fieldsOf are the fields of each type that a request may carry, in small letters, as the OpenAPI document has them.
func fieldsOf(t *testing.T, p *harness.Program) map[string][]string {
	t.Helper()
	var document struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	_, text := p.Asks(t, http.MethodGet, "/api/openapi.json", "", nil)
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	fields := map[string][]string{}
	for name, schema := range document.Components.Schemas {
		for field := range schema.Properties {
			fields[name] = append(fields[name], strings.ToLower(field))
		}
	}
	return fields
}

// columnsOf are the names of all columns of the database, names that other servers would use, and some of them in
// other letters.
func columnsOf(t *testing.T, p *harness.Program) []string {
	t.Helper()
	var columns string
	harness.Query(t, p.Database(), `
		SELECT group_concat(DISTINCT c.name)
		FROM sqlite_schema s, pragma_table_info(s.name) c
		WHERE s.type = 'table'`, &columns)
	names := append(strings.Split(columns, ","), "is_admin", "isAdmin", "admin", "owner", "userId", "author", "permissions", "__proto__", "$set")
	if !slices.Contains(names, "made_by") || len(names) < 60 {
		t.Fatalf("the database has the columns %v", names)
	}
	for _, name := range []string{"role", "user_id", "author_id", "made_by", "created_by", "kind", "password_hash"} {
		names = append(names, strings.ToUpper(name), strings.ToUpper(name[:1])+name[1:])
	}
	return names
}

// saysThereIsNo tells whether an answer refuses a request for having a field that it does not know.
func saysThereIsNo(field string, answer []byte) bool {
	var refused chat.Error
	err := json.Unmarshal(answer, &refused)
	return err == nil && refused.Code == chat.BadRequest && refused.Message == fmt.Sprintf("there is no field %q", field)
}

// manyChanges let a test ask as often as it likes.
var manyChanges = []string{
	"--messages-burst=1000000", "--messages-per-second=1000000", "--reads-per-second=1000000", "--sign-in-attempts=1000000",
}

// Nobody sets what a request is not for, such as a role or an author, by naming it as the database does.
func TestNoRouteTakesAFieldThatItIsNotFor(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	p := harness.Start(t, manyChanges...)
	ann := p.SetUp(t)
	ann = ann.WithBearer(t, ann.Token(t))
	names, fields, asked := columnsOf(t, p), fieldsOf(t, p), 0
	for _, route := range harness.Routes(t) {
		if route.Body == "" {
			continue
		}
		if len(fields[route.Body]) == 0 {
			t.Errorf("the document does not describe %s", route.Body)
		}
		for _, name := range names {
			if slices.Contains(fields[route.Body], strings.ToLower(name)) {
				continue
			}
			asked++
			if status, answer := ann.Try(t, route.Method, someAddress(route), fmt.Sprintf(`{%q:1}`, name)); !saysThereIsNo(name, answer) {
				t.Errorf("%s %s with %s: got %d %s", route.Method, route.Path, name, status, answer)
			}
		}
	}
	if asked < 1000 {
		t.Errorf("asked only %d times", asked)
	}
}

func TestNoEventTakesAFieldThatItIsNotFor(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	p := harness.Start(t, manyChanges...)
	s := p.SetUp(t).Dial(t)
	some := []string{"room_id", "seq", "client_id", "body", "emoji", "read_seq", "rooms", "state", "user_ids"} // that some event has
	for _, event := range socket.Events() {
		for _, name := range columnsOf(t, p) {
			if event.Name == "ping" || slices.Contains(some, strings.ToLower(name)) {
				continue
			}
			s.SendRaw(t, fmt.Sprintf(`{"event":%q,"id":"1","data":{%q:1}}`, event.Name, name))
			if answer := s.Answer(t, "1").Data; !saysThereIsNo(name, answer) {
				t.Errorf("%s with %s: got %s", event.Name, name, answer)
			}
		}
	}
}

// Whoever watches a server often asks with HEAD, and must not be told that a page is there.
func TestHeadIsAnsweredAsGetWithoutTheBody(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	bearer := harness.WithToken(p.SetUp(t).Token(t))
	for _, route := range harness.Routes(t) {
		if route.Method != http.MethodGet || route.Path == "/socket.io/*" { // a handshake, which makes something
			continue
		}
		for _, header := range []http.Header{nil, bearer} {
			path := someAddress(route)
			want, _ := p.Asks(t, http.MethodGet, path, "", header)
			got, body := p.Asks(t, http.MethodHead, path, "", header)
			if got.StatusCode != want.StatusCode || got.Header.Get("Content-Type") != want.Header.Get("Content-Type") || body != "" {
				t.Errorf("HEAD %s: got %d %s %q, want %d %s", route.Path, got.StatusCode, got.Header.Get("Content-Type"),
					body, want.StatusCode, want.Header.Get("Content-Type"))
			}
		}
	}
	if resp, _ := p.Asks(t, http.MethodHead, "/socket.io/?EIO=4&transport=polling", "", nil); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("HEAD of a handshake: got %d, want 400", resp.StatusCode)
	}
}
