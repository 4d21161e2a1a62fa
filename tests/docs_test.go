//go:build unported

// What the documents say, held against the program.

package tests

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/chat"
)

// section gives the part of a document below a heading, up to the next of the same or a higher rank.
func section(t *testing.T, file, heading string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "\n"+heading+"\n")
	if !found {
		t.Fatalf("%s has no %q", file, heading)
	}
	rank := strings.Repeat("#", strings.Count(heading, "#"))
	if i := strings.Index(after, "\n"+rank+" "); i >= 0 {
		after = after[:i]
	}
	return after
}

// table gives the rows of the first table in a text, cell by cell.
func table(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			if rows != nil {
				break
			}
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	if len(rows) < 2 {
		return nil
	}
	return rows[2:] // without the heading and the line below it
}

var quoted = regexp.MustCompile("`([^`]+)`")

// codes lists what a cell has in back quotes.
func codes(cell string) []string {
	var list []string
	for _, found := range quoted.FindAllStringSubmatch(cell, -1) {
		list = append(list, found[1])
	}
	return list
}

// same reports what only one of two lists has.
func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	for _, name := range want {
		if !slices.Contains(got, name) {
			t.Errorf("%s: %s is missing", what, name)
		}
	}
	for _, name := range got {
		if !slices.Contains(want, name) {
			t.Errorf("%s: %s is not in the program", what, name)
		}
	}
}

func TestTheProtocolNamesEveryEventAndRequest(t *testing.T) {
	t.Parallel()
	for heading, want := range map[string][]string{
		"## Events":   slices.Collect(maps.Keys(chat.ServerEvents)),
		"## Requests": slices.Collect(maps.Keys(chat.Requests)),
	} {
		var got []string
		for _, row := range table(section(t, "docs/protocol.md", heading)) {
			got = append(got, codes(row[0])...)
		}
		same(t, heading, got, want)
	}
	for event := range chat.Requests {
		if _, known := socketEvents[event]; !known && event != "auth" {
			t.Errorf("%s is a request that no door takes", event)
		}
	}
	for event := range socketEvents {
		if _, known := chat.Requests[event]; !known {
			t.Errorf("%s is taken and has no types in chat", event)
		}
	}
}

func TestTheProtocolNamesTheFieldsOfEvents(t *testing.T) {
	t.Parallel()
	types := map[string]any{}
	maps.Copy(types, chat.ServerEvents)
	for name, request := range chat.Requests {
		types[name] = request.Data
	}
	for _, heading := range []string{"## Events", "## Requests"} {
		for _, row := range table(section(t, "docs/protocol.md", heading)) {
			cell := row[len(row)-1]
			if heading == "## Requests" {
				cell = row[1]
			}
			for _, event := range codes(row[0]) {
				fields := harness.AsJSON(t, types[event])
				for _, name := range codes(cell) {
					if !strings.Contains(fields, `"`+name+`":`) && !strings.Contains(cell, "["+"{`"+name) && !inList(cell, name) {
						t.Errorf("%s has no field %q: %s", event, name, fields)
					}
				}
			}
		}
	}
}

// inList tells that a name is one of the values, or of an element's fields, that a cell explains.
func inList(cell, name string) bool {
	if i := strings.Index(cell, "[{"); i >= 0 && strings.Contains(cell[i:], "`"+name+"`") {
		return true
	}
	return name == "online" || name == "away"
}

func TestTheProtocolNamesEveryErrorAndItsStatus(t *testing.T) {
	t.Parallel()
	var got, want []string
	for _, row := range table(section(t, "docs/protocol.md", "## Errors")) {
		for _, code := range codes(row[0]) {
			retry := (&chat.Error{Code: chat.Code(code)}).Retryable()
			got = append(got, fmt.Sprintf("%s %s retry %v", code, row[1], row[2] == "yes"))
			want = append(want, fmt.Sprintf("%s %d retry %v", code, web.StatusOf(chat.Code(code)), retry))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	var all []string
	for name, value := range constantsOf(t, "Code") {
		all = append(all, value)
		if _, known := statuses[chat.Code(value)]; !known {
			t.Errorf("chat.%s has no status", name)
		}
	}
	var documented []string
	for _, row := range table(section(t, "docs/protocol.md", "## Errors")) {
		documented = append(documented, codes(row[0])...)
	}
	same(t, "errors", documented, all)
}

func TestTheProtocolNamesEveryCloseCode(t *testing.T) {
	t.Parallel()
	text := section(t, "docs/protocol.md", "## Close codes")
	var cells []string
	for _, row := range table(text) {
		cells = append(cells, row[0])
	}
	documented := regexp.MustCompile(`\d{4}`).FindAllString(strings.Join(cells, " "), -1)
	var used []string
	for _, value := range constantsOf(t, "") {
		if n, err := strconv.Atoi(value); err == nil && n >= 1000 && n < 5000 {
			used = append(used, value)
		}
	}
	for _, code := range used {
		if !slices.Contains(documented, code) {
			t.Errorf("close code %s is not documented", code)
		}
	}
	if len(used) < 9 {
		t.Errorf("only %v were found", used)
	}
}

// constantsOf reads the constants of a type in chat, or those that have none.
func constantsOf(t *testing.T, typeName string) map[string]string {
	t.Helper()
	found := map[string]string{}
	files, err := fs.Glob(os.DirFS("chat"), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), "chat/"+name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != len(spec.Names) {
				return true
			}
			ident, _ := spec.Type.(*ast.Ident)
			if (ident == nil) != (typeName == "") || (ident != nil && ident.Name != typeName) {
				return true
			}
			for i, value := range spec.Values {
				if literal, ok := value.(*ast.BasicLit); ok {
					found[spec.Names[i].Name] = strings.Trim(literal.Value, `"`)
				}
			}
			return true
		})
	}
	if len(found) == 0 {
		t.Fatalf("chat has no constants of type %q", typeName)
	}
	return found
}

func TestTheProtocolNamesEveryRoute(t *testing.T) {
	t.Parallel()
	p := assemble(t)
	var want, got []string
	for _, route := range p.server.echo.Routes() {
		switch {
		case strings.HasPrefix(route.Method, "echo_"), strings.HasSuffix(route.Path, "/*"), route.Path == socketPath:
		default:
			want = append(want, route.Method+" "+route.Path)
		}
	}
	parameter := regexp.MustCompile(`[A-Z]{3,}`)
	for _, row := range table(section(t, "docs/protocol.md", "## HTTP")) {
		var methods []string
		last := ""
		for _, code := range codes(row[0]) {
			method, path, hasPath := strings.Cut(code, " ")
			switch {
			case !hasPath && !strings.ContainsAny(method, "/…"):
				methods = append(methods, method) // PUT in `PUT`, `DELETE …`
				continue
			case !hasPath: // `…/leave` after `POST …/join`
				path = last[:strings.LastIndex(last, "/")] + strings.TrimPrefix(method, "…")
				method = methods[len(methods)-1]
				methods = nil
			}
			path, _, _ = strings.Cut(path, "?")
			path = parameter.ReplaceAllStringFunc(path, func(name string) string { return ":" + strings.ToLower(name) })
			for _, method := range append(methods, method) {
				got = append(got, method+" "+path)
			}
			methods, last = []string{method}, path
			if !strings.Contains(row[0], "…") {
				methods = nil
			}
		}
	}
	same(t, "routes", slices.Compact(slices.Sorted(slices.Values(got))), want)
}
