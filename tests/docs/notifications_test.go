// The examples of docs/notifications.md, done as they are written.

package docs

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// shellWords splits a command as a shell does that knows quotes, and lines that go on.
var shellWords = regexp.MustCompile(`'([^']*)'|"([^"]*)"|([^\s'"\\]+)`)

// curl makes the request of an example, which is for another server and with the tokens of its variables.
func curl(t *testing.T, p *harness.Program, command string, variables map[string]string) (status int, body []byte) {
	t.Helper()
	who := p.Visitor(t, "curl")
	who.Origin = ""
	method, path := http.MethodGet, ""
	var in any
	isJSON := false
	var words []string
	for _, found := range shellWords.FindAllStringSubmatch(command, -1) {
		words = append(words, found[1]+os.Expand(found[2]+found[3], func(name string) string { return variables[name] }))
	}
	for i := 1; i < len(words); i++ {
		switch words[i] {
		case "-X":
			method, i = words[i+1], i+1
		case "-H":
			name, value, _ := strings.Cut(words[i+1], ": ")
			switch i++; name {
			case "Authorization":
				who.Bearer = strings.TrimPrefix(value, "Bearer ")
			case "Content-Type":
				isJSON = value == "application/json" // older versions of curl do not know --json, which says so by itself
			}
		case "-d":
			if in, i = words[i+1], i+1; method == http.MethodGet {
				method = http.MethodPost
			}
		default:
			path = strings.TrimPrefix(words[i], "https://chat.example.com")
		}
	}
	if !strings.HasPrefix(path, "/api/") || who.Bearer == "" || in != nil && !isJSON {
		t.Fatalf("%q is no request with a token: %q", command, words)
	}
	return who.Try(t, method, path, in)
}

// shape is JSON with all numbers of time and place, which differ each time, made 0.
func shape(t *testing.T, text []byte) string {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	var level func(value map[string]any)
	level = func(value map[string]any) {
		for name, of := range value {
			switch of := of.(type) {
			case float64:
				if name == "created_at" || name == "user_rev" || name == "sender_id" {
					value[name] = 0
				}
			case map[string]any:
				level(of)
			case []any:
				for _, one := range of {
					level(one.(map[string]any))
				}
			}
		}
	}
	level(value)
	return harness.AsJSON(t, value)
}

func TestTheExamplesOfNotificationsWork(t *testing.T) {
	t.Parallel()
	text := harness.Document(t, "docs/notifications.md")
	p := harness.Start(t)
	ann := p.SetUp(t)
	p.SignUp(t, ann, "bob")
	variables := map[string]string{"READER": ann.Token(t)}
	for n := range 41 { // the examples are of somebody who has read as many
		ann.Notifies(t, fmt.Sprint(n), "earlier", "ann")
	}
	ann.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{UpTo: new(int64(41))}, http.StatusOK, nil)
	var answer []byte
	done := 0
	for _, block := range regexp.MustCompile("(?s)```(sh|json)\n(.*?)```").FindAllStringSubmatch(text, -1) {
		switch kind, example := block[1], block[2]; {
		case kind == "json":
			if got, want := shape(t, answer), shape(t, []byte(example)); got != want {
				t.Errorf("got %s\nwant %s", got, want)
			}
			done++
		case strings.HasPrefix(example, "parley token add "):
			args := append(strings.Fields(example)[1:], "--data", p.Data)
			variables["TOKEN"] = strings.TrimSpace(harness.Run(t, args...))
		default:
			_, answer = curl(t, p, example, variables)
		}
	}
	if done != 4 {
		t.Errorf("%d examples have an answer", done)
	}
}
