// The list of bounds in docs/bounds.md, compared with the program.

package tests

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/tests/harness"
)

// TestEveryQueueMapAndCacheHasItsBound compares the table of bounds with the fields that could grow, and with
// the tests that fill them.
func TestEveryQueueMapAndCacheHasItsBound(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(harness.Module(), "docs", "bounds.md"))
	if err != nil {
		t.Fatal(err)
	}
	growing, all := fieldsOfTheProgram(t)
	var named []string
	tests := namesOfTests(t)
	quoted := regexp.MustCompile("`([^`]+)`")
	rows := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "| ") || len(cells) != 4 || strings.Contains(line, "---") || rows == 0 && strings.Contains(cells[0], "what") {
			continue
		}
		rows++
		for _, found := range quoted.FindAllStringSubmatch(cells[0], -1) {
			if named = append(named, found[1]); !slices.Contains(all, found[1]) {
				t.Errorf("%s is no field of the program", found[1])
			}
		}
		filled := quoted.FindAllStringSubmatch(cells[3], -1)
		for _, found := range filled {
			if !slices.Contains(tests, found[1]) {
				t.Errorf("%s: there is no test %s", cells[0], found[1])
			}
		}
		if len(filled) == 0 {
			t.Errorf("%s: no test fills it", cells[0])
		}
	}
	for _, name := range growing {
		if !slices.Contains(named, name) {
			t.Errorf("%s can grow and has no row", name)
		}
	}
	if len(growing) < 40 || rows < 30 {
		t.Errorf("only %q were found, and %d rows", growing, rows)
	}
}

// outside are the folders whose code does not run in a server.
var outside = []string{"tests", "tools", "client", "ui", "scripts", "docs", "internal/console", "internal/wait"}

// eachFile calls fn with every Go file of the module, but for those in folders that skip names.
func eachFile(t *testing.T, skip []string, fn func(name, file string)) {
	t.Helper()
	root := os.DirFS(harness.Module())
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if entry.IsDir() && name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules" || slices.Contains(skip, name)) {
			return fs.SkipDir
		}
		if !entry.IsDir() && path.Ext(name) == ".go" {
			fn(name, filepath.Join(harness.Module(), name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fieldsOfTheProgram lists the fields of the server's structs as package.Type.field, and those of them that
// could grow while it runs: maps, channels and slices, also where their type has a name. The fields of
// package chat belong to requests and answers, which end. Bytes belong to keys, and a channel of nothing is a
// signal.
func fieldsOfTheProgram(t *testing.T) (growing, all []string) {
	t.Helper()
	kinds := map[string]string{} // of fields, and of types with a name, by their full names
	eachFile(t, outside, func(name, path string) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			full := file.Name.Name + "." + spec.Name.Name
			fields, ok := spec.Type.(*ast.StructType)
			if !ok {
				kinds[full] = types.ExprString(spec.Type)
				return true
			}
			for _, field := range fields.Fields.List {
				for _, ident := range field.Names {
					kinds[full+"."+ident.Name] = types.ExprString(field.Type)
					all = append(all, full+"."+ident.Name)
				}
			}
			return true
		})
	})
	for _, full := range all {
		kind, pkg := kinds[full], full[:strings.Index(full, ".")]
		if named, ok := kinds[pkg+"."+kind]; ok {
			kind = named
		} else if named, ok := kinds[kind]; ok {
			kind = named
		}
		grows := strings.HasPrefix(kind, "map[") || strings.HasPrefix(kind, "[]") || strings.HasPrefix(kind, "chan ")
		if grows && pkg != "chat" && kind != "[]byte" && kind != "chan struct{}" {
			growing = append(growing, full)
		}
	}
	return growing, all
}

// namesOfTests lists the tests of the server and its packages.
func namesOfTests(t *testing.T) (names []string) {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	eachFile(t, nil, func(name, path string) {
		if !strings.HasSuffix(name, "_test.go") {
			return
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range declared.FindAllSubmatch(text, -1) {
			names = append(names, string(found[1]))
		}
	})
	return names
}
