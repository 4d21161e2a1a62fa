// What the documents say, held against the program.

package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/chat"
	"parley/socket"
	"parley/tests/harness"
	"parley/web"
)

func TestTheProtocolNamesEveryEventAndRequest(t *testing.T) {
	t.Parallel()
	for heading, want := range map[string][]string{
		"## Events":   slices.Collect(maps.Keys(chat.ServerEvents)),
		"## Requests": slices.Collect(maps.Keys(chat.Requests)),
	} {
		var got []string
		for _, row := range harness.Table(harness.Section(t, "docs/protocol.md", heading)) {
			got = append(got, harness.Codes(row[0])...)
		}
		harness.Same(t, heading, got, want)
	}
	taken := []string{"auth"} // before the door knows whose socket it is
	for _, event := range socket.Events() {
		taken = append(taken, event.Name)
	}
	harness.Same(t, "requests that the door takes", slices.Collect(maps.Keys(chat.Requests)), taken)
}

func TestTheProtocolNamesEveryErrorAndItsStatus(t *testing.T) {
	t.Parallel()
	var got, want []string
	for _, row := range harness.Table(harness.Section(t, "docs/protocol.md", "## Errors")) {
		for _, code := range harness.Codes(row[0]) {
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
		if !slices.Contains(chat.Codes, chat.Code(value)) {
			t.Errorf("chat.%s is not among chat.Codes", name)
		}
	}
	var documented []string
	for _, row := range harness.Table(harness.Section(t, "docs/protocol.md", "## Errors")) {
		documented = append(documented, harness.Codes(row[0])...)
	}
	harness.Same(t, "errors", documented, all)
}

func TestTheProtocolNamesEveryCloseCode(t *testing.T) {
	t.Parallel()
	text := harness.Section(t, "docs/protocol.md", "## Close codes")
	var cells []string
	for _, row := range harness.Table(text) {
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
	files, err := filepath.Glob(filepath.Join(harness.Module(), "chat", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
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
