// What the doors say of requests that make no sense: in plain words, with the field, and never with the names
// of the program's types.

package tests

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"parley/chat"
	"parley/gateway"
	"parley/socket"
	"parley/tests/harness"
)

// goWords are words that only somebody who knows the program's source understands.
var goWords = regexp.MustCompile(`\bGo\b|json:|unmarshal|chat\.[A-Z]|web\.[A-Z]|gateway\.|\bint(8|16|32|64)?\b|\buint\d*\b|float64|struct|\[\]|map\[|interface|strconv|\bnil\b|\*`)

var wrongKinds = []string{`1`, `-1.5`, `1e400`, `"x"`, `true`, `null`, `[]`, `{}`, `[1]`, `{"a":1}`}

// wrongBodies are JSON values of every kind, alone and as each field of a body.
func wrongBodies(fields []string) (all []string) {
	all = append(all, wrongKinds...)
	all = append(all, ``, `{`, `{"a":`, `nonsense`, `{} {}`)
	for _, field := range fields {
		for _, value := range wrongKinds {
			all = append(all, `{"`+field+`":`+value+`}`)
		}
	}
	return all
}

// bodyFields are the fields of all bodies there are.
var bodyFields = []string{
	"name", "password", "client_id", "body", "room_id", "seq", "emoji", "user_ids", "scopes", "room_ids", "rooms",
	"to", "data", "read_seq", "role", "kind", "expires_in", "state", "token", "registration",
}

func TestErrorsOverHTTPAreInPlainWords(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-burst=100000", "--messages-per-second=100000", "--sign-in-attempts=100000")
	bearer := http.Header{"Authorization": {"Bearer " + p.SetUp(t).Token(t)}}
	for _, route := range harness.Routes(t) {
		if route.Body == "" && route.Method == http.MethodGet || !harness.OfAPI(route) || route.Path == "/api/logout" {
			continue
		}
		path := someAddress(route)
		for _, body := range wrongBodies(bodyFields) {
			if resp, answer := p.Asks(t, route.Method, path, body, bearer); resp.StatusCode >= 400 {
				var refused chat.Error
				if err := json.Unmarshal([]byte(answer), &refused); err != nil || goWords.MatchString(refused.Message) {
					t.Errorf("%s %s with %s: %s", route.Method, path, body, answer)
				}
			}
		}
		if route.Body != "" {
			for _, text := range []string{`"\ud800"`, `"\u0000"`, "\"\xff\""} {
				resp, answer := p.Asks(t, route.Method, path, `{"name":`+text+`,"body":`+text+`}`, bearer)
				if resp.StatusCode < 400 {
					t.Errorf("%s %s took %q: %s", route.Method, path, text, answer)
				}
			}
		}
	}
	for _, path := range []string{"/api/rooms/public?query=%ff", "/api/rooms/public?query=%00", "/api/rooms/1/messages/1/reactions/%ff", "/%ff", "/socket.io/?EIO=4&transport=%ff"} {
		if resp, answer := p.Asks(t, http.MethodGet, path, "", bearer); resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(answer, `"field"`) {
			t.Errorf("%s: got %d %s", path, resp.StatusCode, answer)
		}
	}
}

func TestErrorsOfEventsAreInPlainWords(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-burst=100000", "--messages-per-second=100000")
	ann := p.SetUp(t)
	s := ann.Dial(t)
	for _, event := range socket.Events() {
		bodies := wrongBodies(bodyFields)
		if event.Cost.IsFree() { // more of them would wait
			bodies = bodies[:min(len(bodies), refusedAtOnce/2)]
		}
		for _, data := range bodies {
			if !json.Valid([]byte(data)) {
				continue // ends the socket
			}
			s.SendRaw(t, `{"event":"`+event.Name+`","id":"1","data":`+data+`}`)
			if answer := string(s.Answer(t, "1").Data); strings.Contains(answer, `"code"`) && goWords.MatchString(answer) {
				t.Errorf("%s with %s: %s", event.Name, data, answer)
			}
		}
	}
	s.SendRaw(t, `{"event":"message.send","id":"2","data":{"room_id":1,"body":"\ud800"}}`)
	if answer := string(s.Answer(t, "2").Data); !strings.Contains(answer, `"body"`) {
		t.Errorf("half of a surrogate pair: %s", answer)
	}
	if len(gateway.Requests()) == 0 {
		t.Fatal("there are no requests")
	}
}

func TestArgumentsThatAreNotUTF8AreRefused(t *testing.T) {
	t.Parallel()
	harness.Launch(t, nil, "token", "add", "--scope=post", "b\xff").RefusesInOneLine(t, "is not UTF-8")
}
