package harness

import (
	"strings"
	"testing"
)

// RefusesInOneLine waits for a process to end with status 1, and with one line on stderr that holds a text.
func (p *Program) RefusesInOneLine(t testing.TB, want string) {
	t.Helper()
	status, text := p.Wait(t), p.Stderr.String()
	if status != 1 || !strings.HasPrefix(text, "parley: ") || !strings.Contains(text, want) {
		t.Errorf("status %d and %q, want 1 and a line with %q", status, text, want)
	}
	if strings.Count(text, "\n") != 1 || len(text) > 300 {
		t.Errorf("got %q, want one line", text)
	}
}
