package docs

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/tests/harness"
)

var (
	links    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	headings = regexp.MustCompile(`(?m)^#+ (.*)$`)
	unlinked = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// anchors are the names by which links lead to the headings of a document.
func anchors(text string) map[string]bool {
	found := map[string]bool{}
	for _, heading := range headings.FindAllStringSubmatch(text, -1) {
		name := unlinked.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading[1])), "")
		found[strings.ReplaceAll(name, " ", "-")] = true
	}
	return found
}

func TestLinksOfTheDocumentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	documents := append(documentsForUsers(t), "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")
	checked := 0
	for _, document := range documents {
		for _, link := range links.FindAllStringSubmatch(harness.Document(t, document), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			checked++
			file, heading, _ := strings.Cut(link[1], "#")
			if file = path.Join(path.Dir(document), file); strings.HasPrefix(link[1], "#") {
				file = document
			}
			if _, err := os.Stat(filepath.Join(harness.Module(), filepath.FromSlash(file))); err != nil {
				t.Errorf("%s: %s leads nowhere", document, link[1])
			} else if heading != "" && !anchors(harness.Document(t, file))[heading] {
				t.Errorf("%s: %s has no such heading", document, link[1])
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d links were found", checked)
	}
}
