// Package tree tests the source itself: who imports whom, why each dependency is there, and that no file names the
// machine that it was made on.
package tree

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/tests/harness"
)

// ours says which of our packages each of our packages may import. A name that ends in /... is for all below it. What is
// not listed may import none. Tests may import more: go list gives only what the program is built of.
var ours = map[string][]string{
	"chat":           {},
	"access":         {"chat", "internal/idn"}, // the names of the server
	"store/sqlite":   {"internal/files"},
	"store/postgres": {},
	"store":          {"chat", "access", "internal/...", "store/sqlite", "store/postgres"},
	"rooms":          {"chat", "access", "internal/..."},
	"actions":        {"store", "rooms", "access", "chat", "internal/..."},
	"auth":           {"actions", "store", "rooms", "access", "chat", "internal/..."},
	"gateway":        {"actions", "store", "rooms", "access", "chat", "internal/..."},
	"socket":         {"gateway", "auth", "actions", "store", "rooms", "access", "chat", "internal/..."},
	"socketio":       {"socket", "gateway", "auth", "actions", "store", "rooms", "access", "chat", "internal/..."},
	"web":            {"auth", "actions", "store", "rooms", "access", "chat", "internal/..."},
	"metrics":        {"socket", "rooms", "store", "chat", "internal/..."},
	"nodes":          {"chat", "access", "internal/..."}, // what nodes say to each other, whatever they do with it
	"client":         {"chat"},
	"ui":             {},

	"internal/markdown":             {"internal/unseen", "internal/idn"},    // what would show nothing; where links lead
	"internal/origin":               {"internal/idn"},                       // a page is of a host
	"internal/holdback":             {"internal/ratelimit"},                 // what is due is a limit of how often
	"internal/seldom":               {"internal/ratelimit"},                 // and so is a line of the log
	"internal/listen":               {"internal/places"},                    // connections hold places as sockets do
	"internal/socketio":             {"internal/hijack", "internal/budget"}, // below whatever speaks, or waits
	"internal/socketio/conformance": {"internal/socketio"},                  // a server for the test suite of Socket.IO

	"tools/load":    {},
	"tools/child":   {},
	"tools/hostile": {"chat", "client"},
	"tools/check":   {"chat", "client", "internal/console", "tools/child", "tools/hostile"},
	"tools/bench": {
		"access", "actions", "auth", "chat", "client", "socket", "socketio", "store", "internal/...", "tools/child", "tools/hostile", "tools/load",
	},
	"tools/crashdisk": {},

	"tests":     {"..."},
	"tests/...": {"..."},
	"":          {"..."}, // the program puts all together
}

// theirs names the packages that what is not for everybody is for. Everything else may be imported anywhere but in chat.
var theirs = map[string][]string{
	"github.com/labstack/echo":     {"web"},
	"github.com/danielgtaylor":     {"web"},
	"github.com/olahol/melody":     {"socket", "internal/socketio", ""},                           // at the top: one line, the door that it is for
	"github.com/gorilla/websocket": {"socket", "internal/socketio", "client", "tools/...", "web"}, // in web: what an upgrade is
	"github.com/golang-jwt/jwt":    {"auth"},
	"github.com/alecthomas/kong":   {""},
	"github.com/prometheus":        {"metrics"},
	"database/sql":                 {"store", "store/sqlite", "store/postgres", "internal/engines"},
	"github.com/jackc/pgx":         {"store/postgres", "internal/engines"},
	"modernc.org":                  {"store/sqlite"},
	"github.com/yuin/goldmark":     {"internal/markdown"},
	"github.com/microcosm-cc":      {"internal/markdown"},
	"golang.org/x/crypto/argon2":   {"internal/password"},
	"github.com/gofrs/flock":       {"internal/datalock"},
	"github.com/redis/rueidis":     {"nodes"},
}

// withoutHTTP know no HTTP: what they do is the same for every door.
var withoutHTTP = []string{"actions", "store", "store/sqlite", "store/postgres", "rooms", "nodes", "access", "chat"}

// source is a package as "go list" describes it.
type source struct {
	ImportPath       string
	Dir              string
	GoFiles, Imports []string
}

// name is the path below the module's; empty for the program itself.
func (s source) name() string {
	return strings.TrimPrefix(strings.TrimPrefix(s.ImportPath, "parley"), "/")
}

// sources lists the packages of the module. Their files are opened, since "go test" does not see what "go list" reads.
func sources(t *testing.T) (all []source) {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", "./...")
	cmd.Dir = harness.Module()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var s source
		if err := dec.Decode(&s); err != nil {
			t.Fatal(err)
		}
		for _, name := range s.GoFiles {
			file, err := os.Open(filepath.Join(s.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			file.Close()
		}
		all = append(all, s)
	}
	return all
}

// named tells whether a list names a package, by itself or with what is above it.
func named(list []string, name string) bool {
	return slices.ContainsFunc(list, func(one string) bool {
		above, all := strings.CutSuffix(one, "...")
		return one == name || all && strings.HasPrefix(name, above)
	})
}

// allowed is what the map has for a package.
func allowed(name string) (list []string, listed bool) {
	for one, list := range ours {
		if one != "" && named([]string{one}, name) || one == name {
			return list, true
		}
	}
	return nil, false
}

// offenses lists the imports of a package that it must not have.
func offenses(s source) (wrong []string) {
	mine, listed := allowed(s.name())
	if !listed && !strings.HasPrefix(s.name(), "internal/") {
		return []string{"belongs to no layer: name it in ours"}
	}
	for _, imported := range s.Imports {
		first, _, _ := strings.Cut(imported, "/")
		own := strings.TrimPrefix(imported, "parley/")
		switch {
		case first == "parley":
			test := strings.HasPrefix(own, "tests/") || own == "internal/wait"
			if !named(mine, own) || test && !strings.HasPrefix(s.name(), "tests/") {
				wrong = append(wrong, "imports "+own)
			}
		case s.name() == "chat" && strings.Contains(first, "."):
			wrong = append(wrong, "imports "+imported)
		case slices.Contains(withoutHTTP, s.name()) && (imported == "net/http" || strings.HasPrefix(imported, "net/http/")):
			wrong = append(wrong, "imports "+imported)
		default:
			for prefix, who := range theirs {
				if (imported == prefix || strings.HasPrefix(imported, prefix+"/")) &&
					!named(who, s.name()) && !strings.HasPrefix(s.name(), "tests/") {
					wrong = append(wrong, "imports "+imported)
				}
			}
		}
	}
	for word := range strings.FieldsFuncSeq(s.name(), func(c rune) bool { return c == '/' }) {
		if slices.Contains(vague, word) {
			wrong = append(wrong, "has a name that says nothing")
		}
	}
	for _, file := range s.GoFiles {
		for word := range strings.SplitSeq(strings.TrimSuffix(file, path.Ext(file)), "_") {
			if slices.Contains(vague, word) {
				wrong = append(wrong, file+" has a name that says nothing")
			}
		}
	}
	return wrong
}

var vague = []string{"util", "utils", "common", "type", "types", "helper", "helpers", "misc"}

func TestEveryPackageKeepsToItsLayer(t *testing.T) {
	t.Parallel()
	all := sources(t)
	for _, s := range all {
		for _, wrong := range offenses(s) {
			t.Errorf("%s %s", s.ImportPath, wrong)
		}
	}
	if len(all) < 20 {
		t.Errorf("only %d packages were found", len(all))
	}
	for name := range ours {
		if !strings.HasSuffix(name, "...") && !slices.ContainsFunc(all, func(s source) bool { return s.name() == name }) {
			t.Errorf("there is no package %s", name)
		}
	}
}

func TestWrongImportsAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, imports, want string }{
		{"chat", "encoding/json", ""},
		{"chat", "golang.org/x/text/cases", "imports golang.org/x/text/cases"},
		{"chat", "parley/internal/markdown", "imports internal/markdown"},
		{"chat", "net/http", "imports net/http"},
		{"access", "parley/chat", ""},
		{"access", "parley/store", "imports store"},
		{"store", "parley/rooms", "imports rooms"},
		{"rooms", "parley/store", "imports store"},
		{"store", "database/sql", ""},
		{"store", "modernc.org/sqlite/lib", "imports modernc.org/sqlite/lib"},
		{"store", "github.com/prometheus/client_golang/prometheus", "imports github.com/prometheus/client_golang/prometheus"},
		{"store/sqlite", "modernc.org/sqlite/lib", ""},
		{"store/sqlite", "parley/chat", "imports chat"},
		{"actions", "net/http", "imports net/http"},
		{"actions", "net/http/httptest", "imports net/http/httptest"},
		{"actions", "github.com/yuin/goldmark", "imports github.com/yuin/goldmark"},
		{"actions", "parley/internal/markdown", ""},
		{"actions", "database/sql/driver", "imports database/sql/driver"},
		{"auth", "github.com/golang-jwt/jwt/v5", ""},
		{"web", "github.com/golang-jwt/jwt/v5", "imports github.com/golang-jwt/jwt/v5"},
		{"web", "parley/socket", "imports socket"},
		{"web", "parley/ui", "imports ui"},
		{"web", "github.com/labstack/echo/v4/middleware", ""},
		{"socket", "parley/web", "imports web"},
		{"socket", "github.com/labstack/echo/v4", "imports github.com/labstack/echo/v4"},
		{"socketio", "github.com/olahol/melody", "imports github.com/olahol/melody"},
		{"socketio", "parley/web", "imports web"},
		{"metrics", "parley/actions", "imports actions"},
		{"client", "parley/chat", ""},
		{"client", "parley/internal/markdown", "imports internal/markdown"},
		{"client", "parley", "imports parley"},
		{"internal/markdown", "parley/chat", "imports chat"},
		{"internal/markdown", "parley/internal/count", "imports internal/count"},
		{"internal/socketio", "parley/internal/hijack", ""},
		{"internal/socketio/conformance", "parley/internal/origin", "imports internal/origin"},
		{"socket", "parley/tools/load", "imports tools/load"},
		{"tools/load", "parley/chat", "imports chat"},
		{"tools/bench", "parley/tests/harness", "imports tests/harness"},
		{"store", "parley/internal/wait", "imports internal/wait"},
		{"", "parley/tools/bench", ""},
		{"", "parley/tests/harness", "imports tests/harness"},
		{"", "github.com/alecthomas/kong", ""},
		{"", "modernc.org/sqlite", "imports modernc.org/sqlite"},
		{"tests/harness", "parley/store", ""},
		{"ui", "parley/chat", "imports chat"},
		{"billing", "parley/chat", "belongs to no layer: name it in ours"},
		{"internal/helpers", "os", "has a name that says nothing"},
	} {
		s := source{ImportPath: strings.TrimSuffix("parley/"+c.name, "/"), Imports: []string{c.imports}}
		if got := strings.Join(offenses(s), "; "); got != c.want {
			t.Errorf("%q with %q: got %q, want %q", c.name, c.imports, got, c.want)
		}
	}
	s := source{ImportPath: "parley/chat", GoFiles: []string{"room.go", "types.go"}}
	if got := offenses(s); !slices.Equal(got, []string{"types.go has a name that says nothing"}) {
		t.Errorf("got %q", got)
	}
}
