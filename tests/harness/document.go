package harness

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Document reads a file of the repository, named from its top.
func Document(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(Module(), filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Section is the part of a document below a heading, up to the next heading of the same rank.
func Section(t testing.TB, file, heading string) string {
	t.Helper()
	_, after, found := strings.Cut(Document(t, file), "\n"+heading+"\n")
	if !found {
		t.Fatalf("%s has no %q", file, heading)
	}
	rank := strings.Repeat("#", strings.Count(heading, "#"))
	if i := strings.Index(after, "\n"+rank+" "); i >= 0 {
		after = after[:i]
	}
	return after
}

// Table gives the rows of the first table in a text, cell by cell.
func Table(text string) [][]string {
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

// Codes lists what a text has in back quotes.
func Codes(text string) []string {
	var list []string
	for _, found := range quoted.FindAllStringSubmatch(text, -1) {
		list = append(list, found[1])
	}
	return list
}

// Same reports what only one of two lists has: the one of a document, or the one of the program.
func Same(t testing.TB, what string, documented, real []string) {
	t.Helper()
	for _, name := range real {
		if !slices.Contains(documented, name) {
			t.Errorf("%s: %s is missing in the document", what, name)
		}
	}
	for _, name := range documented {
		if !slices.Contains(real, name) {
			t.Errorf("%s: %s is not in the program", what, name)
		}
	}
}
