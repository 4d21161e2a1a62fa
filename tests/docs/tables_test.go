package docs

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/socket"
	"parley/tests/harness"
	"parley/web"
)

var update = flag.Bool("update", false, "write what the program says into the tables of docs/protocol.md")

// entry is a row of a table: what the program says, by the name in its first cell.
type entry struct {
	name string
	says []string // the cells behind it
}

// written gives the rows that a table should have: the entries in the order of the document, and behind them those that
// it lacks. The last two cells are what people wrote there.
func written(text string, entries []entry) (rows []string) {
	left := slices.Clone(entries)
	add := func(e entry, prose []string) {
		rows = append(rows, rowOf(slices.Concat([]string{e.name}, e.says, prose)...))
	}
	for _, row := range harness.Table(text) {
		i := slices.IndexFunc(left, func(e entry) bool { return e.name == row[0] })
		if i >= 0 && len(row) > 2 {
			add(left[i], row[len(row)-2:])
			left = slices.Delete(left, i, i+1)
		}
	}
	for _, e := range left {
		add(e, []string{"", ""})
	}
	return rows
}

// holdTable compares the first table of a section of docs/protocol.md with what it should be; with -update it writes
// the table instead.
func holdTable(t *testing.T, heading string, titles []string, entries []entry) {
	t.Helper()
	section := harness.Section(t, "docs/protocol.md", heading)
	want := []string{rowOf(titles...), rowOf(slices.Repeat([]string{"---"}, len(titles))...)}
	want = append(want, written(section, entries)...)
	lines := strings.Split(section, "\n")
	first := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "|") })
	if first < 0 {
		t.Fatalf("%s has no table", heading)
	}
	end := first
	for end < len(lines) && strings.HasPrefix(lines[end], "|") {
		end++
	}
	if *update {
		lines = slices.Replace(lines, first, end, want...)
		path := filepath.Join(harness.Module(), "docs", "protocol.md")
		text := strings.Replace(harness.Document(t, "docs/protocol.md"), section, strings.Join(lines, "\n"), 1)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got := lines[first:end]
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("%s: go test ./tests/docs -run %s -update writes the table; row %d differs:\ngot  %s\nwant %s",
				heading, t.Name(), i-1, at(got, i), at(want, i))
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "none"
}

// rowOf writes a row of a table; an empty cell is one space.
func rowOf(cells ...string) string {
	var line strings.Builder
	for _, cell := range cells {
		line.WriteString("| " + cell)
		if cell != "" {
			line.WriteString(" ")
		}
	}
	return line.String() + "|"
}

var parameter = regexp.MustCompile(`:(\w+)`)

// documented writes a route as the document does: POST /api/rooms/ROOM/join.
func documented(route web.Description) string {
	return route.Method + " " + parameter.ReplaceAllStringFunc(route.Path, func(name string) string {
		return strings.ToUpper(name[1:])
	})
}

// Two tests that write at the same time would overwrite each other's table, so these are not parallel.
func TestTheProtocolNamesEveryRoute(t *testing.T) {
	var entries []entry
	for _, route := range harness.Routes(t) {
		if strings.HasSuffix(route.Path, "*") || route.Path == socket.Path {
			continue // the client's files, and sockets: they have sections of their own
		}
		entries = append(entries, entry{"`" + documented(route) + "`", []string{string(route.Guard), string(route.Scope), route.Cost}})
	}
	holdTable(t, "## HTTP", []string{"route", "who", "scope", "cost", "in", "out"}, entries)
}

func TestTheProtocolNamesTheScopeAndTheCostOfEveryRequest(t *testing.T) {
	entries := []entry{{"`auth`", []string{"", socket.OpeningCost.String()}}}
	for _, event := range socket.Events() {
		entries = append(entries, entry{"`" + event.Name + "`", []string{string(event.Scope), event.Cost.String()}})
	}
	holdTable(t, "## Requests", []string{"request", "scope", "cost", "data", "reply"}, entries)
}
