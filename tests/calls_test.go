// The client's calls of the HTTP API are written from the program's table of routes.

package tests

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"parley/tests/harness"
	"parley/web"
)

var update = flag.Bool("update", false, "write generated files anew")

// callsHeader tells readers where the files come from.
const callsHeader = "// Written from the routes of the server by TestTypeScriptCallsAreFresh. Do not edit: change the routes and run\n" +
	"// go test ./tests -run TypeScript -update\n"

// lineWidth is that of ui/biome.json.
const lineWidth = 110

// TestTypeScriptCallsAreFresh writes one function for each route of the API, in a file for each file of
// handlers, so that the addresses stand in one place. Run it with -update after changing the routes.
func TestTypeScriptCallsAreFresh(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(harness.Module(), "ui", "src", "net", "calls")
	want := callFiles(t)
	if *update {
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := harness.NamesIn(t, folder); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		t.Errorf("%s has the files %q, want %q", folder, got, slices.Sorted(maps.Keys(want)))
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, text) {
			t.Errorf("%s is stale: run go test ./tests -run TypeScript -update", name)
		}
	}
}

// callFiles are the files by name.
func callFiles(t *testing.T) map[string][]byte {
	t.Helper()
	groups, types := map[string][]web.Description{}, typeNames(t)
	nouns := nounsOf(t)
	for _, route := range harness.Routes(t) {
		if !harness.OfAPI(route) {
			continue
		}
		noun := nouns[route.Name]
		if noun == "" {
			t.Fatalf("%s: no handler of that name was found in web/", route.Name)
		}
		for _, name := range []string{route.Body, route.Answer} {
			if name != "" && !types[name] {
				t.Errorf("%s: ui/src/net/types.ts lacks the type %s: add it in chat/typescript_test.go", route.Name, name)
			}
		}
		groups[noun] = append(groups[noun], route)
	}
	files := map[string][]byte{}
	for noun, routes := range groups {
		files[noun+".ts"] = callFile(routes)
	}
	files["query.ts"] = []byte(callsHeader + `
/** The query of an address: what is undefined is left out. */
export function search(query: { [name: string]: string | number | undefined }): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given
    .map(([name, value], n) => ` + "`${n ? '&' : '?'}${name}=${encodeURIComponent(String(value))}`" + `)
    .join('');
}
`)
	return files
}

// nounsOf finds the file of web that each handler stands in. about.go is about the server.
func nounsOf(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(harness.Module(), "web", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	nouns := map[string]string{}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		noun := strings.TrimSuffix(filepath.Base(path), ".go")
		if noun == "about" {
			noun = "server"
		}
		for _, declared := range file.Decls {
			if fn, ok := declared.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.IsExported() {
				first := []rune(fn.Name.Name)
				first[0] = unicode.ToLower(first[0])
				nouns[string(first)] = noun
			}
		}
	}
	return nouns
}

var exported = regexp.MustCompile(`(?m)^export (?:type|interface) (\w+)`)

// typeNames are the types that the client has.
func typeNames(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(harness.Module(), "ui", "src", "net", "types.ts"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, found := range exported.FindAllStringSubmatch(string(text), -1) {
		names[found[1]] = true
	}
	return names
}

// callFile is the file of one noun.
func callFile(routes []web.Description) []byte {
	var types []string
	queries := false
	for _, route := range routes {
		for _, name := range []string{route.Body, route.Answer} {
			if name != "" && !slices.Contains(types, name) {
				types = append(types, name)
			}
		}
		for _, p := range route.Params {
			queries = queries || p.In == "query"
		}
	}
	slices.SortFunc(types, asBiome)
	var out bytes.Buffer
	out.WriteString(callsHeader)
	out.WriteString("import { api } from '../api';\n")
	if len(types) > 0 {
		out.WriteString(list("import type { ", types, " } from '../types';"))
	}
	if queries {
		out.WriteString("import { search } from './query';\n")
	}
	for _, route := range routes {
		out.WriteString("\n" + call(route))
	}
	return out.Bytes()
}

// asBiome compares names as Biome sorts imports: letter by letter, and the capital of a letter first.
func asBiome(a, b string) int {
	return slices.CompareFunc([]rune(a), []rune(b), func(x, y rune) int {
		return cmp.Or(cmp.Compare(unicode.ToLower(x), unicode.ToLower(y)), cmp.Compare(x, y))
	})
}

// list writes a list on one line, or each of it on its own.
func list(before string, items []string, after string) string {
	line := before + strings.Join(items, ", ") + after
	if len(line) <= lineWidth {
		return line + "\n"
	}
	return strings.TrimRight(before, " ") + "\n  " + strings.Join(items, ",\n  ") + ",\n" + strings.TrimLeft(after, " ") + "\n"
}

// call is the function of one route: the parts of the path first, then the query, then the body.
func call(route web.Description) string {
	var params, query []string
	path := strings.TrimPrefix(route.Path, "/api")
	for _, p := range route.Params {
		if p.In == "query" {
			query = append(query, p.Name+"?: "+p.Type)
			continue
		}
		value := "${" + p.Name + "}"
		if p.Type == "string" {
			value = "${encodeURIComponent(" + p.Name + ")}"
		}
		path = strings.Replace(path, ":"+p.Name, value, 1)
		params = append(params, p.Name+": "+p.Type)
	}
	if len(query) > 0 {
		params = append(params, "query: { "+strings.Join(query, "; ")+" } = {}")
		path += "${search(query)}"
	}
	address := "'" + path + "'"
	if strings.Contains(path, "${") {
		address = "`" + path + "`"
	}
	answer := route.Answer
	if answer == "" {
		answer = "void"
	}
	does := fmt.Sprintf("api<%s>('%s', %s", answer, route.Method, address)
	if route.Body != "" {
		params = append(params, "body: "+route.Body)
		does += ", body"
	}
	does += ");"
	head := "export const " + route.Name + " = (" + strings.Join(params, ", ") + ") =>"
	switch {
	case len(head)+1+len(does) <= lineWidth:
		return head + " " + does + "\n"
	case len(head) <= lineWidth:
		return head + "\n  " + does + "\n"
	}
	return "export const " + route.Name + " = (\n  " + strings.Join(params, ",\n  ") + ",\n) => " + does + "\n"
}
