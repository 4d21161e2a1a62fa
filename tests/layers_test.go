//go:build unported

package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The layers of the flat package, as docs/architecture.md draws them. A top-level file belongs to the
// family that its name begins with; another family is another layer, to be named here first.
var (
	families = []string{
		"main", "config", "backup", "token", "bench", "check", "server", "metrics", "handlers", "socket", "socketio", "auth", "tutorial", "actions", "rooms", "store",
	}

	// mayImport names, for what is not for everybody, the families (or the one file) that it is for.
	mayImport = map[string][]string{
		"github.com/labstack/echo":     {"server", "handlers", "auth", "socket.go"}, // there: one line, the mount
		"github.com/olahol/melody":     {"socket", "rooms"},
		"github.com/gorilla/websocket": {"socket", "rooms"},
		"parley/internal/socketio":     {"socketio", "tutorial"},
		"github.com/golang-jwt/jwt":    {"auth"},
		"github.com/alecthomas/kong":   {"main", "config"},
		"github.com/prometheus":        {"metrics"},
		"database/sql":                 {"store"},
		"modernc.org":                  {"store"},
		"net/http":                     {"main", "config", "token", "bench", "server", "metrics", "handlers", "socket", "socketio", "auth"},
		"parley/ui":                    {"main", "server"},
		"parley/tools/check":                 {"check"},
		"parley/client":                {"bench"},
		"github.com/yuin/goldmark":     nil, // internal/markdown stands before it
		"github.com/microcosm-cc":      nil,
		"golang.org/x/crypto/argon2":   nil, // internal/password
		"github.com/gofrs/flock":       nil, // internal/datalock
	}

	// mayHold names the families whose types may hold or take a layer's type.
	mayHold = map[string][]string{
		"Server":  {"main", "server", "handlers", "socket", "auth"},
		"Actions": {"main", "token", "server", "handlers", "socket", "socketio", "tutorial", "auth", "actions"},
		"Rooms":   {"main", "server", "socket", "actions", "rooms"},
		"Store":   {"main", "backup", "token", "bench", "server", "auth", "actions", "store"},
	}

	vague = []string{"util", "utils", "common", "type", "types", "helper", "helpers", "misc"}
)

func TestEveryFileKeepsToItsLayer(t *testing.T) {
	checked := 0
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && elsewhere(name, entry.Name()) {
			return fs.SkipDir
		}
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil // tests look at several layers at once
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		checked++
		for _, wrong := range offenses(filepath.ToSlash(name), source) {
			t.Errorf("%s %s", name, wrong)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked < 20 {
		t.Errorf("only %d files were found", checked)
	}
}

// elsewhere tells whether a folder is not of this module.
func elsewhere(name, base string) bool {
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	return err == nil || base == "node_modules" || strings.HasPrefix(base, ".")
}

func TestWrongFilesAreRefused(t *testing.T) {
	for _, c := range []struct{ name, imports, code, want string }{
		{"handlers_rooms.go", "github.com/labstack/echo/v4", "", ""},
		{"socket.go", "github.com/labstack/echo/v4", "", ""},
		{"socket_requests.go", "github.com/labstack/echo/v4", "", "imports github.com/labstack/echo/v4"},
		{"actions_rooms.go", "github.com/labstack/echo/v4", "", "imports github.com/labstack/echo/v4"},
		{"store.go", "github.com/labstack/echo/v4/middleware", "", "imports github.com/labstack/echo/v4/middleware"},
		{"rooms_socket.go", "github.com/olahol/melody", "", ""},
		{"handlers.go", "github.com/olahol/melody", "", "imports github.com/olahol/melody"},
		{"store_users.go", "database/sql", "", ""},
		{"store.go", "modernc.org/sqlite/lib", "", ""},
		{"handlers_users.go", "database/sql", "", "imports database/sql"},
		{"actions.go", "database/sql/driver", "", "imports database/sql/driver"},
		{"main.go", "modernc.org/sqlite", "", "imports modernc.org/sqlite"},
		{"auth.go", "github.com/golang-jwt/jwt/v5", "", ""},
		{"server.go", "github.com/golang-jwt/jwt/v5", "", "imports github.com/golang-jwt/jwt/v5"},
		{"actions.go", "net/http", "", "imports net/http"},
		{"actions.go", "net/http/httptest", "", "imports net/http/httptest"},
		{"actions_messages.go", "github.com/yuin/goldmark", "", "imports github.com/yuin/goldmark"},
		{"actions_messages.go", "parley/internal/markdown", "", ""},
		{"metrics.go", "github.com/prometheus/client_golang/prometheus", "", ""},
		{"store_counts.go", "github.com/prometheus/client_golang/prometheus", "", "imports github.com/prometheus/client_golang/prometheus"},
		{"handlers.go", "parley/ui", "", "imports parley/ui"},
		{"billing.go", "", "", "belongs to no layer"},
		{"storekeeper.go", "", "", "belongs to no layer"},
		{"store_utils.go", "", "", "has a name that says nothing"},
		{"internal/helpers/x.go", "", "", "has a name that says nothing"},
		{"chat/types.go", "", "", "has a name that says nothing"},
		{"chat/room.go", "encoding/json", "", ""},
		{"chat/room.go", "golang.org/x/text/cases", "", "imports golang.org/x/text/cases"},
		{"chat/room.go", "parley/internal/markdown", "", "imports parley/internal/markdown"},
		{"internal/markdown/x.go", "github.com/yuin/goldmark", "", ""},
		{"internal/markdown/x.go", "parley/chat", "", "imports parley/chat"},
		{"internal/socketio/websocket.go", "parley/internal/hijack", "", ""},
		{"internal/socketio/conformance/main.go", "parley/internal/socketio", "", ""},
		{"internal/socketio/conformance/main.go", "parley/internal/origin", "", "imports parley/internal/origin"},
		{"ui/ui.go", "parley/chat", "", "imports parley/chat"},
		{"client/client.go", "parley/chat", "", ""},
		{"client/client.go", "parley/internal/markdown", "", "imports parley/internal/markdown"},
		{"client/client.go", "parley", "", "imports parley"},
		{"rooms.go", "", "type R struct{ store *Store }", "holds Store"},
		{"store.go", "", "func f(r *Rooms) {}", "holds Rooms"},
		{"store.go", "", "func f(f func([]Rooms)) {}", "holds Rooms"},
		{"handlers.go", "", "type S struct{ all map[string]*Store }", "holds Store"},
		{"actions.go", "", "var s *Server", "holds Server"},
		{"metrics.go", "", "type M struct{ store *Store }", "holds Store"},
		{"store_rooms.go", "", "type W struct{ Rooms []int }; func (w W) Store() {}", ""},
	} {
		source := "package main\n"
		if c.imports != "" {
			source += "import _ " + strconv.Quote(c.imports) + "\n"
		}
		got := strings.Join(offenses(c.name, []byte(source+c.code)), "; ")
		if got != c.want {
			t.Errorf("%s with %q %s: got %q, want %q", c.name, c.imports, c.code, got, c.want)
		}
	}
}

// offenses lists what is wrong with a file, named by its path from the top.
func offenses(name string, source []byte) []string {
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	var wrong []string
	for word := range strings.FieldsFuncSeq(strings.TrimSuffix(name, ".go"), func(c rune) bool {
		return c == '/' || c == '_'
	}) {
		if slices.Contains(vague, word) {
			wrong = append(wrong, "has a name that says nothing")
		}
	}
	family, _, _ := strings.Cut(strings.TrimSuffix(name, ".go"), "_")
	top := path.Dir(name) == "."
	if top && !slices.Contains(families, family) {
		wrong = append(wrong, "belongs to no layer")
	}
	for _, spec := range file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		if top && !topMayImport(name, family, imported) || !top && !packageMayImport(name, imported) {
			wrong = append(wrong, "imports "+imported)
		}
	}
	if top {
		wrong = append(wrong, held(file, family)...)
	}
	return wrong
}

func topMayImport(name, family, imported string) bool {
	for prefix, who := range mayImport {
		if imported == prefix || strings.HasPrefix(imported, prefix+"/") {
			return slices.Contains(who, family) || slices.Contains(who, name)
		}
	}
	return true
}

// packageMayImport is for the packages below the top one.
func packageMayImport(name, imported string) bool {
	folder, _, _ := strings.Cut(name, "/")
	first, _, _ := strings.Cut(imported, "/")
	ours := first == "parley"
	switch folder {
	case "chat":
		return !ours && !strings.Contains(first, ".") // the standard library
	case "client":
		return !ours || imported == "parley/chat"
	case "check":
		return !ours || imported == "parley/chat" || imported == "parley/client"
	}
	return !ours || imported == "parley/internal/hijack" || // it is below whatever speaks WebSocket
		imported == "parley/"+path.Dir(path.Dir(name)) // a program of a leaf's own lies below it
}

// held lists the layers whose types a file uses as the type of a field, a parameter or a variable.
func held(file *ast.File, family string) []string {
	var wrong []string
	look := func(expr ast.Expr) {
		ast.Inspect(expr, func(n ast.Node) bool {
			if _, ok := n.(*ast.StructType); ok {
				return false // its fields come by themselves
			}
			if _, ok := n.(*ast.FuncType); ok {
				return false
			}
			if _, ok := n.(*ast.SelectorExpr); ok {
				return false // another package's type of that name
			}
			if id, ok := n.(*ast.Ident); ok {
				if who, known := mayHold[id.Name]; known && !slices.Contains(who, family) {
					wrong = append(wrong, "holds "+id.Name)
				}
			}
			return true
		})
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			look(n.Type)
		case *ast.ValueSpec:
			if n.Type != nil {
				look(n.Type)
			}
		case *ast.CompositeLit:
			if n.Type != nil {
				look(n.Type)
			}
		}
		return true
	})
	return wrong
}

// TestEveryDependencyHasItsReason reads what is used directly: modules that go mod tidy leaves unmarked, and
// the client's packages.
func TestEveryDependencyHasItsReason(t *testing.T) {
	read := func(name string) []byte {
		t.Helper()
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	var direct []string
	for line := range strings.Lines(string(read("go.mod"))) {
		module, version, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && strings.HasPrefix(version, "v") && !strings.HasSuffix(version, "// indirect") {
			direct = append(direct, module)
		}
	}
	var npm struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal(read("ui/package.json"), &npm); err != nil {
		t.Fatal(err)
	}
	direct = slices.AppendSeq(direct, maps.Keys(npm.Dependencies))
	direct = slices.AppendSeq(direct, maps.Keys(npm.DevDependencies))
	reasons := read("docs/dependencies.md")
	for _, name := range direct {
		if !regexp.MustCompile(`[|,] ` + regexp.QuoteMeta(name) + ` ?[|,]`).Match(reasons) {
			t.Errorf("docs/dependencies.md gives no reason for %s", name)
		}
	}
	if len(direct) < 5 {
		t.Errorf("only %d dependencies were found", len(direct))
	}
}

// foreign are traces of the machine that a file was made on: they break on another one, and name what
// nobody else should need to know.
var foreign = regexp.MustCompile(`registry\.npm` + `js|proxy\.go` + `lang|` +
	`["'\s(=](?:/ro` + `ot|/ho` + `me|/wo` + `rk|/Users)/\w`)

func TestNoFileNamesTheMachineItWasMadeOn(t *testing.T) {
	list, err := exec.Command("git", "ls-files", "-z").Output()
	if err != nil {
		t.Skip("not a clone, so there is no list of what is in it: ", err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		body, err := os.ReadFile(name)
		if err != nil || bytes.IndexByte(body, 0) >= 0 {
			continue // deleted but not committed yet, or not text
		}
		if found := foreign.Find(body); found != nil {
			t.Errorf("%s: %s", name, found)
		}
	}
}

func TestTracesOfAMachineAreFound(t *testing.T) {
	for text, want := range map[string]bool{
		fmt.Sprint("resolved: https://registry.npm", "js.org/x"): true,
		fmt.Sprint("GOPROXY=https://proxy.go", "lang.org"):       true,
		fmt.Sprint("cd /ro", "ot/parley"):                        true,
		fmt.Sprint(`"/ho`, `me/ann/x"`):                          true,
		"see /rooms/1 and internal/home/x":                       false,
		"https://example.com/home/page":                          false,
	} {
		if got := foreign.MatchString(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
