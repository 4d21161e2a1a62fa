//go:build unported

// The list of bounds in docs/architecture.md, held against the program.

package tests

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryQueueMapAndCacheHasItsBound holds the table of bounds against the fields that could grow, and
// against the tests that fill them.
func TestEveryQueueMapAndCacheHasItsBound(t *testing.T) {
	t.Parallel()
	growing, all := fields(t)
	var named []string
	tests := testNames(t)
	for _, row := range table(section(t, "docs/architecture.md", "## What is bounded, and by what")) {
		for _, name := range codes(row[0]) {
			if named = append(named, name); !slices.Contains(all, name) {
				t.Errorf("%s is no field of the program", name)
			}
		}
		filled := codes(row[3])
		for _, name := range filled {
			if !slices.Contains(tests, name) {
				t.Errorf("%s: there is no test %s", row[0], name)
			}
		}
		if len(filled) == 0 {
			t.Errorf("%s: no test fills it", row[0])
		}
	}
	for _, name := range growing {
		if !slices.Contains(named, name) {
			t.Errorf("%s can grow and has no row", name)
		}
	}
	if len(growing) < 20 {
		t.Errorf("only %q were found", growing)
	}
}

// fields lists those of the server's structs as Type.field, below internal with the package before it, and which
// of them could grow while it runs: maps, channels and slices. Exported ones are of answers, which end with the question; bytes are of keys, and a
// channel of nothing is a signal.
func fields(t *testing.T) (growing, all []string) {
	t.Helper()
	for _, pattern := range []string{
		"actions*.go", "auth*.go", "handlers*.go", "metrics*.go", "rooms*.go", "server*.go", "socket*.go", "store*.go",
		"tutorial*.go",
		"internal/password/*.go", "internal/ratelimit/*.go", "internal/socketio/*.go", "internal/hijack/*.go",
	} {
		files, err := fs.Glob(os.DirFS("."), pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				fields, ok := spec.Type.(*ast.StructType)
				if !ok {
					return true
				}
				for _, field := range fields.Fields.List {
					kind := types.ExprString(field.Type)
					grows := strings.HasPrefix(kind, "map[") || strings.HasPrefix(kind, "[]") || strings.HasPrefix(kind, "chan ")
					for _, ident := range field.Names {
						full := strings.TrimPrefix(file.Name.Name+"."+spec.Name.Name+"."+ident.Name, "main.")
						all = append(all, full)
						if grows && !ident.IsExported() && kind != "[]byte" && kind != "chan struct{}" {
							growing = append(growing, full)
						}
					}
				}
				return true
			})
		}
	}
	return growing, all
}

// testNames lists the tests of the server and its parts.
func testNames(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"*_test.go", "internal/*/*_test.go"} {
		files, err := fs.Glob(os.DirFS("."), pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(text, -1) {
				names = append(names, string(found[1]))
			}
		}
	}
	return names
}
